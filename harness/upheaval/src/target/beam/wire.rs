//! Requests to the agent, as terms.

use upheaval_term::Term;

use crate::target::ops::name;

/// A request: its name and its arguments.
pub(super) fn request(verb: &'static str, args: impl IntoIterator<Item = Term>) -> Term {
    Term::Tuple([Term::atom(verb)].into_iter().chain(args).collect())
}

/// A request that names a module.
pub(super) fn of_module(verb: &'static str, module: &str) -> Term {
    request(verb, [name(module)])
}

/// A request that names a version of a module.
pub(super) fn of_version(verb: &'static str, module: &str, vsn: &str) -> Term {
    request(verb, [name(module), Term::string(vsn)])
}
