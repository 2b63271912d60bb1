//! `objects`, version 1: keeps a number for each key.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Objects {
    objects: BTreeMap<Term, Term>,
}

#[derive(Deserialize)]
enum Request {
    Put(Term, Term),
    Get(Term),
}

impl GenServer for Objects {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Objects {
            objects: BTreeMap::new(),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<Term> {
        CallReturn::Reply(match request {
            Request::Put(key, number) => {
                self.objects.insert(key, number);
                Term::atom("ok")
            }
            Request::Get(key) => read(self.objects.get(&key)),
        })
    }
}

/// The number that an object holds.
fn read(object: Option<&Term>) -> Term {
    match object {
        None => Term::atom("none"),
        Some(Term::Int(number)) => Term::Int(*number),
        Some(other) => {
            let reason = [Term::atom("case_clause"), other.clone()];
            upheaval_module::error(Term::tuple(reason))
        }
    }
}

export!(gen_server Objects, module "objects", vsn "1");
