//! `probe`: a server that does what it is told with its context, and keeps the
//! messages that it gets; and a node to run it on.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{CallReturn, GenServer, Init, Never, Next, Return};
use upheaval_module::{Caller, Context};
use upheaval_term::{Pid as PidTerm, Ref, Term};

use crate::code::Artifact;
use crate::{
    Answer, ClientRequest, Event, Node, Observer, Outcome, Pid, RandomScheduler, RequestKind,
    Scheduler, Stacks, SystemRequest,
};

static TABLE: Table = Table::gen_server::<Probe>("probe", "1");

#[derive(Serialize, Deserialize)]
struct Probe {
    seen: Vec<Term>,
}

/// What a probe can be told to do.
#[derive(Deserialize)]
enum Request {
    Seen,
    TrapExit(bool),
    Unregister(Term),
    Link(PidTerm),
    Unlink(PidTerm),
    Monitor(PidTerm),
    Demonitor(Ref),
    ExitSignal(PidTerm, Term),
    Exit(Term),
    SendAfter(u64, Term),
    SendToAfter(u64, PidTerm, Term),
    CancelTimer(Ref),
    Send(Term, Term),
    Now,
    /// Returns with a timeout.
    Timeout(u64),
    /// Sends itself a message, and returns with a timeout.
    SendAndTimeout(Term, u64),
    /// Returns with hibernate.
    Hibernate,
    /// Returns with a continue.
    Continue(Term),
}

impl GenServer for Probe {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(args: Term, context: &Context) -> Init<Self> {
        let probe = Probe { seen: Vec::new() };
        match args.as_tuple() {
            // A message to itself, and a continue.
            Some([Term::Atom(how), what]) if how.as_str() == "continue" => {
                let me = context.self_pid();
                context.send(&me, &Term::atom("sent_in_init"));
                Init::OkThen(probe, Next::Continue(what.clone()))
            }
            // A timer, or a monitor.
            Some([Term::Atom(how), Term::Pid(whom)]) if how.as_str() == "hold" => {
                context.monitor(whom);
                Init::Ok(probe)
            }
            Some([Term::Atom(how), what]) if how.as_str() == "hold" => {
                let me = context.self_pid();
                context.send_after(Duration::from_secs(1), &me, what);
                Init::Ok(probe)
            }
            _ => Init::Ok(probe),
        }
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<Term> {
        let ok = Term::atom("ok");
        let next = match request {
            Request::Timeout(ms) => Some(Next::Timeout(Duration::from_millis(ms))),
            Request::SendAndTimeout(ref message, ms) => {
                let me = context.self_pid();
                context.send(&me, message);
                Some(Next::Timeout(Duration::from_millis(ms)))
            }
            Request::Hibernate => Some(Next::Hibernate),
            Request::Continue(ref what) => Some(Next::Continue(what.clone())),
            _ => None,
        };
        if let Some(next) = next {
            return CallReturn::ReplyThen(ok, next);
        }
        CallReturn::Reply(match request {
            Request::Seen => Term::list(self.seen.iter().cloned()),
            Request::TrapExit(on) => Term::from(context.trap_exit(on)),
            Request::Unregister(name) => {
                context.unregister(name.as_atom().map_or("", |name| name.as_str()));
                ok
            }
            Request::Link(pid) => {
                context.link(&pid);
                ok
            }
            Request::Unlink(pid) => {
                context.unlink(&pid);
                ok
            }
            Request::Monitor(pid) => Term::Ref(context.monitor(&pid)),
            Request::Demonitor(monitor) => {
                context.demonitor(&monitor);
                ok
            }
            Request::ExitSignal(pid, reason) => {
                context.exit_signal(&pid, &reason);
                ok
            }
            Request::Exit(reason) => context.exit(reason),
            Request::SendAfter(ms, message) => {
                let me = context.self_pid();
                Term::Ref(context.send_after(Duration::from_millis(ms), &me, &message))
            }
            Request::SendToAfter(ms, to, message) => {
                Term::Ref(context.send_after(Duration::from_millis(ms), &to, &message))
            }
            Request::CancelTimer(timer) => match context.cancel_timer(&timer) {
                Some(left) => Term::Int(left.as_millis() as i64),
                None => Term::from(false),
            },
            Request::Send(Term::Pid(to), message) => {
                context.send(&to, &message);
                ok
            }
            Request::Send(to, message) => {
                let name = to.as_atom().cloned().unwrap_or_else(|| panic!("no name"));
                context.send(name, &message);
                ok
            }
            Request::Timeout(_)
            | Request::SendAndTimeout(..)
            | Request::Hibernate
            | Request::Continue(_) => ok,
            Request::Now => Term::Int(context.now().as_millis() as i64),
        })
    }

    fn handle_info(&mut self, message: Term, context: &Context) -> Return {
        if let Some([Term::Atom(again), Term::Int(ms)]) = message.as_tuple()
            && again.as_str() == "again"
        {
            let (me, ms) = (context.self_pid(), u64::try_from(*ms).unwrap_or(0));
            context.send_after(Duration::from_millis(ms), &me, &message);
        }
        self.seen.push(message);
        Return::NoReply
    }

    /// Counts down, one continue after the other.
    fn handle_continue(&mut self, what: Term, context: &Context) -> Return {
        self.seen
            .push(Term::tuple([Term::atom("continued"), what.clone()]));
        match what {
            Term::Int(n) if n > 0 => {
                let me = context.self_pid();
                context.send(&me, &n);
                Return::NoReplyThen(Next::Continue(Term::Int(n - 1)))
            }
            _ => Return::NoReply,
        }
    }
}

/// Keeps the answers that the client gets, and everything that happens as text.
#[derive(Clone, Default)]
pub(super) struct Watch {
    answers: Rc<RefCell<Vec<String>>>,
    events: Rc<RefCell<Vec<String>>>,
}

impl Observer for Watch {
    fn observe(&mut self, event: Event<'_>) {
        self.events.borrow_mut().push(format!("{event:?}"));
        if let Event::Answered(_, answer) = event {
            self.answers.borrow_mut().push(match answer {
                Answer::Reply(data) => crate::signal::term(data).to_string(),
                Answer::Exit(data) => format!("exit {}", crate::signal::term(data)),
                Answer::Timeout => "timeout".into(),
            });
        }
    }
}

/// A node with probes and a client that tells them what to do.
pub(super) struct Bench {
    pub(super) node: Node,
    watch: Watch,
    client: Pid,
}

impl Bench {
    pub(super) fn new() -> Bench {
        Bench::with(RandomScheduler::new(1))
    }

    pub(super) fn with(scheduler: impl Scheduler + 'static) -> Bench {
        let watch = Watch::default();
        let mut node = Node::new(Stacks::new(), scheduler, watch.clone());
        node.deploy(Artifact::built_in(&TABLE));
        assert_eq!(node.load("probe"), Ok(None));
        let client = node.start_client("client");
        Bench {
            node,
            watch,
            client,
        }
    }

    /// Starts a probe under a name.
    pub(super) fn probe(&mut self, name: &str) -> Pid {
        self.probe_with(name, "ok")
    }

    /// Starts a probe with arguments.
    pub(super) fn probe_with(&mut self, name: &str, args: &str) -> Pid {
        let args: Term = match args.parse() {
            Ok(args) => args,
            Err(error) => panic!("{args}: {error}"),
        };
        let (pid, tag) = self.node.start(name, "probe", &args);
        self.rest();
        assert_eq!(self.node.take(tag), Some(Outcome::Started(pid)));
        pid
    }

    pub(super) fn rest(&mut self) {
        while self.node.step() {}
    }

    /// Sends a system message, and gives its answer.
    pub(super) fn system(&mut self, to: Pid, request: SystemRequest) -> String {
        let tag = self.node.system(to, request);
        self.rest();
        match self.node.take(tag) {
            Some(Outcome::Ok(answer)) => crate::signal::term(&answer).to_string(),
            other => format!("{other:?}"),
        }
    }

    /// Hands the client a call, which it has not made yet.
    pub(super) fn hand(&mut self, to: &str, request: &str) {
        self.hand_to(self.client, RequestKind::Call, to, request);
    }

    /// Lets another client make a cast.
    pub(super) fn cast(&mut self, to: &str, request: &str) {
        let client = match self.node.whereis("other") {
            Some(client) => client,
            None => self.node.start_client("other"),
        };
        self.hand_to(client, RequestKind::Cast, to, request);
        while self.node.inspect(client).is_some() && self.node.is_busy(client) {
            self.node.step();
        }
    }

    /// Asks an event manager for something; gives its answer.
    pub(super) fn manage(&mut self, to: &str, request: &str) -> String {
        self.watch.answers.borrow_mut().clear();
        self.hand_to(self.client, RequestKind::Manage, to, request);
        self.rest();
        match self.watch.answers.borrow_mut().pop() {
            Some(answer) => answer,
            None => panic!("{to} did not answer {request}"),
        }
    }

    /// Lets the client send something that is not answered.
    pub(super) fn send(&mut self, kind: RequestKind, to: &str, what: &str) {
        self.hand_to(self.client, kind, to, what);
        self.rest();
    }

    fn hand_to(&mut self, client: Pid, kind: RequestKind, to: &str, request: &str) {
        let request: Term = match request.parse() {
            Ok(request) => request,
            Err(error) => panic!("{request}: {error}"),
        };
        let request = ClientRequest {
            kind,
            to,
            payload: &upheaval_term::encode(&request),
            timeout: 5000,
        };
        self.node.request(client, request);
    }

    /// Tells a probe to do something; gives its answer.
    pub(super) fn tell(&mut self, to: &str, request: &str) -> String {
        self.watch.answers.borrow_mut().clear();
        self.hand(to, request);
        self.rest();
        match self.watch.answers.borrow_mut().pop() {
            Some(answer) => answer,
            None => panic!("{to} did not answer {request}"),
        }
    }

    /// The messages that a probe has got.
    pub(super) fn seen(&mut self, probe: &str) -> String {
        self.tell(probe, "seen")
    }

    /// All that happened, as text.
    pub(super) fn events(&self) -> Vec<String> {
        self.watch.events.borrow().clone()
    }
}
