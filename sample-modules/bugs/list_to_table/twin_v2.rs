//! `headers`, version 2: keeps what it is given in a table.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Headers(BTreeMap<Term, Term>);

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1(Vec<(Term, Term)>);

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

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => {
                convert(&state, |V1(list)| Headers(list.into_iter().collect()))
            }
            Change::Down { to } if to == "1" => {
                convert(&state, |Headers(table)| V1(table.into_iter().collect()))
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Headers, module "headers", vsn "2");
