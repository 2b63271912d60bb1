//! What a supervisor can be asked, with OTP's answers.

use upheaval_module::Context;
use upheaval_module::behaviour::{ChildType, RestartType};
use upheaval_module::error;
use upheaval_term::{Atom, Pid, Term};

use super::books::{Child, Held, Start, Supervisor, written};
use super::check;
use super::instances::Instance;
use super::start::start;
use super::stop::{stop, stop_process};

impl Supervisor {
    /// Answers a request; for what is none `supervisor` has no clause.
    pub(super) fn answer(&mut self, request: &Term, context: &Context) -> Term {
        let (what, of) = match (request, request.as_tuple()) {
            (Term::Atom(what), _) => (what, None),
            (_, Some([Term::Atom(what), of])) => (what, Some(of)),
            _ => error(Term::atom("function_clause")),
        };
        match (what.as_str(), of) {
            ("start_child", Some(args)) if self.is_simple() => self.start_instance(args, context),
            ("start_child", Some(spec)) => self.start_child(spec, context),
            ("terminate_child", Some(id)) => self.terminate_child(id, context),
            ("restart_child", Some(id)) => self.restart_child(id, context),
            ("delete_child", Some(id)) => self.delete_child(id),
            ("get_childspec", Some(id)) => self.get_childspec(id, context),
            ("which_children", None) => self.which_children(),
            ("count_children", None) => self.count_children(context),
            _ => error(Term::atom("function_clause")),
        }
    }

    fn start_instance(&mut self, args: &Term, context: &Context) -> Term {
        let template = self.template().start.clone();
        let (Some(args), Some(mut all)) = (args.as_list(), template.args.clone()) else {
            // `Args ++ Extra`.
            error(Term::atom("badarg"))
        };
        all.extend_from_slice(args);
        let first = Start {
            args: Some(all),
            ..template
        };
        match start(&first, context) {
            Ok(None) => ok(Term::atom("undefined")),
            Ok(Some(pid)) => {
                self.instances.add(&Instance::alive(&pid), first.args);
                ok(Term::Pid(pid))
            }
            Err(why) => failed(why),
        }
    }

    fn start_child(&mut self, spec: &Term, context: &Context) -> Term {
        let mut child = match check::spec(spec, self.flags.auto_shutdown) {
            Ok(child) => child,
            Err(why) => return failed(why),
        };
        if let Some(place) = self.find(&child.id) {
            return match &self.children[place].held {
                Held::Process(pid) => failed(Term::tuple([
                    Term::atom("already_started"),
                    Term::Pid(pid.clone()),
                ])),
                _ => failed(Term::atom("already_present")),
            };
        }
        match start(&child.start, context) {
            Ok(None) if child.restart == RestartType::Temporary => ok(Term::atom("undefined")),
            Ok(pid) => {
                child.held = Held::of(pid);
                if child.restart == RestartType::Temporary {
                    child.start.args = None;
                }
                let shown = child.held.shown();
                self.children.push(child);
                ok(shown)
            }
            Err(why) => failed(Term::tuple([why, child.record()])),
        }
    }

    fn terminate_child(&mut self, id: &Term, context: &Context) -> Term {
        if self.is_simple() {
            return match id {
                Term::Pid(pid) => self.terminate_instance(pid, context),
                _ => simple(),
            };
        }
        match self.find(id) {
            Some(place) => {
                stop(&self.children[place], context);
                self.forget(place);
                Term::atom("ok")
            }
            None => not_found(),
        }
    }

    fn terminate_instance(&mut self, pid: &Pid, context: &Context) -> Term {
        let alive = Instance::alive(pid);
        if self.instances.has(&alive) {
            stop_process(pid, self.template().shutdown, context);
            self.instances.remove(&alive);
            return Term::atom("ok");
        }
        let restarting = Instance::restarting(pid);
        if self.instances.has(&restarting) {
            self.instances.remove(&restarting);
        } else if context.is_alive(pid) {
            return not_found();
        }
        Term::atom("ok")
    }

    fn restart_child(&mut self, id: &Term, context: &Context) -> Term {
        let place = match self.stopped(id) {
            Ok(place) => place,
            Err(answer) => return answer,
        };
        match start(&self.children[place].start, context) {
            Ok(pid) => {
                self.children[place].held = Held::of(pid);
                ok(self.children[place].held.shown())
            }
            Err(why) => failed(why),
        }
    }

    fn delete_child(&mut self, id: &Term) -> Term {
        match self.stopped(id) {
            Ok(place) => {
                self.children.remove(place);
                Term::atom("ok")
            }
            Err(answer) => answer,
        }
    }

    /// The place of a child that is there and does not run.
    fn stopped(&self, id: &Term) -> Result<usize, Term> {
        if self.is_simple() {
            return Err(simple());
        }
        let place = self.find(id).ok_or_else(not_found)?;
        match self.children[place].held {
            Held::Nobody => Ok(place),
            Held::Process(_) => Err(failed(Term::atom("running"))),
            Held::Restarting(_) => Err(failed(Term::atom("restarting"))),
        }
    }

    fn get_childspec(&self, id: &Term, context: &Context) -> Term {
        let found = match id {
            Term::Pid(pid) if self.is_simple() => {
                let is_known = self.instances.has(&Instance::alive(pid))
                    || self.instances.has(&Instance::restarting(pid))
                    || !context.is_alive(pid);
                is_known.then(|| self.template())
            }
            id => self.find(id).map(|place| &self.children[place]),
        };
        found.map_or_else(not_found, |child| ok(child.spec()))
    }

    /// Newest first, as OTP gives them.
    fn which_children(&self) -> Term {
        let row = |id: Term, shown: Term, child: &Child| {
            Term::tuple([
                id,
                shown,
                written(&child.child_type),
                written(&child.modules),
            ])
        };
        match self.is_simple() {
            true => {
                Term::list(self.instances.all().map(|instance| {
                    row(Term::atom("undefined"), instance.shown(), self.template())
                }))
            }
            false => Term::list(
                self.children
                    .iter()
                    .rev()
                    .map(|child| row(child.id.clone(), child.held.shown(), child)),
            ),
        }
    }

    fn count_children(&self, context: &Context) -> Term {
        let (specs, active, supervisors, workers) = match self.is_simple() {
            true => {
                let all = self.instances.count();
                let active = self.instances.all().filter(|i| !i.restarting).count();
                match self.template().child_type {
                    ChildType::Supervisor => (1, active, all, 0),
                    ChildType::Worker => (1, active, 0, all),
                }
            }
            false => {
                let all = self.children.len();
                let lives = |child: &&Child| {
                    let pid = child.held.pid();
                    pid.is_some_and(|pid| context.is_alive(pid))
                };
                let active = self.children.iter().filter(lives).count();
                let is_supervisor = |c: &&Child| c.child_type == ChildType::Supervisor;
                let supervisors = self.children.iter().filter(is_supervisor).count();
                (all, active, supervisors, all - supervisors)
            }
        };
        let count = |what: &'static str, n: usize| {
            Term::tuple([
                Term::Atom(Atom::from_static(what)),
                Term::Int(i64::try_from(n).unwrap_or(i64::MAX)),
            ])
        };
        Term::list([
            count("specs", specs),
            count("active", active),
            count("supervisors", supervisors),
            count("workers", workers),
        ])
    }
}

fn ok(what: Term) -> Term {
    Term::tuple([Term::atom("ok"), what])
}

fn failed(why: Term) -> Term {
    Term::tuple([Term::atom("error"), why])
}

fn not_found() -> Term {
    failed(Term::atom("not_found"))
}

fn simple() -> Term {
    failed(Term::atom("simple_one_for_one"))
}
