//! Funs: external ones, and local ones.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use crate::{Atom, Pid, Term};

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

/// A local fun, as `fun(X) -> … end` and `fun name/1` make it: bound to the version of
/// the module that made it, and callable only as long as that is loaded (OTP rule A6).
///
/// Its fields are those of the external format. Two are the same fun if they come from
/// the same place of the same version and hold the same terms, whoever made them.
#[derive(Clone)]
pub struct LocalFun {
    /// The module whose code it is.
    pub module: Atom,
    /// How many arguments it takes.
    pub arity: u8,
    /// Which fun of the module it is.
    pub index: u32,
    /// Which version of the module it is of: on a real node the MD5 of its code.
    pub uniq: [u8; 16],
    /// Which fun of the module it was in the older format.
    pub old_index: u32,
    /// The shorter mark of the version, which Erlang prints.
    pub old_uniq: u32,
    /// Who made it.
    pub creator: Pid,
    /// The terms that it holds: the values of its free variables.
    pub free: Vec<Term>,
}

impl LocalFun {
    fn identity(&self) -> (&Atom, u32, &[u8; 16], u8, &[Term]) {
        (&self.module, self.index, &self.uniq, self.arity, &self.free)
    }
}

impl PartialEq for LocalFun {
    fn eq(&self, other: &LocalFun) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for LocalFun {}

impl PartialOrd for LocalFun {
    fn partial_cmp(&self, other: &LocalFun) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LocalFun {
    fn cmp(&self, other: &LocalFun) -> Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl Hash for LocalFun {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl LocalFun {
    /// A fun of the version `vsn` of a module, marked by nothing but that: as the embedded
    /// node makes them, and as both targets show them.
    ///
    /// ```
    /// use upheaval_term::LocalFun;
    ///
    /// assert_eq!(LocalFun::of_version("m", "2", 0, 1, vec![]).to_string(), "#Fun<m.0.2>");
    /// ```
    pub fn of_version(
        module: impl Into<Atom>,
        vsn: &str,
        index: u32,
        arity: u8,
        free: Vec<Term>,
    ) -> LocalFun {
        let uniq = LocalFun::mark(vsn);
        LocalFun {
            module: module.into(),
            arity,
            index,
            uniq,
            old_index: index,
            old_uniq: match vsn.parse() {
                Ok(number) => number,
                Err(_) => u32::from_be_bytes([uniq[12], uniq[13], uniq[14], uniq[15]]),
            },
            creator: Pid::local(0, 0),
            free,
        }
    }

    /// What marks the funs of a version, made of its `vsn` (FNV-1a, 128 bits).
    pub fn mark(vsn: &str) -> [u8; 16] {
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
        const BASIS: u128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D;
        vsn.bytes()
            .fold(BASIS, |mark, byte| {
                (mark ^ u128::from(byte)).wrapping_mul(PRIME)
            })
            .to_be_bytes()
    }
}
