//! `connections`, version 1: how many connections each peer has.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Connections {
    open: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
enum Request {
    Open(String),
    Close(String),
    Count,
}

#[derive(Deserialize)]
enum Cast {
    Open(String),
}

impl Connections {
    fn open(&mut self, peer: String) -> i64 {
        let open = self.open.entry(peer).or_default();
        *open += 1;
        *open
    }

    /// How many are left of that peer.
    fn close(&mut self, peer: &str) -> i64 {
        let left = self.open.get(peer).map_or(0, |open| open - 1);
        match left {
            0 => self.open.remove(peer),
            _ => self.open.insert(peer.into(), left),
        };
        left
    }
}

impl GenServer for Connections {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Connections {
            open: BTreeMap::new(),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(match request {
            Request::Open(peer) => self.open(peer),
            Request::Close(peer) => self.close(&peer),
            Request::Count => self.open.values().sum(),
        })
    }

    fn handle_cast(&mut self, Cast::Open(peer): Cast, _: &Context) -> Return {
        self.open(peer);
        Return::NoReply
    }
}

export!(gen_server Connections, module "connections", vsn "1");
