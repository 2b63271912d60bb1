//! `ledger`, version 1: keeps accounts, and counts every deposit with
//! `counter`, which it calls from inside its callback. Whoever loads new code
//! while it waits there catches it with old code on its stack.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Ledger {
    accounts: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
enum Request {
    /// Deposits, and answers with the new balance.
    Deposit(String, i64),
    Balance(String),
}

/// What `counter` is asked.
#[derive(Serialize)]
enum ToCounter {
    Add(i64),
}

impl GenServer for Ledger {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Ledger {
            accounts: BTreeMap::new(),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        CallReturn::Reply(match request {
            Request::Deposit(account, amount) => {
                let _: i64 = context.call("counter", &ToCounter::Add(1));
                let balance = self.accounts.entry(account).or_default();
                *balance += amount;
                *balance
            }
            Request::Balance(account) => self.accounts.get(&account).copied().unwrap_or(0),
        })
    }

    /// The state is the same in every version.
    fn code_change(_: Change, state: Term, _: Term) -> Result<Term, Term> {
        Ok(state)
    }
}

export!(gen_server Ledger, module "ledger", vsn "1");
