//! What cannot happen, and by which rule.

use std::fmt;

use super::{Cell, Deed, Doing, Kind, Outcome};

/// Cells that cannot be reached. An empty list stands for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The rule, by its number in `docs/otp-rules.md`.
    pub rule: &'static str,
    /// Why, in a sentence.
    pub why: &'static str,
    /// Of which behaviours.
    pub kinds: &'static [Kind],
    /// Doing what.
    pub doings: &'static [Doing],
    /// What is done.
    pub deeds: &'static [Deed],
    /// What does not come of it.
    pub outcomes: &'static [Outcome],
    /// How far that goes.
    pub strength: Strength,
}

/// How far it goes that a cell cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It never is.
    Never,
    /// It takes a module or an op that not every scenario has: it is expected once such a
    /// thing was seen of the behaviour.
    UntilSeen,
    /// It takes something else that falls on the same moment: it is not expected, and counts
    /// where it comes about.
    ByChance,
}

impl Forbidden {
    pub(crate) fn covers(&self, cell: Cell) -> bool {
        fn has<T: PartialEq>(list: &[T], one: &T) -> bool {
            list.is_empty() || list.contains(one)
        }
        has(self.kinds, &cell.behaviour)
            && has(self.doings, &cell.doing)
            && has(self.deeds, &cell.deed)
            && has(self.outcomes, &cell.outcome)
    }
}

/// `B3: gen_server, special process; suspended; load gives ok: why it cannot be`.
impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn some<T: fmt::Display>(list: &[T], all: &str) -> String {
            match list {
                [] => all.into(),
                _ => {
                    let names: Vec<String> = list.iter().map(T::to_string).collect();
                    names.join(" or ")
                }
            }
        }
        write!(
            f,
            "{}, {}: {} gives {} ({}: {}{})",
            some(self.kinds, "any process"),
            some(self.doings, "doing anything"),
            some(self.deeds, "any op"),
            some(self.outcomes, "anything"),
            self.rule,
            self.why,
            match self.strength {
                Strength::Never => "",
                Strength::UntilSeen => "; until such a thing is seen",
                Strength::ByChance => "; but by chance",
            }
        )
    }
}

const ANY: Forbidden = Forbidden {
    rule: "",
    why: "",
    kinds: &[],
    doings: &[],
    deeds: &[],
    outcomes: &[],
    strength: Strength::Never,
};

/// The functions of `sys`.
const SYS: &[Deed] = &[
    Deed::Suspend,
    Deed::Resume,
    Deed::GetState,
    Deed::ReplaceState,
    Deed::GetStatus,
    Deed::ChangeCode,
    Deed::Terminate,
];

/// What a process has to answer.
const ASKED: &[Deed] = &[
    Deed::Suspend,
    Deed::Resume,
    Deed::GetState,
    Deed::ReplaceState,
    Deed::GetStatus,
    Deed::ChangeCode,
    Deed::Terminate,
    Deed::Crash,
];

/// What a supervisor is asked.
const CHILDREN: &[Deed] = &[
    Deed::StartChild,
    Deed::TerminateChild,
    Deed::RestartChild,
    Deed::DeleteChild,
    Deed::GetChildspec,
];

/// What the code server does.
const CODE: &[Deed] = &[
    Deed::Load,
    Deed::LoadBinary,
    Deed::Reload,
    Deed::Purge,
    Deed::SoftPurge,
    Deed::Delete,
];

/// What purges.
const PURGES: &[Deed] = &[Deed::Purge, Deed::LoadBinary, Deed::Reload, Deed::Upgrade];

/// What concerns the whole node.
const RELEASES: &[Deed] = &[
    Deed::Install,
    Deed::RebootOld,
    Deed::UpgradeApp,
    Deed::DowngradeApp,
];

/// All but a process that is to be started again.
const THERE: &[Doing] = &[
    Doing::Idle,
    Doing::InCallback,
    Doing::Blocked,
    Doing::Suspended,
    Doing::Hibernating,
    Doing::TimerPending,
    Doing::OldCode,
    Doing::Frozen,
];

/// What waits for a message, or for what comes soon.
const WAITING: &[Doing] = &[
    Doing::Restarting,
    Doing::Idle,
    Doing::InCallback,
    Doing::Hibernating,
    Doing::TimerPending,
];

/// All that cannot happen.
pub const RULES: &[Forbidden] = &[
    Forbidden {
        rule: "B3",
        why: "a plain process has no callbacks, and takes no system message",
        kinds: &[Kind::Plain],
        doings: &[Doing::InCallback, Doing::Suspended],
        ..ANY
    },
    Forbidden {
        rule: "B3",
        why: "a plain process answers no system message",
        kinds: &[Kind::Plain],
        deeds: SYS,
        outcomes: &[Outcome::Ok, Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B2",
        why: "a suspended process answers system messages at once, unless one that nobody waits \
              for tells it to go on first (B5)",
        doings: &[Doing::Suspended],
        deeds: SYS,
        outcomes: &[Outcome::Timeout],
        strength: Strength::ByChance,
        ..ANY
    },
    Forbidden {
        rule: "B5",
        why: "a frozen process answers nothing, until it is thawed",
        doings: &[Doing::Frozen],
        deeds: ASKED,
        outcomes: &[Outcome::Ok, Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B1",
        why: "a suspended supervisor takes no request",
        doings: &[Doing::Suspended],
        deeds: CHILDREN,
        outcomes: &[Outcome::Ok, Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B4",
        why: "suspend and resume can be repeated, and never fail",
        deeds: &[Deed::Suspend, Deed::Resume],
        outcomes: &[Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B2",
        why: "whoever takes system messages has a state and a status to tell",
        deeds: &[Deed::GetState, Deed::GetStatus],
        outcomes: &[Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B11",
        why: "sys:terminate is not refused, and the process ends",
        deeds: &[Deed::Terminate],
        outcomes: &[Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B11",
        why: "who has nobody to stop first ends as it is told to",
        kinds: &[
            Kind::GenServer,
            Kind::GenStatem,
            Kind::GenEvent,
            Kind::Special,
        ],
        deeds: &[Deed::Terminate],
        outcomes: &[Outcome::Ok],
        ..ANY
    },
    Forbidden {
        rule: "E3",
        why: "nobody has the name of a process that is to be started again",
        kinds: &[
            Kind::GenServer,
            Kind::GenStatem,
            Kind::GenEvent,
            Kind::Special,
            Kind::Plain,
        ],
        doings: &[Doing::Restarting],
        deeds: &[
            Deed::Suspend,
            Deed::Resume,
            Deed::GetState,
            Deed::ReplaceState,
            Deed::GetStatus,
            Deed::ChangeCode,
            Deed::Terminate,
            Deed::Exit,
            Deed::Kill,
            Deed::Crash,
        ],
        outcomes: &[Outcome::Ok, Outcome::Error, Outcome::Timeout],
        ..ANY
    },
    Forbidden {
        rule: "E2",
        why: "a killed process ends",
        deeds: &[Deed::Kill],
        outcomes: &[Outcome::Ok, Outcome::Error, Outcome::Timeout],
        ..ANY
    },
    Forbidden {
        rule: "E7",
        why: "who crashes in its callback ends, and does not answer",
        deeds: &[Deed::Crash],
        outcomes: &[Outcome::Ok, Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "B1",
        why: "a suspended process does not take the call that would crash it",
        doings: &[Doing::Suspended],
        deeds: &[Deed::Crash],
        outcomes: &[Outcome::Ended],
        strength: Strength::ByChance,
        ..ANY
    },
    Forbidden {
        rule: "E2",
        why: "exit/2 only sends a signal",
        doings: THERE,
        deeds: &[Deed::Exit],
        outcomes: &[Outcome::Error, Outcome::Timeout, Outcome::Ended],
        ..ANY
    },
    Forbidden {
        rule: "A14",
        why: "the code server answers",
        deeds: CODE,
        outcomes: &[Outcome::Timeout],
        ..ANY
    },
    Forbidden {
        rule: "C8",
        why: "who does not answer an upgrade is left out of it, and that is no error",
        deeds: &[
            Deed::Upgrade,
            Deed::Install,
            Deed::RebootOld,
            Deed::UpgradeApp,
            Deed::DowngradeApp,
        ],
        outcomes: &[Outcome::Timeout],
        ..ANY
    },
    Forbidden {
        rule: "A4",
        why: "only a hard purge kills",
        deeds: &[Deed::Load, Deed::SoftPurge, Deed::Delete],
        outcomes: &[Outcome::Ended],
        ..ANY
    },
    Forbidden {
        rule: "A4",
        why: "a purge is not refused",
        deeds: &[Deed::Purge],
        outcomes: &[Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "A5",
        why: "who has no stack in old code is not killed by a purge",
        doings: &[
            Doing::Idle,
            Doing::Suspended,
            Doing::Hibernating,
            Doing::Restarting,
        ],
        deeds: PURGES,
        outcomes: &[Outcome::Ended],
        ..ANY
    },
    Forbidden {
        rule: "A9",
        why: "a purge kills who has old code on its stack",
        doings: &[Doing::OldCode],
        deeds: PURGES,
        outcomes: &[Outcome::Ok, Outcome::Error],
        ..ANY
    },
    Forbidden {
        rule: "A1",
        why: "where there is old code, none is loaded",
        doings: &[Doing::OldCode],
        deeds: &[Deed::Load],
        outcomes: &[Outcome::Ok],
        ..ANY
    },
    Forbidden {
        rule: "A4",
        why: "a soft purge leaves old code that somebody lingers in",
        doings: &[Doing::OldCode],
        deeds: &[Deed::SoftPurge],
        outcomes: &[Outcome::Ok],
        ..ANY
    },
    Forbidden {
        rule: "A3",
        why: "where there is old code, nothing is deleted",
        doings: &[Doing::OldCode],
        deeds: &[Deed::Delete],
        outcomes: &[Outcome::Ok],
        ..ANY
    },
    Forbidden {
        rule: "A4",
        why: "a soft purge is refused only where a process of the module lingers",
        deeds: &[Deed::SoftPurge],
        outcomes: &[Outcome::Error],
        strength: Strength::UntilSeen,
        ..ANY
    },
    Forbidden {
        rule: "A2",
        why: "a load that purges first fails only where on_load does (A12), or the module is \
              sticky (A13)",
        deeds: &[Deed::LoadBinary, Deed::Reload],
        outcomes: &[Outcome::Error],
        strength: Strength::UntilSeen,
        ..ANY
    },
    Forbidden {
        rule: "C12",
        why: "a node that is booted anew has none of its processes left",
        doings: THERE,
        deeds: &[Deed::RebootOld],
        outcomes: &[Outcome::Ok],
        ..ANY
    },
    Forbidden {
        rule: "C9",
        why: "it has to be ending already, by something else",
        doings: THERE,
        deeds: &[
            Deed::Suspend,
            Deed::Resume,
            Deed::GetState,
            Deed::ReplaceState,
            Deed::GetStatus,
            Deed::ChangeCode,
            Deed::StartChild,
            Deed::TerminateChild,
            Deed::RestartChild,
            Deed::DeleteChild,
            Deed::GetChildspec,
        ],
        outcomes: &[Outcome::Ended],
        strength: Strength::ByChance,
        ..ANY
    },
    Forbidden {
        rule: "B3",
        why: "it has to be ending already: it does not know what it is told",
        kinds: &[Kind::Plain],
        doings: THERE,
        deeds: &[Deed::Terminate],
        outcomes: &[Outcome::Ended],
        strength: Strength::ByChance,
    },
    Forbidden {
        rule: "B5",
        why: "it has to be ending already: it does not look at what it is told",
        doings: &[Doing::Frozen],
        deeds: &[Deed::Terminate, Deed::Crash],
        outcomes: &[Outcome::Ended],
        strength: Strength::ByChance,
        ..ANY
    },
    Forbidden {
        rule: "E3",
        why: "it has to be in its init, where it starts its children",
        kinds: &[Kind::Supervisor],
        doings: &[Doing::Restarting],
        deeds: CHILDREN,
        outcomes: &[Outcome::Ok, Outcome::Error],
        strength: Strength::ByChance,
    },
    Forbidden {
        rule: "C7",
        why: "whoever looks for processes fails at a suspended supervisor",
        kinds: &[Kind::Supervisor],
        doings: &[Doing::Suspended],
        deeds: &[
            Deed::Upgrade,
            Deed::Install,
            Deed::UpgradeApp,
            Deed::DowngradeApp,
        ],
        outcomes: &[Outcome::Ok],
        strength: Strength::UntilSeen,
    },
    Forbidden {
        rule: "B3",
        why: "what waits in its mailbox has to keep it busy for all that time",
        kinds: &[
            Kind::GenServer,
            Kind::GenStatem,
            Kind::GenEvent,
            Kind::Special,
            Kind::Supervisor,
        ],
        doings: WAITING,
        outcomes: &[Outcome::Timeout],
        strength: Strength::ByChance,
        ..ANY
    },
    Forbidden {
        rule: "C7",
        why: "an upgrade fails only where a supervisor is suspended, or a state cannot be \
              converted",
        deeds: &[Deed::Upgrade],
        outcomes: &[Outcome::Error],
        strength: Strength::UntilSeen,
        ..ANY
    },
    Forbidden {
        rule: "A5",
        why: "old code has to lie on its stack as well",
        doings: &[
            Doing::InCallback,
            Doing::Blocked,
            Doing::TimerPending,
            Doing::Frozen,
        ],
        deeds: PURGES,
        outcomes: &[Outcome::Ended],
        strength: Strength::UntilSeen,
        ..ANY
    },
    Forbidden {
        rule: "C12",
        why: "the node has to be started anew, or the application",
        deeds: RELEASES,
        outcomes: &[Outcome::Ended],
        strength: Strength::UntilSeen,
        ..ANY
    },
    Forbidden {
        rule: "C9",
        why: "somebody has to end as the release handler is asked",
        doings: &[Doing::Restarting],
        deeds: RELEASES,
        strength: Strength::ByChance,
        ..ANY
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_among_otps() {
        let rules = include_str!("../../../../docs/otp-rules.md");
        for forbidden in RULES {
            let row = format!("| {} |", forbidden.rule);
            assert!(rules.contains(&row), "there is no rule {}", forbidden.rule);
        }
    }

    #[test]
    fn each_rule_forbids_a_cell_that_no_other_one_does() {
        for (place, rule) in RULES.iter().enumerate() {
            let others = RULES
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place);
            let others: Vec<_> = others.map(|(_, other)| other).collect();
            let mut own = Cell::all()
                .filter(|cell| rule.covers(*cell))
                .filter(|cell| !others.iter().any(|other| other.covers(*cell)));
            assert!(own.next().is_some(), "{}: {}", rule.rule, rule.why);
        }
    }
}
