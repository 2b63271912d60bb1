use std::time::{Duration, Instant};

use porcupine_rs::Model;
use proptest::prelude::*;

use super::{Finding, Operation, Sequential, check};

const BUDGET: u64 = 10_000_000;

/// A number to which something is added, and what it was then, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Add(i64, Option<i64>);

#[derive(Clone)]
struct Counter;

impl Sequential for Counter {
    type State = i64;
    type What = Add;

    fn init(&self) -> i64 {
        0
    }

    fn step(&self, state: &i64, Add(more, seen): &Add) -> Option<i64> {
        let sum = state + more;
        seen.is_none_or(|seen| seen == sum).then_some(sum)
    }
}

/// The same, for the other checker.
impl Model for Counter {
    type State = i64;
    type Op = Add;
    type Metadata = ();

    fn init() -> i64 {
        0
    }

    fn step(state: &i64, op: &Add) -> (bool, i64) {
        match Sequential::step(&Counter, state, op) {
            Some(next) => (true, next),
            None => (false, *state),
        }
    }
}

fn operation(called: usize, returned: impl Into<Option<usize>>, what: Add) -> Operation<Add> {
    let returned = returned.into();
    Operation {
        what,
        called,
        returned,
    }
}

fn found(operations: &[Operation<Add>]) -> Finding {
    check(&Counter, operations, BUDGET)
}

/// What the other checker says. It knows no operation that never takes effect, but one
/// whose answer is not known may take it behind all others.
fn is_linearizable_by_porcupine(operations: &[Operation<Add>]) -> bool {
    let time = |at: usize| i64::try_from(at).unwrap();
    let history: Vec<porcupine_rs::Operation<Counter>> = operations
        .iter()
        .map(|operation| porcupine_rs::Operation {
            client_id: None,
            call_time: time(operation.called),
            return_time: operation.returned.map_or(i64::MAX, time),
            op: operation.what,
            metadata: None,
        })
        .collect();
    porcupine_rs::check_operations::<Counter>(&history)
}

/// One operation to be: how much it adds, and what becomes of it.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    more: i64,
    fate: Fate,
    /// By how much the answer is wrong.
    wrong: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    /// Nobody hears of it, and it takes effect.
    Unheard,
    /// Nobody hears of it, and it takes none.
    Lost,
}

/// Plays operations whose call, effect and return are at the times of `moments`.
fn play(drawn: &[Drawn], moments: &[usize]) -> Vec<Operation<Add>> {
    let mut all: Vec<(Drawn, [usize; 3])> = drawn
        .iter()
        .zip(moments.chunks_exact(3))
        .map(|(drawn, times)| {
            let mut times = [times[0], times[1], times[2]];
            times.sort_unstable();
            (*drawn, times)
        })
        .collect();
    all.sort_by_key(|(_, [_, effect, _])| *effect);
    let mut sum = 0;
    let mut operations: Vec<Operation<Add>> = all
        .into_iter()
        .map(|(drawn, [called, _, returned])| {
            if drawn.fate != Fate::Lost {
                sum += drawn.more;
            }
            match drawn.fate {
                Fate::Answered => {
                    operation(called, returned, Add(drawn.more, Some(sum + drawn.wrong)))
                }
                _ => operation(called, None, Add(drawn.more, None)),
            }
        })
        .collect();
    operations.sort_by_key(|operation| operation.called);
    operations
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let fate = prop_oneof![
        6 => Just(Fate::Answered),
        1 => Just(Fate::Unheard),
        1 => Just(Fate::Lost),
    ];
    let wrong = prop_oneof![12 => Just(0), 1 => -2..3_i64];
    (0..4_i64, fate, wrong).prop_map(|(more, fate, wrong)| Drawn { more, fate, wrong })
}

fn histories() -> impl Strategy<Value = Vec<Operation<Add>>> {
    prop::collection::vec(drawn(), 1..12).prop_flat_map(|drawn| {
        let moments: Vec<usize> = (0..3 * drawn.len()).collect();
        Just(moments)
            .prop_shuffle()
            .prop_map(move |moments| play(&drawn, &moments))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn it_finds_what_another_checker_finds(operations in histories()) {
        let expected = is_linearizable_by_porcupine(&operations);
        let found = found(&operations);
        prop_assert_eq!(found == Finding::Linearizable, expected, "{:?}", found);
        prop_assert_ne!(found, Finding::OutOfBudget);
    }
}

#[test]
fn the_histories_that_are_compared_are_of_both_kinds() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut of = [0, 0];
    for _ in 0..200 {
        let operations = histories().new_tree(&mut runner).unwrap().current();
        of[usize::from(found(&operations) == Finding::Linearizable)] += 1;
    }
    assert!(of[0] > 30 && of[1] > 30, "{of:?}");
}

#[test]
fn one_after_the_other_has_one_order() {
    let right = [
        operation(0, 1, Add(2, Some(2))),
        operation(2, 3, Add(3, Some(5))),
    ];
    assert_eq!(found(&right), Finding::Linearizable);
    let wrong = [
        operation(0, 1, Add(2, Some(5))),
        operation(2, 3, Add(3, Some(3))),
    ];
    assert_eq!(found(&wrong), Finding::Impossible { operation: 0 });
}

#[test]
fn of_two_at_the_same_time_either_may_be_first() {
    let both = [
        operation(0, 3, Add(2, Some(5))),
        operation(1, 2, Add(3, Some(3))),
    ];
    assert_eq!(found(&both), Finding::Linearizable);
}

#[test]
fn e07_what_timed_out_may_take_effect_late_or_never() {
    let late = [
        operation(0, None, Add(7, None)),
        operation(1, 2, Add(0, Some(0))),
        operation(3, 4, Add(0, Some(7))),
    ];
    assert_eq!(found(&late), Finding::Linearizable);
    assert_eq!(found(&late[..2]), Finding::Linearizable);
}

#[test]
fn e07_what_timed_out_takes_effect_once_and_not_before_it_was_asked() {
    let twice = [
        operation(0, None, Add(7, None)),
        operation(1, 2, Add(0, Some(14))),
    ];
    assert_eq!(found(&twice), Finding::Impossible { operation: 1 });
    let early = [
        operation(0, 1, Add(0, Some(7))),
        operation(2, None, Add(7, None)),
    ];
    assert_eq!(found(&early), Finding::Impossible { operation: 0 });
}

#[test]
fn an_effect_that_was_seen_does_not_go_away() {
    let gone = [
        operation(0, None, Add(7, None)),
        operation(1, 2, Add(0, Some(7))),
        operation(3, 4, Add(0, Some(0))),
    ];
    assert_eq!(found(&gone), Finding::Impossible { operation: 2 });
}

#[test]
fn what_is_too_much_is_not_told() {
    let drawn = [Drawn {
        more: 1,
        fate: Fate::Answered,
        wrong: 0,
    }; 20];
    let moments: Vec<usize> = (0..60).collect();
    let operations = play(&drawn, &moments);
    assert_eq!(check(&Counter, &operations, 19), Finding::OutOfBudget);
    assert_eq!(check(&Counter, &operations, 20), Finding::Linearizable);
}

/// Ten thousand calls, of which eight overlap at any time. Those of `fates` that are not
/// answered are in the middle of each thousand.
fn ten_thousand(fates: [Fate; 2]) -> Vec<Operation<Add>> {
    let drawn: Vec<Drawn> = (0..10_000)
        .map(|call| Drawn {
            more: call * 7 % 99,
            fate: match call % 1000 {
                333 => fates[0],
                666 => fates[1],
                _ => Fate::Answered,
            },
            wrong: 0,
        })
        .collect();
    let moments: Vec<usize> = (0..drawn.len())
        .flat_map(|call| {
            let from = 30 * call;
            let effect = from + 3 + 30 * (call * 5 % 8);
            [from, effect, from + 1 + 30 * 8]
        })
        .collect();
    play(&drawn, &moments)
}

fn within_a_second(what: &str, operations: &[Operation<Add>]) -> Finding {
    let began = Instant::now();
    let found = found(operations);
    let spent = began.elapsed();
    println!("{} calls, {what}: {found:?} in {spent:?}", operations.len());
    assert!(spent < Duration::from_secs(1), "{what}: {spent:?}");
    found
}

#[test]
fn ten_thousand_calls_are_checked_in_less_than_a_second() {
    let operations = ten_thousand([Fate::Unheard, Fate::Lost]);
    let found = within_a_second("some of which time out", &operations);
    assert_eq!(found, Finding::Linearizable);
}

#[test]
fn one_wrong_answer_in_ten_thousand_is_found_in_less_than_a_second() {
    let mut operations = ten_thousand([Fate::Answered; 2]);
    let wrong = 9_000;
    operations[wrong].what = Add(operations[wrong].what.0, Some(-1));
    let found = within_a_second("one of which is wrong", &operations);
    assert!(matches!(found, Finding::Impossible { .. }), "{found:?}");
}
