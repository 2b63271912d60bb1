//! The tables of the behaviours.

use super::callbacks::*;
use super::gen_event::Handler;
use super::gen_server::Server;
use super::gen_statem::Statem;
use super::process::Plain;
use super::special::Looping;
use super::supervisor::Supervising;
use crate::abi::{
    ABI_VERSION, Bytes, Call, Entry, Function, Functions, Host, MAGIC, Outcome, Table, behaviour,
    outcome,
};
use crate::behaviour::{GenEvent, GenServer, GenStatem, Process, Special, Supervisor};
use crate::scratch;
use upheaval_term::Term;

impl Table {
    /// The table of a `gen_server`.
    pub const fn gen_server<S: GenServer>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Server<S>, INIT>,
            handle_call: entry::<Server<S>, HANDLE_CALL>,
            handle_cast: entry::<Server<S>, HANDLE_CAST>,
            handle_info: entry::<Server<S>, HANDLE_INFO>,
            handle_continue: entry::<Server<S>, HANDLE_CONTINUE>,
            terminate: entry::<Server<S>, TERMINATE>,
            code_change: entry::<Server<S>, CODE_CHANGE>,
            read_state: entry::<Server<S>, READ_STATE>,
            dump_state: entry::<Server<S>, DUMP_STATE>,
            drop_state: entry::<Server<S>, DROP_STATE>,
            ..Table::blank(name, vsn, behaviour::GEN_SERVER, unsupported)
        }
    }

    /// The table of a `gen_statem`.
    pub const fn gen_statem<S: GenStatem>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Statem<S>, INIT>,
            handle_event: entry::<Statem<S>, HANDLE_EVENT>,
            callback_mode: entry::<Statem<S>, CALLBACK_MODE>,
            terminate: entry::<Statem<S>, TERMINATE>,
            code_change: entry::<Statem<S>, CODE_CHANGE>,
            read_state: entry::<Statem<S>, READ_STATE>,
            dump_state: entry::<Statem<S>, DUMP_STATE>,
            drop_state: entry::<Statem<S>, DROP_STATE>,
            ..Table::blank(name, vsn, behaviour::GEN_STATEM, unsupported)
        }
    }

    /// The table of a `gen_event` handler.
    pub const fn gen_event<H: GenEvent>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Handler<H>, INIT>,
            handlers: entry::<Handler<H>, HANDLERS>,
            handle_event: entry::<Handler<H>, HANDLE_EVENT>,
            handle_call: entry::<Handler<H>, HANDLE_CALL>,
            handle_info: entry::<Handler<H>, HANDLE_INFO>,
            terminate: entry::<Handler<H>, TERMINATE>,
            code_change: entry::<Handler<H>, CODE_CHANGE>,
            read_state: entry::<Handler<H>, READ_STATE>,
            dump_state: entry::<Handler<H>, DUMP_STATE>,
            drop_state: entry::<Handler<H>, DROP_STATE>,
            ..Table::blank(name, vsn, behaviour::GEN_EVENT, unsupported)
        }
    }

    /// The table of a special process.
    pub const fn special<S: Special>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Looping<S>, INIT>,
            run: entry::<Looping<S>, RUN>,
            terminate: entry::<Looping<S>, TERMINATE>,
            code_change: entry::<Looping<S>, CODE_CHANGE>,
            read_state: entry::<Looping<S>, READ_STATE>,
            dump_state: entry::<Looping<S>, DUMP_STATE>,
            drop_state: entry::<Looping<S>, DROP_STATE>,
            ..Table::blank(name, vsn, behaviour::SPECIAL, unsupported)
        }
    }

    /// The table of a plain process.
    pub const fn process<P: Process>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            run: entry::<Plain<P>, RUN>,
            ..Table::blank(name, vsn, behaviour::PROCESS, unsupported)
        }
    }

    /// The table of a supervisor's callback module.
    pub const fn supervisor<S: Supervisor>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Supervising<S>, INIT>,
            ..Table::blank(name, vsn, behaviour::SUPERVISOR, unsupported)
        }
    }

    /// The table of a module that nobody runs.
    pub const fn library(name: &'static str, vsn: &'static str) -> Table {
        Table::blank(name, vsn, behaviour::LIBRARY, unsupported)
    }

    /// The same table, with an `on_load` function (A12).
    ///
    /// # Panics
    /// For the callback module of a supervisor or an event manager: a supervisor or a
    /// manager would have to wait for it in the middle of what it does for others.
    #[must_use]
    pub const fn with_on_load(mut self, entry: Entry) -> Table {
        assert!(
            !matches!(self.behaviour, behaviour::SUPERVISOR | behaviour::GEN_EVENT),
            "a supervisor's or an event manager's callback module can have no on_load"
        );
        self.on_load = Some(entry);
        self
    }

    /// The same table, with these functions.
    #[must_use]
    pub const fn with_functions(mut self, functions: &'static [Function]) -> Table {
        self.functions = Functions::of(functions);
        self
    }

    const fn blank(name: &'static str, vsn: &'static str, behaviour: u32, entry: Entry) -> Table {
        Table {
            magic: MAGIC,
            abi_version: ABI_VERSION,
            size: size_of::<Table>() as u32,
            name: Bytes::of(name.as_bytes()),
            vsn: Bytes::of(vsn.as_bytes()),
            behaviour,
            start: entry,
            run: entry,
            handlers: entry,
            handle_call: entry,
            handle_cast: entry,
            handle_info: entry,
            handle_continue: entry,
            handle_event: entry,
            callback_mode: entry,
            terminate: entry,
            code_change: entry,
            read_state: entry,
            dump_state: entry,
            drop_state: entry,
            functions: Functions::of(&[]),
            on_load: None,
        }
    }
}

unsafe extern "C" fn unsupported(_: *const Host, _: *const Call, out: *mut Outcome) {
    let undef = scratch::keep(upheaval_term::encode(&Term::atom("undef")));
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *out = Outcome::with(outcome::ERROR, undef) };
}
