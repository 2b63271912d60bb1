//! `pricing`, version 2: takes a discount off each price.
//!
//! With a bug: the state keeps a fun of the version that made it. Once that is purged the
//! fun raises `badfun` (A6). Its correct twin is `twin_v2.rs`, which keeps a fun by name.
//!
//! deployex#280.

use upheaval_module::prelude::*;

const DISCOUNT: i64 = 1;

#[derive(Serialize, Deserialize)]
struct Pricing {
    price: LocalFun,
    quotes: i64,
    discount: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    price: LocalFun,
    quotes: i64,
}

#[derive(Deserialize)]
enum Request {
    Quote(i64),
}

/// `fun(N) -> 2 * N end`.
fn price(_: &Context, (): (), (n,): (i64,)) -> i64 {
    2 * n
}

impl GenServer for Pricing {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        Init::Ok(Pricing {
            price: context.fun("price", &()),
            quotes: 0,
            discount: DISCOUNT,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        let Request::Quote(n) = request;
        self.quotes += 1;
        let price: i64 = context.call_fun(&self.price, &(n,));
        CallReturn::Reply(price - self.discount)
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Pricing {
                price: old.price,
                quotes: old.quotes,
                discount: DISCOUNT,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: Pricing| V1 {
                price: new.price,
                quotes: new.quotes,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Pricing, module "pricing", vsn "2", funs [price]);
