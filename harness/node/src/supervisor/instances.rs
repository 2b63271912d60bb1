//! The children of a simple_one_for_one: all alike but for their arguments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use upheaval_term::{Pid, Term};

use super::books::Held;

/// Who there is, with the arguments of each; those that are to be started again
/// behind the others, as OTP's map has them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Instances {
    all: BTreeMap<(bool, u32, u32), Option<Vec<Term>>>,
    /// Whether arguments are kept: not for temporary children.
    keeps_args: bool,
}

/// An instance: a pid, and whether that has ended and is to be started again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Instance {
    pub(super) pid: Pid,
    pub(super) restarting: bool,
}

impl Instance {
    pub(super) fn alive(pid: &Pid) -> Instance {
        Instance {
            pid: pid.clone(),
            restarting: false,
        }
    }

    pub(super) fn restarting(pid: &Pid) -> Instance {
        Instance {
            pid: pid.clone(),
            restarting: true,
        }
    }

    pub(super) fn shown(&self) -> Term {
        match self.restarting {
            true => Held::Restarting(None).shown(),
            false => Term::Pid(self.pid.clone()),
        }
    }

    fn key(&self) -> (bool, u32, u32) {
        (self.restarting, self.pid.serial, self.pid.id)
    }
}

impl Instances {
    pub(super) fn new(keeps_args: bool) -> Instances {
        Instances {
            all: BTreeMap::new(),
            keeps_args,
        }
    }

    pub(super) fn add(&mut self, instance: &Instance, args: Option<Vec<Term>>) {
        let args = args.filter(|_| self.keeps_args);
        self.all.insert(instance.key(), args);
    }

    /// Forgets one; gives its arguments.
    pub(super) fn remove(&mut self, instance: &Instance) -> Option<Vec<Term>> {
        self.all.remove(&instance.key()).flatten()
    }

    pub(super) fn has(&self, instance: &Instance) -> bool {
        self.all.contains_key(&instance.key())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Instance> + '_ {
        self.all.keys().map(|(restarting, serial, id)| Instance {
            pid: Pid::local(*id, *serial),
            restarting: *restarting,
        })
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }
}
