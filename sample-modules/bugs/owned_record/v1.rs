//! `customers`, version 1: keeps addresses, which are records of another module:
//! `-record(address, {city})`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Customers {
    addresses: Vec<Address>,
}

#[derive(Serialize, Deserialize)]
struct Address(Atom, Term);

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
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<u64> {
        let Request::Add(city) = request;
        let address = Address(Atom::from_static("address"), city);
        self.addresses.insert(0, address);
        CallReturn::Reply(self.addresses.len() as u64)
    }
}

export!(gen_server Customers, module "customers", vsn "1");
