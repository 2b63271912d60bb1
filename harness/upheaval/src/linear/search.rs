//! The search for an order.

use std::collections::HashSet;
use std::hash::Hash;

use super::Operation;
use super::list::{Entry, List, Place};
use super::placed::Placed;

/// How an object behaves that does one thing after the other.
pub trait Sequential {
    /// What it holds.
    type State: Clone + Eq + Hash;
    /// What it is asked, and what came of that.
    type What;

    /// What it holds at first.
    fn init(&self) -> Self::State;

    /// What it holds after doing this; none where this would not have come of it.
    fn step(&self, state: &Self::State, what: &Self::What) -> Option<Self::State>;
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// There is an order that explains all that was seen.
    Linearizable,
    /// There is none. The operation of this index is one that cannot be explained together
    /// with those before it.
    Impossible {
        /// An index into the operations.
        operation: usize,
    },
    /// The budget was used up before it could be told.
    OutOfBudget,
}

/// Looks for an order of the operations in which each takes effect between its call and its
/// return, and that the object, doing one after the other, explains.
///
/// The operations are given in the order in which they were called. At most `budget` steps
/// of the object are tried.
///
/// ```
/// use upheaval::linear::{Finding, Operation, Sequential, check};
///
/// /// A number that is written, or read.
/// struct Register;
///
/// enum What {
///     Write(i64),
///     Read(i64),
/// }
///
/// impl Sequential for Register {
///     type State = i64;
///     type What = What;
///
///     fn init(&self) -> i64 {
///         0
///     }
///
///     fn step(&self, state: &i64, what: &What) -> Option<i64> {
///         match what {
///             What::Write(number) => Some(*number),
///             What::Read(number) => (number == state).then_some(*number),
///         }
///     }
/// }
///
/// let write = Operation { what: What::Write(7), called: 0, returned: Some(3) };
/// // While it is being written, both are right.
/// for read in [0, 7] {
///     let read = Operation { what: What::Read(read), called: 1, returned: Some(2) };
///     let write = Operation { what: What::Write(7), ..write };
///     assert_eq!(check(&Register, &[write, read], 100), Finding::Linearizable);
/// }
/// let late = Operation { what: What::Read(0), called: 4, returned: Some(5) };
/// let found = check(&Register, &[write, late], 100);
/// assert_eq!(found, Finding::Impossible { operation: 1 });
/// ```
pub fn check<S: Sequential>(object: &S, operations: &[Operation<S::What>], budget: u64) -> Finding {
    let mut steps = budget;
    // Of what may take effect at any time or never, little does so at once. Trying few of
    // them first keeps from trying all of their subsets.
    let mut most_at_once = 1;
    loop {
        let mut search = Search::new(object, operations, most_at_once);
        match search.run(&mut steps) {
            Finding::Impossible { .. } if search.is_cut_short => most_at_once *= 2,
            finding => return finding,
        }
    }
}

/// Whose turn it is to be tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Operations that return, and so took effect.
    Returning,
    /// Those that may never take effect: only when none of the others can be next.
    Pending,
}

/// An operation that has its place.
struct Step<State> {
    operation: usize,
    called: Place,
    /// The state, and how many pending operations had their turn at once, before it.
    state: State,
    at_once: usize,
}

struct Search<'a, S: Sequential> {
    object: &'a S,
    operations: &'a [Operation<S::What>],
    /// How many pending operations may take effect one after the other.
    most_at_once: usize,
    /// Whether one was left out for that.
    is_cut_short: bool,
    list: List,
    /// How many of those that return have no place yet.
    open: usize,
    state: S::State,
    at_once: usize,
    placed: Placed,
    order: Vec<Step<S::State>>,
    known: HashSet<(Placed, S::State, usize)>,
}

impl<'a, S: Sequential> Search<'a, S> {
    fn new(object: &'a S, operations: &'a [Operation<S::What>], most_at_once: usize) -> Self {
        Search {
            object,
            operations,
            most_at_once,
            is_cut_short: false,
            list: List::of(operations),
            open: operations.iter().filter(|o| o.returned.is_some()).count(),
            state: object.init(),
            at_once: 0,
            placed: Placed::none(),
            order: Vec::new(),
            known: HashSet::new(),
        }
    }

    fn run(&mut self, steps: &mut u64) -> Finding {
        let mut furthest = (0, 0);
        let mut turn = Turn::Returning;
        let mut place = self.list.first();
        while self.open > 0 {
            match self.list.at(place) {
                Entry::Call(operation) if self.turn_of(operation) == turn => {
                    if *steps == 0 {
                        return Finding::OutOfBudget;
                    }
                    *steps -= 1;
                    if self.place(operation, place) {
                        (turn, place) = (Turn::Returning, self.list.first());
                    } else {
                        place = self.list.after(place);
                    }
                }
                Entry::Call(_) => place = self.list.after(place),
                Entry::Return(_) if turn == Turn::Returning => {
                    (turn, place) = (Turn::Pending, self.list.first());
                }
                // It returns, so it must have taken effect, and has not: something before
                // it has to be otherwise.
                Entry::Return(stuck) => {
                    if self.order.len() >= furthest.0 {
                        furthest = (self.order.len(), stuck);
                    }
                    let Some((operation, called)) = self.take_back() else {
                        return Finding::Impossible {
                            operation: furthest.1,
                        };
                    };
                    (turn, place) = (self.turn_of(operation), self.list.after(called));
                }
                Entry::End => unreachable!("what is open returns before the end"),
            }
        }
        Finding::Linearizable
    }

    fn turn_of(&self, operation: usize) -> Turn {
        match self.operations[operation].returned {
            Some(_) => Turn::Returning,
            None => Turn::Pending,
        }
    }

    /// Lets an operation be next. False where it cannot, or that was tried before.
    fn place(&mut self, operation: usize, called: Place) -> bool {
        let at_once = match self.turn_of(operation) {
            Turn::Returning => 0,
            Turn::Pending => self.at_once + 1,
        };
        if at_once > self.most_at_once {
            self.is_cut_short = true;
            return false;
        }
        let what = &self.operations[operation].what;
        let Some(next) = self.object.step(&self.state, what) else {
            return false;
        };
        self.placed.insert(operation);
        if !self
            .known
            .insert((self.placed.clone(), next.clone(), at_once))
        {
            self.placed.remove(operation);
            return false;
        }
        self.order.push(Step {
            operation,
            called,
            state: std::mem::replace(&mut self.state, next),
            at_once: std::mem::replace(&mut self.at_once, at_once),
        });
        self.list.take(called, operation);
        self.open -= usize::from(self.turn_of(operation) == Turn::Returning);
        true
    }

    /// Takes back what was placed last: which it was, and where it is called.
    fn take_back(&mut self) -> Option<(usize, Place)> {
        let step = self.order.pop()?;
        self.state = step.state;
        self.at_once = step.at_once;
        self.placed.remove(step.operation);
        self.list.put_back(step.called, step.operation);
        self.open += usize::from(self.turn_of(step.operation) == Turn::Returning);
        Some((step.operation, step.called))
    }
}
