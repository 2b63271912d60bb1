//! The C ABI between a node and a module.
//!
//! A module exports one function, [`ENTRY_SYMBOL`], which returns a [`Table`].
//! Everything crosses as pointer and length, or as numbers; terms cross in the
//! external format. Whoever allocated memory frees it. No panic crosses in
//! either direction: a module's entries catch their own.
//!
//! A callback that needs something of the node traps: it calls
//! [`Host::trap`] and gets an [`Answer`], as a program makes a system call. The
//! node may leave the callback there, blocked with its stack, for as long as it
//! likes.

use std::ffi::c_void;

/// The first bytes of every table.
pub const MAGIC: [u8; 8] = *b"upheaval";

/// The version of everything in this module. A node takes no other.
pub const ABI_VERSION: u32 = 4;

/// The name of the function that a module exports.
pub const ENTRY_SYMBOL: &str = "upheaval_module";

/// The type of the function that a module exports.
pub type EntryPoint = unsafe extern "C" fn() -> *const Table;

/// Bytes that somebody else owns.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// The first byte; dangling where `len` is 0.
    pub ptr: *const u8,
    /// How many.
    pub len: usize,
}

impl Bytes {
    /// No bytes.
    pub const EMPTY: Bytes = Bytes::of(&[]);

    /// Borrows a slice, without its lifetime.
    pub const fn of(bytes: &[u8]) -> Bytes {
        Bytes {
            ptr: bytes.as_ptr(),
            len: bytes.len(),
        }
    }

    /// The bytes.
    ///
    /// # Safety
    /// `ptr` must point to `len` readable bytes that stay unchanged for `'a`.
    pub const unsafe fn as_slice<'a>(self) -> &'a [u8] {
        // SAFETY: the caller vouches for the memory.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

/// What a module is: its name, its version, and its entries.
#[repr(C)]
#[derive(Debug)]
pub struct Table {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`ABI_VERSION`].
    pub abi_version: u32,
    /// The size of this struct, in bytes.
    pub size: u32,
    /// The module's name, UTF-8.
    pub name: Bytes,
    /// Its `vsn`, UTF-8.
    pub vsn: Bytes,
    /// A number of [`behaviour`].
    pub behaviour: u32,
    /// Starts: `init`; of a supervisor, too.
    pub start: Entry,
    /// The loop of a plain or a special process.
    pub run: Entry,
    /// The handlers that an event manager starts with, as `[{Id, Args}]`.
    pub handlers: Entry,
    /// `handle_call/3`.
    pub handle_call: Entry,
    /// `handle_cast/2`.
    pub handle_cast: Entry,
    /// `handle_info/2`.
    pub handle_info: Entry,
    /// `handle_continue/2`.
    pub handle_continue: Entry,
    /// `handle_event`, or the function of a state.
    pub handle_event: Entry,
    /// `callback_mode/0`.
    pub callback_mode: Entry,
    /// `terminate/2`.
    pub terminate: Entry,
    /// `code_change/3`: from term to term.
    pub code_change: Entry,
    /// Makes the version's own state value out of a term.
    pub read_state: Entry,
    /// Makes a term out of the version's own state value, which stays.
    pub dump_state: Entry,
    /// Frees the version's own state value.
    pub drop_state: Entry,
    /// The functions that can be called by name, and those that funs are made of.
    pub functions: Functions,
    /// What runs before it becomes the current version (A12). Gives the term `ok`, or
    /// another, for which it does not become that.
    pub on_load: Option<Entry>,
}

/// A function of a module, besides those of its behaviour.
#[repr(C)]
#[derive(Debug)]
pub struct Function {
    /// Its name, UTF-8.
    pub name: Bytes,
    /// How many arguments it takes.
    pub arity: u8,
    /// Whether it can be called by name from outside. One that cannot is the body of
    /// local funs, and is given the terms that such a fun holds as well.
    pub exported: bool,
    /// Runs it: `Call::data` holds its arguments as a tuple, `Call::extra` what the fun
    /// holds, as a tuple, too.
    pub entry: Entry,
}

// SAFETY: as for a table.
unsafe impl Sync for Function {}

/// All functions of a module.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Functions {
    /// The first.
    pub ptr: *const Function,
    /// How many.
    pub len: usize,
}

impl Functions {
    /// Those of a table's own.
    pub const fn of(functions: &'static [Function]) -> Functions {
        Functions {
            ptr: functions.as_ptr(),
            len: functions.len(),
        }
    }

    /// The functions.
    ///
    /// # Safety
    /// It must be that of a table whose library stays open.
    pub const unsafe fn as_slice(self) -> &'static [Function] {
        // SAFETY: it was made of a static slice of that library.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

// SAFETY: a table is never written after it is made, and its pointers go to
// statics and functions of the library that holds it.
unsafe impl Sync for Table {}

/// The behaviours that a module can have.
pub mod behaviour {
    /// A `gen_server`.
    pub const GEN_SERVER: u32 = 1;
    /// A plain process.
    pub const PROCESS: u32 = 2;
    /// A `gen_statem`.
    pub const GEN_STATEM: u32 = 3;
    /// A `gen_event` handler.
    pub const GEN_EVENT: u32 = 4;
    /// A special process.
    pub const SPECIAL: u32 = 5;
    /// The callback module of a supervisor. Its `start` is `init`, which gives a
    /// term and has nothing to trap for; it has no other entry.
    pub const SUPERVISOR: u32 = 6;
    /// None: only functions. It has no other entry.
    pub const LIBRARY: u32 = 7;
}

/// Every entry of a module.
///
/// # Safety
/// All three pointers are valid for the whole call, `Outcome` for writing;
/// `Call::state` is the version's own state value where the entry needs one.
pub type Entry = unsafe extern "C" fn(*const Host, *const Call, *mut Outcome);

/// What an entry is called with. Which fields count depends on the entry; the
/// bytes stay valid until the entry's first trap.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The state value that `start` or `read_state` of this version made.
    pub state: *mut c_void,
    /// A term: arguments, request, message, exit reason, or dumped state.
    pub data: Bytes,
    /// A second term. `code_change`: the extra argument; `handle_event`: the name of
    /// a generic timeout.
    pub extra: Bytes,
    /// `code_change`: the other version, UTF-8.
    pub vsn: Bytes,
    /// `code_change`: whether this is a downgrade.
    pub down: bool,
    /// `handle_call`: the caller's pid, as (serial << 32 | id).
    pub from: u64,
    /// `handle_call`: the call's reference.
    pub reference: u64,
    /// `handle_event` of a `gen_statem`: a number of [`event`]. `start` of a handler:
    /// not 0 where it takes another's place, and the data is `{Args, Left}`.
    pub event: u32,
    /// `handle_event` of a `gen_statem`: a number of [`mode`].
    pub mode: u32,
}

impl Call {
    /// With nothing.
    pub const EMPTY: Call = Call {
        state: std::ptr::null_mut(),
        data: Bytes::EMPTY,
        extra: Bytes::EMPTY,
        vsn: Bytes::EMPTY,
        down: false,
        from: 0,
        reference: 0,
        event: 0,
        mode: 0,
    };
}

/// The types of events of a `gen_statem`.
pub mod event {
    /// A state is entered; the state before is in `data`.
    pub const ENTER: u32 = 1;
    /// `{call, From}`.
    pub const CALL: u32 = 2;
    /// `cast`.
    pub const CAST: u32 = 3;
    /// `info`.
    pub const INFO: u32 = 4;
    /// `internal`.
    pub const INTERNAL: u32 = 5;
    /// `timeout`: of the event.
    pub const TIMEOUT: u32 = 6;
    /// `state_timeout`.
    pub const STATE_TIMEOUT: u32 = 7;
    /// `{timeout, Name}`; the name is in `extra`.
    pub const NAMED_TIMEOUT: u32 = 8;
}

/// The callback modes of a `gen_statem`.
pub mod mode {
    /// `state_functions`.
    pub const STATE_FUNCTIONS: u32 = 1;
    /// `handle_event_function`.
    pub const HANDLE_EVENT_FUNCTION: u32 = 2;
}

/// What an entry came to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// A number of [`outcome`].
    pub kind: u32,
    /// A number of [`next`]: what is to happen before the next message. Of
    /// `callback_mode`: a number of [`mode`].
    pub next: u32,
    /// Of `handle_event`: whether the state is another one now. Of `callback_mode`:
    /// whether states are entered by a call.
    pub flag: bool,
    /// Milliseconds of a [`next::TIMEOUT`].
    pub ms: u64,
    /// A state value that was made.
    pub state: *mut c_void,
    /// A term: reply, next state, dumped state, exit reason or raised value. It
    /// stays valid until this thread enters the module again.
    pub data: Bytes,
    /// A second term: the reply that goes with a stop, what to continue with.
    pub second: Bytes,
}

/// What a server can want to happen before the next message.
pub mod next {
    /// Nothing.
    pub const NOTHING: u32 = 0;
    /// `Timeout`: after so many milliseconds without a message, one that says
    /// `timeout`.
    pub const TIMEOUT: u32 = 1;
    /// `hibernate`.
    pub const HIBERNATE: u32 = 2;
    /// `{continue, Term}`; the term is in `second`.
    pub const CONTINUE: u32 = 3;
}

/// What an entry can come to.
pub mod outcome {
    /// Nothing more to say: `terminate` and `drop_state` are done, a plain
    /// process has returned.
    pub const DONE: u32 = 1;
    /// A state value was made, it is in `state`.
    pub const STATE: u32 = 2;
    /// `init` gave `ignore`.
    pub const IGNORE: u32 = 3;
    /// A term was made, it is in `data`: a reply, a dumped or converted state.
    pub const TERM: u32 = 4;
    /// `{noreply, State}`.
    pub const NOREPLY: u32 = 5;
    /// `{stop, Reason, State}`; the reason is in `data`.
    pub const STOP: u32 = 6;
    /// `{stop, Reason, Reply, State}`; the reply is in `second`.
    pub const STOP_REPLY: u32 = 7;
    /// A plain process goes on with a qualified call of its loop; its argument
    /// is in `data`.
    pub const QUALIFIED: u32 = 8;
    /// `code_change` gave `{error, Reason}`; the reason is in `data`.
    pub const FAILED: u32 = 9;
    /// `error(E)` was raised, or the module panicked; E is in `data`.
    pub const ERROR: u32 = 10;
    /// `exit(R)` was raised; R is in `data`.
    pub const EXIT: u32 = 11;
    /// `throw(V)` was raised; V is in `data`.
    pub const THROW: u32 = 12;
    /// The process was killed while it was blocked, and has unwound.
    pub const KILLED: u32 = 13;
    /// `keep_state`; the list of actions is in `data`, which is empty where there
    /// are none.
    pub const KEEP_STATE: u32 = 14;
    /// `next_state`; the actions are in `data`, the state before in `second`.
    pub const NEXT_STATE: u32 = 15;
    /// `repeat_state`; the actions are in `data`, the state in `second`.
    pub const REPEAT_STATE: u32 = 16;
    /// `callback_mode` has returned.
    pub const MODE: u32 = 17;
    /// `remove_handler`; the reply to a call is in `second`.
    pub const REMOVE_HANDLER: u32 = 18;
    /// `swap_handler`: `{Args1, Handler2, Args2}` is in `data`, the reply to a call in
    /// `second`.
    pub const SWAP_HANDLER: u32 = 19;
    /// A process goes on with a qualified call of its loop once a message has come; its
    /// argument is in `data`.
    pub const HIBERNATE: u32 = 20;
    /// A special process hands the system message that it has received to `sys`; its
    /// state is in `data`.
    pub const SYSTEM: u32 = 21;
}

impl Outcome {
    /// An outcome with no data.
    pub const fn of(kind: u32) -> Outcome {
        Outcome {
            kind,
            next: next::NOTHING,
            flag: false,
            ms: 0,
            state: std::ptr::null_mut(),
            data: Bytes::EMPTY,
            second: Bytes::EMPTY,
        }
    }

    /// An outcome with a term.
    pub const fn with(kind: u32, data: Bytes) -> Outcome {
        Outcome {
            data,
            ..Outcome::of(kind)
        }
    }
}

/// What the node gives to an entry.
#[repr(C)]
#[derive(Debug)]
pub struct Host {
    /// The node's own, to be handed back with every trap.
    pub context: *mut c_void,
    /// Asks the node for something; see [`trap`].
    ///
    /// # Safety
    /// `context` is this host's; both other pointers are valid, the answer for
    /// writing; it is called on the stack that the entry was called on.
    pub trap: unsafe extern "C" fn(context: *mut c_void, trap: *const Trap, answer: *mut Answer),
    /// The running process, as (serial << 32 | id).
    pub process: u64,
}

/// Something that a callback asks of the node. Which fields count depends on
/// `op`; the bytes stay valid until the trap is answered.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Trap {
    /// A number of [`trap`].
    pub op: u32,
    /// A yes or no, as the op defines it.
    pub flag: bool,
    /// A process, as (serial << 32 | id); the name counts where this is 0.
    pub process: u64,
    /// A reference.
    pub reference: u64,
    /// Milliseconds; [`trap::INFINITY`] for no end.
    pub ms: u64,
    /// A name, UTF-8.
    pub name: Bytes,
    /// A second name, UTF-8.
    pub module: Bytes,
    /// A term.
    pub data: Bytes,
    /// A second term.
    pub second: Bytes,
}

/// What can be asked of the node.
pub mod trap {
    /// No end of waiting.
    pub const INFINITY: u64 = u64::MAX;

    /// `To ! Data`.
    pub const SEND: u32 = 1;
    /// `gen_server:cast(To, Data)`.
    pub const CAST: u32 = 2;
    /// `gen_server:call(To, Data, Ms)`; blocks. Where no answer comes it exits with
    /// the bare reason: what it was called with, the caller knows.
    pub const CALL: u32 = 3;
    /// `gen_server:reply({Process, Reference}, Data)`.
    pub const REPLY: u32 = 4;
    /// The next message, waiting up to `ms`; blocks. It stays in the mailbox
    /// until the next trap, or the return, of the process shows that it took it. With
    /// `flag`, a system message is answered with [`SYSTEM`](super::answer::SYSTEM).
    pub const RECEIVE: u32 = 5;
    /// The message that [`RECEIVE`] gave does not match: it stays where it is,
    /// and the one after it is asked for; blocks.
    pub const RECEIVE_NEXT: u32 = 6;
    /// Spawns `module` with argument `data`; `flag` links. Gives the pid.
    pub const SPAWN: u32 = 7;
    /// Starts a process as a supervisor does: links, registers it under `name`
    /// (where not empty), and waits for its `init`; blocks. Gives the pid, or
    /// an exit with the reason, or nothing where `init` gave `ignore`.
    pub const START_LINK: u32 = 8;
    /// `link(Process)`.
    pub const LINK: u32 = 9;
    /// `unlink(Process)`.
    pub const UNLINK: u32 = 10;
    /// `monitor(process, To)`; gives the reference.
    pub const MONITOR: u32 = 11;
    /// `demonitor(Reference, [flush])`.
    pub const DEMONITOR: u32 = 12;
    /// `register(Name, Process)`.
    pub const REGISTER: u32 = 13;
    /// `unregister(Name)`.
    pub const UNREGISTER: u32 = 14;
    /// `whereis(Name)`; gives the pid, or nothing.
    pub const WHEREIS: u32 = 15;
    /// `exit(Process, Data)`.
    pub const EXIT_SIGNAL: u32 = 16;
    /// `process_flag(trap_exit, Flag)`; gives the former value in `number`.
    pub const TRAP_EXIT: u32 = 17;
    /// `erlang:send_after(Ms, To, Data)`; gives the timer's reference.
    pub const SEND_AFTER: u32 = 18;
    /// `erlang:cancel_timer(Reference)`; gives the milliseconds left in
    /// `number`, or nothing.
    pub const CANCEL_TIMER: u32 = 19;
    /// `erlang:monotonic_time(millisecond)`, in `number`.
    pub const NOW: u32 = 20;
    /// `is_process_alive(Process)`: 1 or 0 in `number`.
    pub const IS_ALIVE: u32 = 21;
    /// `gen_event:notify(To, Data)`.
    pub const NOTIFY: u32 = 22;
    /// A request to an event manager, `gen:call(To, self(), Data, Ms)`; blocks.
    pub const MANAGE: u32 = 23;
    /// `Module:init(Data)` of a supervisor's callback module, in its current
    /// version. Gives the term that it returns, or raises what it raises.
    pub const SUPERVISOR_INIT: u32 = 24;
    /// Makes a local fun of the running version's function `name`, which holds the terms
    /// of the tuple `second`, and takes `ms` arguments. Gives the fun.
    pub const FUN: u32 = 25;
    /// Looks up the fun `data`, to be called with the arguments of the tuple `second`.
    /// Gives its entry, with what it holds in `data`, or raises what calling it raises
    /// (A6). The caller runs that entry on its own stack, and then says [`LEAVE`].
    pub const CALL_FUN: u32 = 26;
    /// The same for the function `module`:`name`, in its current version (A7).
    pub const APPLY: u32 = 27;
    /// What was entered last by [`CALL_FUN`] or [`APPLY`] has returned.
    pub const LEAVE: u32 = 28;
}

impl Trap {
    /// A trap with nothing but its op.
    pub const fn of(op: u32) -> Trap {
        Trap {
            op,
            flag: false,
            process: 0,
            reference: 0,
            ms: trap::INFINITY,
            name: Bytes::EMPTY,
            module: Bytes::EMPTY,
            data: Bytes::EMPTY,
            second: Bytes::EMPTY,
        }
    }
}

/// How the node answers a trap.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// A number of [`answer`].
    pub status: u32,
    /// A process, as (serial << 32 | id).
    pub process: u64,
    /// A reference.
    pub reference: u64,
    /// A number.
    pub number: u64,
    /// A term; it stays valid until the next trap or return.
    pub data: Bytes,
    /// A function to be run.
    pub entry: Option<Entry>,
}

/// How a trap can be answered.
pub mod answer {
    /// Done.
    pub const OK: u32 = 1;
    /// Done, and there is nothing: no such name, no such timer, `ignore`.
    pub const NOTHING: u32 = 2;
    /// Time is up.
    pub const TIMEOUT: u32 = 3;
    /// `error(Data)` is to be raised, as by a BIF.
    pub const ERROR: u32 = 4;
    /// The exit reason is in `data`: `exit(Data)` is to be raised by a call,
    /// given back by a start.
    pub const EXIT: u32 = 5;
    /// The process is being killed: unwind to the entry and return
    /// [`outcome::KILLED`](super::outcome::KILLED).
    pub const KILL: u32 = 6;
    /// A system message has been received: it is to be handed to `sys`.
    pub const SYSTEM: u32 = 7;
    /// `throw(Data)` is to be raised.
    pub const THROW: u32 = 8;
}

impl Answer {
    /// An answer with nothing but its status.
    pub const fn of(status: u32) -> Answer {
        Answer {
            status,
            process: 0,
            reference: 0,
            number: 0,
            data: Bytes::EMPTY,
            entry: None,
        }
    }
}
