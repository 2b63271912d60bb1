//! `objects`, version 2: knows how often each number was put, where it is able to, and
//! reads what version 1 wrote.
//!
//! With a bug: a downgrade keeps what was written in the format of version 2, which
//! version 1 cannot read. Its correct twin is `twin_v2.rs`.
//!
//! riak_kv#802.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Objects {
    objects: BTreeMap<Term, Term>,
    /// The format that is written.
    format: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
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
            format: 2,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<Term> {
        CallReturn::Reply(match request {
            Request::Put(key, number) => {
                let (_, times) = read(self.objects.get(&key));
                let object = [number, Term::Int(times + 1)];
                self.objects.insert(key, Term::tuple(object));
                Term::atom("ok")
            }
            Request::Get(key) => read(self.objects.get(&key)).0,
        })
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Objects {
                objects: old.objects,
                format: 2,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: Objects| V1 {
                objects: new.objects,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

/// The number that an object holds, in either format, and how often it was put.
fn read(object: Option<&Term>) -> (Term, i64) {
    match object {
        None => (Term::atom("none"), 0),
        Some(Term::Tuple(both)) => match &both[..] {
            [number, Term::Int(times)] => (number.clone(), *times),
            _ => upheaval_module::error(Term::atom("bad_object")),
        },
        Some(number) => (number.clone(), 1),
    }
}

export!(gen_server Objects, module "objects", vsn "2");
