//! Functions that are called by name, and funs (A6, A7).

use upheaval_module::abi::{Entry, answer};
use upheaval_term::{LocalFun, Term};

use crate::code::{ModuleId, NamedFunction, Version};
use crate::coroutine::Waiting;
use crate::node::Node;
use crate::node::on_load::Called;
use crate::node::trap::Trapped;
use crate::process::Wait;
use crate::signal::{Payload, Pid, payload, reason, term};

impl Node {
    /// `fun name/N` in the version that runs.
    pub(super) fn make_fun(&self, pid: Pid, bottom: &Version, asked: &Waiting) -> Trapped {
        let running = (self.process(pid)).and_then(|process| process.called.last());
        let version = running.unwrap_or(bottom);
        let found = funs(version)
            .enumerate()
            .find(|(_, fun)| fun.name == asked.name());
        let (Some((index, function)), Term::Tuple(free)) = (found, term(asked.second())) else {
            return Trapped::data(answer::ERROR, reason("undef"));
        };
        let fun = LocalFun::of_version(
            version.module(),
            version.vsn(),
            index as u32,
            function.arity,
            free,
        );
        Trapped::data(answer::OK, payload(&fun.into()))
    }

    /// What a local fun runs: the code of the version that it is bound to, as long as
    /// that is there (A6).
    pub(super) fn call_fun(&mut self, pid: Pid, asked: &Waiting) -> Trapped {
        let fun = term(asked.data());
        let Term::LocalFun(local) = &fun else {
            return raised("badfun", fun);
        };
        let module = self.code.id(local.module.as_str());
        if self.code.current(module).is_none() && self.bound_to(module, local).is_none() {
            // Nothing of it is loaded: then what lies at its place is (A3).
            if let Called::Awaited = self.called_by(pid, module) {
                return Trapped::Block(Wait::Code);
            }
        }
        let Some((version, entry)) = self.bound_to(module, local) else {
            return raised("badfun", fun);
        };
        if usize::from(local.arity) != count(asked) {
            let arguments = match term(asked.second()) {
                Term::Tuple(arguments) => Term::list(arguments),
                other => other,
            };
            return raised("badarity", Term::tuple([fun, arguments]));
        }
        let free = payload(&Term::Tuple(local.free.clone()));
        self.enter_function(pid, version, entry, free)
    }

    /// What a call by name runs: the version that is current now (A7).
    pub(super) fn apply(&mut self, pid: Pid, asked: &Waiting) -> Trapped {
        let module = self.code.id(asked.module());
        let version = match self.called_by(pid, module) {
            Called::Version(version) => Some(version),
            Called::Undefined => None,
            Called::Awaited => return Trapped::Block(Wait::Code),
        };
        let found = version.and_then(|version| {
            let function = version.functions().find(|function| {
                function.exported
                    && usize::from(function.arity) == count(asked)
                    && function.name == asked.name()
            })?;
            Some((function.entry, version))
        });
        match found {
            Some((entry, version)) => self.enter_function(pid, version, entry, Payload::new()),
            None => Trapped::data(answer::ERROR, reason("undef")),
        }
    }

    /// A function has returned to the one that called it.
    pub(super) fn leave_function(&mut self, pid: Pid) {
        if let Some(process) = self.process_mut(pid) {
            process.called.pop();
        }
    }

    fn enter_function(
        &mut self,
        pid: Pid,
        version: Version,
        entry: Entry,
        free: Payload,
    ) -> Trapped {
        if let Some(process) = self.process_mut(pid) {
            process.called.push(version);
        }
        Trapped::entry(entry, free)
    }

    fn bound_to(&self, module: ModuleId, fun: &LocalFun) -> Option<(Version, Entry)> {
        let loaded = [self.code.current(module), self.code.old(module)];
        let version = loaded
            .into_iter()
            .flatten()
            .find(|version| LocalFun::mark(version.vsn()) == fun.uniq)?;
        let function = funs(version).nth(fun.index as usize)?;
        Some((version.clone(), function.entry))
    }
}

/// The bodies of local funs, in the order in which funs are numbered.
fn funs(version: &Version) -> impl Iterator<Item = NamedFunction> + use<> {
    version.functions().filter(|function| !function.exported)
}

/// How many arguments are given.
fn count(asked: &Waiting) -> usize {
    match term(asked.second()) {
        Term::Tuple(arguments) => arguments.len(),
        _ => usize::MAX,
    }
}

fn raised(what: &'static str, about: Term) -> Trapped {
    let reason = Term::tuple([Term::atom(what), about]);
    Trapped::data(answer::ERROR, payload(&reason))
}
