//! `parser`, version 2: adds up what it parses, in native memory.
//!
//! With a bug, in both versions: the state has the address of memory that goes with the
//! version that mapped it, and the next one reads what is not there any more. Its correct
//! twin is `twin_v2.rs`.
//!
//! jsonx#10, emqx/quic#422.

mod by_address;
mod number;

use upheaval_module::prelude::*;

use crate::number::Number;

/// Where the memory lies: far from where the system puts anything by itself, and the same
/// each time, as addresses are told to nobody.
const ADDRESS: usize = 0x6000_0000_0000;

#[derive(Serialize, Deserialize)]
struct Parser {
    #[serde(with = "by_address")]
    parsed: Number,
}

#[derive(Deserialize)]
enum Request {
    Parse(i64),
}

impl GenServer for Parser {
    type Args = Term;
    type Call = Request;
    type Reply = (i64, i64);
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Parser {
            parsed: Number::map(ADDRESS, 0),
        })
    }

    fn handle_call(
        &mut self,
        Request::Parse(n): Request,
        _: Caller,
        _: &Context,
    ) -> CallReturn<(i64, i64)> {
        self.parsed.set(self.parsed.get() + n);
        CallReturn::Reply((2, self.parsed.get()))
    }
}

export!(gen_server Parser, module "parser", vsn "2");
