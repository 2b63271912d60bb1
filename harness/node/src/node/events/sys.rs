//! What `sys` does to a manager's handlers.

use upheaval_module::abi::{Bytes, Call, outcome};
use upheaval_term::Term;

use super::handlers::{exit_of, name};
use crate::code::{ModuleId, Version};
use crate::coroutine::run_aside;
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::observer::Event;
use crate::server::{State, call_with, job};
use crate::signal::{Payload, Pid, payload, reason, term};

/// A change of code that a manager is asked for.
pub(in crate::node) struct Change<'a> {
    pub(in crate::node) module: &'a str,
    pub(in crate::node) vsn: &'a str,
    pub(in crate::node) down: bool,
    pub(in crate::node) extra: &'a Term,
}

impl Node {
    /// `[{Module, Id, State}]`.
    pub(in crate::node) fn manager_state(&self, pid: Pid) -> Result<Payload, Payload> {
        let Some(manager) = self.manager_of(pid) else {
            return Err(reason("undefined"));
        };
        let mut states = Vec::with_capacity(manager.handlers.len());
        for handler in &manager.handlers {
            states.push(Term::tuple([
                name(self.code.name(handler.key.module)),
                term(&handler.key.id),
                term(&handler.state.dump()?),
            ]));
        }
        Ok(payload(&Term::list(states)))
    }

    /// `sys:replace_state`, with a function that gives a term: it is called for each
    /// handler, and counts where it gives a state of that handler.
    pub(in crate::node) fn replace_handlers(&mut self, pid: Pid, with: &Term) {
        let Some([Term::Atom(module), id, state]) = with.as_tuple() else {
            return;
        };
        let module = self.code.id(module.as_str());
        let (id, state) = (payload(id), payload(state));
        let Some(manager) = self.manager(pid) else {
            return;
        };
        for handler in &mut manager.handlers {
            if handler.key.module == module
                && handler.key.id == id
                && let Some(version) = handler.state.version().cloned()
            {
                handler.state = State::Term(version, state.clone());
            }
        }
    }

    /// Every handler of the module is changed; no match is ok, and one that cannot be
    /// changed keeps them all (B7).
    pub(in crate::node) fn change_handlers(
        &mut self,
        pid: Pid,
        change: &Change<'_>,
    ) -> Result<Payload, Payload> {
        let module = self.code.id(change.module);
        let places: Vec<usize> = match self.manager_of(pid) {
            Some(manager) => (0..manager.handlers.len())
                .filter(|place| manager.handlers[*place].key.module == module)
                .collect(),
            None => return Err(reason("undefined")),
        };
        if places.is_empty() {
            return Ok(reason("ok"));
        }
        let before = self.manager_state(pid)?;
        let answer = self.changed_states(pid, module, &places, change);
        let answer = answer.map(|(version, states)| {
            if let Some(manager) = self.manager(pid) {
                for (place, state) in places.into_iter().zip(states) {
                    manager.handlers[place].state = State::Term(version.clone(), state);
                }
            }
        });
        let after = match answer {
            Ok(()) => Some(self.manager_state(pid)?),
            Err(_) => None,
        };
        let by = self
            .code
            .current(module)
            .map_or("", |version| version.vsn());
        let (from, to) = match change.down {
            true => (by, change.vsn),
            false => (change.vsn, by),
        };
        self.observer.observe(Event::CodeChanged {
            pid,
            module: change.module,
            from,
            to,
            before: &before,
            after: after.as_deref(),
        });
        answer.map(|()| reason("ok"))
    }

    fn changed_states(
        &mut self,
        pid: Pid,
        module: ModuleId,
        places: &[usize],
        change: &Change<'_>,
    ) -> Result<(Version, Vec<Payload>), Payload> {
        let Some(version) = self.called(module) else {
            return Err(exit_of(&self.undefined(module)));
        };
        let Some(manager) = self.manager_of(pid) else {
            return Err(reason("undefined"));
        };
        let extra = payload(change.extra);
        let mut states = Vec::with_capacity(places.len());
        for place in places {
            let state = manager.handlers[*place].state.dump()?;
            let call = Call {
                data: Bytes::of(&state),
                extra: Bytes::of(&extra),
                vsn: Bytes::of(change.vsn.as_bytes()),
                down: change.down,
                ..call_with(std::ptr::null_mut())
            };
            let returned = run_aside(job(version.table().code_change, pid, call));
            let stacked = |error: &[u8]| with_stack(error, version.module(), "code_change", 3);
            states.push(match returned.kind {
                outcome::TERM => returned.data,
                // `{ok,State} = {error,Reason}`.
                outcome::FAILED => {
                    let error = Term::tuple([Term::atom("error"), term(&returned.data)]);
                    let badmatch = Term::tuple([Term::atom("badmatch"), error]);
                    return Err(exit_of(&stacked(&payload(&badmatch))));
                }
                outcome::THROW => return Err(returned.data),
                outcome::EXIT => return Err(exit_of(&returned.data)),
                _ => return Err(exit_of(&stacked(&returned.data))),
            });
        }
        Ok((version, states))
    }
}
