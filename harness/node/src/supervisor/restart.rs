//! What becomes of a child that has ended.

use upheaval_module::Context;
use upheaval_module::behaviour::{AutoShutdown, RestartType, Return, Strategy};
use upheaval_term::{Pid, Term};

use super::books::{Child, Held, Supervisor};
use super::instances::Instance;
use super::start::{Failed, start, start_all};
use super::stop::stop_all;

/// Whether the supervisor goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    GoesOn,
    ShutsDown,
}

impl From<Course> for Return {
    fn from(course: Course) -> Return {
        match course {
            Course::GoesOn => Return::NoReply,
            Course::ShutsDown => Return::Stop(Term::atom("shutdown")),
        }
    }
}

/// A child that a restart is about.
#[derive(Clone, Debug)]
pub(super) enum Which {
    /// By its place.
    Child(usize),
    Instance(Instance),
}

impl Supervisor {
    /// A linked process has ended: what is no child is none of its business.
    pub(super) fn ended(&mut self, pid: &Pid, reason: &Term, context: &Context) -> Course {
        let instance = Instance::alive(pid);
        let which = match self.is_simple() {
            true if self.instances.has(&instance) => Some(Which::Instance(instance)),
            true => None,
            false => self.find_by_pid(pid).map(Which::Child),
        };
        let Some(which) = which else {
            return Course::GoesOn;
        };
        let spec = match &which {
            Which::Child(place) => &self.children[*place],
            Which::Instance(_) => self.template(),
        };
        let (restart, significant) = (spec.restart, spec.significant);
        let is_owed = match restart {
            RestartType::Permanent => true,
            RestartType::Transient => is_abnormal(reason),
            RestartType::Temporary => false,
        };
        if is_owed {
            return self.restart(&which, context);
        }
        self.drop_child(&which);
        self.shut_down_for(significant)
    }

    fn drop_child(&mut self, which: &Which) {
        match which {
            Which::Child(place) => self.forget(*place),
            Which::Instance(instance) => drop(self.instances.remove(instance)),
        }
    }

    /// Whether it ends with a significant child (D6).
    fn shut_down_for(&self, significant: bool) -> Course {
        let is_last = || match self.is_simple() {
            true => self.instances.count() == 0,
            false => {
                let lives = |child: &Child| child.significant && child.held != Held::Nobody;
                !self.children.iter().any(lives)
            }
        };
        match self.flags.auto_shutdown {
            AutoShutdown::AnySignificant if significant => Course::ShutsDown,
            AutoShutdown::AllSignificant if significant && is_last() => Course::ShutsDown,
            _ => Course::GoesOn,
        }
    }

    /// Starts a child again, and whoever the strategy says with it, unless that is one
    /// restart too many (D4).
    pub(super) fn restart(&mut self, which: &Which, context: &Context) -> Course {
        let now = context.now().as_secs();
        let earliest = now.saturating_sub(u64::from(self.flags.period));
        self.restarts.retain(|at| *at >= earliest);
        self.restarts.insert(0, now);
        if self.restarts.len() > self.flags.intensity as usize {
            self.drop_child(which);
            return Course::ShutsDown;
        }
        let try_again = match which {
            Which::Instance(instance) => self.restart_instance(instance, context),
            Which::Child(place) => match self.flags.strategy {
                Strategy::OneForAll => self.restart_group(*place, 0, context),
                Strategy::RestForOne => self.restart_group(*place, *place, context),
                _ => self.restart_one(*place, context),
            },
        };
        // Each failed attempt counts as a restart of its own (D4).
        if let Some(id) = try_again {
            let note = Term::tuple([Term::atom("try_again_restart"), id]);
            context.cast(context.self_pid(), &note);
        }
        Course::GoesOn
    }

    /// Gives the id to try again with, where the start failed.
    fn restart_one(&mut self, place: usize, context: &Context) -> Option<Term> {
        let child = &mut self.children[place];
        match start(&child.start, context) {
            Ok(pid) => {
                child.held = Held::of(pid);
                None
            }
            Err(_) => {
                child.held = child.held.clone().restarting();
                Some(child.id.clone())
            }
        }
    }

    /// Restarts all children from a place on (D5).
    fn restart_group(&mut self, failed: usize, from: usize, context: &Context) -> Option<Term> {
        let ended = self.children[failed].clone();
        self.forget(failed);
        stop_all(&mut self.children, from, context);
        let Err(Failed { place, .. }) = start_all(&mut self.children, from, context) else {
            return None;
        };
        let child = &mut self.children[place];
        child.held = match child.id == ended.id {
            true => ended.held.restarting(),
            false => Held::Restarting(None),
        };
        Some(child.id.clone())
    }

    fn restart_instance(&mut self, instance: &Instance, context: &Context) -> Option<Term> {
        let mut first = self.template().start.clone();
        first.args = self.instances.remove(instance);
        let (again, try_again) = match start(&first, context) {
            Ok(Some(pid)) => (Instance::alive(&pid), None),
            // OTP keeps `undefined` in its books, and never hears of it again.
            Ok(None) => return None,
            Err(_) => {
                let again = Instance::restarting(&instance.pid);
                let pid = Term::Pid(instance.pid.clone());
                let id = Term::tuple([Term::atom("restarting"), pid]);
                (again, Some(id))
            }
        };
        self.instances.add(&again, first.args);
        try_again
    }

    /// A start that failed is tried again, unless the child is no longer waited for.
    pub(super) fn try_again(&mut self, id: &Term, context: &Context) -> Course {
        let which = match (self.is_simple(), id.as_tuple()) {
            (true, Some([_, Term::Pid(pid)])) => {
                let instance = Instance::restarting(pid);
                let waits = self.instances.has(&instance);
                waits.then_some(Which::Instance(instance))
            }
            (true, _) => None,
            (false, _) => {
                let place = self.find(id);
                let waits =
                    |place: &usize| matches!(self.children[*place].held, Held::Restarting(_));
                place.filter(waits).map(Which::Child)
            }
        };
        match which {
            Some(which) => self.restart(&which, context),
            None => Course::GoesOn,
        }
    }
}

fn is_abnormal(reason: &Term) -> bool {
    match reason {
        Term::Atom(reason) => !matches!(reason.as_str(), "normal" | "shutdown"),
        Term::Tuple(parts) => parts.len() != 2 || !parts[0].is_atom("shutdown"),
        _ => true,
    }
}
