//! Who is found by the modules of a child spec (C5).

use upheaval_node::{Outcome, Pid};
use upheaval_term::{Atom, Term};

use crate::target::TargetError;
use crate::target::embedded::run::Run;
use crate::target::ops::name;
use crate::target::tree::start_of;

/// How long a supervisor, or a process that is asked for its modules, may take, in
/// milliseconds.
const PATIENCE: u64 = 5000;

/// A process that a release can find.
#[derive(Clone, Debug)]
pub(super) struct Supervised {
    /// Its supervisor, and the id that it has there; none at the top of an application.
    pub(super) child: Option<(Pid, Term)>,
    pub(super) pid: Pid,
    /// The modules of its spec.
    pub(super) modules: Vec<String>,
}

impl Supervised {
    /// Whether a release finds it by that module.
    pub(super) fn runs(&self, module: &Atom) -> bool {
        self.modules.iter().any(|m| m == module.as_str())
    }
}

impl Run<'_> {
    /// Everybody in the supervision trees of the applications that run: of each
    /// supervisor the newest child first, those under its children after them all, and
    /// the top of the tree last.
    ///
    /// # Errors
    /// What it raises if a supervisor is suspended and cannot be asked (C7), or a
    /// child with dynamic modules does not say which they are (C6).
    pub(super) fn supervised_by_applications(&mut self) -> Result<Vec<Supervised>, Term> {
        let scenario = self.scenario;
        let mut found = Vec::new();
        for application in &scenario.applications {
            let is_started = self.is_started(&application.name);
            let Some(top) = application.supervisor.as_ref().filter(|_| is_started) else {
                continue;
            };
            let Some(pid) = self.node.whereis(top) else {
                continue;
            };
            let children = self.children_of(pid)?;
            self.list(pid, &children, &mut found)?;
            found.push(Supervised {
                child: None,
                pid,
                modules: start_of(scenario, top)
                    .map(|start| start.module)
                    .into_iter()
                    .collect(),
            });
        }
        Ok(found)
    }

    /// What `which_children` gives; a suspended supervisor is not even asked. Who has
    /// ended, or ends as it is asked, has no children, whatever it was.
    fn children_of(&mut self, supervisor: Pid) -> Result<Vec<Term>, Term> {
        if self
            .node
            .inspect(supervisor)
            .is_some_and(|seen| seen.suspended)
        {
            return Err(raised("suspended_supervisor"));
        }
        let tag = self.node.ask(supervisor, &Term::atom("which_children"));
        let children = match self.wait_for(tag, PATIENCE) {
            Some(Outcome::Ok(children)) => upheaval_term::decode(&children).ok(),
            Some(Outcome::Down(_)) => return Ok(Vec::new()),
            _ => None,
        };
        match children {
            Some(Term::List(children)) => Ok(children),
            // OTP has no case for it.
            Some(other) => Err(with_stack(Term::tuple([Term::atom("try_clause"), other]))),
            None => Err(raised("which_children_failed")),
        }
    }

    fn list(
        &mut self,
        supervisor: Pid,
        children: &[Term],
        found: &mut Vec<Supervised>,
    ) -> Result<(), Term> {
        let Some((child, others)) = children.split_first() else {
            return Ok(());
        };
        let Some([id, Term::Pid(pid), kind, modules]) = child.as_tuple() else {
            return self.list(supervisor, others, found);
        };
        let pid = Pid(pid.id);
        let modules = match modules.as_list() {
            Some(modules) => modules.to_vec(),
            None => self.dynamic_modules(pid)?,
        };
        let modules = modules.iter().filter_map(Term::as_atom);
        found.push(Supervised {
            child: Some((supervisor, id.clone())),
            pid,
            modules: modules.map(|module| module.as_str().to_owned()).collect(),
        });
        self.list(supervisor, others, found)?;
        if kind.is_atom("supervisor") {
            let children = self.children_of(pid)?;
            self.list(pid, &children, found)?;
        }
        Ok(())
    }

    /// Asks a process for the modules that it runs (C6).
    fn dynamic_modules(&mut self, pid: Pid) -> Result<Vec<Term>, Term> {
        let tag = self.node.get_modules(pid);
        let modules = match self.wait_for(tag, PATIENCE) {
            Some(Outcome::Ok(modules)) => upheaval_term::decode(&modules).ok(),
            Some(Outcome::Down(_)) => return Ok(Vec::new()),
            _ => None,
        };
        match modules {
            Some(Term::List(modules)) => Ok(modules),
            _ => Err(raised("get_modules_failed")),
        }
    }

    /// `supervisor:terminate_child`: whether it could be done.
    ///
    /// # Errors
    /// The supervisor never answers.
    pub(super) fn terminate_child_of(
        &mut self,
        supervisor: Pid,
        id: &Term,
    ) -> Result<bool, TargetError> {
        let done = self.call_supervisor(supervisor, "terminate_child", id)?;
        Ok(done.is_some_and(|done| done.is_atom("ok")))
    }

    /// `supervisor:restart_child`; how it went does not matter.
    ///
    /// # Errors
    /// The supervisor never answers.
    pub(super) fn restart_child_of(
        &mut self,
        supervisor: Pid,
        id: &Term,
    ) -> Result<(), TargetError> {
        self.call_supervisor(supervisor, "restart_child", id)?;
        Ok(())
    }

    /// Asks a supervisor to do something with a child, however long it takes: nothing where
    /// there is no supervisor any more.
    ///
    /// # Errors
    /// It never answers, since it is suspended: OTP's release handler waits for ever.
    pub(super) fn call_supervisor(
        &mut self,
        pid: Pid,
        verb: &str,
        id: &Term,
    ) -> Result<Option<Term>, TargetError> {
        let request = Term::tuple([name(verb), id.clone()]);
        let tag = self.node.call(pid, &request);
        match self.wait_for(tag, u64::from(u32::MAX)) {
            Some(Outcome::Ok(answer)) => Ok(upheaval_term::decode(&answer).ok()),
            Some(_) => Ok(None),
            None => Err(self.waits_for(pid, verb)),
        }
    }

    fn waits_for(&self, supervisor: Pid, verb: &str) -> TargetError {
        let mut processes = self.scenario.processes.iter();
        let process =
            processes.find(|process| self.node.whereis(&process.name) == Some(supervisor));
        let process = process.map_or("nobody that is known", |process| &process.name);
        TargetError::Waits {
            waits: format!("supervisor:{verb} has no answer of `{process}`"),
        }
    }
}

/// An error as it is raised, with its stack.
fn raised(why: &'static str) -> Term {
    with_stack(Term::atom(why))
}

fn with_stack(why: Term) -> Term {
    Term::tuple([why, Term::List(Vec::new())])
}
