//! The event handler.

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::Term;

use super::Change;
use crate::{Context, raise};

/// A `gen_event` handler module.
///
/// The value is one handler's state. A process that is started with this module is an
/// event manager with the handlers that [`handlers`](GenEvent::handlers) names, as if
/// the module's `start_link` had started the manager and added them; more can be added
/// later, of this module and of others. A handler that crashes is removed, and the
/// manager lives. As a term the manager's state is `[{Module,Id,State}]`, the handler
/// that was added last first, and `Id` is `false` for one that has none.
///
/// ```
/// use upheaval_module::prelude::*;
///
/// /// Counts what happens.
/// #[derive(Serialize, Deserialize)]
/// struct Tally { seen: u32 }
///
/// impl GenEvent for Tally {
///     type Args = u32;
///     type Event = Term;
///     type Call = Term;
///     type Reply = u32;
///     type Info = Term;
///
///     fn init(seen: u32, _: &Context) -> InitHandler<Self> {
///         InitHandler::Ok(Tally { seen })
///     }
///
///     fn handle_event(&mut self, event: Term, _: &Context) -> HandlerReturn {
///         self.seen += 1;
///         match event.is_atom("stop") {
///             true => HandlerReturn::Remove,
///             false => HandlerReturn::Ok,
///         }
///     }
///
///     fn handle_call(&mut self, _: Term, _: &Context) -> HandlerCallReturn<u32> {
///         HandlerCallReturn::Reply(self.seen)
///     }
/// }
///
/// export!(gen_event Tally, module "tally", vsn "1");
/// # fn main() {}
/// ```
pub trait GenEvent: Serialize + DeserializeOwned + 'static {
    /// What `init` is given.
    type Args: DeserializeOwned;
    /// The events.
    type Event: DeserializeOwned;
    /// The requests of `gen_event:call`; [`Never`](super::Never) for a handler that has
    /// none.
    type Call: DeserializeOwned;
    /// What such calls are answered with.
    type Reply: Serialize;
    /// All other messages; [`Term`] for a handler that ignores them.
    type Info: DeserializeOwned;

    /// The handlers that a manager of this module starts with, in the order in which
    /// they are added: `(Id, Args)`, with the id `None` for a handler that has none.
    /// By default one, with the process's arguments.
    fn handlers(args: Term) -> Vec<(Option<Term>, Term)> {
        vec![(None, args)]
    }

    /// `init/1` of a handler that is added.
    fn init(args: Self::Args, context: &Context) -> InitHandler<Self>;

    /// `init/1` of a handler that takes another's place: `left` is what that one's
    /// `terminate` gave, or `error` where there was none.
    fn init_swapped(args: Self::Args, left: Term, context: &Context) -> InitHandler<Self> {
        let _ = left;
        Self::init(args, context)
    }

    /// `handle_event/2`.
    fn handle_event(&mut self, event: Self::Event, context: &Context) -> HandlerReturn;

    /// `handle_call/2`. Without one, a call is a crash with `undef`.
    fn handle_call(
        &mut self,
        request: Self::Call,
        context: &Context,
    ) -> HandlerCallReturn<Self::Reply> {
        let _ = (request, context);
        raise::error(Term::atom("undef"))
    }

    /// `handle_info/2`. Without one, messages are dropped.
    fn handle_info(&mut self, message: Self::Info, context: &Context) -> HandlerReturn {
        let _ = (message, context);
        HandlerReturn::Ok
    }

    /// `terminate/2`: what it gives is the result of `delete_handler`, and is given to
    /// the handler that takes its place.
    fn terminate(&mut self, why: &Term, context: &Context) -> Term {
        let _ = (why, context);
        Term::atom("ok")
    }

    /// `code_change/3` of one handler's state, as for a
    /// [`GenServer`](super::GenServer::code_change). Every handler of the module is
    /// changed, and if one cannot be, none is (B7).
    ///
    /// # Errors
    /// An error keeps all states, and leaves the manager suspended.
    fn code_change(change: Change, state: Term, extra: Term) -> Result<Term, Term> {
        let _ = (change, state, extra);
        raise::error(Term::atom("undef"))
    }
}

/// What `init` of a handler returns.
#[derive(Clone, Debug, PartialEq)]
pub enum InitHandler<H> {
    /// `{ok, State}`.
    Ok(H),
    /// `{error, Reason}`: it is not added.
    Error(Term),
}

/// What `handle_event` and `handle_info` return.
#[derive(Clone, Debug, PartialEq)]
pub enum HandlerReturn {
    /// `{ok, State}`.
    Ok,
    /// `remove_handler`.
    Remove,
    /// `{swap_handler, Args1, State, Handler2, Args2}`.
    Swap(Swap),
}

/// What `handle_call` of a handler returns.
#[derive(Clone, Debug, PartialEq)]
pub enum HandlerCallReturn<R> {
    /// `{ok, Reply, State}`.
    Reply(R),
    /// `{remove_handler, Reply}`.
    Remove(R),
    /// `{swap_handler, Reply, Args1, State, Handler2, Args2}`.
    Swap(R, Swap),
}

/// Another handler takes this one's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Swap {
    /// What this one's `terminate` is told.
    pub why: Term,
    /// The other one: `Module` or `{Module, Id}`.
    pub handler: Term,
    /// What its `init` is given.
    pub args: Term,
}
