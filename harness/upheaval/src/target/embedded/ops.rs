//! What each op does to a node, and what it returns.

use upheaval_node::{ClientRequest, Outcome, Pid, RequestKind, SystemRequest};
use upheaval_term::Term;

use super::run::Run;
use crate::plan::{Op, Step};
use crate::scenario::{Kind, Request};

/// OTP's default timeout of a call, and of a system message (B5).
pub(super) const TIMEOUT: u64 = 5000;

/// The most steps that a jump of the clock lets the system take on its way.
const STEPS_WHILE_ADVANCING: u64 = 10_000;

impl Run<'_> {
    /// Does what an op says; gives what the function that it stands for returns.
    pub(super) fn op(&mut self, step: &Step) -> Term {
        match &step.op {
            Op::Request { client, request } => self.hand_request(*client, request),
            Op::Load { module, vsn } => {
                self.deploy(module, vsn);
                self.load(module)
            }
            Op::Upgrade { module, vsn } => self.upgrade(module, vsn, step.seed),
            Op::Purge { module } => Term::from(self.node.purge(module)),
            Op::SoftPurge { module } => Term::from(self.node.soft_purge(module)),
            Op::Suspend { process } => self.system(process, SystemRequest::Suspend),
            Op::Resume { process } => self.system(process, SystemRequest::Resume),
            Op::Kill { process } => self.kill(process),
            Op::Start { process } => match self.start_by_hand(process) {
                Ok(started) => started,
                Err(why) => Term::tuple([Term::atom("error"), why]),
            },
            Op::Advance { ms } => {
                self.node.advance(u64::from(*ms), STEPS_WHILE_ADVANCING);
                Term::atom("ok")
            }
        }
    }

    /// `exit(Pid, kill)`, and waits for the `DOWN`.
    fn kill(&mut self, process: &str) -> Term {
        let Some(pid) = self.node.whereis(process) else {
            return error("noproc");
        };
        let down = self.node.monitor(pid);
        self.node.exit_signal(pid, &Term::atom("kill"));
        match self.wait_for(down, TIMEOUT) {
            Some(_) => Term::from(true),
            None => error("timeout"),
        }
    }

    fn hand_request(&mut self, client: u32, request: &Request) -> Term {
        let place = client.checked_sub(1).map(|place| place as usize);
        let Some(client) = place.and_then(|place| self.clients.get(place)) else {
            return error("noproc");
        };
        self.encoded.clear();
        upheaval_term::encode_into(&request.payload, &mut self.encoded);
        self.node.request(
            *client,
            ClientRequest {
                kind: match request.kind {
                    Kind::Call => RequestKind::Call,
                    Kind::Cast => RequestKind::Cast,
                    Kind::Ask => RequestKind::Ask,
                },
                to: &request.to,
                payload: &self.encoded,
                timeout: TIMEOUT,
            },
        );
        Term::atom("ok")
    }

    pub(super) fn deploy(&mut self, module: &str, vsn: &str) {
        if let Some(artifact) = self.artifacts.get(module, vsn) {
            self.node.deploy(artifact);
        }
    }

    pub(super) fn load(&mut self, module: &str) -> Term {
        match self.node.load(module) {
            Ok(()) => Term::tuple([Term::atom("module"), name(module)]),
            Err(why) => Term::tuple([Term::atom("error"), why.reason()]),
        }
    }

    fn system(&mut self, process: &str, request: SystemRequest) -> Term {
        match self.node.whereis(process) {
            None => error("noproc"),
            Some(pid) => match self.ask(pid, request) {
                Ok(answer) => answer,
                Err(why) => Term::tuple([Term::atom("error"), why]),
            },
        }
    }

    /// Sends a system message and waits for its answer.
    pub(super) fn ask(&mut self, pid: Pid, request: SystemRequest) -> Result<Term, Term> {
        let tag = self.node.system(pid, request);
        let term = |bytes: Vec<u8>| upheaval_term::decode(&bytes).unwrap_or(Term::atom("badarg"));
        match self.wait_for(tag, TIMEOUT) {
            Some(Outcome::Ok(answer)) => Ok(term(answer)),
            Some(Outcome::Error(why) | Outcome::Down(why)) => Err(term(why)),
            Some(Outcome::Started(_) | Outcome::Ignored) => Err(Term::atom("badarg")),
            None => Err(Term::atom("timeout")),
        }
    }
}

fn error(why: &'static str) -> Term {
    Term::tuple([Term::atom("error"), Term::atom(why)])
}

/// A name as an atom; `Scenario::validate` has seen to it that it is one.
pub(super) fn name(name: &str) -> Term {
    upheaval_term::Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}
