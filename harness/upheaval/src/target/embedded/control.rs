//! The embedded node under control.

use upheaval_node::{ClientRequest, Outcome, Pid, RequestKind, SystemRequest};
use upheaval_term::Term;

use super::recorder;
use super::releases::Handler;
use super::run::Run;
use crate::history::{Event, Moved};
use crate::plan::{ApplicationStep, Damage, ReleaseStep};
use crate::scenario::{Kind, Request};
use crate::target::TargetError;
use crate::target::control::{Believed, Control, System, Whom};
use crate::target::ops::{error, name};
use crate::target::spoilt::Spoilt;

/// How long an `on_load` function may take, in milliseconds of the node's time. OTP
/// waits for ever.
const LOAD_TIMEOUT: u64 = 60_000;

/// The most steps that a jump of the clock lets the system take on its way.
const STEPS_WHILE_ADVANCING: u64 = 10_000;

impl Control for Run<'_> {
    fn request(&mut self, client: u32, request: &Request) -> Result<Term, TargetError> {
        let place = client.checked_sub(1).map(|place| place as usize);
        let Some(client) = place.and_then(|place| self.clients.get(place)).copied() else {
            return Ok(error(Term::atom("noproc")));
        };
        if self.at_rest && self.node.is_busy(client) {
            return Ok(Term::atom("busy"));
        }
        self.encoded.clear();
        upheaval_term::encode_into(&request.payload, &mut self.encoded);
        self.node.request(
            client,
            ClientRequest {
                kind: match request.kind {
                    Kind::Call => RequestKind::Call,
                    Kind::Cast => RequestKind::Cast,
                    Kind::Send => RequestKind::Send,
                    Kind::Notify => RequestKind::Notify,
                    Kind::Manage => RequestKind::Manage,
                    Kind::Ask => RequestKind::Ask,
                },
                to: &request.to,
                payload: &self.encoded,
                timeout: u64::from(request.within.unwrap_or(self.scenario.patience.request)),
            },
        );
        Ok(Term::atom("ok"))
    }

    fn deploy(&mut self, module: &str, vsn: &str) -> Result<(), TargetError> {
        if let Some(artifact) = self.artifacts.get(module, vsn) {
            self.node.deploy(artifact);
        }
        Ok(())
    }

    fn damage(&mut self, module: &str, damage: Damage) -> Result<(), TargetError> {
        match damage {
            Damage::Missing => self.node.undeploy(module),
            Damage::Truncated | Damage::Swapped => self.node.damage(module),
            // Another version is copied there.
            Damage::Stale => {}
        }
        Ok(())
    }

    fn swap(&mut self, module: &str, _other: &str, _vsn: &str) -> Result<(), TargetError> {
        self.damage(module, Damage::Swapped)
    }

    fn load_file(&mut self, module: &str) -> Result<Term, TargetError> {
        let result = self.load(module);
        if result.is_ok() {
            self.loaded_by_hand(module);
        }
        Ok(match result {
            Ok(()) => Term::tuple([Term::atom("module"), name(module)]),
            Err(why) => error(why),
        })
    }

    fn load_binary(&mut self, module: &str) -> Result<Term, TargetError> {
        self.node.purge(module);
        self.load_file(module)
    }

    fn reload(&mut self, _module: &str) -> Result<Option<Term>, TargetError> {
        Ok(None)
    }

    fn lingers(&mut self, module: &str) -> Result<bool, TargetError> {
        Ok(!self.node.lingering(module).is_empty())
    }

    fn purge(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(Term::from(self.node.purge(module)))
    }

    fn soft_purge(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(Term::from(self.node.soft_purge(module)))
    }

    fn delete(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(Term::from(self.node.delete(module)))
    }

    fn stick(&mut self, module: &str, sticky: bool) -> Result<Term, TargetError> {
        self.node.stick(module, sticky);
        Ok(Term::from(true))
    }

    fn current_vsn(&mut self, module: &str) -> Result<Option<String>, TargetError> {
        Ok(self.node.current_vsn(module).map(str::to_owned))
    }

    fn whereis(&mut self, name: &str) -> Result<Term, TargetError> {
        let pid = self.node.whereis(name);
        Ok(pid.map_or(Term::atom("undefined"), |pid| Term::Pid(pid.term())))
    }

    fn which_children(&mut self, supervisor: &Term) -> Result<Result<Term, Term>, TargetError> {
        let pid = supervisor.as_pid().map(|pid| Pid(pid.id));
        Ok(match pid {
            Some(pid) => self.ask(pid, "which_children"),
            None => Err(Term::atom("noproc")),
        })
    }

    fn call(&mut self, process: &str, request: &Term) -> Result<Term, TargetError> {
        let Some(pid) = self.node.whereis(process) else {
            return Ok(error(Term::atom("noproc")));
        };
        let tag = self.node.call(pid, request);
        let term = |bytes: Vec<u8>| upheaval_term::decode(&bytes).unwrap_or(Term::atom("badarg"));
        Ok(
            match self.wait_for(tag, u64::from(self.system_patience())) {
                Some(Outcome::Ok(answer)) => term(answer),
                Some(Outcome::Down(why)) => error(term(why)),
                _ => error(Term::atom("timeout")),
            },
        )
    }

    fn system_within(
        &mut self,
        whom: Whom<'_>,
        message: &System<'_>,
        ms: u32,
    ) -> Result<Result<Term, Term>, TargetError> {
        let outcome = self.pid_of(whom).map(|pid| {
            let tag = self.node.system(pid, request(message));
            self.wait_for(tag, u64::from(ms))
        });
        let term = |bytes: Vec<u8>| upheaval_term::decode(&bytes).unwrap_or(Term::atom("badarg"));
        let exit = |reason| Err(exit_of(reason, whom, message, ms));
        Ok(match outcome {
            None => exit(Term::atom("noproc")),
            Some(None) => exit(Term::atom("timeout")),
            Some(Some(Outcome::Ok(answer))) => Ok(term(answer)),
            Some(Some(Outcome::Error(why))) => Ok(error(term(why))),
            Some(Some(Outcome::Raised(why))) => Err(term(why)),
            Some(Some(Outcome::Down(why))) => exit(term(why)),
            Some(Some(Outcome::Started(_) | Outcome::Ignored)) => exit(Term::atom("badarg")),
        })
    }

    fn kill(&mut self, process: &str) -> Result<Term, TargetError> {
        let Some(pid) = self.node.whereis(process) else {
            return Ok(error(Term::atom("noproc")));
        };
        let down = self.node.monitor(pid);
        self.node.exit_signal(pid, &Term::atom("kill"));
        Ok(
            match self.wait_for(down, u64::from(self.system_patience())) {
                Some(_) => Term::from(true),
                None => error(Term::atom("timeout")),
            },
        )
    }

    fn exit(&mut self, process: &str, reason: &Term) -> Result<Term, TargetError> {
        let Some(pid) = self.node.whereis(process) else {
            return Ok(error(Term::atom("noproc")));
        };
        self.node.exit_signal(pid, reason);
        Ok(Term::from(true))
    }

    fn interfere(&mut self, whom: Whom<'_>) -> Result<(), TargetError> {
        if let Some(pid) = self.pid_of(whom) {
            let process = recorder::process(pid);
            self.note(Event::Interfered { process });
        }
        Ok(())
    }

    fn upgrades(&mut self, moved: Moved, name: &str, vsn: &str) -> Result<(), TargetError> {
        let (name, vsn) = (self.name(name), self.name(vsn));
        self.note(Event::Upgrades { moved, name, vsn });
        Ok(())
    }

    fn fault(&mut self, process: Option<&str>) -> Result<(), TargetError> {
        let found = process.and_then(|name| self.node.whereis(name));
        if process.is_none() || found.is_some() {
            let process = found.map(recorder::process);
            self.note(Event::Fault { process });
        }
        Ok(())
    }

    fn answer_for_frozen(&mut self) -> Result<(), TargetError> {
        let frozen: Vec<Pid> = self.frozen().collect();
        for pid in frozen {
            let process = recorder::process(pid);
            self.note(Event::Interfered { process });
        }
        Ok(())
    }

    fn freeze(&mut self, process: &str) -> Result<Term, TargetError> {
        let Some(pid) = self.node.whereis(process) else {
            return Ok(error(Term::atom("noproc")));
        };
        let is_new = self.node.freeze(pid);
        if is_new {
            let process = recorder::process(pid);
            self.note(Event::Frozen { process });
        }
        Ok(Term::from(is_new))
    }

    fn thaw(&mut self, process: &str) -> Result<Term, TargetError> {
        let Some(pid) = self.node.whereis(process) else {
            return Ok(error(Term::atom("noproc")));
        };
        Ok(Term::from(self.thaw_process(pid)))
    }

    fn believed(&mut self) -> Result<Option<Believed>, TargetError> {
        Ok(self.handler.as_ref().and_then(Handler::believed))
    }

    fn mislead(&mut self) -> Result<(), TargetError> {
        self.note(Event::Misled);
        Ok(())
    }

    fn system_patience(&self) -> u32 {
        self.scenario.patience.system
    }

    fn start(&mut self, process: &str) -> Result<Term, TargetError> {
        let application = self.application_of(process).map(str::to_owned);
        let started = match application {
            Some(application) => self.start_application(&application),
            None => self.start_by_hand(process),
        };
        Ok(started.unwrap_or_else(error))
    }

    fn release(&mut self, step: ReleaseStep, vsn: &str) -> Result<Term, TargetError> {
        let result = self.release_step(step, vsn, self.seed);
        self.mend_artifact();
        result
    }

    fn application(
        &mut self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
    ) -> Result<Term, TargetError> {
        let result = self.application_step(step, application, vsn, self.seed);
        self.mend_artifact();
        result
    }

    fn spoil(&mut self, spoilt: Spoilt) -> Result<(), TargetError> {
        self.spoil_artifact(spoilt);
        Ok(())
    }

    fn advance(&mut self, ms: u32) -> Result<(), TargetError> {
        let end = self.node.now() + u64::from(ms);
        while let Some(retry) = self.next_retry().filter(|retry| *retry < end) {
            let left = retry.saturating_sub(self.node.now());
            self.node.advance(left, STEPS_WHILE_ADVANCING);
            self.retry_purges();
        }
        let left = end.saturating_sub(self.node.now());
        self.node.advance(left, STEPS_WHILE_ADVANCING);
        Ok(())
    }

    fn at_rest(&self) -> bool {
        self.at_rest
    }

    fn run_on(&mut self, steps: u32) -> Result<(), TargetError> {
        if self.at_rest {
            while self.step() {}
        } else {
            for _ in 0..steps {
                self.step();
            }
        }
        Ok(())
    }
}

impl Run<'_> {
    fn pid_of(&self, whom: Whom<'_>) -> Option<Pid> {
        match whom {
            Whom::Name(name) => self.node.whereis(name),
            Whom::Pid(pid) => pid.as_pid().map(|pid| Pid(pid.id)),
        }
    }

    /// Everybody who is frozen.
    pub(super) fn frozen(&self) -> impl Iterator<Item = Pid> {
        self.node.alive().filter(|pid| self.node.is_frozen(*pid))
    }

    /// Lets a process go on; false where it was not frozen.
    pub(super) fn thaw_process(&mut self, pid: Pid) -> bool {
        let is_thawed = self.node.thaw(pid);
        if is_thawed {
            let process = recorder::process(pid);
            self.note(Event::Thawed { process });
        }
        is_thawed
    }

    /// `code:load_file`, until it is done.
    pub(super) fn load(&mut self, module: &str) -> Result<(), Term> {
        let tag = self.node.load(module).map_err(|why| why.reason())?;
        let Some(tag) = tag else { return Ok(()) };
        match self.wait_for(tag, LOAD_TIMEOUT) {
            Some(Outcome::Ok(_)) => Ok(()),
            Some(Outcome::Error(why)) => {
                Err(upheaval_term::decode(&why).unwrap_or(Term::atom("badarg")))
            }
            _ => Err(Term::atom("timeout")),
        }
    }

    /// What a server answers to a look at it; or why it does not.
    pub(super) fn ask(&mut self, pid: Pid, what: &'static str) -> Result<Term, Term> {
        let tag = self.node.ask(pid, &Term::atom(what));
        let term = |bytes: &[u8]| upheaval_term::decode(bytes).unwrap_or(Term::atom("badarg"));
        match self.wait_for(tag, u64::from(self.system_patience())) {
            Some(Outcome::Ok(answer)) => Ok(term(&answer)),
            Some(Outcome::Down(why)) => Err(term(&why)),
            _ => Err(Term::atom("timeout")),
        }
    }
}

/// What whoever sent a system message exits with, where no answer came:
/// `{Reason,{sys,Function,Args}}`, but for what no function of `sys` sends.
fn exit_of(reason: Term, whom: Whom<'_>, message: &System<'_>, ms: u32) -> Term {
    let process = match whom {
        Whom::Name(process) => name(process),
        Whom::Pid(pid) => pid.clone(),
    };
    let (function, args) = match (message.function(), message) {
        (Some((function, args)), _) => (Term::atom(function), args),
        (None, System::Other(_)) => return reason,
        // OTP tells of this one in another way than of all others.
        (None, _) => {
            let function = [Term::atom("replace_state"), Term::atom("fun")];
            (Term::tuple(function), Vec::new())
        }
    };
    let timeout = Term::Int(i64::from(ms));
    let args = [process].into_iter().chain(args).chain([timeout]);
    let called = [Term::atom("sys"), function, Term::list(args)];
    Term::tuple([reason, Term::tuple(called)])
}

fn request(message: &System<'_>) -> SystemRequest {
    match message {
        System::Suspend => SystemRequest::Suspend,
        System::Resume => SystemRequest::Resume,
        System::GetState => SystemRequest::GetState,
        System::ReplaceState(state) => SystemRequest::ReplaceState(Ok((*state).clone())),
        System::FailToReplace(why) => SystemRequest::ReplaceState(Err((*why).clone())),
        System::GetStatus => SystemRequest::GetStatus,
        System::ChangeCode { module, vsn, down } => SystemRequest::ChangeCode {
            module: (*module).to_owned(),
            vsn: (*vsn).to_owned(),
            down: *down,
            extra: Term::List(Vec::new()),
        },
        System::Terminate(why) => SystemRequest::Terminate((*why).clone()),
        System::Other(message) => SystemRequest::Other((*message).clone()),
    }
}
