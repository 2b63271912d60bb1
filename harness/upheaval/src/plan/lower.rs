//! The numbers of a plan made smaller, its ops left as they are.

use upheaval_term::Term;

use super::{Op, Plan, Schedule, Step};

/// What lies between the ops is left out, everywhere at once.
///
/// Most failures need no particular interleaving, and then this spares a search
/// at each step.
#[derive(Clone, Debug, Default)]
pub(super) struct Calm {
    tried: usize,
}

impl Calm {
    pub(super) fn candidate(&mut self, best: &Plan) -> Option<Plan> {
        let ways: [fn(&mut Plan); 3] = [
            |plan| plan.schedule = Schedule::Random,
            |plan| plan.steps.iter_mut().for_each(|step| step.seed = 0),
            |plan| plan.steps.iter_mut().for_each(|step| step.steps = 0),
        ];
        for way in ways.into_iter().skip(self.tried) {
            self.tried += 1;
            let mut plan = best.clone();
            way(&mut plan);
            if plan != *best {
                return Some(plan);
            }
        }
        None
    }
}

/// One number after the other goes as far down as the plan still fails: to its
/// floor at once, or else by bisection.
#[derive(Clone, Debug, Default)]
pub(super) struct Lower {
    /// Which step.
    step: usize,
    /// Which number of that step.
    number: usize,
    /// The value of the candidate.
    tried: i64,
    /// The largest value of it that was seen not to fail.
    passes: Option<i64>,
}

impl Lower {
    pub(super) fn candidate(&mut self, best: &Plan) -> Option<Plan> {
        while let Some(step) = best.steps.get(self.step) {
            let mut step = step.clone();
            let Some(number) = numbers(&mut step).into_iter().nth(self.number) else {
                (self.step, self.number, self.passes) = (self.step + 1, 0, None);
                continue;
            };
            let Some(value) = number.smaller(self.passes) else {
                (self.number, self.passes) = (self.number + 1, None);
                continue;
            };
            number.set(value);
            self.tried = value;
            let mut plan = best.clone();
            plan.steps[self.step] = step;
            return Some(plan);
        }
        None
    }

    pub(super) fn answer(&mut self, failed: bool) {
        if !failed {
            self.passes = Some(self.tried);
        }
    }
}

/// A number in a step.
struct Number<'a> {
    place: Place<'a>,
    /// The smallest value that makes sense.
    floor: i64,
    /// Whether half the value is any simpler; half a seed is not.
    ordered: bool,
}

enum Place<'a> {
    Natural(&'a mut u32),
    Integer(&'a mut i64),
}

impl Number<'_> {
    /// The next value to try, when `passes` is the last one that did not fail.
    fn smaller(&self, passes: Option<i64>) -> Option<i64> {
        let value = match &self.place {
            Place::Natural(n) => i64::from(**n),
            Place::Integer(n) => **n,
        };
        match passes {
            None if value != self.floor => Some(self.floor),
            // Both lie on the same side of the floor: no overflow.
            Some(low) if self.ordered && value.abs_diff(low) > 1 => Some(low + (value - low) / 2),
            _ => None,
        }
    }

    fn set(self, value: i64) {
        match self.place {
            // Between the floor and what it was, so it fits.
            Place::Natural(n) => *n = value as u32,
            Place::Integer(n) => *n = value,
        }
    }
}

/// The numbers of a step, always in the same order.
fn numbers(step: &mut Step) -> Vec<Number<'_>> {
    let natural = |place, floor, ordered| Number {
        place: Place::Natural(place),
        floor,
        ordered,
    };
    let mut found = vec![
        natural(&mut step.steps, 0, true),
        natural(&mut step.seed, 0, false),
    ];
    match &mut step.op {
        Op::Request { client, request } => {
            found.push(natural(client, 1, true));
            integers(&mut request.payload, &mut found);
            if let Some(ms) = &mut request.within {
                found.push(natural(ms, 0, true));
            }
        }
        Op::System {
            within: Some(ms), ..
        }
        | Op::Advance { ms } => found.push(natural(ms, 0, true)),
        Op::Storm { kills, .. } => found.push(natural(kills, 1, true)),
        _ => {}
    }
    found
}

/// The integers of a payload that are surely numbers: those in a list may be
/// the characters of a string, and a key of a map is a name.
fn integers<'a>(term: &'a mut Term, found: &mut Vec<Number<'a>>) {
    match term {
        Term::Int(n) => found.push(Number {
            place: Place::Integer(n),
            floor: 0,
            ordered: true,
        }),
        Term::Tuple(elements) => elements.iter_mut().for_each(|term| integers(term, found)),
        Term::Map(pairs) => pairs.values_mut().for_each(|term| integers(term, found)),
        _ => {}
    }
}
