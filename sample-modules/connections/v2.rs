//! `connections`, version 2: counts all that were ever opened, too.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Connections {
    peers: BTreeMap<String, i64>,
    opened: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
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
        self.opened += 1;
        let open = self.peers.entry(peer).or_default();
        *open += 1;
        *open
    }

    /// How many are left of that peer.
    fn close(&mut self, peer: &str) -> i64 {
        let left = self.peers.get(peer).map_or(0, |open| open - 1);
        match left {
            0 => self.peers.remove(peer),
            _ => self.peers.insert(peer.into(), left),
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
            peers: BTreeMap::new(),
            opened: 0,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(match request {
            Request::Open(peer) => self.open(peer),
            Request::Close(peer) => self.close(&peer),
            Request::Count => self.peers.values().sum(),
        })
    }

    fn handle_cast(&mut self, Cast::Open(peer): Cast, _: &Context) -> Return {
        self.open(peer);
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Connections {
                peers: old.open,
                opened: 0,
            }),
            Change::Down { to } if to == "1" => {
                convert(&state, |new: Connections| V1 { open: new.peers })
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Connections, module "connections", vsn "2");
