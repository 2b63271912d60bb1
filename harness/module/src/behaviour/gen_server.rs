//! The generic server.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::Term;

use crate::{Caller, Context, raise};

/// A `gen_server` callback module.
///
/// The value is the server's state. Between callbacks the node holds it and the
/// process has no stack, so an idle server never lingers (A5); the next
/// callback runs in the version that is current by then (A7). When that is
/// another version, the state crosses as a term: through
/// [`code_change`](GenServer::code_change) where the upgrade says so, else
/// directly, and then a state whose shape does not fit is a crash.
///
/// ```
/// use std::time::Duration;
/// use upheaval_module::prelude::*;
///
/// /// A cache that is filled after its start, and empties itself when nobody asks.
/// #[derive(Serialize, Deserialize)]
/// struct Cache { entries: Vec<(Term, Term)>, fills: u32 }
///
/// impl GenServer for Cache {
///     type Args = Term;
///     type Call = Term;
///     type Reply = Option<Term>;
///     type Cast = Never;
///     type Info = Term;
///
///     fn init(_: Term, _: &Context) -> Init<Self> {
///         let cache = Cache { entries: Vec::new(), fills: 0 };
///         Init::OkThen(cache, Next::Continue(Term::atom("fill")))
///     }
///
///     fn handle_continue(&mut self, _: Term, _: &Context) -> Return {
///         self.entries = vec![(Term::Int(1), Term::atom("one"))];
///         self.fills += 1;
///         Return::NoReply
///     }
///
///     fn handle_call(&mut self, key: Term, _: Caller, _: &Context) -> CallReturn<Option<Term>> {
///         let found = self.entries.iter().find(|(k, _)| *k == key);
///         let value = found.map(|(_, value)| value.clone());
///         CallReturn::ReplyThen(value, Next::Timeout(Duration::from_secs(60)))
///     }
///
///     fn handle_info(&mut self, message: Term, _: &Context) -> Return {
///         if message.is_atom("timeout") {
///             self.entries.clear();
///             return Return::NoReplyThen(Next::Hibernate);
///         }
///         Return::NoReply
///     }
/// }
///
/// export!(gen_server Cache, module "cache", vsn "1");
/// # fn main() {}
/// ```
pub trait GenServer: Serialize + DeserializeOwned + 'static {
    /// What `init` is given.
    type Args: DeserializeOwned;
    /// The requests of calls; [`Never`](super::Never) for a server that has none.
    type Call: DeserializeOwned;
    /// What calls are answered with.
    type Reply: Serialize;
    /// The messages of casts; [`Never`](super::Never) for a server that has none.
    type Cast: DeserializeOwned;
    /// All other messages; [`Term`] for a server that ignores them.
    type Info: DeserializeOwned;

    /// `init/1`.
    fn init(args: Self::Args, context: &Context) -> Init<Self>;

    /// `handle_call/3`.
    fn handle_call(
        &mut self,
        request: Self::Call,
        caller: Caller,
        context: &Context,
    ) -> CallReturn<Self::Reply>;

    /// `handle_cast/2`. Without one, a cast is a crash with `undef`.
    fn handle_cast(&mut self, message: Self::Cast, context: &Context) -> Return {
        let _ = (message, context);
        raise::error(Term::atom("undef"))
    }

    /// `handle_info/2`. Without one, messages are dropped.
    fn handle_info(&mut self, message: Self::Info, context: &Context) -> Return {
        let _ = (message, context);
        Return::NoReply
    }

    /// `handle_continue/2`: called before anything else is taken out of the
    /// mailbox, after a callback that gave [`Next::Continue`]. Without one, that is
    /// a crash with `undef`.
    fn handle_continue(&mut self, what: Term, context: &Context) -> Return {
        let _ = (what, context);
        raise::error(Term::atom("undef"))
    }

    /// `terminate/2`: called when the server stops of itself or crashes in a
    /// callback, or by its parent's exit if it traps exits.
    fn terminate(&mut self, reason: &Term, context: &Context) {
        let _ = (reason, context);
    }

    /// `code_change/3`: turns the state of another version, as a term, into the
    /// state that is to be gone on with, as a term.
    ///
    /// On an upgrade it runs in the new version, and `state` is what the old one
    /// had. On a downgrade it runs in the version that is being left, and gives
    /// the state of the version that is to come (C2). [`convert`] does the
    /// reading and writing.
    ///
    /// # Errors
    /// An error keeps the state, and leaves the server suspended (B6). Without
    /// this function the conversion fails with `undef`.
    fn code_change(change: Change, state: Term, extra: Term) -> Result<Term, Term> {
        let _ = (change, state, extra);
        raise::error(Term::atom("undef"))
    }
}

/// What `init` returns.
#[derive(Clone, Debug, PartialEq)]
pub enum Init<S> {
    /// `{ok, State}`.
    Ok(S),
    /// `{ok, State, Timeout | hibernate | {continue, Term}}`.
    OkThen(S, Next),
    /// `ignore`.
    Ignore,
    /// `{stop, Reason}`.
    Stop(Term),
}

/// What `handle_call` returns.
#[derive(Clone, Debug, PartialEq)]
pub enum CallReturn<R> {
    /// `{reply, Reply, State}`.
    Reply(R),
    /// `{reply, Reply, State, Timeout | hibernate | {continue, Term}}`.
    ReplyThen(R, Next),
    /// `{noreply, State}`: [`Context::reply`] answers later.
    NoReply,
    /// `{noreply, State, Timeout | hibernate | {continue, Term}}`.
    NoReplyThen(Next),
    /// `{stop, Reason, State}`.
    Stop(Term),
    /// `{stop, Reason, Reply, State}`.
    StopReply(Term, R),
}

/// What a callback wants to happen before the next message: the last element of
/// what it returns.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// `Timeout`: where no message comes for so long, `handle_info` is called with
    /// `timeout`. Any message ends the wait; a system message starts it anew, and
    /// while the server is suspended it does not run (B9).
    Timeout(Duration),
    /// `hibernate`: the server waits without a stack. It always does here, so this
    /// changes nothing that can be seen (A5).
    Hibernate,
    /// `{continue, Term}`: `handle_continue` is called at once.
    Continue(Term),
}

/// What `handle_cast`, `handle_info` and `handle_continue` return.
#[derive(Clone, Debug, PartialEq)]
pub enum Return {
    /// `{noreply, State}`.
    NoReply,
    /// `{noreply, State, Timeout | hibernate | {continue, Term}}`.
    NoReplyThen(Next),
    /// `{stop, Reason, State}`.
    Stop(Term),
}

/// Which way a `code_change` goes (B16).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// From this older version to the one that runs `code_change`.
    Up {
        /// The version whose state it is.
        from: String,
    },
    /// From the version that runs `code_change` to this older one.
    Down {
        /// The version whose state is wanted.
        to: String,
    },
}

/// Reads a state as `Old`, turns it into `New` and writes that: what most
/// `code_change` functions do.
///
/// ```
/// # use upheaval_module::prelude::*;
/// #[derive(Deserialize)]
/// struct V1 { count: i64 }
/// #[derive(Serialize)]
/// struct V2 { total: i64, adds: u32 }
///
/// let state: Term = "#{count => 5}".parse().unwrap();
/// let new = convert(&state, |old: V1| V2 { total: old.count, adds: 0 });
/// assert_eq!(new.unwrap().to_string(), "#{adds => 0,total => 5}");
/// ```
///
/// # Errors
/// `{bad_state, Text}` where `state` is no `Old`, with what does not fit.
pub fn convert<Old: DeserializeOwned, New: Serialize>(
    state: &Term,
    turn: impl FnOnce(Old) -> New,
) -> Result<Term, Term> {
    let bad = |error: String| Term::tuple([Term::atom("bad_state"), Term::binary(error)]);
    let old = upheaval_term::from_term(state).map_err(|error| bad(error.to_string()))?;
    upheaval_term::to_term(&turn(old)).map_err(|error| bad(error.to_string()))
}
