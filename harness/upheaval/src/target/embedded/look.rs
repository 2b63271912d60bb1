//! Looking at everybody, at rest.

use upheaval_node::Pid;

use super::recorder::{SUPERVISOR, process};
use super::run::Run;
use crate::target::{Look, ModuleLook, Rest, SupervisorLook};

impl Run<'_> {
    fn modules(&mut self) -> Vec<ModuleLook> {
        let modules = self.scenario.modules.iter();
        modules
            .map(|module| ModuleLook {
                module: module.name.clone(),
                current: self.node.current_vsn(&module.name).map(str::to_owned),
                has_old: self.node.has_old_code(&module.name),
            })
            .collect()
    }

    /// What a supervisor says of its children; nothing of who is none.
    fn supervisor(&mut self, pid: Pid) -> Option<SupervisorLook> {
        let seen = self.node.inspect(pid)?;
        let answers = !seen.suspended && !seen.blocked && !seen.frozen;
        seen.version.filter(|(module, _)| *module == SUPERVISOR)?;
        let mut ask = |what| answers.then(|| self.ask(pid, what).ok()).flatten();
        let children = ask("which_children").zip(ask("count_children"));
        Some(SupervisorLook {
            process: process(pid),
            children,
        })
    }

    /// How everybody is. The supervisors are asked for their children; nobody else
    /// notices.
    pub(super) fn look(&mut self) -> Rest {
        let rests = !self.is_exhausted();
        let alive: Vec<Pid> = self.node.alive().collect();
        let supervisors = alive.iter().filter_map(|pid| self.supervisor(*pid));
        let supervisors = supervisors.collect();
        let processes = alive
            .into_iter()
            .filter_map(|pid| {
                let seen = self.node.inspect(pid)?;
                // A real node has to ask for the state.
                self.node.was_asked(pid);
                let code = seen
                    .version
                    .filter(|(module, _)| self.scenario.find_module(module).is_some())
                    .map(|(module, vsn)| (module.to_owned(), vsn.to_owned()));
                // A server whose module is deleted runs no version, and has a state. A
                // supervisor's is OTP's own business.
                let is_told = code.is_some() || seen.version.is_none();
                let state = is_told.then(|| self.node.state(pid)).flatten();
                Some(Look {
                    process: process(pid),
                    name: seen.name,
                    code,
                    state: state.and_then(|state| upheaval_term::decode(&state).ok()),
                    queued: u32::try_from(seen.queued).unwrap_or(u32::MAX),
                    suspended: seen.suspended,
                    blocked: seen.blocked,
                    lingering: seen.lingering,
                    frozen: seen.frozen,
                })
            })
            .collect();
        Rest {
            rests,
            processes,
            supervisors,
            modules: self.modules(),
            releases: self.releases(),
            applications: self.applications(),
        }
    }
}
