//! What the states of the sample modules mean.

use upheaval::scenario::StateModel;
use upheaval_term::Term;

/// `counter`: its number, whatever the version calls it. How many additions
/// made it up is known from version 2 on, and is forgotten on the way down, so
/// it is no part of the meaning; but it must be there.
pub(crate) fn counter() -> StateModel {
    StateModel::new(|vsn, state| {
        let (number, additions) = match vsn {
            "1" => ("count", None),
            "2" => ("total", Some("adds")),
            "3" => ("value", Some("additions")),
            other => return Err(format!("there is no version {other}")),
        };
        let fields = 1 + usize::from(additions.is_some());
        if state.as_map().map(|map| map.len()) != Some(fields) {
            return Err(format!("it is no map of {fields} fields"));
        }
        if let Some(additions) = additions {
            integer(state, additions)?;
        }
        integer(state, number)
    })
}

/// `ledger`: its accounts, in every version.
pub(crate) fn ledger() -> StateModel {
    StateModel::new(|_, state| match state.get("accounts") {
        Some(accounts) if accounts.as_map().is_some() => Ok(accounts.clone()),
        _ => Err("it has no map `accounts`".into()),
    })
}

fn integer(state: &Term, field: &str) -> Result<Term, String> {
    match state.get(field) {
        Some(number @ (Term::Int(_) | Term::Big(_))) => Ok(number.clone()),
        Some(other) => Err(format!("its `{field}` is {other}, and no integer")),
        None => Err(format!("it has no field `{field}`")),
    }
}
