//! Flags and child specs, read from the terms that a callback module gives: with
//! OTP's defaults, its checks in their order, and its errors.

use serde::de::DeserializeOwned;
use upheaval_module::behaviour::{
    AutoShutdown, ChildType, Flags, Modules, RestartType, Shutdown, Strategy,
};
use upheaval_module::error;
use upheaval_term::{Atom, BigInt, Term};

use super::books::{Child, Held, Start};

/// `{Flags, Specs}` out of `{ok, {Flags, Specs}}`.
pub(super) fn parts(given: &Term) -> Option<(&Term, &Term)> {
    match given.as_tuple()? {
        [ok, what] if ok.is_atom("ok") => match what.as_tuple()? {
            [flags, specs] => Some((flags, specs)),
            _ => None,
        },
        _ => None,
    }
}

/// The flags, as a map or in the old form.
///
/// # Errors
/// OTP's, as `{invalid_intensity, -1}`.
pub(super) fn flags(given: &Term) -> Result<Flags, Term> {
    let field = |name: &str| given.get(name).cloned();
    let (strategy, intensity, period, auto_shutdown) = match (given, given.as_tuple()) {
        (Term::Map(_), _) => (
            field("strategy").unwrap_or(Term::atom("one_for_one")),
            field("intensity").unwrap_or(Term::Int(1)),
            field("period").unwrap_or(Term::Int(5)),
            field("auto_shutdown").unwrap_or(Term::atom("never")),
        ),
        (_, Some([strategy, intensity, period])) => (
            strategy.clone(),
            intensity.clone(),
            period.clone(),
            Term::atom("never"),
        ),
        _ => return Err(wrong("invalid_type", given)),
    };
    Ok(Flags {
        strategy: read::<Strategy>("invalid_strategy", &strategy)?,
        intensity: at_least(0, &intensity).ok_or_else(|| wrong("invalid_intensity", &intensity))?,
        period: at_least(1, &period).ok_or_else(|| wrong("invalid_period", &period))?,
        auto_shutdown: read::<AutoShutdown>("invalid_auto_shutdown", &auto_shutdown)?,
    })
}

/// All specs of a list.
///
/// # Errors
/// The first spec's error, or `{duplicate_child_name, Id}`.
pub(super) fn specs(given: &Term, auto_shutdown: AutoShutdown) -> Result<Vec<Child>, Term> {
    let Some(specs) = given.as_list() else {
        // `supervisor` has no clause for anything else.
        error(Term::atom("function_clause"))
    };
    let mut children: Vec<Child> = Vec::with_capacity(specs.len());
    for given in specs {
        let child = spec(given, auto_shutdown)?;
        if children.iter().any(|other| other.id == child.id) {
            return Err(wrong("duplicate_child_name", &child.id));
        }
        children.push(child);
    }
    Ok(children)
}

/// One spec, as a map or in the old form.
///
/// # Errors
/// OTP's, as `missing_id` or `{invalid_mfa, 7}`.
pub(super) fn spec(given: &Term, auto_shutdown: AutoShutdown) -> Result<Child, Term> {
    match (given, given.as_tuple()) {
        (Term::Map(_), _) => spec_of(given, auto_shutdown),
        (_, Some([id, start, restart, shutdown, child_type, modules])) => {
            let map = Term::map([
                (Term::atom("id"), id.clone()),
                (Term::atom("start"), start.clone()),
                (Term::atom("restart"), restart.clone()),
                (Term::atom("shutdown"), shutdown.clone()),
                (Term::atom("type"), child_type.clone()),
                (Term::atom("modules"), modules.clone()),
            ]);
            spec_of(&map, auto_shutdown)
        }
        _ => Err(wrong("invalid_child_spec", given)),
    }
}

fn spec_of(map: &Term, auto_shutdown: AutoShutdown) -> Result<Child, Term> {
    let field = |name: &str, default: &'static str| {
        let given = map.get(name).cloned();
        given.unwrap_or(Term::Atom(Atom::from_static(default)))
    };
    let id = map.get("id").ok_or(Term::atom("missing_id"))?;
    let start = map.get("start").ok_or(Term::atom("missing_start"))?;
    let start = mfa(start).ok_or_else(|| wrong("invalid_mfa", start))?;
    let restart = read::<RestartType>("invalid_restart_type", &field("restart", "permanent"))?;
    let significant = field("significant", "false");
    let significant = match significant.as_bool() {
        Some(true) if auto_shutdown == AutoShutdown::Never => {
            return Err(bad_combination(("auto_shutdown", "never")));
        }
        Some(true) if restart == RestartType::Permanent => {
            return Err(bad_combination(("restart", "permanent")));
        }
        Some(significant) => significant,
        None => return Err(wrong("invalid_significant", &significant)),
    };
    let child_type = read::<ChildType>("invalid_child_type", &field("type", "worker"))?;
    let shutdown = match (map.get("shutdown"), child_type) {
        (Some(shutdown), _) => read::<Shutdown>("invalid_shutdown", shutdown)?,
        (None, ChildType::Worker) => Shutdown::After(5000),
        (None, ChildType::Supervisor) => Shutdown::INFINITY,
    };
    let modules = match map.get("modules") {
        Some(given) => modules(given)?,
        None => Modules::List(vec![start.module.clone()]),
    };
    Ok(Child {
        id: id.clone(),
        held: Held::Nobody,
        start,
        restart,
        significant,
        shutdown,
        child_type,
        modules,
    })
}

fn mfa(start: &Term) -> Option<Start> {
    match start.as_tuple()? {
        [Term::Atom(module), Term::Atom(function), Term::List(args)] => Some(Start {
            module: module.clone(),
            function: function.clone(),
            args: Some(args.clone()),
        }),
        _ => None,
    }
}

fn modules(given: &Term) -> Result<Modules, Term> {
    match given {
        Term::List(parts) => match parts.iter().find(|part| part.as_atom().is_none()) {
            Some(other) => Err(wrong("invalid_module", other)),
            None => read("invalid_modules", given),
        },
        _ => read("invalid_modules", given),
    }
}

fn read<T: DeserializeOwned>(complaint: &'static str, given: &Term) -> Result<T, Term> {
    upheaval_term::from_term(given).map_err(|_| wrong(complaint, given))
}

/// An integer of at least so much; what is larger than any that could matter is cut.
fn at_least(least: u32, given: &Term) -> Option<u32> {
    match given {
        Term::Int(n) if *n >= i64::from(least) => Some(u32::try_from(*n).unwrap_or(u32::MAX)),
        Term::Big(n) if *n > BigInt::from(0) => Some(u32::MAX),
        _ => None,
    }
}

fn wrong(complaint: &'static str, what: &Term) -> Term {
    Term::tuple([Term::Atom(Atom::from_static(complaint)), what.clone()])
}

fn bad_combination((flag, value): (&'static str, &'static str)) -> Term {
    let pair = |flag, value: Term| Term::tuple([Term::Atom(Atom::from_static(flag)), value]);
    let value = Term::Atom(Atom::from_static(value));
    let both = Term::list([pair(flag, value), pair("significant", Term::from(true))]);
    Term::tuple([Term::atom("bad_combination"), both])
}
