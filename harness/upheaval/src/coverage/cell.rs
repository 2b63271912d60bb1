//! What is counted: a process, what it was doing, what was done, and what came of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use upheaval_node::Behaviour;

/// What a process was doing as an op began. Where several hold, each counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// Nothing: it waited for a message.
    Idle,
    /// It was in a callback, or between two that one message led to.
    InCallback,
    /// It waited for the answer to a call.
    Blocked,
    /// It was suspended.
    Suspended,
    /// It hibernated.
    Hibernating,
    /// It waited, and a timer of its own ran.
    TimerPending,
    /// It had ended, and its supervisor was about to start it again, or it was starting.
    Restarting,
    /// Old code lay on its stack.
    OldCode,
    /// It was frozen, and went on with none of that; old code may have lain on its stack.
    Frozen,
}

/// What was done, where it concerns processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// `code:load_file`.
    Load,
    /// `code:load_binary`.
    LoadBinary,
    /// `l(Module)`.
    Reload,
    /// A whole upgrade.
    Upgrade,
    /// `code:purge`.
    Purge,
    /// `code:soft_purge`.
    SoftPurge,
    /// `code:delete`.
    Delete,
    /// `sys:suspend`.
    Suspend,
    /// `sys:resume`.
    Resume,
    /// `sys:get_state`.
    GetState,
    /// `sys:replace_state`.
    ReplaceState,
    /// `sys:get_status`.
    GetStatus,
    /// `sys:change_code`.
    ChangeCode,
    /// `sys:terminate`.
    Terminate,
    /// `exit(Pid, Reason)`.
    Exit,
    /// `exit(Pid, kill)`.
    Kill,
    /// A call that crashes the callback.
    Crash,
    /// `supervisor:start_child`.
    StartChild,
    /// `supervisor:terminate_child`.
    TerminateChild,
    /// `supervisor:restart_child`.
    RestartChild,
    /// `supervisor:delete_child`.
    DeleteChild,
    /// `supervisor:get_childspec`.
    GetChildspec,
    /// `release_handler:install_release`.
    Install,
    /// `release_handler:reboot_old_release`.
    RebootOld,
    /// `release_handler:upgrade_app`.
    UpgradeApp,
    /// `release_handler:downgrade_app`.
    DowngradeApp,
}

/// What came of it, for the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused, or failed.
    Error,
    /// No answer came in time.
    Timeout,
    /// The process had ended, or ended by it.
    Ended,
}

/// One combination of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// What the process is.
    pub behaviour: Kind,
    /// What it was doing.
    pub doing: Doing,
    /// What was done.
    pub deed: Deed,
    /// What came of it.
    pub outcome: Outcome,
}

/// A cell that was reached, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(u8, u16)", from = "(u8, u16)")]
pub struct Reached {
    /// A number for the module that the process runs, or for the supervisor that it is.
    pub subject: u8,
    /// The cell, by its [number](Cell::index).
    pub cell: u16,
}

impl From<Reached> for (u8, u16) {
    fn from(reached: Reached) -> Self {
        (reached.subject, reached.cell)
    }
}

impl From<(u8, u16)> for Reached {
    fn from((subject, cell): (u8, u16)) -> Self {
        Reached { subject, cell }
    }
}

/// What a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A `gen_server`.
    GenServer,
    /// A `gen_statem`.
    GenStatem,
    /// An event manager.
    GenEvent,
    /// A special process.
    Special,
    /// A plain process.
    Plain,
    /// A supervisor.
    Supervisor,
}

/// Gives an enum all its values, and their names.
macro_rules! axis {
    ($axis:ident: $($value:ident $name:literal)*) => {
        impl $axis {
            /// All of them.
            pub const ALL: [$axis; [$($name),*].len()] = [$($axis::$value),*];

            /// Its name, as it is printed.
            pub const fn name(self) -> &'static str {
                match self {
                    $($axis::$value => $name,)*
                }
            }
        }

        impl fmt::Display for $axis {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

axis!(Kind:
    GenServer "gen_server" GenStatem "gen_statem" GenEvent "gen_event" Special "special process"
    Plain "plain process" Supervisor "supervisor"
);

axis!(Doing:
    Idle "idle" InCallback "in a callback" Blocked "blocked in a call" Suspended "suspended"
    Hibernating "hibernating" TimerPending "with a timer pending" Restarting "restarting"
    OldCode "with old code on the stack" Frozen "frozen"
);

axis!(Deed:
    Load "load" LoadBinary "load_binary" Reload "reload" Upgrade "upgrade" Purge "purge"
    SoftPurge "soft_purge" Delete "delete" Suspend "suspend" Resume "resume"
    GetState "get_state" ReplaceState "replace_state" GetStatus "get_status"
    ChangeCode "change_code" Terminate "terminate" Exit "exit" Kill "kill" Crash "crash"
    StartChild "start_child" TerminateChild "terminate_child" RestartChild "restart_child"
    DeleteChild "delete_child" GetChildspec "get_childspec" Install "install_release"
    RebootOld "reboot_old_release" UpgradeApp "upgrade_app" DowngradeApp "downgrade_app"
);

axis!(Outcome: Ok "ok" Error "error" Timeout "timeout" Ended "process ended");

impl Kind {
    /// That of a process with such a module; none where nobody runs it.
    pub(crate) fn of(behaviour: Behaviour) -> Option<Kind> {
        Some(match behaviour {
            Behaviour::GenServer => Kind::GenServer,
            Behaviour::GenStatem => Kind::GenStatem,
            Behaviour::GenEvent => Kind::GenEvent,
            Behaviour::Special => Kind::Special,
            Behaviour::Process => Kind::Plain,
            Behaviour::Supervisor => Kind::Supervisor,
            Behaviour::Library => return None,
        })
    }
}

impl Cell {
    /// How many there are, possible or not.
    pub const COUNT: usize =
        Kind::ALL.len() * Doing::ALL.len() * Deed::ALL.len() * Outcome::ALL.len();

    /// Its number among all.
    pub const fn index(self) -> u16 {
        let place = self.behaviour as usize;
        let place = place * Doing::ALL.len() + self.doing as usize;
        let place = place * Deed::ALL.len() + self.deed as usize;
        (place * Outcome::ALL.len() + self.outcome as usize) as u16
    }

    /// The one of that number, if there is one.
    pub fn at(index: u16) -> Option<Cell> {
        let rest = usize::from(index);
        let (rest, outcome) = (rest / Outcome::ALL.len(), rest % Outcome::ALL.len());
        let (rest, deed) = (rest / Deed::ALL.len(), rest % Deed::ALL.len());
        let (rest, doing) = (rest / Doing::ALL.len(), rest % Doing::ALL.len());
        Some(Cell {
            behaviour: *Kind::ALL.get(rest)?,
            doing: Doing::ALL[doing],
            deed: Deed::ALL[deed],
            outcome: Outcome::ALL[outcome],
        })
    }

    /// All of them, in their order.
    pub fn all() -> impl Iterator<Item = Cell> {
        (0..Cell::COUNT as u16).filter_map(Cell::at)
    }
}

/// `gen_server, suspended: upgrade gives error`.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell {
            behaviour,
            doing,
            deed,
            outcome,
        } = self;
        write!(f, "{behaviour}, {doing}: {deed} gives {outcome}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_has_a_number_of_its_own() {
        for (number, cell) in Cell::all().enumerate() {
            assert_eq!(usize::from(cell.index()), number);
        }
        assert_eq!(Cell::all().count(), Cell::COUNT);
        assert_eq!(Cell::at(Cell::COUNT as u16), None);
    }

    #[test]
    fn a_cell_reads_as_a_sentence() {
        let cell = Cell {
            behaviour: Kind::GenServer,
            doing: Doing::Suspended,
            deed: Deed::Upgrade,
            outcome: Outcome::Error,
        };
        assert_eq!(
            cell.to_string(),
            "gen_server, suspended: upgrade gives error"
        );
    }
}
