//! `bank`, version 1: takes its time with a payment, and says what was paid in all.

use std::time::Duration;

use upheaval_module::prelude::*;

/// How long a payment takes.
const TAKES: Duration = Duration::from_millis(500);

#[derive(Serialize, Deserialize)]
struct Bank {
    paid: i64,
}

#[derive(Deserialize)]
enum Request {
    Pay(i64),
}

/// What it tells itself when a payment is done.
#[derive(Serialize, Deserialize)]
enum Told {
    Paid(Caller, i64),
}

impl GenServer for Bank {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Told;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Bank { paid: 0 })
    }

    fn handle_call(
        &mut self,
        Request::Pay(amount): Request,
        caller: Caller,
        context: &Context,
    ) -> CallReturn<i64> {
        context.send_after(TAKES, context.self_pid(), &Told::Paid(caller, amount));
        CallReturn::NoReply
    }

    fn handle_info(&mut self, Told::Paid(caller, amount): Told, context: &Context) -> Return {
        self.paid += amount;
        context.reply(&caller, &self.paid);
        Return::NoReply
    }
}

export!(gen_server Bank, module "bank", vsn "1");
