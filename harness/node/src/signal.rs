//! What travels between processes. Everything is a signal; a message is one
//! that ends up in a mailbox.

use smallvec::SmallVec;
use upheaval_term::{Atom, Pid as PidTerm, Ref, Term};

/// A term in the external format. Most requests fit without an allocation.
pub(crate) type Payload = SmallVec<[u8; 24]>;

/// The bytes of a registered name; most are short.
pub(crate) type SmallName = SmallVec<[u8; 16]>;

/// A process of this node, numbered in the order of spawning from 1. It is never
/// used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub u32);

impl Pid {
    /// Whoever drives the node from outside: it can ask for things and get
    /// answers, but it is no process.
    pub(crate) const OUTSIDE: Pid = Pid(0);

    /// The pid as a term.
    pub fn term(self) -> PidTerm {
        PidTerm::local(self.0, 0)
    }

    pub(crate) fn number(self) -> u64 {
        u64::from(self.0)
    }

    pub(crate) fn from_number(number: u64) -> Pid {
        Pid(number as u32)
    }
}

/// A reference of this node: of a call, a monitor, a timer.
///
/// The tag of a call is its message's number, so that an answer, however late,
/// tells which call it belongs to; all others lie above these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub(crate) u64);

impl Tag {
    const FIRST_OTHER: u64 = 1 << 32;

    /// The tag of a call or an ask.
    pub(crate) fn of(message: MessageId) -> Tag {
        Tag(u64::from(message.0))
    }

    /// The tag number `n` of those that belong to no message.
    pub(crate) fn other(n: u64) -> Tag {
        Tag(Tag::FIRST_OTHER + n)
    }

    /// The tag that a reference was made from.
    pub(crate) fn read(reference: &Ref) -> Option<Tag> {
        match *reference.ids() {
            [low, middle, high] => Some(Tag(u64::from(high) << 50
                | u64::from(middle) << 18
                | u64::from(low))),
            _ => None,
        }
    }

    /// The call or ask that this tag belongs to.
    pub(crate) fn message(self) -> Option<MessageId> {
        u32::try_from(self.0).ok().map(MessageId)
    }
}

/// A user message, numbered in the order of sending from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// A message on its way to, or in, a mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    pub(crate) from: Pid,
    pub(crate) data: Payload,
}

/// What a message is for.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A user message.
    User(MessageId, Carrier),
    /// A call of whoever drives the node, which no observer is told of.
    Outside(Tag),
    /// A reply to a call or to an ask of that tag.
    Reply(Tag),
    /// `{'EXIT',Pid,Reason}` for a process that traps exits.
    Exit,
    /// `{'DOWN',Ref,process,Pid,Reason}`; the data is the reason until the
    /// message is looked at as a term.
    Down(Tag),
    /// A process that was being started is there, or is not.
    Started(Tag, StartResult),
    /// `{timeout,Ref,Name}`: a timer of a state machine; the data is the name.
    Timer(Tag),
    /// A system message.
    System(Tag, Box<SystemRequest>),
}

/// How a user message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// `gen_server:call`.
    Call,
    /// `gen_server:cast`.
    Cast,
    /// A plain message.
    Info,
    /// `gen_event:notify`.
    Notify,
    /// A request to an event manager, which it answers as a server answers a call.
    Manage,
    /// A client's plain message `{Self,Ref,Payload}`, which is to be answered
    /// with `{Ref,Reply}`.
    Ask,
}

/// How the start of a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartResult {
    Ok,
    Ignore,
    /// The reason is the message's data.
    Error,
}

/// A `sys` message: what a system process is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum SystemRequest {
    /// `sys:suspend`.
    Suspend,
    /// `sys:resume`.
    Resume,
    /// `sys:get_state`.
    GetState,
    /// `sys:replace_state`, with a function that gives this term, or raises this
    /// error (B12).
    ReplaceState(Result<Term, Term>),
    /// `sys:get_status`.
    GetStatus,
    /// `sys:change_code`.
    ChangeCode {
        /// The module to be changed; most behaviours do not look at it (B7).
        module: String,
        /// The version that is being left; on a downgrade, the one to come (B16).
        vsn: String,
        /// Whether it is `{down, Vsn}`.
        down: bool,
        /// The extra argument.
        extra: Term,
    },
    /// `sys:terminate`, with this reason.
    Terminate(Term),
    /// Any other system message, this one: debug operations, and what nobody knows.
    Other(Term),
}

/// A signal on its way.
#[derive(Clone, Debug)]
pub(crate) enum Signal {
    Message(Message),
    /// An exit signal: of a link that broke, or sent with `exit/2`.
    Exit {
        from: Pid,
        reason: Payload,
        linked: bool,
    },
    /// A monitored process is down.
    Down {
        tag: Tag,
        from: Pid,
        reason: Payload,
    },
    /// The wait of that number has lasted long enough.
    Timeout(u64),
}

impl Signal {
    /// Who sent it; the node itself sends timeouts.
    pub(crate) fn sender(&self) -> Pid {
        match self {
            Signal::Message(Message { from, .. })
            | Signal::Exit { from, .. }
            | Signal::Down { from, .. } => *from,
            Signal::Timeout(_) => Pid::OUTSIDE,
        }
    }
}

/// A term as a payload.
pub(crate) fn payload(term: &Term) -> Payload {
    let mut bytes = Vec::with_capacity(64);
    upheaval_term::encode_into(term, &mut bytes);
    Payload::from_slice(&bytes)
}

/// The tuple of some payloads, put together without reading them.
pub(crate) fn tuple<const N: usize>(parts: [&[u8]; N]) -> Payload {
    const { assert!(N < 256, "a small tuple") };
    // The version of the format, a small tuple, its size.
    let mut whole = Payload::from_slice(&[131, 104, N as u8]);
    for part in parts {
        whole.extend_from_slice(part.get(1..).unwrap_or_default());
    }
    whole
}

/// The term of a payload. Payloads come from an encoder, so one that does not
/// decode was made by a module's own hand; it reads as an atom that says so.
pub(crate) fn term(payload: &[u8]) -> Term {
    upheaval_term::decode(payload).unwrap_or(Term::atom("badarg"))
}

/// A name as an atom. What is too long for one never was a name.
pub(crate) fn atom(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}

/// A reason that is an atom.
pub(crate) fn reason(name: &'static str) -> Payload {
    payload(&Term::Atom(Atom::from_static(name)))
}

impl Message {
    /// The message as a process sees it that knows no protocol: the term that
    /// it is in Erlang.
    pub(crate) fn as_term(&self) -> Payload {
        let from = || Term::Pid(self.from.term());
        let tag = |tag: &Tag| Term::Ref(Ref::local(tag.0));
        let data = || term(&self.data);
        let from_tag = |t: &Tag| {
            let alias = Term::Improper(vec![Term::atom("alias")], Box::new(tag(t)));
            Term::tuple([from(), alias])
        };
        let whole = match &self.kind {
            Kind::User(_, Carrier::Info) | Kind::Exit => {
                return Payload::from_slice(&self.data);
            }
            Kind::User(id, Carrier::Call) => {
                Term::tuple([Term::atom("$gen_call"), from_tag(&Tag::of(*id)), data()])
            }
            Kind::User(_, Carrier::Notify) => Term::tuple([Term::atom("notify"), data()]),
            // `{Label,{From,Tag},Request}`, where the label is the sender.
            Kind::User(id, Carrier::Manage) => {
                Term::tuple([from(), from_tag(&Tag::of(*id)), data()])
            }
            Kind::User(_, Carrier::Cast) => Term::tuple([Term::atom("$gen_cast"), data()]),
            Kind::User(id, Carrier::Ask) => {
                let (from, tag) = (payload(&from()), payload(&tag(&Tag::of(*id))));
                return tuple([&from, &tag, &self.data]);
            }
            Kind::Outside(t) => Term::tuple([Term::atom("$gen_call"), from_tag(t), data()]),
            Kind::Reply(t) => Term::tuple([tag(t), data()]),
            Kind::Down(t) => Term::tuple([
                Term::atom("DOWN"),
                tag(t),
                Term::atom("process"),
                from(),
                data(),
            ]),
            Kind::Started(t, _) => Term::tuple([Term::atom("ack"), tag(t)]),
            Kind::Timer(t) => Term::tuple([Term::atom("timeout"), tag(t), data()]),
            Kind::System(t, request) => {
                Term::tuple([Term::atom("system"), from_tag(t), request.term()])
            }
        };
        payload(&whole)
    }
}

impl SystemRequest {
    /// The message as it is in Erlang, but for functions.
    pub(crate) fn term(&self) -> Term {
        match self {
            SystemRequest::Suspend => Term::atom("suspend"),
            SystemRequest::Resume => Term::atom("resume"),
            SystemRequest::GetState => Term::atom("get_state"),
            SystemRequest::ReplaceState(_) => Term::atom("replace_state"),
            SystemRequest::GetStatus => Term::atom("get_status"),
            SystemRequest::ChangeCode {
                module,
                vsn,
                down,
                extra,
            } => Term::tuple([
                Term::atom("change_code"),
                atom(module),
                vsn_term(vsn, *down),
                extra.clone(),
            ]),
            SystemRequest::Terminate(why) => Term::tuple([Term::atom("terminate"), why.clone()]),
            SystemRequest::Other(message) => message.clone(),
        }
    }
}

/// `Vsn`, or `{down,Vsn}`.
fn vsn_term(vsn: &str, down: bool) -> Term {
    match down {
        true => Term::tuple([Term::atom("down"), Term::string(vsn)]),
        false => Term::string(vsn),
    }
}
