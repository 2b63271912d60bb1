//! Which version of a module is current, and which is old.

use super::{Artifact, LoadError, Version};

/// A module that this node knows by name, loaded or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModuleId(u32);

/// The code server's table. It only keeps the books: who lingers and who is
/// killed is the node's business.
#[derive(Debug, Default)]
pub(crate) struct CodeServer {
    modules: Vec<Entry>,
    loads: u32,
}

#[derive(Debug)]
struct Entry {
    name: String,
    deployed: Option<Artifact>,
    /// Whether what lies at its place is no module that could be loaded.
    damaged: bool,
    current: Option<Version>,
    old: Option<Version>,
    sticky: bool,
    /// Whether it was ever loaded.
    known: bool,
}

impl CodeServer {
    /// The id of a module, known from now on.
    pub(crate) fn id(&mut self, name: &str) -> ModuleId {
        // A node knows a handful of modules.
        let known = self.modules.iter().position(|entry| entry.name == name);
        ModuleId(known.unwrap_or_else(|| {
            self.modules.push(Entry {
                name: name.into(),
                deployed: None,
                damaged: false,
                current: None,
                old: None,
                sticky: false,
                known: false,
            });
            self.modules.len() - 1
        }) as u32)
    }

    /// The id of a module that is known already.
    pub(crate) fn known(&self, name: &str) -> Option<ModuleId> {
        let known = self.modules.iter().position(|entry| entry.name == name);
        known.map(|place| ModuleId(place as u32))
    }

    pub(crate) fn name(&self, module: ModuleId) -> &str {
        &self.entry(module).name
    }

    pub(crate) fn current(&self, module: ModuleId) -> Option<&Version> {
        self.entry(module).current.as_ref()
    }

    pub(crate) fn old(&self, module: ModuleId) -> Option<&Version> {
        self.entry(module).old.as_ref()
    }

    /// Copies an artifact over the place that the module is loaded from.
    pub(crate) fn deploy(&mut self, artifact: Artifact) {
        let module = self.id(artifact.name());
        let entry = self.entry_mut(module);
        (entry.deployed, entry.damaged) = (Some(artifact), false);
    }

    /// Whether a module that is loaded may not be loaded anew (A13).
    pub(crate) fn stick(&mut self, module: ModuleId, sticky: bool) {
        self.entry_mut(module).sticky = sticky;
    }

    /// Takes away what lies at the place that a module is loaded from.
    pub(crate) fn undeploy(&mut self, module: ModuleId) {
        let entry = self.entry_mut(module);
        (entry.deployed, entry.damaged) = (None, false);
    }

    /// Lets what lies at the module's place be none that could be loaded.
    pub(crate) fn damage(&mut self, module: ModuleId) {
        let entry = self.entry_mut(module);
        (entry.deployed, entry.damaged) = (None, true);
    }

    /// Forgets all that is loaded.
    pub(crate) fn restart(&mut self) {
        for entry in &mut self.modules {
            entry.current = None;
            entry.old = None;
            entry.sticky = false;
        }
    }

    /// Whether what lies at a module's place has an `on_load` function.
    pub(crate) fn has_on_load(&self, module: ModuleId) -> bool {
        let artifact = &self.entry(module).deployed;
        artifact.is_some_and(|artifact| artifact.table().on_load.is_some())
    }

    /// Makes what lies at the module's place current, and what was current old. Old
    /// code is in the way only of what becomes old.
    pub(crate) fn load(&mut self, module: ModuleId) -> Result<Version, LoadError> {
        let version = self.prepare(module)?;
        self.finish(&version);
        Ok(version)
    }

    /// What lies at the module's place, as a version that is not yet current.
    pub(crate) fn prepare(&mut self, module: ModuleId) -> Result<Version, LoadError> {
        let entry = self.entry(module);
        let name = || entry.name.clone();
        // In this order OTP finds out what is wrong.
        if entry.deployed.is_none() && !entry.damaged {
            return Err(LoadError::NoFile(name()));
        }
        if entry.current.is_some() && entry.sticky {
            return Err(LoadError::Sticky(name()));
        }
        let Some(artifact) = entry.deployed else {
            return Err(LoadError::Damaged(name()));
        };
        if entry.current.is_some() && entry.old.is_some() {
            return Err(LoadError::NotPurged(name()));
        }
        self.loads += 1;
        Ok(Version::new(module, artifact, self.loads))
    }

    /// Makes a version that was prepared current, and what was current old.
    pub(crate) fn finish(&mut self, version: &Version) {
        let entry = self.entry_mut(version.module_id());
        entry.known = true;
        if let Some(old) = entry.current.replace(version.clone()) {
            entry.old = Some(old);
        }
    }

    /// Makes the current version old (A3). False where old code is in the way, or the
    /// module was never loaded; if only nothing is current, that is fine.
    pub(crate) fn delete(&mut self, module: ModuleId) -> bool {
        let entry = self.entry_mut(module);
        if entry.old.is_some() {
            return false;
        }
        entry.old = entry.current.take();
        entry.known
    }

    /// Forgets the old version.
    pub(crate) fn forget_old(&mut self, module: ModuleId) -> Option<Version> {
        self.entry_mut(module).old.take()
    }

    fn entry(&self, module: ModuleId) -> &Entry {
        &self.modules[module.0 as usize]
    }

    fn entry_mut(&mut self, module: ModuleId) -> &mut Entry {
        &mut self.modules[module.0 as usize]
    }
}
