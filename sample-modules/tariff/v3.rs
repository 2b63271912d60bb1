//! `tariff`, version 3: keeps two funs, a local one that stays bound to the version that
//! made it, and an external one that does not. It hands the local one over to `till`.

use upheaval_module::prelude::*;

/// What is added to each price.
const FEE: i64 = 30;

#[derive(Serialize, Deserialize)]
struct Tariff {
    price: LocalFun,
    rate: ExternalFun,
}

#[derive(Deserialize)]
enum Request {
    /// The price, by the local fun.
    Price(i64),
    /// The price, by the external one.
    Rate(i64),
    /// Makes the local fun anew, in the code that runs.
    Renew,
    /// Sends `till` the local fun.
    HandOver,
    /// Sends `till` one that waits for a `go` when it is called.
    HandOverSlow,
}

#[derive(Serialize)]
enum ToTill {
    Use(LocalFun),
}

#[derive(Deserialize)]
enum Go {
    Go,
}

/// `fun(N) -> {Version, Fee + N} end`.
fn price(_: &Context, (fee,): (i64,), (n,): (i64,)) -> (i64, i64) {
    (3, fee + n)
}

/// `fun(N) -> receive go -> {Version, N} end end`.
fn slow(context: &Context, (): (), (n,): (i64,)) -> (i64, i64) {
    let Go::Go = context.receive();
    (3, n)
}

/// `tariff:rate/1`.
fn rate(_: &Context, (n,): (i64,)) -> (i64, i64) {
    (3, FEE + n)
}

impl GenServer for Tariff {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        Init::Ok(Tariff {
            price: context.fun("price", &(FEE,)),
            rate: ExternalFun::new("tariff", "rate", 1),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<Term> {
        let done = Term::atom("done");
        CallReturn::Reply(match request {
            Request::Price(n) => {
                let called = context.catch(|| context.call_fun(&self.price, &(n,)));
                called.unwrap_or_else(bad_fun)
            }
            Request::Rate(n) => context.call_fun(&self.rate, &(n,)),
            Request::Renew => {
                self.price = context.fun("price", &(FEE,));
                done
            }
            Request::HandOver => {
                context.cast("till", &ToTill::Use(self.price.clone()));
                done
            }
            Request::HandOverSlow => {
                context.cast("till", &ToTill::Use(context.fun("slow", &())));
                done
            }
        })
    }
}

/// `catch error:{badfun,_} -> badfun`.
fn bad_fun(raised: Raised) -> Term {
    match raised.value.as_tuple() {
        Some([what, _]) if what.is_atom("badfun") => what.clone(),
        _ => upheaval_module::error(raised.value),
    }
}

export!(gen_server Tariff, module "tariff", vsn "3", functions [rate], funs [price, slow]);
