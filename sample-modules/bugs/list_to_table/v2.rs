//! `headers`, version 2: keeps what it is given in a table.
//!
//! With a bug: `code_change` leaves the state as it is. Its correct twin is
//! `twin_v2.rs`.
//!
//! knutin/elli#90: the process crashed on the first message after the upgrade.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Headers(BTreeMap<Term, Term>);

#[derive(Deserialize)]
enum Request {
    Put(Term, Term),
    Get(Term),
}

impl GenServer for Headers {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Headers(BTreeMap::new()))
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<Term> {
        let Headers(table) = self;
        CallReturn::Reply(match request {
            Request::Put(key, value) => {
                table.insert(key, value);
                Term::atom("ok")
            }
            Request::Get(key) => table.get(&key).cloned().unwrap_or(Term::atom("none")),
        })
    }

    fn code_change(_: Change, state: Term, _: Term) -> Result<Term, Term> {
        Ok(state)
    }
}

export!(gen_server Headers, module "headers", vsn "2");
