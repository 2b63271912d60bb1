//! `parser`, version 2: adds up what it parses, in native memory.

mod by_content;
mod number;

use upheaval_module::prelude::*;

use crate::number::Number;

#[derive(Serialize, Deserialize)]
struct Parser {
    #[serde(with = "by_content")]
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
            parsed: Number::map(0, 0),
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
