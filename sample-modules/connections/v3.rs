//! `connections`, version 3: the fields of version 2 under other names.

use std::collections::BTreeMap;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Connections {
    table: BTreeMap<String, i64>,
    total: i64,
}

/// The state of version 2.
#[derive(Serialize, Deserialize)]
struct V2 {
    peers: BTreeMap<String, i64>,
    opened: i64,
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
        self.total += 1;
        let open = self.table.entry(peer).or_default();
        *open += 1;
        *open
    }

    /// How many are left of that peer.
    fn close(&mut self, peer: &str) -> i64 {
        let left = self.table.get(peer).map_or(0, |open| open - 1);
        match left {
            0 => self.table.remove(peer),
            _ => self.table.insert(peer.into(), left),
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
            table: BTreeMap::new(),
            total: 0,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(match request {
            Request::Open(peer) => self.open(peer),
            Request::Close(peer) => self.close(&peer),
            Request::Count => self.table.values().sum(),
        })
    }

    fn handle_cast(&mut self, Cast::Open(peer): Cast, _: &Context) -> Return {
        self.open(peer);
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "2" => convert(&state, |old: V2| Connections {
                table: old.peers,
                total: old.opened,
            }),
            Change::Down { to } if to == "2" => convert(&state, |new: Connections| V2 {
                peers: new.table,
                opened: new.total,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Connections, module "connections", vsn "3");
