//! What a callback module gives when its supervisor starts.

use std::cell::RefCell;
use std::collections::VecDeque;

use upheaval_module::behaviour::{Flags, Strategy};
use upheaval_term::{RawTerm, Term};

use super::books::Child;
use super::check;

/// A supervisor and its children, as they are described.
#[derive(Clone)]
pub(super) struct Described {
    pub(super) flags: Flags,
    pub(super) children: Vec<Child>,
}

/// Why there is no supervisor.
pub(super) enum Not {
    /// It gave `ignore`.
    Ignored,
    /// It gave something that is no description.
    BadReturn(Term),
    /// It gave a wrong one: what OTP calls the error, and what is wrong.
    Wrong(&'static str, Term),
}

/// How many descriptions are remembered.
const REMEMBERED: usize = 16;

thread_local! {
    /// Right descriptions, by the bytes that they were read from. Case after case starts the
    /// same trees, and to read a tree takes longer than to start it.
    static READ: RefCell<VecDeque<(RawTerm, Described)>> = const { RefCell::new(VecDeque::new()) };
}

impl Described {
    /// Reads what `init` gave, with OTP's checks.
    ///
    /// # Errors
    /// It describes no supervisor.
    pub(super) fn read(given: RawTerm) -> Result<Described, Not> {
        let known = READ.with_borrow(|read| {
            let mut read = read.iter();
            let known = read.find(|(bytes, _)| *bytes == given);
            known.map(|(_, described)| described.clone())
        });
        if let Some(described) = known {
            return Ok(described);
        }
        let term = given.to_term();
        let described = Described::of(term.unwrap_or(Term::atom("badarg")))?;
        READ.with_borrow_mut(|read| {
            read.truncate(REMEMBERED - 1);
            read.push_front((given, described.clone()));
        });
        Ok(described)
    }

    fn of(given: Term) -> Result<Described, Not> {
        if given.is_atom("ignore") {
            return Err(Not::Ignored);
        }
        let Some((flags, specs)) = check::parts(&given) else {
            return Err(Not::BadReturn(given));
        };
        let flags = check::flags(flags).map_err(|why| Not::Wrong("supervisor_data", why))?;
        let is_simple = flags.strategy == Strategy::SimpleOneForOne;
        if is_simple && specs.as_list().is_none_or(|specs| specs.len() != 1) {
            return Err(Not::Wrong("bad_start_spec", specs.clone()));
        }
        let children = check::specs(specs, flags.auto_shutdown);
        Ok(Described {
            children: children.map_err(|why| Not::Wrong("start_spec", why))?,
            flags,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> RawTerm {
        RawTerm::from_term(&text.parse().expect("a term"))
    }

    fn intensity(n: usize) -> Option<u32> {
        let text = format!("{{ok,{{#{{intensity => {n}}},[]}}}}");
        Described::read(given(&text))
            .ok()
            .map(|d| d.flags.intensity)
    }

    #[test]
    fn each_description_is_read_as_itself_however_many_there_are() {
        for round in 0..3 {
            for n in 0..3 * REMEMBERED {
                assert_eq!(intensity(n), u32::try_from(n).ok(), "round {round}");
            }
        }
        READ.with_borrow(|read| assert_eq!(read.len(), REMEMBERED));
    }

    #[test]
    fn a_wrong_description_is_wrong_each_time() {
        for _ in 0..2 {
            let wrong = Described::read(given("{ok,{#{intensity => x},[]}}"));
            assert!(matches!(wrong, Err(Not::Wrong("supervisor_data", _))));
        }
    }
}
