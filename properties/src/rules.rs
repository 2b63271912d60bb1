//! A rule as a plan with expectations, held on both targets from the same text.

use std::fmt::Write as _;

use upheaval::conformance::{Moment, as_compared, compare, moments};
use upheaval::plan::Plan;
use upheaval::scenario::Scenario;
use upheaval::target::Watched;

use crate::{embedded, has_erlang, on_beam};

/// On how many schedules the embedded node has to hold a rule.
const SCHEDULES: u32 = 16;

/// Holds a rule on a sample scenario, on both targets.
///
/// The text is a plan's ops, one a line. Lines that begin with `>` say what is to be
/// seen at rest after the op above them, in the words in which `upheaval conformance`
/// prints a difference; `*` stands for anything:
///
/// ```text
/// load stuck_loop 2
/// > result: {module,stuck_loop}
/// > stuck#1: stuck_loop 1, *, lingering
/// > no exit of stuck#1
/// purge stuck_loop
/// > result: true
/// > exit of stuck#1: killed
/// ```
///
/// The embedded node must hold it on sixteen schedules, and real Erlang once; and both
/// must agree on all that conformance compares, on one of those schedules.
///
/// # Panics
/// If the rule does not hold, if the two differ, or if the text is no plan.
pub fn rule(scenario: &str, text: &str) {
    match sample_scenarios::find(scenario) {
        Some(scenario) => rule_on(&scenario, text),
        None => panic!("there is no scenario {scenario}"),
    }
}

/// As [`rule`], on any scenario.
///
/// # Panics
/// As [`rule`].
pub fn rule_on(scenario: &Scenario, text: &str) {
    let scenario = as_compared(scenario);
    let (plan, expected) = read(&scenario, text);
    let mut embedded = embedded(&scenario);
    let mut on_schedule = |clock: &[u64], schedule| -> Watched {
        match embedded.watch(&plan, clock, schedule) {
            Ok(watched) => watched,
            Err(error) => panic!("{error}"),
        }
    };
    for schedule in 0..SCHEDULES {
        let seen = moments(&on_schedule(&[], schedule));
        hold(
            &format!("embedded, schedule {schedule}"),
            &plan,
            &expected,
            &seen,
        );
    }
    if !has_erlang() {
        return;
    }
    let real = match on_beam(&scenario, |beam| beam.watch(&plan)) {
        Ok(watched) => watched,
        Err(error) => panic!("{error}"),
    };
    hold("real Erlang", &plan, &expected, &moments(&real));
    let differences: Vec<_> = (0..SCHEDULES)
        .map_while(|schedule| compare(&on_schedule(&real.clock, schedule), &real))
        .collect();
    if differences.len() == SCHEDULES as usize {
        panic!("the two targets differ in\n{plan}\n{}", differences[0]);
    }
}

/// One line that is to be seen, or not to be seen, of an op.
#[derive(Debug)]
struct Expected {
    /// The op, from 0.
    op: usize,
    what: String,
    /// None: there must be no such line.
    value: Option<String>,
}

fn read(scenario: &Scenario, text: &str) -> (Plan, Vec<Expected>) {
    let mut ops = String::new();
    let mut count = 0_usize;
    let mut expected = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(said) = line.strip_prefix('>').map(str::trim) else {
            // Writing to a string does not fail.
            let _ = writeln!(ops, "{line}");
            count += usize::from(!line.starts_with(['#', '%']));
            continue;
        };
        let op = match count.checked_sub(1) {
            Some(op) => op,
            None => panic!("there is no op above `{line}`"),
        };
        expected.push(match (said.strip_prefix("no "), said.split_once(": ")) {
            (Some(what), _) => Expected {
                op,
                what: what.into(),
                value: None,
            },
            (None, Some((what, value))) => Expected {
                op,
                what: what.into(),
                value: Some(value.into()),
            },
            (None, None) => panic!("expected `> WHAT: VALUE` or `> no WHAT`, found `{line}`"),
        });
    }
    assert!(!expected.is_empty(), "the rule expects nothing: {text}");
    let text = format!("scenario {}\nseed 0x1\n{ops}", scenario.name);
    let plan: Plan = match text.parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}\n{text}"),
    };
    if let Err(error) = plan.check_against(scenario) {
        panic!("{error}\n{text}");
    }
    (plan, expected)
}

fn hold(target: &str, plan: &Plan, expected: &[Expected], seen: &[Moment]) {
    for Expected { op, what, value } in expected {
        let moment = &seen[*op];
        let mut lines = moment.lines.iter().filter(|line| line.what == *what);
        let holds = match value {
            Some(pattern) => lines.any(|line| matches(pattern, &line.value)),
            None => lines.next().is_none(),
        };
        if !holds {
            let mut said = String::new();
            for line in &moment.lines {
                let _ = writeln!(said, "  {}: {}", line.what, line.value);
            }
            let wanted = match value {
                Some(value) => format!("{what}: {value}"),
                None => format!("no {what}"),
            };
            panic!(
                "on {target}, after op {} of\n{plan}\nexpected {wanted}\nseen:\n{said}",
                op + 1
            );
        }
    }
}

/// Whether a text is as a pattern says, in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    text.strip_prefix(start).is_some_and(|left| {
        let ends = left.char_indices().map(|(at, _)| at).chain([left.len()]);
        ends.into_iter().any(|at| matches(rest, &left[at..]))
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("a*c", "abbc"));
        assert!(matches("*", ""));
        assert!(matches("a, *, d*", "a, b, c, d, e"));
    }

    #[test]
    fn without_a_star_all_must_be_the_same() {
        assert!(!matches("a", "ab"));
        assert!(!matches("a*c", "abcd"));
    }
}
