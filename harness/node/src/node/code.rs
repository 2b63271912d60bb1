//! Loading, deleting and purging, as the `code` module does it.

use crate::code::{Artifact, LoadError, ModuleId, Version};
use crate::node::Node;
use crate::observer::Event;
use crate::signal::{Pid, Tag, reason};

/// A rule that a node breaks on purpose: so a test can prove that a comparison
/// with real Erlang would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A load succeeds while old code exists, and nobody is killed for it, against
    /// A1.
    LoadsOverOldCode,
}

impl Node {
    /// Breaks a rule from now on.
    pub fn set_flaw(&mut self, flaw: Flaw) {
        self.flaw = Some(flaw);
    }

    /// Copies an artifact over the place that its module is loaded from. What
    /// is loaded stays as it is.
    pub fn deploy(&mut self, artifact: Artifact) {
        self.has_on_loads |= artifact.table().on_load.is_some();
        self.code.deploy(artifact);
    }

    /// Takes away what lies at the place that a module is loaded from. What is loaded
    /// stays as it is.
    pub fn undeploy(&mut self, module: &str) {
        let module = self.code.id(module);
        self.code.undeploy(module);
    }

    /// Cuts off what lies at the place that a module is loaded from, or puts something
    /// else there: until the next [`deploy`](Node::deploy) it cannot be loaded. What is
    /// loaded stays as it is.
    pub fn damage(&mut self, module: &str) {
        let module = self.code.id(module);
        self.code.damage(module);
    }

    /// `code:load_file`: makes what lies at the module's place current, and
    /// what was current old. Where its `on_load` function has to run first, or that of
    /// an earlier load is running (A12, A14), it gives a tag by which the result is
    /// [taken](Node::take): [`Outcome::Ok`](crate::Outcome::Ok), or the error's reason.
    ///
    /// # Errors
    /// Old code is still there (A1), or nothing was deployed. Nothing changes.
    pub fn load(&mut self, module: &str) -> Result<Option<Tag>, LoadError> {
        let module = self.code.id(module);
        if self.is_loading(module) || self.code.has_on_load(module) {
            let tag = self.new_tag();
            self.expect(tag, Pid::OUTSIDE);
            self.load_later(module, tag);
            return Ok(Some(tag));
        }
        self.load_now(module).map(|()| None)
    }

    pub(super) fn load_now(&mut self, module: ModuleId) -> Result<(), LoadError> {
        if self.flaw == Some(Flaw::LoadsOverOldCode) {
            self.code.forget_old(module);
        }
        let version = self.code.load(module)?;
        self.observer.observe(Event::Loaded(&version));
        Ok(())
    }

    /// `code:delete`: makes the current version old (A3). False where old code is in
    /// the way, or the module was never loaded. Whoever calls it next loads it again.
    pub fn delete(&mut self, module: &str) -> bool {
        let module = self.code.id(module);
        let current = self.code.current(module).cloned();
        let deleted = self.code.delete(module);
        if let Some(version) = current.filter(|_| deleted) {
            self.observer.observe(Event::Deleted(&version));
        }
        deleted
    }

    /// `code:stick_mod` and `code:unstick_mod`: whether the module, as long as it is
    /// loaded, may not be loaded anew (A13).
    pub fn stick(&mut self, module: &str, sticky: bool) {
        let module = self.code.id(module);
        self.code.stick(module, sticky);
    }

    /// The version that a call of a module enters: where none is current, what lies
    /// at its place is loaded for it (A3), unless that has to run its `on_load` first.
    pub(super) fn called(&mut self, module: ModuleId) -> Option<Version> {
        if let Some(current) = self.code.current(module) {
            return Some(current.clone());
        }
        if self.is_loading(module) || self.code.has_on_load(module) {
            return None;
        }
        let version = self.code.load(module).ok()?;
        self.observer.observe(Event::Loaded(&version));
        Some(version)
    }

    /// `code:purge`: kills every process that lingers in old code, and forgets
    /// it. True where something was killed (A4, A9, A10).
    pub fn purge(&mut self, module: &str) -> bool {
        let lingering = self.lingering(module);
        for pid in &lingering {
            self.exit(*pid, &reason("killed"));
        }
        self.forget_old(module, lingering.len());
        !lingering.is_empty()
    }

    /// `code:soft_purge`: forgets the old code unless a process lingers in it;
    /// then nothing changes, and it is false (A4).
    pub fn soft_purge(&mut self, module: &str) -> bool {
        let free = self.lingering(module).is_empty();
        if free {
            self.forget_old(module, 0);
        }
        free
    }

    /// `erlang:check_old_code`: whether there is old code of the module.
    pub fn has_old_code(&mut self, module: &str) -> bool {
        let module = self.code.id(module);
        self.code.old(module).is_some()
    }

    /// The `vsn` of the current version.
    pub fn current_vsn(&mut self, module: &str) -> Option<&'static str> {
        let module = self.code.id(module);
        self.code.current(module).map(|version| version.vsn())
    }

    /// The processes whose stack lies in the module's old code (A5), in the
    /// order of their spawning.
    pub fn lingering(&mut self, module: &str) -> Vec<Pid> {
        let module = self.code.id(module);
        let Some(old) = self.code.old(module) else {
            return Vec::new();
        };
        self.processes
            .iter()
            .flatten()
            .filter(|process| process.stack().any(|version| version == old))
            .map(|process| process.pid)
            .collect()
    }

    fn forget_old(&mut self, module: &str, killed: usize) {
        let module = self.code.id(module);
        if let Some(old) = self.code.forget_old(module) {
            self.observer.observe(Event::Purged(&old, killed));
        }
    }
}
