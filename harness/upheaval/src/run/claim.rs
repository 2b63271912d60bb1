//! What must hold: of the histories, and of the runs themselves.

use crate::invariant::Invariant;

/// What every case is held to: an invariant, judged by the case's history, or one of
/// the two below, judged by running it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name in snake case, as tables and JSON give it.
    pub name: &'static str,
    /// What must hold.
    pub statement: &'static str,
}

impl Claim {
    pub(crate) fn of(invariant: &dyn Invariant) -> Claim {
        Claim {
            name: invariant.name(),
            statement: invariant.statement(),
        }
    }

    /// Whether it is judged by running the case, and not by its history.
    pub(crate) fn is_of_the_run(name: &str) -> bool {
        [SURVIVAL.name, DETERMINISM.name].contains(&name)
    }
}

/// A case comes to its end. Without worker processes a module that breaks it takes the
/// run with it; with them it costs a worker.
pub const SURVIVAL: Claim = Claim {
    name: "survival",
    statement: "no module aborts, faults, overflows its stack, exits or never returns",
};

/// A plan has one history. Some cases are run twice to see it.
pub const DETERMINISM: Claim = Claim {
    name: "determinism",
    statement: "a plan that is run twice gives the same history, to the byte",
};
