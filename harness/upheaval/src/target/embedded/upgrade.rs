//! A whole upgrade of one module, as a release makes it (C2).

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;
use upheaval_node::{Node, Outcome, Pid, SystemRequest};
use upheaval_term::Term;

use super::ops::TIMEOUT;
use super::run::Run;

/// The most scheduler steps between two instructions of an upgrade.
const MOST_STEPS: u32 = 6;

impl Run<'_> {
    /// Copies the artifact, purges, suspends every process of the module, loads,
    /// converts and resumes; on a downgrade it converts before it loads. Between
    /// two instructions the traffic goes on.
    ///
    /// A process that does not answer is left out (C8). One that cannot convert
    /// its state makes the upgrade fail, and is resumed all the same, as whoever
    /// repairs a failed upgrade would do.
    pub(super) fn upgrade(&mut self, module: &str, vsn: &str, seed: u32) -> Term {
        let mut pauses = SplitMix64::seed_from_u64(u64::from(seed));
        let Some(from) = self.node.current_vsn(module) else {
            // Nobody runs it: there is nothing to convert.
            self.deploy(module, vsn);
            return self.load(module);
        };
        self.deploy(module, vsn);
        self.node.purge(module);
        self.pause(&mut pauses);
        let mut suspended = Vec::new();
        for pid in self.processes_of(module) {
            if self.ask(pid, SystemRequest::Suspend).is_ok() {
                suspended.push(pid);
            }
            self.pause(&mut pauses);
        }
        let down = self.is_downgrade(module, from, vsn);
        let mut failure = None;
        if down {
            failure = self.convert(&suspended, vsn, true);
            self.pause(&mut pauses);
        }
        let loaded = self.load(module);
        self.pause(&mut pauses);
        if !down && from != vsn {
            failure = self.convert(&suspended, from, false);
            self.pause(&mut pauses);
        }
        for pid in suspended.into_iter().rev() {
            // One that has died since is nobody to resume.
            let _ = self.ask(pid, SystemRequest::Resume);
            self.pause(&mut pauses);
        }
        match failure {
            Some(why) => Term::tuple([Term::atom("error"), why]),
            None if loaded
                .as_tuple()
                .is_some_and(|parts| parts[0].is_atom("module")) =>
            {
                Term::atom("ok")
            }
            None => loaded,
        }
    }

    /// Tells each process to convert its state; gives the first error.
    fn convert(&mut self, pids: &[Pid], vsn: &str, down: bool) -> Option<Term> {
        let mut failure = None;
        for pid in pids {
            let change = SystemRequest::ChangeCode {
                vsn: vsn.into(),
                down,
                extra: Term::list::<Term>([]),
            };
            if let Err(why) = self.ask(*pid, change) {
                failure.get_or_insert(why);
            }
        }
        failure
    }

    /// The processes that a release would find by the module (C5): children of
    /// the supervisor whose spec names it, newest first. The supervisor is asked,
    /// so what it has yet to restart is restarted first.
    fn processes_of(&mut self, module: &str) -> Vec<Pid> {
        let Some(supervisor) = self.node.whereis(&self.scenario.supervision.name) else {
            return Vec::new();
        };
        let tag = self.node.system(supervisor, SystemRequest::GetState);
        let Some(Outcome::Ok(state)) = self.wait_for(tag, TIMEOUT) else {
            return Vec::new();
        };
        Node::children_of(&state)
            .into_iter()
            .filter(|(_, modules)| modules.iter().any(|name| name == module))
            .map(|(pid, _)| pid)
            .collect()
    }

    fn is_downgrade(&self, module: &str, from: &str, to: &str) -> bool {
        let place = |vsn: &str| {
            let module = self.scenario.find_module(module)?;
            module
                .versions
                .iter()
                .position(|version| version.vsn == vsn)
        };
        place(to) < place(from)
    }

    fn pause(&mut self, random: &mut SplitMix64) {
        for _ in 0..random.next_u32() % (MOST_STEPS + 1) {
            self.step();
        }
    }
}
