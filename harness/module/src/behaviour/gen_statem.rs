//! The state machine.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::Term;

use super::Change;
use crate::{Caller, Context, raise};

/// A `gen_statem` callback module.
///
/// The value is the machine's data, [`State`](GenStatem::State) its state. As with a
/// [`GenServer`](super::GenServer) the node holds both between callbacks, an idle
/// machine has no stack, and both cross to another version as a term, `{State,Data}`.
///
/// What a callback does not say in its return value it cannot do: events are
/// postponed, inserted and timed by [`Transition`].
///
/// ```
/// use std::time::Duration;
/// use upheaval_module::prelude::*;
///
/// /// A door that locks itself, and keeps those who come meanwhile waiting.
/// #[derive(Serialize, Deserialize)]
/// struct Door { passed: u32 }
///
/// #[derive(Clone, PartialEq, Serialize, Deserialize)]
/// enum State { Locked, Open }
///
/// #[derive(Deserialize)]
/// enum Request { Unlock, Pass }
///
/// impl GenStatem for Door {
///     type State = State;
///     type Args = Term;
///     type Call = Request;
///     type Cast = Never;
///     type Info = Term;
///
///     fn callback_mode() -> CallbackMode {
///         CallbackMode::STATE_FUNCTIONS
///     }
///
///     fn state_function(state: &State) -> StateFunction<Self> {
///         match state {
///             State::Locked => Door::locked,
///             State::Open => Door::open,
///         }
///     }
///
///     fn init(_: Term, _: &Context) -> InitStatem<Self> {
///         InitStatem::Ok(State::Locked, Door { passed: 0 })
///     }
/// }
///
/// impl Door {
///     fn locked(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
///         match event {
///             Event::Call(caller, Request::Unlock) => Transition::to(State::Open)
///                 .reply(&caller, &Term::atom("ok"))
///                 .state_timeout(Duration::from_secs(10), &Term::atom("lock")),
///             // It is looked at again when the state changes.
///             Event::Call(_, Request::Pass) => Transition::keep().postpone(),
///             _ => Transition::keep(),
///         }
///     }
///
///     fn open(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
///         match event {
///             Event::Call(caller, Request::Pass) => {
///                 self.passed += 1;
///                 Transition::keep().reply(&caller, &self.passed)
///             }
///             Event::StateTimeout(_) => Transition::to(State::Locked),
///             _ => Transition::keep(),
///         }
///     }
/// }
///
/// export!(gen_statem Door, module "door", vsn "1");
/// # fn main() {}
/// ```
pub trait GenStatem: Serialize + DeserializeOwned + 'static {
    /// The states. In the mode `state_functions` they are atoms: an enum without
    /// fields.
    type State: Serialize + DeserializeOwned + PartialEq + 'static;
    /// What `init` is given.
    type Args: DeserializeOwned;
    /// The requests of calls; [`Never`](super::Never) for a machine that has none.
    type Call: DeserializeOwned;
    /// The messages of casts; [`Never`](super::Never) for a machine that has none.
    type Cast: DeserializeOwned;
    /// All other messages; [`Term`] for a machine that ignores them.
    type Info: DeserializeOwned;

    /// `callback_mode/0`: which functions handle events. It is asked after `init`,
    /// and after each `code_change` (B8); a plain load does not change the mode.
    fn callback_mode() -> CallbackMode;

    /// `init/1`.
    fn init(args: Self::Args, context: &Context) -> InitStatem<Self>;

    /// In the mode `state_functions`: the function of a state.
    fn state_function(state: &Self::State) -> StateFunction<Self> {
        let _ = state;
        |_, _, _| raise::error(Term::atom("undef"))
    }

    /// In the mode `handle_event_function`: `handle_event/4`.
    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &Self::State,
        context: &Context,
    ) -> Transition<Self::State> {
        let _ = (event, state, context);
        raise::error(Term::atom("undef"))
    }

    /// `terminate/3`: called when the machine stops of itself, crashes in a callback,
    /// or by its parent's exit if it traps exits.
    fn terminate(&mut self, reason: &Term, state: &Self::State, context: &Context) {
        let _ = (reason, state, context);
    }

    /// `code_change/4`: turns state and data of another version, as terms, into those
    /// that are to be gone on with, as for a
    /// [`GenServer`](super::GenServer::code_change). The callback mode is asked for
    /// anew afterwards; if that fails, so does the change (B8).
    ///
    /// # Errors
    /// An error keeps both, and leaves the machine suspended (B6). Without this
    /// function the conversion fails with `undef`.
    fn code_change(
        change: Change,
        state: Term,
        data: Term,
        extra: Term,
    ) -> Result<(Term, Term), Term> {
        let _ = (change, state, data, extra);
        raise::error(Term::atom("undef"))
    }
}

/// The function of a state, in the mode `state_functions`.
pub type StateFunction<S> = fn(&mut S, Event<S>, &Context) -> Transition<<S as GenStatem>::State>;

/// Which functions handle the events of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallbackMode {
    pub(crate) state_functions: bool,
    pub(crate) state_enter: bool,
}

impl CallbackMode {
    /// `state_functions`: one function for each state.
    pub const STATE_FUNCTIONS: CallbackMode = CallbackMode {
        state_functions: true,
        state_enter: false,
    };

    /// `handle_event_function`: one function for all states.
    pub const HANDLE_EVENT_FUNCTION: CallbackMode = CallbackMode {
        state_functions: false,
        state_enter: false,
    };

    /// `[…, state_enter]`: a state that is entered is told so, with
    /// [`Event::Enter`].
    #[must_use]
    pub const fn with_state_enter(self) -> CallbackMode {
        CallbackMode {
            state_enter: true,
            ..self
        }
    }
}

/// What `init` returns.
#[derive(Clone, Debug, PartialEq)]
pub enum InitStatem<S: GenStatem> {
    /// `{ok, State, Data}`.
    Ok(S::State, S),
    /// `{ok, State, Data, Actions}`: the transition must go [to](Transition::to) the
    /// state.
    OkThen(Transition<S::State>, S),
    /// `ignore`.
    Ignore,
    /// `{stop, Reason}`.
    Stop(Term),
}

/// What happened to a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<S: GenStatem> {
    /// `enter`, with the state before; at the start, and when a state is repeated,
    /// that is the state itself.
    Enter(S::State),
    /// `{call, From}`.
    Call(Caller, S::Call),
    /// `cast`.
    Cast(S::Cast),
    /// `info`.
    Info(S::Info),
    /// `internal`: an event of the machine's own.
    Internal(Term),
    /// `timeout`: no other event came in time.
    Timeout(Term),
    /// `state_timeout`: the state lasted too long.
    StateTimeout(Term),
    /// `{timeout, Name}`, with its content.
    NamedTimeout(Term, Term),
}

/// A timer of a machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Timer {
    /// `timeout`: any other event cancels it.
    Event,
    /// `state_timeout`: a change of the state cancels it.
    State,
    /// `{timeout, Name}`: only the machine itself cancels it.
    Named(Term),
}

impl Timer {
    fn term(self) -> Term {
        match self {
            Timer::Event => Term::atom("timeout"),
            Timer::State => Term::atom("state_timeout"),
            Timer::Named(name) => Term::tuple([Term::atom("timeout"), name]),
        }
    }
}

/// The type of an event that a machine inserts.
#[derive(Clone, Debug, PartialEq)]
pub enum EventType {
    /// `{call, From}`.
    Call(Caller),
    /// `cast`.
    Cast,
    /// `info`.
    Info,
    /// `internal`.
    Internal,
    /// The timeout of a timer.
    Timeout(Timer),
}

/// What a callback of a machine returns: the next state, and what is to be done on
/// the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition<State> {
    pub(crate) to: Goal<State>,
    pub(crate) actions: Vec<Term>,
}

/// Where a transition goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Goal<State> {
    Keep,
    Next(State),
    Repeat,
    Stop(Term),
}

impl<State> Transition<State> {
    fn new(to: Goal<State>) -> Transition<State> {
        Transition {
            to,
            actions: Vec::new(),
        }
    }

    /// `{keep_state, Data}`.
    #[must_use]
    pub fn keep() -> Transition<State> {
        Transition::new(Goal::Keep)
    }

    /// `{next_state, State, Data}`. If that is another state than before, the events
    /// that were postponed come again, and the state timeout is cancelled.
    #[must_use]
    pub fn to(state: State) -> Transition<State> {
        Transition::new(Goal::Next(state))
    }

    /// `{repeat_state, Data}`: as [`keep`](Transition::keep), but the state is entered
    /// again.
    #[must_use]
    pub fn repeat() -> Transition<State> {
        Transition::new(Goal::Repeat)
    }

    /// `{stop, Reason, Data}`; with replies, `{stop_and_reply, Reason, Replies, Data}`.
    #[must_use]
    pub fn stop(reason: Term) -> Transition<State> {
        Transition::new(Goal::Stop(reason))
    }

    /// `{reply, From, Reply}`.
    #[must_use]
    pub fn reply<R: Serialize + ?Sized>(self, caller: &Caller, reply: &R) -> Transition<State> {
        self.action([Term::atom("reply"), term(caller), term(reply)])
    }

    /// `postpone`: the event comes again when the state has changed.
    #[must_use]
    pub fn postpone(mut self) -> Transition<State> {
        self.actions.push(Term::atom("postpone"));
        self
    }

    /// `hibernate`. An idle machine has no stack anyway (A5).
    #[must_use]
    pub fn hibernate(mut self) -> Transition<State> {
        self.actions.push(Term::atom("hibernate"));
        self
    }

    /// `{next_event, Type, Content}`: the event is handled before all that waits.
    #[must_use]
    pub fn next_event<C: Serialize + ?Sized>(
        self,
        kind: EventType,
        content: &C,
    ) -> Transition<State> {
        let kind = match kind {
            EventType::Call(caller) => Term::tuple([Term::atom("call"), term(&caller)]),
            EventType::Cast => Term::atom("cast"),
            EventType::Info => Term::atom("info"),
            EventType::Internal => Term::atom("internal"),
            EventType::Timeout(timer) => timer.term(),
        };
        self.action([Term::atom("next_event"), kind, term(content)])
    }

    /// `{state_timeout, Time, Content}`.
    #[must_use]
    pub fn state_timeout<C: Serialize + ?Sized>(
        self,
        after: Duration,
        content: &C,
    ) -> Transition<State> {
        self.start_timer(Timer::State, after, content)
    }

    /// `{timeout, Time, Content}`.
    #[must_use]
    pub fn event_timeout<C: Serialize + ?Sized>(
        self,
        after: Duration,
        content: &C,
    ) -> Transition<State> {
        self.start_timer(Timer::Event, after, content)
    }

    /// `{Timer, Time, Content}`: starts a timer, anew if it runs.
    #[must_use]
    pub fn start_timer<C: Serialize + ?Sized>(
        self,
        timer: Timer,
        after: Duration,
        content: &C,
    ) -> Transition<State> {
        let ms = i64::try_from(after.as_millis()).map_or(Term::atom("infinity"), Term::Int);
        self.action([timer.term(), ms, term(content)])
    }

    /// `{Timer, cancel}`.
    #[must_use]
    pub fn cancel_timer(self, timer: Timer) -> Transition<State> {
        self.action([timer.term(), Term::atom("cancel")])
    }

    /// `{Timer, update, Content}`: the timer runs on, with another content. One that
    /// does not run fires at once.
    #[must_use]
    pub fn update_timer<C: Serialize + ?Sized>(
        self,
        timer: Timer,
        content: &C,
    ) -> Transition<State> {
        self.action([timer.term(), Term::atom("update"), term(content)])
    }

    fn action<const N: usize>(mut self, parts: [Term; N]) -> Transition<State> {
        self.actions.push(Term::tuple(parts));
        self
    }
}

/// A value as a term; one that is none raises `badarg`.
fn term<T: Serialize + ?Sized>(value: &T) -> Term {
    match upheaval_term::to_term(value) {
        Ok(term) => term,
        Err(error) => raise::error(Term::tuple([
            Term::atom("badarg"),
            Term::binary(error.to_string()),
        ])),
    }
}
