//! `till`, version 2: keeps a fun that another module made, and calls it. It takes notes,
//! too.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Till {
    fun: Option<LocalFun>,
    notes: Vec<Term>,
}

#[derive(Deserialize)]
enum Request {
    /// What the fun gives; `free` if there is none, `badfun` if its code is gone.
    Charge(i64),
    /// Nothing more than an answer.
    Open,
}

#[derive(Deserialize)]
enum Told {
    Use(LocalFun),
    Note(Term),
}

impl GenServer for Till {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Told;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Till {
            fun: None,
            notes: Vec::new(),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<Term> {
        CallReturn::Reply(match (request, &self.fun) {
            (Request::Open, _) => Term::atom("yes"),
            (Request::Charge(_), None) => Term::atom("free"),
            (Request::Charge(n), Some(fun)) => {
                let called = context.catch(|| context.call_fun(fun, &(n,)));
                called.unwrap_or_else(bad_fun)
            }
        })
    }

    fn handle_cast(&mut self, told: Told, _: &Context) -> Return {
        match told {
            Told::Use(fun) => self.fun = Some(fun),
            Told::Note(note) => self.notes.push(note),
        }
        Return::NoReply
    }
}

/// `catch error:{badfun,_} -> badfun`.
fn bad_fun(raised: Raised) -> Term {
    match raised.value.as_tuple() {
        Some([what, _]) if what.is_atom("badfun") => what.clone(),
        _ => upheaval_module::error(raised.value),
    }
}

export!(gen_server Till, module "till", vsn "2");
