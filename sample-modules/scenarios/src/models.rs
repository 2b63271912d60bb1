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

/// `cache`: what it holds, and who waits. How often something was put is known from
/// version 2 on.
pub(crate) fn cache() -> StateModel {
    StateModel::new(|vsn, state| {
        let (entries, puts) = match vsn {
            "1" => ("entries", None),
            "2" => ("values", Some("puts")),
            "3" => ("stored", Some("written")),
            other => return Err(format!("there is no version {other}")),
        };
        if let Some(puts) = puts {
            integer(state, puts)?;
        }
        match (state.get(entries), state.get("waiting")) {
            (Some(entries), Some(waiting)) => Ok(Term::tuple([entries.clone(), waiting.clone()])),
            _ => Err(format!("it has no fields `{entries}` and `waiting`")),
        }
    })
}

/// `door`: whether it is open, and its two counters, whatever the version calls them.
pub(crate) fn door() -> StateModel {
    StateModel::new(|vsn, state| {
        let [state, data] = state.as_tuple().ok_or("it is no state with data")? else {
            return Err("it is no pair of state and data".into());
        };
        let (shut, open, passed, rung) = match vsn {
            "1" | "2" => ("locked", "unlocked", "passed", "rung"),
            "3" => ("closed", "open", "through", "bells"),
            other => return Err(format!("there is no version {other}")),
        };
        let is_open = match state {
            state if state.is_atom(open) => true,
            state if state.is_atom(shut) => false,
            other => return Err(format!("it is in the state {other}")),
        };
        if vsn == "2" {
            integer(data, "entered")?;
        }
        Ok(Term::tuple([
            Term::from(is_open),
            integer(data, passed)?,
            integer(data, rung)?,
        ]))
    })
}

/// `event_log`: the sum of each of its handlers.
pub(crate) fn event_log() -> StateModel {
    StateModel::new(|vsn, state| {
        let sum = match vsn {
            "1" => "sum",
            "2" => "total",
            "3" => "value",
            other => return Err(format!("there is no version {other}")),
        };
        let handlers = state.as_list().ok_or("it is no list of handlers")?;
        let meanings = handlers.iter().map(|handler| match handler.as_tuple() {
            Some([_, id, state]) => Ok(Term::tuple([id.clone(), integer(state, sum)?])),
            _ => Err(format!("{handler} is no handler")),
        });
        Ok(Term::list(meanings.collect::<Result<Vec<_>, String>>()?))
    })
}

/// `meter`: its number.
pub(crate) fn meter() -> StateModel {
    StateModel::new(|vsn, state| {
        let field = match vsn {
            "1" => "measured",
            "2" => "reading",
            "3" => "level",
            other => return Err(format!("there is no version {other}")),
        };
        integer(state, field)
    })
}

/// `connections`: how many each peer has. How many were ever opened is known from
/// version 2 on.
pub(crate) fn connections() -> StateModel {
    StateModel::new(|vsn, state| {
        let (peers, opened) = match vsn {
            "1" => ("open", None),
            "2" => ("peers", Some("opened")),
            "3" => ("table", Some("total")),
            other => return Err(format!("there is no version {other}")),
        };
        if let Some(opened) = opened {
            integer(state, opened)?;
        }
        match state.get(peers) {
            Some(peers) if peers.as_map().is_some() => Ok(peers.clone()),
            _ => Err(format!("it has no map `{peers}`")),
        }
    })
}

/// `session`: whether somebody is logged in, and how much was fetched.
pub(crate) fn session() -> StateModel {
    StateModel::new(|vsn, state| {
        let [state, data] = state.as_tuple().ok_or("it is no state with data")? else {
            return Err("it is no pair of state and data".into());
        };
        let (out, in_, fetched) = match vsn {
            "1" => ("waiting", "active", "served"),
            "2" => ("guest", "member", "fetched"),
            other => return Err(format!("there is no version {other}")),
        };
        let is_in = match state {
            state if state.is_atom(in_) => true,
            state if state.is_atom(out) => false,
            other => return Err(format!("it is in the state {other}")),
        };
        if vsn == "2" {
            integer(data, "logins")?;
        }
        Ok(Term::tuple([Term::from(is_in), integer(data, fetched)?]))
    })
}

/// `worker`: how many jobs it has done.
pub(crate) fn worker() -> StateModel {
    StateModel::new(|_, state| integer(state, "done"))
}

fn integer(state: &Term, field: &str) -> Result<Term, String> {
    match state.get(field) {
        Some(number @ (Term::Int(_) | Term::Big(_))) => Ok(number.clone()),
        Some(other) => Err(format!("its `{field}` is {other}, and no integer")),
        None => Err(format!("it has no field `{field}`")),
    }
}
