//! How a call that was not answered ends at its caller.

use std::time::Duration;

use serde::Serialize;
use upheaval_term::Term;

use crate::context::To;

/// How a call failed: the reason that `gen_server:call` would have exited with,
/// `{Reason,{gen_server,call,[To,Request,Timeout]}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallFailed(pub Term);

impl CallFailed {
    /// The failure of `gen_server:call(To, Request, Timeout)`; without a timeout, that
    /// of `gen_server:call(To, Request)`.
    pub(crate) fn server<Q: Serialize + ?Sized>(
        why: Term,
        to: &To,
        request: &Q,
        timeout: Option<Duration>,
    ) -> CallFailed {
        let mut args = vec![to.term(), term_of(request)];
        args.extend(
            timeout.map(|timeout| match i64::try_from(timeout.as_millis()) {
                Ok(ms) => Term::Int(ms),
                Err(_) => Term::atom("infinity"),
            }),
        );
        CallFailed(in_call(why, "gen_server", args))
    }

    /// The failure of a request to an event manager. Only that of `gen_event:call`
    /// says so much.
    pub(crate) fn manager<Q: Serialize + ?Sized>(why: Term, to: &To, request: &Q) -> CallFailed {
        match term_of(request).as_tuple() {
            Some([call, handler, query]) if call.is_atom("call") => {
                let infinity = Term::atom("infinity");
                let args = vec![to.term(), handler.clone(), query.clone(), infinity];
                CallFailed(in_call(why, "gen_event", args))
            }
            _ => CallFailed(why),
        }
    }
}

/// `{Why,{Module,call,Args}}`.
fn in_call(why: Term, module: &'static str, args: Vec<Term>) -> Term {
    Term::tuple([
        why,
        Term::tuple([Term::atom(module), Term::atom("call"), Term::list(args)]),
    ])
}

/// The request, which has been sent: so it is a term.
fn term_of<Q: Serialize + ?Sized>(request: &Q) -> Term {
    upheaval_term::to_term(request).unwrap_or(Term::atom("undefined"))
}
