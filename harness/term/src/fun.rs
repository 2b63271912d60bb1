//! External funs.

use crate::Atom;

/// An external fun, `fun module:function/arity`: a reference to an exported
/// function by name, which survives an upgrade of its module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalFun {
    /// The module.
    pub module: Atom,
    /// The function.
    pub function: Atom,
    /// How many arguments it takes.
    pub arity: u8,
}

impl ExternalFun {
    /// The fun `module:function/arity`.
    ///
    /// ```
    /// use upheaval_term::ExternalFun;
    ///
    /// assert_eq!(ExternalFun::new("lists", "map", 2).to_string(), "fun lists:map/2");
    /// ```
    pub fn new(module: impl Into<Atom>, function: impl Into<Atom>, arity: u8) -> ExternalFun {
        ExternalFun {
            module: module.into(),
            function: function.into(),
            arity,
        }
    }
}
