//! How the sample modules answer, in whatever version.

use upheaval::scenario::Spec;
use upheaval_term::Term;

/// `counter`: its number, after what is added.
pub(crate) struct Counter;

impl Spec for Counter {
    type State = i64;

    fn init(&self, args: &Term) -> Option<i64> {
        args.as_int()
    }

    fn apply(&self, count: &mut i64, request: &Term) -> Option<Term> {
        match request.as_tuple() {
            Some([add, Term::Int(n)]) if add.is_atom("add") => *count += n,
            None if request.is_atom("get") => {}
            _ => return None,
        }
        Some(Term::Int(*count))
    }
}

/// `ledger`: the balance of each account.
pub(crate) struct Ledger;

impl Spec for Ledger {
    type State = i64;

    fn init(&self, _: &Term) -> Option<i64> {
        Some(0)
    }

    fn key(&self, request: &Term) -> Option<Term> {
        request.as_tuple()?.get(1).cloned()
    }

    fn apply(&self, balance: &mut i64, request: &Term) -> Option<Term> {
        match request.as_tuple()? {
            [what, _, Term::Int(amount)] if what.is_atom("deposit") => *balance += amount,
            [what, _] if what.is_atom("balance") => {}
            _ => return None,
        }
        Some(Term::Int(*balance))
    }
}

/// `meter`: its number, after what is asked to be added.
pub(crate) struct Meter;

impl Spec for Meter {
    type State = i64;

    fn init(&self, args: &Term) -> Option<i64> {
        args.as_int()
    }

    fn apply(&self, reading: &mut i64, request: &Term) -> Option<Term> {
        *reading += request.as_int()?;
        Some(Term::Int(*reading))
    }
}
