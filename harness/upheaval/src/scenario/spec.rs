//! How a process answers, whatever version it runs.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use upheaval_term::Term;

use crate::linear::{Finding, Operation, Sequential, check};

/// How the processes of a module answer: a model that does one request after the other.
///
/// It knows no versions: what it says has to hold through every upgrade. Calls, casts,
/// plain messages and questions are all requests to it.
///
/// ```
/// use upheaval::scenario::Spec;
/// use upheaval_term::Term;
///
/// struct Counter;
///
/// impl Spec for Counter {
///     type State = i64;
///
///     fn init(&self, args: &Term) -> Option<i64> {
///         args.as_int()
///     }
///
///     fn apply(&self, count: &mut i64, request: &Term) -> Option<Term> {
///         match request.as_tuple() {
///             Some([add, Term::Int(n)]) if add.is_atom("add") => *count += n,
///             None if request.is_atom("get") => {}
///             _ => return None,
///         }
///         Some(Term::Int(*count))
///     }
/// }
///
/// let mut count = Counter.init(&Term::Int(3)).unwrap();
/// let add: Term = "{add,2}".parse().unwrap();
/// assert_eq!(Counter.apply(&mut count, &add), Some(Term::Int(5)));
/// ```
pub trait Spec: Send + Sync + 'static {
    /// What a process holds, as far as its answers tell.
    type State: Clone + Eq + Hash;

    /// What one that is started with these arguments holds; none where nothing is said of
    /// such a process.
    fn init(&self, args: &Term) -> Option<Self::State>;

    /// The part of a request that tells what it is about. Those about different things must
    /// not affect each other: each begins with what [`init`](Spec::init) gives. By default
    /// all are about one.
    fn key<'a>(&self, request: &'a Term) -> Option<&'a Term> {
        let _ = request;
        None
    }

    /// Does what is requested, and gives the answer, which is ignored where nobody waits
    /// for it; none where nothing is said of such a request.
    fn apply(&self, state: &mut Self::State, request: &Term) -> Option<Term>;

    /// What a process means that holds these, by what requests are about: the same that the
    /// module's [`StateModel`](super::StateModel) says of its state. None where only its
    /// answers are judged, as by default.
    fn meaning(&self, held: &[(Option<&Term>, Self::State)]) -> Option<Term> {
        let _ = held;
        None
    }
}

/// A [`Spec`] of some module.
#[derive(Clone)]
pub struct Specification(Arc<dyn Explain>);

impl Specification {
    /// Says what a spec says.
    pub fn new(spec: impl Spec) -> Self {
        Specification(Arc::new(spec))
    }

    /// Whether a process that was started with these arguments can have answered so.
    pub(crate) fn explain(&self, args: &Term, asked: &[Asked<'_>], budget: u64) -> Explained {
        self.0.explain(args, asked, budget)
    }

    /// What a process that was started with these arguments means once it has done all that
    /// it was asked, one after the other; none where nothing is said of that.
    pub(crate) fn meaning(&self, args: &Term, requests: &[&Term]) -> Option<Term> {
        self.0.meaning_of(args, requests)
    }
}

impl fmt::Debug for Specification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Specification")
    }
}

/// A request that a process took, in the order in which it took them.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) request: &'a Term,
    /// What the one who asked was answered; none where that is not known.
    pub(crate) reply: Option<Term>,
    /// When it was taken, and by when it had surely taken effect; none where it may take
    /// effect at any time from then on, or never.
    pub(crate) received: usize,
    pub(crate) done: Option<usize>,
}

/// Whether answers can be explained.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Explained {
    /// So many of them can.
    All(u64),
    /// The spec says nothing of such a process, or of such a request.
    NothingSaid,
    /// They cannot.
    Not {
        /// Which of the requests cannot be explained together with those before it.
        which: usize,
        /// The first whose answer is another than what it is in the order in which they
        /// were taken; and that.
        first: usize,
        expected: Term,
    },
    /// It could not be told within the budget.
    OutOfBudget,
}

/// A spec without the type of its states.
trait Explain: Send + Sync {
    fn explain(&self, args: &Term, asked: &[Asked<'_>], budget: u64) -> Explained;
    fn meaning_of(&self, args: &Term, requests: &[&Term]) -> Option<Term>;
}

impl<S: Spec> Explain for S {
    fn explain(&self, args: &Term, asked: &[Asked<'_>], budget: u64) -> Explained {
        let Some(init) = self.init(args) else {
            return Explained::NothingSaid;
        };
        // The order in which they were taken explains all, unless something is wrong, or
        // something takes effect later than when it is taken.
        let mut held = Held::new(self, &init);
        let mut checked = 0;
        for (first, one) in asked.iter().enumerate() {
            let Some(expected) = held.apply(one.request) else {
                return Explained::NothingSaid;
            };
            match &one.reply {
                Some(reply) if *reply != expected => {
                    return search(self, &init, asked, budget, (first, expected));
                }
                reply => checked += u64::from(reply.is_some()),
            }
        }
        Explained::All(checked)
    }

    fn meaning_of(&self, args: &Term, requests: &[&Term]) -> Option<Term> {
        let init = self.init(args)?;
        let mut held = Held::new(self, &init);
        for request in requests {
            held.apply(request)?;
        }
        self.meaning(&held.states)
    }
}

/// What a process holds, by what requests are about.
struct Held<'a, S: Spec> {
    spec: &'a S,
    init: &'a S::State,
    states: Vec<(Option<&'a Term>, S::State)>,
}

impl<'a, S: Spec> Held<'a, S> {
    fn new(spec: &'a S, init: &'a S::State) -> Self {
        Held {
            spec,
            init,
            states: Vec::new(),
        }
    }

    fn apply(&mut self, request: &'a Term) -> Option<Term> {
        let key = self.spec.key(request);
        let known = self.states.iter().position(|(k, _)| *k == key);
        let place = known.unwrap_or_else(|| {
            self.states.push((key, self.init.clone()));
            self.states.len() - 1
        });
        self.spec.apply(&mut self.states[place].1, request)
    }
}

/// Looks for another order, for each key on its own.
fn search<S: Spec>(
    spec: &S,
    init: &S::State,
    asked: &[Asked<'_>],
    budget: u64,
    (first, expected): (usize, Term),
) -> Explained {
    let mut by_key: Vec<(Option<&Term>, Vec<usize>)> = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        let key = spec.key(one.request);
        match by_key.iter_mut().find(|(k, _)| *k == key) {
            Some((_, indices)) => indices.push(index),
            None => by_key.push((key, vec![index])),
        }
    }
    let object = Object { spec, init };
    let mut is_told = true;
    for (_, indices) in by_key {
        let operations: Vec<_> = indices
            .iter()
            .map(|index| Operation {
                what: &asked[*index],
                called: asked[*index].received,
                returned: asked[*index].done,
            })
            .collect();
        match check(&object, &operations, budget) {
            Finding::Linearizable => {}
            Finding::OutOfBudget => is_told = false,
            Finding::Impossible { operation } => {
                return Explained::Not {
                    which: indices[operation],
                    first,
                    expected,
                };
            }
        }
    }
    match is_told {
        true => Explained::All(asked.iter().filter(|one| one.reply.is_some()).count() as u64),
        false => Explained::OutOfBudget,
    }
}

/// What requests about one thing are done to.
struct Object<'a, S: Spec> {
    spec: &'a S,
    init: &'a S::State,
}

impl<'a, S: Spec> Sequential for Object<'a, S> {
    type State = S::State;
    type What = &'a Asked<'a>;

    fn init(&self) -> S::State {
        self.init.clone()
    }

    fn step(&self, state: &S::State, asked: &&'a Asked<'a>) -> Option<S::State> {
        let mut state = state.clone();
        let answer = self.spec.apply(&mut state, asked.request)?;
        let fits = asked.reply.as_ref().is_none_or(|reply| *reply == answer);
        fits.then_some(state)
    }
}
