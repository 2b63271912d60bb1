//! `on_load`: what a version runs before it becomes the current one (A12, A14).

use upheaval_module::abi::{Call, outcome};
use upheaval_term::Term;

use crate::code::{LoadError, ModuleId, Version};
use crate::coroutine::{Pause, Returned};
use crate::node::{Node, Outcome};
use crate::observer::Event;
use crate::process::{Activity, Blocked, Callback, Code, Process, Role, Wait};
use crate::signal::{Kind, Pid, SystemRequest, Tag, payload, reason, term};

/// A load that waits for an `on_load` function.
#[derive(Debug)]
pub(super) struct Loading {
    module: ModuleId,
    /// The process that runs it.
    runner: Pid,
    /// Whoever asked for the load, and then those that wait for its end to load or call
    /// the module themselves, in the order in which they came.
    waiting: Vec<Waiter>,
}

/// Who waits for a load.
#[derive(Clone, Copy, Debug)]
enum Waiter {
    /// Whoever drives the node.
    Outside(Tag),
    /// A process that has called the module.
    Process(Pid),
}

/// What a process that calls a module finds.
pub(super) enum Called {
    /// The current version.
    Version(Version),
    /// There is none.
    Undefined,
    /// It comes to wait until it is known which.
    Awaited,
}

impl Node {
    /// Loads a module whose `on_load` function has to run first, or waits for one that
    /// runs (A14); the result is answered under the tag.
    pub(super) fn load_later(&mut self, module: ModuleId, tag: Tag) {
        if let Some(loading) = self.loading(module) {
            return loading.waiting.push(Waiter::Outside(tag));
        }
        let result = match self.code.has_on_load(module) {
            true => self.begin_loading(module, Waiter::Outside(tag)),
            false => self
                .load_now(module)
                .map(|_| self.answer_loaded(tag, Ok(()))),
        };
        if let Err(why) = result {
            self.answer_loaded(tag, Err(why));
        }
    }

    /// Whether an `on_load` function of the module is running.
    pub(super) fn is_loading(&self, module: ModuleId) -> bool {
        self.loadings.iter().any(|loading| loading.module == module)
    }

    /// What a process that calls a module enters: where nothing is current, what lies at
    /// its place is loaded for it (A3), and it waits for that to happen.
    pub(super) fn called_by(&mut self, pid: Pid, module: ModuleId) -> Called {
        // It has its answer, even if the module has been loaded by somebody else since.
        let has_failed = self.process_mut(pid).is_none_or(|process| {
            std::mem::replace(&mut process.code, Code::Ready) == Code::Failed
        });
        if has_failed {
            return Called::Undefined;
        }
        if let Some(version) = self.called(module) {
            return Called::Version(version);
        }
        if !self.is_loading(module) && !self.code.has_on_load(module) {
            return Called::Undefined;
        }
        match self.loading(module) {
            // What it is about to be is not there for itself.
            Some(loading) if loading.runner == pid => return Called::Undefined,
            Some(loading) => loading.waiting.push(Waiter::Process(pid)),
            None => {
                if self.begin_loading(module, Waiter::Process(pid)).is_err() {
                    return Called::Undefined;
                }
            }
        }
        if let Some(process) = self.process_mut(pid) {
            process.code = Code::Awaited;
        }
        Called::Awaited
    }

    /// Whether an idle server can call its module at this moment; if not, it comes to
    /// wait until it can.
    pub(super) fn reaches_its_code(&mut self, pid: Pid) -> bool {
        if !self.has_on_loads {
            return true;
        }
        match self.server_module(pid) {
            Some(module) => !matches!(self.called_by(pid, module), Called::Awaited),
            None => true,
        }
    }

    /// The same for a server that is about to take the message at this place of its
    /// mailbox. A system message needs no code, but for `change_code`.
    pub(super) fn awaits_code_for(&mut self, pid: Pid, place: usize) -> bool {
        if !self.has_on_loads {
            return false;
        }
        let message = self
            .process(pid)
            .and_then(|process| process.mailbox.get(place));
        let needs_code = message.is_some_and(|message| match &message.kind {
            Kind::System(_, request) => matches!(**request, SystemRequest::ChangeCode { .. }),
            _ => true,
        });
        needs_code && !self.reaches_its_code(pid)
    }

    /// Puts back what a process was about to do.
    pub(super) fn do_later(&mut self, pid: Pid, activity: Activity) {
        if let Some(process) = self.process_mut(pid) {
            process.activity = activity;
        }
    }

    /// A process that has called a module from inside its own code goes on.
    pub(super) fn call_again(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let activity = std::mem::replace(&mut process.activity, Activity::Running);
        let Activity::Blocked(Blocked {
            waiting,
            wait: Wait::Code,
            frame,
        }) = activity
        else {
            process.activity = activity;
            return;
        };
        self.carry_on(pid, frame, Pause::Trap(waiting));
    }

    /// Runs a version's `on_load` function.
    pub(super) fn run_on_load(&mut self, pid: Pid, version: Version) {
        let Some(entry) = version.table().on_load else {
            return;
        };
        self.call_back(pid, version, entry, Call::EMPTY, Callback::OnLoad);
    }

    /// It has returned.
    pub(super) fn on_load_returned(&mut self, pid: Pid, returned: &Returned) {
        let is_ok = returned.kind == outcome::TERM && term(&returned.data).is_atom("ok");
        if let Some(Process {
            role: Role::OnLoad(_, ok),
            ..
        }) = self.process_mut(pid)
        {
            *ok = is_ok;
        }
        self.exit(pid, &reason("normal"));
    }

    /// The process that ran it has ended: its version becomes current, or does not, and
    /// those that wait go on.
    pub(super) fn on_load_is_over(&mut self, version: &Version, is_ok: bool) {
        let module = version.module_id();
        let place = (self.loadings.iter()).position(|loading| loading.module == module);
        let Some(place) = place else { return };
        let loading = self.loadings.remove(place);
        if is_ok {
            self.code.finish(version);
            self.observer.observe(Event::Loaded(version));
        }
        let mut waiting = loading.waiting.into_iter();
        match waiting.next() {
            Some(Waiter::Outside(tag)) => {
                let failed = || LoadError::OnLoad(version.module().into());
                self.answer_loaded(tag, if is_ok { Ok(()) } else { Err(failed()) });
            }
            Some(Waiter::Process(pid)) => {
                let code = if is_ok { Code::Ready } else { Code::Failed };
                self.let_go(pid, code);
            }
            None => {}
        }
        // The others do what they came for: where it has failed, that is to try again.
        for waiter in waiting {
            match waiter {
                Waiter::Outside(tag) => self.load_later(module, tag),
                Waiter::Process(pid) => self.let_go(pid, Code::Ready),
            }
        }
    }

    fn begin_loading(&mut self, module: ModuleId, first: Waiter) -> Result<(), LoadError> {
        let version = self.code.prepare(module)?;
        let runner = self.create_unseen(version);
        self.loadings.push(Loading {
            module,
            runner,
            waiting: vec![first],
        });
        Ok(())
    }

    fn loading(&mut self, module: ModuleId) -> Option<&mut Loading> {
        (self.loadings.iter_mut()).find(|loading| loading.module == module)
    }

    fn let_go(&mut self, pid: Pid, code: Code) {
        if let Some(process) = self.process_mut(pid) {
            process.code = code;
        }
        self.refresh(pid);
    }

    fn answer_loaded(&mut self, tag: Tag, result: Result<(), LoadError>) {
        self.answer(
            tag,
            match result {
                Ok(()) => Outcome::Ok(payload(&Term::atom("ok")).to_vec()),
                Err(why) => Outcome::Error(payload(&why.reason()).to_vec()),
            },
        );
    }
}
