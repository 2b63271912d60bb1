//! `customers`, version 2: keeps a default address, too. The owner of the addresses has
//! changed them to `-record(address, {city, code})`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Customers {
    addresses: Vec<Address>,
    first: Option<Term>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Address(Atom, Term, Term);

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    addresses: Vec<V1Address>,
}

/// The address as its owner had it then.
#[derive(Serialize, Deserialize)]
struct V1Address(Atom, Term);

#[derive(Deserialize)]
enum Request {
    Add(Term),
}

impl GenServer for Customers {
    type Args = Term;
    type Call = Request;
    type Reply = u64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Customers {
            addresses: Vec::new(),
            first: None,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<u64> {
        let Request::Add(city) = request;
        self.first.get_or_insert(city.clone());
        let code = Term::atom("undefined");
        let address = Address(Atom::from_static("address"), city, code);
        self.addresses.insert(0, address);
        CallReturn::Reply(self.addresses.len() as u64)
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, up),
            Change::Down { to } if to == "1" => convert(&state, down),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

fn up(old: V1) -> Customers {
    let first = old.addresses.last().map(|address| address.1.clone());
    let code = || Term::atom("undefined");
    let new = |V1Address(record, city)| Address(record, city, code());
    Customers {
        addresses: old.addresses.into_iter().map(new).collect(),
        first,
    }
}

fn down(new: Customers) -> V1 {
    let old = |Address(record, city, _)| V1Address(record, city);
    V1 {
        addresses: new.addresses.into_iter().map(old).collect(),
    }
}

export!(gen_server Customers, module "customers", vsn "2");
