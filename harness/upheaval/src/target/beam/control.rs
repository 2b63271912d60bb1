//! A real node under control.

use std::time::Duration;

use upheaval_term::Term;

use super::run::{Run, unexpected};
use super::wire::{of_module, of_version, request};
use crate::history::Moved;
use crate::plan::{ApplicationStep, Damage, ReleaseStep};
use crate::scenario::{Kind, Request};
use crate::target::TargetError;
use crate::target::control::{Believed, Control, System, Whom};
use crate::target::ops::{error, name};
use crate::target::spoilt::Spoilt;

impl Control for Run<'_> {
    fn request(&mut self, client: u32, what: &Request) -> Result<Term, TargetError> {
        if client == 0 || client > self.scenario.clients {
            return Ok(error(Term::atom("noproc")));
        }
        let kind = match what.kind {
            Kind::Call => "call",
            Kind::Cast => "cast",
            Kind::Send => "send",
            Kind::Notify => "notify",
            Kind::Manage => "manage",
            Kind::Ask => "ask",
        };
        let args = [
            Term::Int(i64::from(client)),
            Term::atom(kind),
            name(&what.to),
            what.payload.clone(),
            Term::Int(i64::from(
                what.within.unwrap_or(self.scenario.patience.request),
            )),
        ];
        if self.at_rest {
            return self.ask("request_if_idle", args, self.prompt);
        }
        self.agent.tell(request("request", args));
        Ok(Term::atom("ok"))
    }

    fn deploy(&mut self, module: &str, vsn: &str) -> Result<(), TargetError> {
        self.agent.tell(of_version("deploy", module, vsn));
        Ok(())
    }

    fn damage(&mut self, module: &str, damage: Damage) -> Result<(), TargetError> {
        let args = [name(module), Term::atom(damage.name())];
        self.agent.tell(request("damage", args));
        Ok(())
    }

    fn swap(&mut self, module: &str, other: &str, vsn: &str) -> Result<(), TargetError> {
        let args = [name(module), name(other), Term::string(vsn)];
        self.agent.tell(request("swap", args));
        Ok(())
    }

    fn load_file(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(self
            .agent
            .ask(of_module("load_file", module), self.prompt)?)
    }

    fn load_binary(&mut self, module: &str) -> Result<Term, TargetError> {
        let request = of_module("load_binary", module);
        Ok(self.agent.ask(request, self.prompt)?)
    }

    fn reload(&mut self, module: &str) -> Result<Option<Term>, TargetError> {
        let result = self
            .agent
            .ask(of_module("shell_load", module), self.prompt)?;
        Ok(Some(result))
    }

    fn lingers(&mut self, module: &str) -> Result<bool, TargetError> {
        let answer = self.agent.ask(of_module("lingers", module), self.prompt)?;
        Ok(answer.as_bool() == Some(true))
    }

    fn purge(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(self.agent.ask(of_module("purge", module), self.prompt)?)
    }

    fn soft_purge(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(self
            .agent
            .ask(of_module("soft_purge", module), self.prompt)?)
    }

    fn delete(&mut self, module: &str) -> Result<Term, TargetError> {
        Ok(self.agent.ask(of_module("delete", module), self.prompt)?)
    }

    fn stick(&mut self, module: &str, sticky: bool) -> Result<Term, TargetError> {
        let verb = if sticky { "stick" } else { "unstick" };
        Ok(self.agent.ask(of_module(verb, module), self.prompt)?)
    }

    fn current_vsn(&mut self, module: &str) -> Result<Option<String>, TargetError> {
        let answer = self
            .agent
            .ask(of_module("current_vsn", module), self.prompt)?;
        Ok(answer.as_string())
    }

    fn system_patience(&self) -> u32 {
        self.scenario.patience.system
    }

    fn whereis(&mut self, process: &str) -> Result<Term, TargetError> {
        self.ask("whereis", [name(process)], self.prompt)
    }

    fn which_children(&mut self, supervisor: &Term) -> Result<Result<Term, Term>, TargetError> {
        let timeout = Term::Int(i64::from(self.scenario.patience.system));
        let args = [supervisor.clone(), timeout];
        let answer = self.ask("children", args, self.patience())?;
        match answer.as_tuple() {
            Some([ok, children]) if ok.is_atom("ok") => Ok(Ok(children.clone())),
            // `{exit,{Reason,{gen_server,call,_}}}`.
            Some([_, why]) => Ok(Err(match why.as_tuple() {
                Some([why, _]) => why.clone(),
                _ => why.clone(),
            })),
            _ => Err(unexpected("children", &answer)),
        }
    }

    fn call(&mut self, process: &str, request: &Term) -> Result<Term, TargetError> {
        let timeout = Term::Int(i64::from(self.scenario.patience.system));
        let args = [name(process), request.clone(), timeout];
        self.ask("call", args, self.patience())
    }

    fn system_within(
        &mut self,
        whom: Whom<'_>,
        message: &System<'_>,
        ms: u32,
    ) -> Result<Result<Term, Term>, TargetError> {
        let process = who(whom);
        let timeout = Term::Int(i64::from(ms));
        let what = match message {
            System::ReplaceState(state) => request("replace_state", [(*state).clone()]),
            System::FailToReplace(why) => request("fail_to_replace", [(*why).clone()]),
            System::Other(message) => request("other", [(*message).clone()]),
            _ => match message.function() {
                Some((function, args)) => request(function, args),
                None => Term::atom("none"),
            },
        };
        let patience = self.prompt + Duration::from_millis(u64::from(ms));
        let answer = self.ask("sys", [what, process, timeout], patience)?;
        match answer.as_tuple() {
            Some([ok, value]) if ok.is_atom("ok") => Ok(Ok(value.clone())),
            Some([exit, why]) if exit.is_atom("exit") => Ok(Err(why.clone())),
            _ => Err(unexpected("sys", &answer)),
        }
    }

    fn kill(&mut self, process: &str) -> Result<Term, TargetError> {
        let timeout = Term::Int(i64::from(self.scenario.patience.system));
        self.ask("kill", [name(process), timeout], self.patience())
    }

    fn exit(&mut self, process: &str, reason: &Term) -> Result<Term, TargetError> {
        self.ask("exit", [name(process), reason.clone()], self.prompt)
    }

    fn interfere(&mut self, whom: Whom<'_>) -> Result<(), TargetError> {
        let note = request("interfered", [who(whom)]);
        self.agent.tell(request("note", [note]));
        Ok(())
    }

    fn upgrades(&mut self, moved: Moved, of: &str, vsn: &str) -> Result<(), TargetError> {
        let what = match moved {
            Moved::Module => "module",
            Moved::Application => "application",
            Moved::Release => "release",
            Moved::Nothing => "nothing",
        };
        let note = request("upgrades", [Term::atom(what), name(of), Term::string(vsn)]);
        self.agent.tell(request("note", [note]));
        Ok(())
    }

    fn fault(&mut self, process: Option<&str>) -> Result<(), TargetError> {
        let note = request("fault", process.map(name));
        self.agent.tell(request("note", [note]));
        Ok(())
    }

    fn answer_for_frozen(&mut self) -> Result<(), TargetError> {
        self.agent.tell(Term::atom("answer_for_frozen"));
        Ok(())
    }

    fn freeze(&mut self, process: &str) -> Result<Term, TargetError> {
        self.ask("freeze", [name(process)], self.prompt)
    }

    fn thaw(&mut self, process: &str) -> Result<Term, TargetError> {
        self.ask("thaw", [name(process)], self.prompt)
    }

    fn believed(&mut self) -> Result<Option<Believed>, TargetError> {
        self.believed_by_release_handler()
    }

    fn mislead(&mut self) -> Result<(), TargetError> {
        self.agent.tell(request("note", [request("misled", [])]));
        Ok(())
    }

    fn start(&mut self, process: &str) -> Result<Term, TargetError> {
        self.ask("start", [name(process)], self.prompt)
    }

    fn release(&mut self, step: ReleaseStep, vsn: &str) -> Result<Term, TargetError> {
        self.release_step(step, vsn)
    }

    fn application(
        &mut self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
    ) -> Result<Term, TargetError> {
        self.application_step(step, application, vsn)
    }

    fn spoil(&mut self, spoilt: Spoilt) -> Result<(), TargetError> {
        self.spoil_artifact(&spoilt);
        Ok(())
    }

    fn advance(&mut self, ms: u32) -> Result<(), TargetError> {
        let patience = self.prompt + Duration::from_millis(u64::from(ms));
        self.ask("sleep", [Term::Int(i64::from(ms))], patience)?;
        Ok(())
    }

    fn at_rest(&self) -> bool {
        self.at_rest
    }

    fn run_on(&mut self, steps: u32) -> Result<(), TargetError> {
        if self.at_rest {
            self.rest()?;
        } else if steps > 0 {
            let times = Term::Int(i64::from(steps));
            self.agent.tell(request("yield", [times]));
        }
        Ok(())
    }
}

/// A process, as the agent takes one.
fn who(whom: Whom<'_>) -> Term {
    match whom {
        Whom::Name(process) => name(process),
        Whom::Pid(pid) => pid.clone(),
    }
}

impl Run<'_> {
    /// How long the agent may take for what it waits for on the node.
    fn patience(&self) -> Duration {
        self.prompt + Duration::from_millis(u64::from(self.scenario.patience.system))
    }
}
