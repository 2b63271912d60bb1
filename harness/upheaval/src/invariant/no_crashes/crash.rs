//! What an exit reason tells of an error.

use upheaval_term::Term;

/// An error of a process's own code.
pub(super) struct Crash {
    pub(super) error: Term,
    /// The module of the function that raised it, or was not there.
    module: Option<String>,
}

impl Crash {
    /// The error of `{Error,Stack}`, or `{bad_return_value,_}`; nothing where a process
    /// ended by an exit.
    pub(super) fn of(reason: Term) -> Option<Crash> {
        let [error, stack] = reason.as_tuple()? else {
            return None;
        };
        if error.is_atom("bad_return_value") {
            return Some(Crash {
                error: reason,
                module: None,
            });
        }
        let [module, Term::Atom(_), _, Term::List(_)] = stack.as_list()?.first()?.as_tuple()?
        else {
            return None;
        };
        Some(Crash {
            error: error.clone(),
            module: Some(module.as_atom()?.as_str().to_owned()),
        })
    }

    /// Whether code is not there that should run: a module, a function or a fun.
    pub(super) fn is_of_code_that_is_gone(&self) -> bool {
        let tag = self.error.as_tuple().and_then(|parts| parts.first());
        let tag = tag.unwrap_or(&self.error);
        tag.is_atom("undef") || tag.is_atom("badfun")
    }

    /// The module of the function that was not there.
    pub(super) fn undefined(&self) -> Option<&str> {
        self.module.as_deref()
    }
}
