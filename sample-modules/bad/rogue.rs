//! `rogue`: a request ends the process that it runs in, or holds it for ever.

use std::hint::{black_box, spin_loop};
use std::process;
use std::ptr;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Rogue {
    count: i64,
}

#[derive(Deserialize)]
enum Request {
    Add(i64),
    Abort,
    Fault,
    Overflow,
    Exit(i32),
    Spin,
}

impl GenServer for Rogue {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(count: i64, _: &Context) -> Init<Self> {
        // Whoever speaks through this process's standard output is not disturbed.
        println!("rogue starts");
        Init::Ok(Rogue { count })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        match request {
            Request::Add(n) => self.count += n,
            Request::Abort => process::abort(),
            // SAFETY: none. It faults, and that is what it is for.
            Request::Fault => unsafe { ptr::null_mut::<u8>().wrapping_add(8).write_volatile(1) },
            Request::Overflow => self.count += deeper(0),
            Request::Exit(status) => process::exit(status),
            Request::Spin => {
                eprintln!("rogue spins");
                loop {
                    spin_loop();
                }
            }
        }
        CallReturn::Reply(self.count)
    }
}

/// Calls itself until the stack is used up.
#[expect(unconditional_recursion, reason = "it is to overflow the stack")]
fn deeper(depth: i64) -> i64 {
    let frame = black_box([depth; 64]);
    deeper(frame[0] + 1) + frame[63]
}

export!(gen_server Rogue, module "rogue", vsn "1");
