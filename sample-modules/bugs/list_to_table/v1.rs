//! `headers`, version 1: keeps what it is given in a list of pairs.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Headers(Vec<(Term, Term)>);

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
        Init::Ok(Headers(Vec::new()))
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<Term> {
        let Headers(list) = self;
        CallReturn::Reply(match request {
            Request::Put(key, value) => {
                list.retain(|(known, _)| *known != key);
                list.insert(0, (key, value));
                Term::atom("ok")
            }
            Request::Get(key) => {
                let found = list.iter().find(|(known, _)| *known == key);
                found.map_or(Term::atom("none"), |(_, value)| value.clone())
            }
        })
    }
}

export!(gen_server Headers, module "headers", vsn "1");
