//! That both make the same of the same.

use std::collections::BTreeMap;

use properties::{Question, Systools};
use upheaval_release::{
    Appup, Direction, Instruction, LowLevel, ReadProblem, TranslateError, Translation,
};
use upheaval_term::{Atom, Term};

use super::draw;
use crate::needs_erlang;

/// How many go into one request.
const BATCH: u64 = 250;

/// How many are compared: a few seconds.
const SAMPLES: u64 = 10_000;

#[test]
fn ten_thousand_random_appups_translate_as_the_real_systools_rc_translates_them() {
    needs_erlang!();
    let systools = Systools::start();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for first in (0..SAMPLES).step_by(BATCH as usize) {
        let questions: Vec<Question> = (first..first + BATCH).map(draw::question).collect();
        let theirs = systools.translate(&questions);
        assert_eq!(theirs.len(), questions.len());
        for ((seed, question), theirs) in (first..).zip(&questions).zip(&theirs) {
            let ours = ours(question, theirs);
            assert!(
                same(&ours, theirs),
                "seed {seed}, {:?}\n{}\nours:   {ours}\ntheirs: {theirs}\nto: {:?}\nfrom: {:?}",
                question.direction,
                appups(question),
                question.to,
                question.from,
            );
            *seen.entry(outcome(theirs)).or_default() += 1;
        }
    }
    let kinds: Vec<&str> = seen.keys().map(String::as_str).collect();
    assert_eq!(kinds, OUTCOMES, "{seen:?}");
    assert!(seen["ok"] > SAMPLES / 2, "{seen:?}");
}

/// Everything that `systools_rc` can say, but `code_change_not_suspended`, which it
/// never finds, and `no_appl_vsn` and those of `mnesia_backup`, which it never says.
const OUTCOMES: [&str; 31] = [
    "bad_application",
    "bad_args_list",
    "bad_change",
    "bad_code_change",
    "bad_func",
    "bad_instruction",
    "bad_lib",
    "bad_lib_vsn",
    "bad_list",
    "bad_mod_type",
    "bad_mode",
    "bad_module",
    "bad_node",
    "bad_op_before_point_of_no_return",
    "bad_purge_method",
    "bad_start_type",
    "bad_timeout",
    "conflicting_versions",
    "muldef_module",
    "no_object_code",
    "no_such_application",
    "no_such_module",
    "not_yet_implemented",
    "ok",
    "removed_application_present",
    "resumed_not_suspended",
    "start_not_stop",
    "stop_not_start",
    "suspended_not_resumed",
    "too_many_point_of_no_return",
    "undef_module",
];

/// `ok`, or the error's name.
fn outcome(result: &Term) -> String {
    match result.as_tuple() {
        Some([_, _, Term::Tuple(reason)]) => reason[0].to_string(),
        Some([_, _, reason]) => reason.to_string(),
        Some([ok, ..]) => ok.to_string(),
        _ => result.to_string(),
    }
}

fn appups(question: &Question) -> String {
    let texts = question.appups.iter().map(|(text, _)| text.as_str());
    texts.collect::<Vec<_>>().concat()
}

/// What we make of one, as `systools_rc` puts it. What dependencies leave open
/// is put into the order that the real one took: it is the order of its hash tables.
fn ours(question: &Question, theirs: &Term) -> Term {
    let order = order(question.direction, theirs);
    match translate(question, &order) {
        Ok(script) => Term::tuple([
            Term::atom("ok"),
            Term::List(script.iter().map(Term::from).collect()),
        ]),
        Err(reason) => Term::tuple([Term::atom("error"), Term::atom("systools_rc"), reason]),
    }
}

fn translate(question: &Question, order: &[Atom]) -> Result<Vec<LowLevel>, Term> {
    let mut scripts = Vec::new();
    for (text, version) in &question.appups {
        let appup = Appup::parse(text).map_err(|error| match error.problem {
            ReadProblem::Instruction(bad) => bad.reason(),
            other => panic!("{other}"),
        })?;
        match appup.clause(question.direction, version) {
            Some(clause) => scripts.push(clause.instructions()),
            None => panic!("no clause for {version}: {text}"),
        }
    }
    Translation::new(question.direction, &question.from, &question.to)
        .in_order_of(order)
        .script(&scripts)
        .map_err(|error: TranslateError| error.reason())
}

/// The order of the modules in a script, each before those that it needs.
fn order(direction: Direction, result: &Term) -> Vec<Atom> {
    let Some([_, Term::List(script)]) = result.as_tuple() else {
        return Vec::new();
    };
    let (mut loaded, mut removed) = (Vec::new(), Vec::new());
    for step in script {
        match Instruction::try_from(step) {
            Ok(Instruction::Low(LowLevel::Load { module, .. })) => loaded.push(module),
            Ok(Instruction::Low(LowLevel::Remove { module, .. })) => removed.push(module),
            _ => {}
        }
    }
    // A module that is removed and loaded belongs to a restarted application.
    removed.retain(|module| !loaded.contains(module));
    let steps = script.iter().filter_map(|step| match step.as_tuple() {
        Some([step, Term::Tuple(code)]) if step.is_atom("load") || step.is_atom("remove") => {
            code[0].as_atom().map(|module| (step, module))
        }
        _ => None,
    });
    let mut order: Vec<Atom> = steps
        .filter(|(step, module)| step.is_atom("load") || removed.contains(module))
        .map(|(_, module)| module.clone())
        .collect();
    if direction == Direction::Up {
        order.reverse();
    }
    order
}

/// Whether two results are the same. An instruction in an error may be written in
/// another form.
fn same(ours: &Term, theirs: &Term) -> bool {
    let instruction = |result: &Term| -> Option<Instruction> {
        match result.as_tuple()? {
            [_, _, Term::Tuple(reason)]
                if reason[0].is_atom("bad_op_before_point_of_no_return") =>
            {
                Instruction::try_from(&reason[1]).ok()
            }
            _ => None,
        }
    };
    match (instruction(ours), instruction(theirs)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => ours == theirs,
    }
}
