//! A release asks a process which modules it runs.

use upheaval_term::{Ref, Term};

use crate::node::{Node, Outcome};
use crate::process::Role;
use crate::signal::{Carrier, Pid, Tag, payload};

impl Node {
    /// Asks a process whose child spec says `dynamic` for its modules, as the release
    /// handler does; the answer is [taken](Node::take) by the tag. An event manager
    /// answers, unless it is suspended. To everybody else the question is a plain
    /// message, which nobody answers (C6).
    pub fn get_modules(&mut self, pid: Pid) -> Tag {
        let tag = self.monitor(pid);
        let is_suspended = match self.process(pid).map(|process| &process.role) {
            Some(Role::Server(server)) => server.suspended,
            _ => false,
        };
        if self.manager_of(pid).is_some() {
            if !is_suspended {
                let modules = self.handler_modules(pid);
                self.answer(tag, Outcome::Ok(payload(&modules).to_vec()));
            }
            return tag;
        }
        let from = Term::Pid(Pid::OUTSIDE.term());
        let question = Term::tuple([
            from.clone(),
            Term::tuple([from, Term::Ref(Ref::local(tag.0))]),
            Term::atom("get_modules"),
        ]);
        self.send_user(Pid::OUTSIDE, Some(pid), Carrier::Info, payload(&question));
        tag
    }
}
