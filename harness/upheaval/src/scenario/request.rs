//! What clients ask for.

use std::fmt;
use std::sync::Arc;

use proptest::test_runner::TestRng;
use rand_core::Rng;
use upheaval_term::Term;

/// The random source that a request is drawn from.
#[derive(Debug)]
pub struct Draw<'a>(&'a mut TestRng);

impl<'a> Draw<'a> {
    pub(crate) fn new(random: &'a mut TestRng) -> Self {
        Draw(random)
    }

    /// A number from 0 up to but not `end`; 0 where that is 0.
    pub fn below(&mut self, end: u32) -> i64 {
        i64::from(((u64::from(self.0.next_u32()) * u64::from(end)) >> 32) as u32)
    }

    /// One of `choices`.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len() as u32) as usize]
    }
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `gen_server:call(To, Payload)`, with the scenario's [timeout](super::Patience) or
    /// one of its own.
    Call,
    /// `gen_server:cast(To, Payload)`: no answer.
    Cast,
    /// `To ! Payload`: no answer.
    Send,
    /// `gen_event:notify(To, Payload)`: no answer.
    Notify,
    /// A request to an event manager, as the functions of `gen_event` send it, with such a
    /// timeout: `{call,Handler,Request}`, `{sync_notify,Event}`,
    /// `{add_handler,Handler,Args}`, `{delete_handler,Handler,Args}`,
    /// `{swap_handler,Handler1,Args1,Handler2,Args2}`, `which_handlers`.
    Manage,
    /// A plain process is asked: the client monitors `To`, sends it
    /// `{Self, Ref, Payload}` and waits as long for `{Ref, Reply}`.
    Ask,
}

/// One request of one client.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// How it is made.
    pub kind: Kind,
    /// The registered name it goes to.
    pub to: String,
    /// What is asked.
    pub payload: Term,
    /// How many milliseconds the client waits for the answer, where there is one; none
    /// for as many as the scenario says.
    pub within: Option<u32>,
}

/// A kind of request that clients make, drawn anew for each.
#[derive(Clone)]
pub struct RequestSpec {
    /// How often it is drawn, against the other kinds of the scenario.
    pub weight: u32,
    /// How it is made.
    pub kind: Kind,
    /// The registered name it goes to.
    pub to: String,
    /// How many milliseconds the client waits for the answer, where that is not what the
    /// scenario says.
    pub within: Option<u32>,
    /// Whether it may crash whoever handles it, on purpose.
    pub may_crash: bool,
    payload: Arc<dyn Fn(&mut Draw<'_>) -> Term + Send + Sync>,
}

impl RequestSpec {
    /// A kind of request whose payload is drawn by `payload`.
    ///
    /// The function may use nothing but the random source it is given: a plan
    /// follows from its seed alone.
    pub fn new(
        weight: u32,
        kind: Kind,
        to: impl Into<String>,
        payload: impl Fn(&mut Draw<'_>) -> Term + Send + Sync + 'static,
    ) -> Self {
        RequestSpec {
            weight,
            kind,
            to: to.into(),
            within: None,
            may_crash: false,
            payload: Arc::new(payload),
        }
    }

    /// Gives it a timeout of its own, in milliseconds of the target's time. What comes too
    /// late has its effect all the same, once at most, and its answer is dropped (B10, E7).
    #[must_use]
    pub fn within(mut self, ms: u32) -> Self {
        self.within = Some(ms);
        self
    }

    /// Takes its own timeout away.
    pub(crate) fn without_timeout(mut self) -> Self {
        self.within = None;
        self
    }

    /// Says that such a request may crash whoever handles it, on purpose: a crash after
    /// one of its kind to the same process is nobody's fault.
    #[must_use]
    pub fn may_crash(mut self) -> Self {
        self.may_crash = true;
        self
    }

    /// Draws one request of this kind.
    pub fn draw(&self, random: &mut Draw<'_>) -> Request {
        Request {
            kind: self.kind,
            to: self.to.clone(),
            payload: (self.payload)(random),
            within: self.within,
        }
    }
}

impl fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSpec")
            .field("weight", &self.weight)
            .field("kind", &self.kind)
            .field("to", &self.to)
            .field("within", &self.within)
            .field("may_crash", &self.may_crash)
            .finish_non_exhaustive()
    }
}
