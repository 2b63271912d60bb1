//! What instructions are made of.

use upheaval_term::{Atom, Term};

/// Which way a script goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the version that an appup is for.
    Up,
    /// Back from it.
    Down,
}

/// How processes that still run old code are seen to, before and after a load (C14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purge {
    /// `soft_purge`: they are left alone.
    Soft,
    /// `brutal_purge`: they are killed.
    Brutal,
}

/// How long a suspend may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// What `sys:suspend/1` takes, 5 seconds (C3).
    Default,
    /// For ever.
    Infinity,
    /// So many milliseconds.
    Milliseconds(u64),
}

/// Whether new code can run on the old state: on a downgrade a dynamic module's
/// `code_change` runs before the load, a static one's after it (C2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModType {
    /// `static`.
    Static,
    /// `dynamic`.
    Dynamic,
}

/// Whether a state changes its shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `soft`: it does not.
    Soft,
    /// `{advanced,Extra}`: `code_change` converts it, and is given this.
    Advanced(Term),
}

/// How an application is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartType {
    /// Its modules are loaded, it is not.
    None,
    /// It is loaded and not started.
    Load,
    /// The node goes on without it.
    Temporary,
    /// The node ends with it, unless it ends normally.
    Transient,
    /// The node ends with it.
    Permanent,
}

/// A function and what it is called with.
#[derive(Clone, Debug, PartialEq)]
pub struct Mfa {
    /// Its module.
    pub module: Atom,
    /// Its name.
    pub function: Atom,
    /// What it is called with.
    pub args: Vec<Term>,
}

impl Mfa {
    pub(crate) fn of_application(function: &'static str, args: Vec<Term>) -> Mfa {
        Mfa {
            module: Atom::from_static("application"),
            function: Atom::from_static(function),
            args,
        }
    }
}

impl Purge {
    /// Its name in an appup.
    pub fn name(self) -> &'static str {
        match self {
            Purge::Soft => "soft_purge",
            Purge::Brutal => "brutal_purge",
        }
    }
}

impl StartType {
    pub(crate) const ALL: [StartType; 5] = [
        StartType::None,
        StartType::Load,
        StartType::Temporary,
        StartType::Transient,
        StartType::Permanent,
    ];

    /// Its name in an appup.
    pub fn name(self) -> &'static str {
        match self {
            StartType::None => "none",
            StartType::Load => "load",
            StartType::Temporary => "temporary",
            StartType::Transient => "transient",
            StartType::Permanent => "permanent",
        }
    }
}
