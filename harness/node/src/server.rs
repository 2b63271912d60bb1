//! What a node keeps of a `gen_server` between its callbacks.

use std::ffi::c_void;

use upheaval_module::abi::{Bytes, Call, Entry, outcome};

use crate::code::{ModuleId, Version};
use crate::coroutine::{Job, run_aside};
use crate::events::Manager;
use crate::signal::{Message, Payload, Pid};
use crate::statem::Machine;

/// A server: its module, its state, and whether it is suspended.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) module: ModuleId,
    pub(crate) state: State,
    pub(crate) suspended: bool,
    pub(crate) next: Next,
    pub(crate) engine: Engine,
    pub(crate) told: Told,
    /// The messages of the timers that it has begun of itself.
    pub(crate) ticks: Vec<Payload>,
}

/// What a behaviour keeps besides the state.
#[derive(Debug)]
pub(crate) enum Engine {
    GenServer,
    Statem(Box<Machine>),
    Events(Box<Manager>),
    /// A special process; the system message that it has taken, and hands to `sys`.
    Special(Option<Box<Message>>),
}

/// What a server was called back for last.
#[derive(Debug)]
pub(crate) enum Told {
    /// It has taken no message yet: it starts.
    Nothing,
    /// A message that it has sent itself, at once or by a timer.
    Own(Box<Payload>),
    /// Any other.
    Other,
}

/// What a server does before it takes the next message, or without one.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// Nothing.
    Message,
    /// It calls back with `timeout`, where no message comes for so many
    /// milliseconds. With 0 it does so as soon as there is none.
    Timeout(u64),
    /// Nothing, and it hibernates until then: without a stack it waits as any other does
    /// (A5).
    Hibernate,
    /// It calls `handle_continue`, before anything else.
    Continue(Box<Payload>),
}

impl Server {
    /// A server that has yet to be initialised.
    pub(crate) fn new(module: ModuleId, engine: Engine) -> Server {
        Server {
            module,
            state: State::None,
            suspended: false,
            next: Next::Message,
            engine,
            told: Told::Nothing,
            ticks: Vec::new(),
        }
    }

    /// Whether it has a state that can be asked for.
    pub(crate) fn is_initialised(&self) -> bool {
        matches!(self.engine, Engine::Events(_)) || !matches!(self.state, State::None)
    }

    /// Whether it has something to do before it looks at its mailbox.
    pub(crate) fn continues(&self) -> bool {
        match &self.engine {
            Engine::GenServer => matches!(self.next, Next::Continue(_)),
            Engine::Statem(machine) => machine.continues(),
            Engine::Events(manager) => !manager.tasks.is_empty(),
            Engine::Special(_) => false,
        }
    }

    /// Whether it hibernates.
    pub(crate) fn hibernates(&self) -> bool {
        match &self.engine {
            Engine::Statem(machine) => machine.hibernates,
            _ => self.next == Next::Hibernate,
        }
    }

    /// Whether it has something to do where its mailbox is empty.
    pub(crate) fn is_due(&self) -> bool {
        self.next == Next::Timeout(0) && !self.suspended
    }
}

/// A server's state, in the hands of the version that made it.
#[derive(Debug)]
pub(crate) enum State {
    /// A value of the version's own type.
    Live(LiveState),
    /// A term, until the next callback reads it; `Version` is who wrote it.
    Term(Version, Payload),
    /// None: `init` is still running.
    None,
}

/// A state value of a version, which only that version can read and free.
#[derive(Debug)]
pub(crate) struct LiveState {
    version: Version,
    value: *mut c_void,
}

impl State {
    /// The version that wrote the state.
    pub(crate) fn version(&self) -> Option<&Version> {
        match self {
            State::Live(live) => Some(&live.version),
            State::Term(version, _) => Some(version),
            State::None => None,
        }
    }

    /// The state as a term, or the error that its version raised.
    pub(crate) fn dump(&self) -> Result<Payload, Payload> {
        match self {
            State::Live(live) => live.dump(),
            State::Term(_, bytes) => Ok(bytes.clone()),
            State::None => Err(crate::signal::reason("undefined")),
        }
    }
}

impl LiveState {
    /// Takes over a value that an entry of `version` has just made.
    pub(crate) fn new(version: Version, value: *mut c_void) -> LiveState {
        LiveState { version, value }
    }

    /// Reads a term as a state of `version`, or gives the error that it raised.
    pub(crate) fn read(version: &Version, term: &[u8], pid: Pid) -> Result<LiveState, Payload> {
        let call = Call {
            data: Bytes::of(term),
            ..call_with(std::ptr::null_mut())
        };
        let returned = run_aside(job(version.table().read_state, pid, call));
        match returned.kind {
            outcome::STATE => Ok(LiveState::new(version.clone(), returned.state)),
            _ => Err(returned.data),
        }
    }

    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    /// The value, to be handed to an entry of its own version.
    pub(crate) fn value(&self) -> *mut c_void {
        self.value
    }

    fn dump(&self) -> Result<Payload, Payload> {
        let call = call_with(self.value);
        let returned = run_aside(job(self.version.table().dump_state, Pid::OUTSIDE, call));
        match returned.kind {
            outcome::TERM => Ok(returned.data),
            _ => Err(returned.data),
        }
    }
}

impl Drop for LiveState {
    fn drop(&mut self) {
        run_aside(job(
            self.version.table().drop_state,
            Pid::OUTSIDE,
            call_with(self.value),
        ));
    }
}

/// A call of an entry with nothing but a state.
pub(crate) fn call_with(state: *mut c_void) -> Call {
    Call {
        state,
        ..Call::EMPTY
    }
}

/// An entry to be run for a process.
pub(crate) fn job(entry: Entry, pid: Pid, call: Call) -> Job {
    Job {
        entry,
        process: pid.number(),
        call,
    }
}
