//! What a callback can do: the node, seen from inside a process.

use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use upheaval_term::{Atom, Pid, RawTerm, Ref, Term};

use crate::abi::{Answer, Bytes, Host, Trap, answer, trap};
use crate::call_failed::CallFailed;
use crate::{raise, scratch};

/// OTP's default timeout of `gen_server:call`.
const CALL_TIMEOUT: Duration = Duration::from_millis(5000);

/// The running process, handed to every callback.
///
/// Its functions are those of the `erlang` and `gen_server` modules. A
/// bad argument raises `badarg`, as there. While the process is being
/// killed they unwind; from inside a `Drop` that runs on the way they do
/// nothing.
#[derive(Debug)]
pub struct Context<'a> {
    host: &'a Host,
    // A context belongs to the stack that it was handed to.
    not_send: PhantomData<*const ()>,
}

/// Whom a message goes to: a pid, or a registered name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// A process.
    Pid(Pid),
    /// A registered name.
    Name(Atom),
}

/// Whom a call is to be answered to: the `From` of `handle_call/3`.
///
/// It can be kept in a state and answered later, see [`Context::reply`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller(pub Pid, pub Ref);

/// What a special process receives.
#[derive(Debug)]
pub enum Received<M> {
    /// A message.
    Message(M),
    /// A system message.
    System(SystemMessage),
}

/// A system message, on its way from a special process to `sys`.
#[derive(Debug)]
pub struct SystemMessage(());

impl To {
    pub(crate) fn term(&self) -> Term {
        match self {
            To::Pid(pid) => Term::Pid(pid.clone()),
            To::Name(name) => Term::Atom(name.clone()),
        }
    }
}

impl From<Pid> for To {
    fn from(pid: Pid) -> To {
        To::Pid(pid)
    }
}

impl From<&Pid> for To {
    fn from(pid: &Pid) -> To {
        To::Pid(pid.clone())
    }
}

impl From<Atom> for To {
    fn from(name: Atom) -> To {
        To::Name(name)
    }
}

/// # Panics
/// If the name is no atom: longer than 255 characters.
impl From<&str> for To {
    fn from(name: &str) -> To {
        match Atom::new(name) {
            Ok(name) => To::Name(name),
            Err(error) => panic!("failed to address `{name}`: {error}"),
        }
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(host: &'a Host) -> Self {
        Context {
            host,
            not_send: PhantomData,
        }
    }

    /// `self()`.
    pub fn self_pid(&self) -> Pid {
        pid(self.host.process)
    }

    /// `To ! Message`. A dead pid takes it in silence; a name that nobody has
    /// raises `badarg` (E3).
    pub fn send<M: Serialize + ?Sized>(&self, to: impl Into<To>, message: &M) {
        self.tell(trap::SEND, to.into(), message);
    }

    /// `gen_server:cast(To, Message)`.
    pub fn cast<M: Serialize + ?Sized>(&self, to: impl Into<To>, message: &M) {
        self.tell(trap::CAST, to.into(), message);
    }

    /// `gen_server:call(To, Request)`: waits up to five seconds for the answer,
    /// and exits as that does where none comes.
    pub fn call<Q: Serialize + ?Sized, R: DeserializeOwned>(
        &self,
        to: impl Into<To>,
        request: &Q,
    ) -> R {
        match self.call_for(to.into(), request, None) {
            Ok(reply) => reply,
            Err(CallFailed(reason)) => raise::exit(reason),
        }
    }

    /// `try gen_server:call(To, Request, Timeout)`: as [`call`](Self::call),
    /// but a failure comes back instead of ending the process.
    ///
    /// # Errors
    /// The server is not there, ends before it answers, or takes too long.
    pub fn try_call<Q: Serialize + ?Sized, R: DeserializeOwned>(
        &self,
        to: impl Into<To>,
        request: &Q,
        timeout: Duration,
    ) -> Result<R, CallFailed> {
        self.call_for(to.into(), request, Some(timeout))
    }

    /// A call; where its timeout was left to the default, a failure's reason does
    /// not name it.
    fn call_for<Q: Serialize + ?Sized, R: DeserializeOwned>(
        &self,
        to: To,
        request: &Q,
        timeout: Option<Duration>,
    ) -> Result<R, CallFailed> {
        let mut trap = Trap {
            ms: millis(timeout.unwrap_or(CALL_TIMEOUT)),
            data: scratch::encode(request),
            ..Trap::of(trap::CALL)
        };
        let answer = self.trap_to(&to, &mut trap);
        match answer.status {
            answer::EXIT => {
                let why = decode(answer.data);
                Err(CallFailed::server(why, &to, request, timeout))
            }
            _ => Ok(decode(answer.data)),
        }
    }

    /// `gen_event:notify(To, Event)`.
    pub fn notify<M: Serialize + ?Sized>(&self, to: impl Into<To>, event: &M) {
        self.tell(trap::NOTIFY, to.into(), event);
    }

    /// `gen_event:sync_notify(To, Event)`: waits until all handlers have had it.
    pub fn sync_notify<M: Serialize>(&self, to: impl Into<To>, event: &M) {
        let _: Term = self.manage(to, &(Atom::from_static("sync_notify"), event));
    }

    /// A request to an event manager, as the functions of `gen_event` send it:
    /// `{call,Handler,Request}`, `{add_handler,Handler,Args}`,
    /// `{delete_handler,Handler,Args}`, `{swap_handler,Handler1,Args1,Handler2,Args2}`,
    /// `which_handlers`. Exits as they do where no answer comes.
    pub fn manage<Q: Serialize + ?Sized, R: DeserializeOwned>(
        &self,
        to: impl Into<To>,
        request: &Q,
    ) -> R {
        let to = to.into();
        let mut trap = Trap {
            data: scratch::encode(request),
            ..Trap::of(trap::MANAGE)
        };
        let answer = self.trap_to(&to, &mut trap);
        match answer.status {
            answer::EXIT => {
                let CallFailed(why) = CallFailed::manager(decode(answer.data), &to, request);
                raise::exit(why)
            }
            _ => decode(answer.data),
        }
    }

    /// `gen_server:reply(From, Reply)`: answers a call whose `handle_call` gave
    /// [`CallReturn::NoReply`](crate::behaviour::CallReturn::NoReply).
    pub fn reply<R: Serialize + ?Sized>(&self, caller: &Caller, reply: &R) {
        self.trap(&Trap {
            process: number(&caller.0),
            reference: tag(&caller.1),
            data: scratch::encode(reply),
            ..Trap::of(trap::REPLY)
        });
    }

    /// `receive Pattern -> …`, where the pattern is a type: waits for the first
    /// message that is an `M`. Messages that are none stay in the mailbox.
    pub fn receive<M: DeserializeOwned>(&self) -> M {
        loop {
            if let Some(message) = self.receive_until(trap::INFINITY) {
                return message;
            }
        }
    }

    /// `receive Pattern -> … after Timeout -> … end`.
    pub fn receive_timeout<M: DeserializeOwned>(&self, timeout: Duration) -> Option<M> {
        self.receive_until(millis(timeout))
    }

    /// `receive Pattern when Guard -> … after Timeout -> … end`: without a timeout,
    /// however long it takes.
    pub fn receive_when<M: DeserializeOwned>(
        &self,
        timeout: Option<Duration>,
        guard: impl Fn(&M) -> bool,
    ) -> Option<M> {
        match self.receive_any(timeout.map_or(trap::INFINITY, millis), false, guard) {
            Some(Received::Message(message)) => Some(message),
            _ => None,
        }
    }

    /// The receive of a special process: the first message that is an `M`, or a system
    /// message, which is to be handed to `sys` with
    /// [`SpecialReturn::System`](crate::behaviour::SpecialReturn::System).
    pub fn receive_special<M: DeserializeOwned>(&self) -> Received<M> {
        loop {
            match self.receive_any(trap::INFINITY, true, |_| true) {
                Some(received) => return received,
                None => continue,
            }
        }
    }

    fn receive_until<M: DeserializeOwned>(&self, ms: u64) -> Option<M> {
        match self.receive_any(ms, false, |_| true) {
            Some(Received::Message(message)) => Some(message),
            _ => None,
        }
    }

    fn receive_any<M: DeserializeOwned>(
        &self,
        ms: u64,
        special: bool,
        guard: impl Fn(&M) -> bool,
    ) -> Option<Received<M>> {
        let mut op = trap::RECEIVE;
        loop {
            let answer = self.trap(&Trap {
                ms,
                flag: special,
                ..Trap::of(op)
            });
            match answer.status {
                answer::OK => {}
                answer::SYSTEM => return Some(Received::System(SystemMessage(()))),
                _ => return None,
            }
            // SAFETY: the message stays in the mailbox until the next trap.
            let message = unsafe { answer.data.as_slice() };
            if let Ok(message) = upheaval_term::from_slice(message)
                && guard(&message)
            {
                return Some(Received::Message(message));
            }
            op = trap::RECEIVE_NEXT;
        }
    }

    /// `spawn(Module, …, [Args])`: starts a process of another module, or of
    /// this one. The module is resolved when the process first runs (A7).
    pub fn spawn<A: Serialize + ?Sized>(&self, module: &str, args: &A) -> Pid {
        self.start(trap::SPAWN, false, module, "", args).process()
    }

    /// `spawn_link(Module, …, [Args])`.
    pub fn spawn_link<A: Serialize + ?Sized>(&self, module: &str, args: &A) -> Pid {
        self.start(trap::SPAWN, true, module, "", args).process()
    }

    /// `Module:start_link(…)`: starts a linked process, registers it under
    /// `name` where that is not empty, and waits until its `init` is done.
    /// `Ok(None)` where `init` gave `ignore`.
    ///
    /// # Errors
    /// The reason with which the start failed; `{'EXIT',{undef,_}}` where there is no
    /// such module.
    pub fn start_link<A: Serialize + ?Sized>(
        &self,
        name: &str,
        module: &str,
        args: &A,
    ) -> Result<Option<Pid>, Term> {
        let answer = self.start(trap::START_LINK, true, module, name, args);
        match answer.status {
            answer::EXIT => Err(decode(answer.data)),
            answer::NOTHING => Ok(None),
            _ => Ok(Some(answer.process())),
        }
    }

    /// `Module:init(Args)` of a supervisor's callback module, as a supervisor calls
    /// it: gives what it returns, and raises what it raises.
    pub fn supervisor_init(&self, module: &str, args: &RawTerm) -> RawTerm {
        let answer = self.trap(&Trap {
            module: Bytes::of(module.as_bytes()),
            data: scratch::encode(args),
            ..Trap::of(trap::SUPERVISOR_INIT)
        });
        match answer.status {
            answer::EXIT => raise::exit(decode(answer.data)),
            _ => decode(answer.data),
        }
    }

    /// `link(Pid)`.
    pub fn link(&self, pid: &Pid) {
        self.about(trap::LINK, pid);
    }

    /// `unlink(Pid)`: an exit that has been received already stays in the
    /// mailbox.
    pub fn unlink(&self, pid: &Pid) {
        self.about(trap::UNLINK, pid);
    }

    /// `monitor(process, To)`: when it ends, `{'DOWN',Ref,process,To,Reason}`
    /// arrives; at once with `noproc` where it is not there.
    pub fn monitor(&self, to: impl Into<To>) -> Ref {
        let answer = self.trap_to(&to.into(), &mut Trap::of(trap::MONITOR));
        Ref::local(answer.reference)
    }

    /// `demonitor(Ref, [flush])`.
    pub fn demonitor(&self, monitor: &Ref) {
        self.trap(&Trap {
            reference: tag(monitor),
            ..Trap::of(trap::DEMONITOR)
        });
    }

    /// `register(Name, Pid)`. A name that is taken, a process that has one, or
    /// that is dead, raises `badarg`.
    pub fn register(&self, name: &str, pid: &Pid) {
        self.trap(&Trap {
            process: number(pid),
            name: Bytes::of(name.as_bytes()),
            ..Trap::of(trap::REGISTER)
        });
    }

    /// `unregister(Name)`. A name that nobody has raises `badarg`.
    pub fn unregister(&self, name: &str) {
        self.trap(&Trap {
            name: Bytes::of(name.as_bytes()),
            ..Trap::of(trap::UNREGISTER)
        });
    }

    /// `whereis(Name)`.
    pub fn whereis(&self, name: &str) -> Option<Pid> {
        let answer = self.trap(&Trap {
            name: Bytes::of(name.as_bytes()),
            ..Trap::of(trap::WHEREIS)
        });
        (answer.status == answer::OK).then(|| answer.process())
    }

    /// `is_process_alive(Pid)`.
    pub fn is_alive(&self, pid: &Pid) -> bool {
        self.about(trap::IS_ALIVE, pid).number == 1
    }

    /// `exit(Reason)`: ends this process.
    pub fn exit(&self, reason: Term) -> ! {
        raise::exit(reason)
    }

    /// `exit(Pid, Reason)`: an exit signal; `kill` cannot be trapped (E2).
    pub fn exit_signal(&self, pid: &Pid, reason: &Term) {
        self.trap(&Trap {
            process: number(pid),
            data: scratch::encode(reason),
            ..Trap::of(trap::EXIT_SIGNAL)
        });
    }

    /// `process_flag(trap_exit, On)`: with it, exits of linked processes arrive
    /// as `{'EXIT',Pid,Reason}`. Gives the flag's former value.
    pub fn trap_exit(&self, on: bool) -> bool {
        self.trap(&Trap {
            flag: on,
            ..Trap::of(trap::TRAP_EXIT)
        })
        .number
            == 1
    }

    /// `erlang:send_after(Time, To, Message)`, in the node's time.
    pub fn send_after<M: Serialize + ?Sized>(
        &self,
        after: Duration,
        to: impl Into<To>,
        message: &M,
    ) -> Ref {
        let mut trap = Trap {
            ms: millis(after),
            data: scratch::encode(message),
            ..Trap::of(trap::SEND_AFTER)
        };
        Ref::local(self.trap_to(&to.into(), &mut trap).reference)
    }

    /// `erlang:cancel_timer(Timer)`: the time that was left, or nothing where
    /// it has fired or was cancelled before.
    pub fn cancel_timer(&self, timer: &Ref) -> Option<Duration> {
        let answer = self.trap(&Trap {
            reference: tag(timer),
            ..Trap::of(trap::CANCEL_TIMER)
        });
        (answer.status == answer::OK).then(|| Duration::from_millis(answer.number))
    }

    /// `erlang:monotonic_time(millisecond)`, in the node's time: the time since
    /// the node was started.
    pub fn now(&self) -> Duration {
        Duration::from_millis(self.trap(&Trap::of(trap::NOW)).number)
    }

    fn tell<M: Serialize + ?Sized>(&self, op: u32, to: To, message: &M) {
        let mut trap = Trap {
            data: scratch::encode(message),
            ..Trap::of(op)
        };
        self.trap_to(&to, &mut trap);
    }

    fn about(&self, op: u32, pid: &Pid) -> Answer {
        self.trap(&Trap {
            process: number(pid),
            ..Trap::of(op)
        })
    }

    fn start<A: Serialize + ?Sized>(
        &self,
        op: u32,
        link: bool,
        module: &str,
        name: &str,
        args: &A,
    ) -> Answer {
        self.trap(&Trap {
            flag: link,
            module: Bytes::of(module.as_bytes()),
            name: Bytes::of(name.as_bytes()),
            data: scratch::encode(args),
            ..Trap::of(op)
        })
    }

    fn trap_to(&self, to: &To, trap: &mut Trap) -> Answer {
        match to {
            To::Pid(pid) => trap.process = number(pid),
            To::Name(name) => trap.name = Bytes::of(name.as_str().as_bytes()),
        }
        self.trap(trap)
    }

    pub(crate) fn host(&self) -> &Host {
        self.host
    }

    pub(crate) fn trap(&self, trap: &Trap) -> Answer {
        // A `Drop` on the way of an unwinding must not unwind again, and must
        // not block: the thread counts as panicking until it is done.
        if std::thread::panicking() {
            return Answer::of(answer::NOTHING);
        }
        let mut answer = Answer::of(answer::NOTHING);
        // SAFETY: the host is the one this entry was called with, on whose
        // stack we are; both structs live until the call is back.
        unsafe { (self.host.trap)(self.host.context, trap, &mut answer) };
        match answer.status {
            answer::KILL => raise::kill(),
            answer::ERROR => raise::error(decode(answer.data)),
            answer::THROW => raise::throw(decode(answer.data)),
            _ => answer,
        }
    }
}

impl Answer {
    fn process(&self) -> Pid {
        pid(self.process)
    }
}

/// Reads a term that the node gave as an answer. One of another shape than
/// the author asked for is a `badmatch`, as in Erlang.
pub(crate) fn decode<T: DeserializeOwned>(data: Bytes) -> T {
    // SAFETY: an answer's data stays valid until the next trap.
    let bytes = unsafe { data.as_slice() };
    match upheaval_term::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            let value = upheaval_term::decode(bytes).unwrap_or(Term::atom("undefined"));
            raise::error(Term::tuple([
                Term::atom("badmatch"),
                value,
                Term::binary(error.to_string()),
            ]))
        }
    }
}

/// A time in milliseconds, as the ABI has it.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(trap::INFINITY)
}

/// A pid as a number, as the ABI has it.
pub(crate) fn number(pid: &Pid) -> u64 {
    u64::from(pid.serial) << 32 | u64::from(pid.id)
}

/// A pid from its number.
pub(crate) fn pid(number: u64) -> Pid {
    Pid::local(number as u32, (number >> 32) as u32)
}

/// A reference of this node as a number: the inverse of [`Ref::local`].
fn tag(reference: &Ref) -> u64 {
    match *reference.ids() {
        [low, middle, high] => u64::from(high) << 50 | u64::from(middle) << 18 | u64::from(low),
        // No reference of this node, so nobody's.
        _ => 0,
    }
}
