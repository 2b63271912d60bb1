//! How the sample modules answer, in whatever version.

use std::collections::BTreeMap;

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

    fn meaning(&self, held: &[(Option<&Term>, i64)]) -> Option<Term> {
        only(held)
    }
}

/// `ledger`: the balance of each account that it has.
pub(crate) struct Ledger;

impl Spec for Ledger {
    type State = Option<i64>;

    fn init(&self, _: &Term) -> Option<Option<i64>> {
        Some(None)
    }

    fn key<'a>(&self, request: &'a Term) -> Option<&'a Term> {
        request.as_tuple()?.get(1)
    }

    fn apply(&self, balance: &mut Option<i64>, request: &Term) -> Option<Term> {
        match request.as_tuple()? {
            [what, _, Term::Int(amount)] if what.is_atom("deposit") => {
                *balance.get_or_insert(0) += amount;
            }
            [what, _] if what.is_atom("balance") => {}
            _ => return None,
        }
        Some(Term::Int(balance.unwrap_or(0)))
    }

    fn meaning(&self, held: &[(Option<&Term>, Option<i64>)]) -> Option<Term> {
        let accounts = held.iter().filter_map(|(account, balance)| {
            let account = (*account)?.clone();
            Some((account, Term::Int((*balance)?)))
        });
        Some(Term::map(accounts))
    }
}

/// `connections`: how many each peer has.
pub(crate) struct Connections;

impl Spec for Connections {
    type State = BTreeMap<Term, i64>;

    fn init(&self, _: &Term) -> Option<BTreeMap<Term, i64>> {
        Some(BTreeMap::new())
    }

    fn apply(&self, peers: &mut BTreeMap<Term, i64>, request: &Term) -> Option<Term> {
        if request.is_atom("count") {
            return Some(Term::Int(peers.values().sum()));
        }
        let [what, peer] = request.as_tuple()? else {
            return None;
        };
        let change = match what {
            what if what.is_atom("open") => 1,
            what if what.is_atom("close") => -1,
            _ => return None,
        };
        let left = peers.get(peer).map_or(0, |left| *left) + change;
        if left > 0 {
            peers.insert(peer.clone(), left);
        } else {
            peers.remove(peer);
        }
        Some(Term::Int(left.max(0)))
    }

    fn meaning(&self, held: &[(Option<&Term>, BTreeMap<Term, i64>)]) -> Option<Term> {
        let (_, peers) = held.first()?;
        let pairs = peers.iter().map(|(peer, n)| (peer.clone(), Term::Int(*n)));
        Some(Term::map(pairs))
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

    fn meaning(&self, held: &[(Option<&Term>, i64)]) -> Option<Term> {
        only(held)
    }
}

/// The one number that is held; nothing is known of what was never asked.
fn only(held: &[(Option<&Term>, i64)]) -> Option<Term> {
    held.first().map(|(_, number)| Term::Int(*number))
}
