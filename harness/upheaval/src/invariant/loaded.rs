//! What is loaded: the books of current and old, kept from a history (A1).

use super::dense::entry;
use crate::history::{Code, Event, Symbol};

/// The versions of each module, as far as a history has been followed.
#[derive(Default)]
pub(super) struct Books {
    modules: Vec<Versions>,
}

/// The versions of a module.
#[derive(Clone, Default)]
pub(super) struct Versions {
    pub(super) current: Option<Symbol>,
    pub(super) old: Option<Symbol>,
    /// The index of the event that last changed which version is current.
    pub(super) changed: Option<usize>,
    /// Those that were purged, and not loaded again.
    purged: Vec<Symbol>,
}

/// Which rule an event breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A version becomes old while this one is (A1, A3).
    Third(Symbol),
    /// What is deleted is not current.
    NotCurrent,
    /// What is purged is not old.
    NotOld,
}

impl Books {
    /// Takes note of an event, whatever it breaks.
    pub(super) fn follow(&mut self, at: usize, event: &Event) -> Result<(), Broken> {
        match *event {
            Event::Loaded { code } => self.of_mut(code.module).loaded(code.vsn, at),
            Event::Deleted { code } => self.of_mut(code.module).deleted(code.vsn, at),
            Event::Purged { code, .. } => self.of_mut(code.module).purged(code.vsn),
            Event::Restarted => {
                self.modules.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What is loaded of a module.
    pub(super) fn of(&self, module: Symbol) -> Option<&Versions> {
        self.modules.get(usize::from(module.0))
    }

    /// Whether a version was purged, and not loaded again.
    pub(super) fn is_purged(&self, code: Code) -> bool {
        let versions = self.of(code.module);
        versions.is_some_and(|versions| versions.purged.contains(&code.vsn))
    }

    /// Whether anything of a module was purged.
    pub(super) fn has_purged(&self, module: Symbol) -> bool {
        self.of(module)
            .is_some_and(|versions| !versions.purged.is_empty())
    }

    fn of_mut(&mut self, module: Symbol) -> &mut Versions {
        entry(&mut self.modules, u32::from(module.0))
    }
}

impl Versions {
    fn loaded(&mut self, vsn: Symbol, at: usize) -> Result<(), Broken> {
        self.purged.retain(|purged| *purged != vsn);
        let third = self.retire();
        self.current = Some(vsn);
        self.changed = Some(at);
        third
    }

    fn deleted(&mut self, vsn: Symbol, at: usize) -> Result<(), Broken> {
        if self.current != Some(vsn) {
            return Err(Broken::NotCurrent);
        }
        self.changed = Some(at);
        self.retire()
    }

    /// What is current becomes old.
    fn retire(&mut self) -> Result<(), Broken> {
        match (self.current.take(), self.old) {
            (None, _) => Ok(()),
            (current, old) => {
                self.old = current;
                old.map_or(Ok(()), |old| Err(Broken::Third(old)))
            }
        }
    }

    fn purged(&mut self, vsn: Symbol) -> Result<(), Broken> {
        let old = self.old.take();
        if self.current != Some(vsn) && !self.purged.contains(&vsn) {
            self.purged.push(vsn);
        }
        match old {
            Some(old) if old == vsn => Ok(()),
            _ => Err(Broken::NotOld),
        }
    }
}
