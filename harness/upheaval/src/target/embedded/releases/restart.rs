//! Where code is looked for, and the start of a release.

use crate::scenario::Release;
use crate::target::TargetError;
use crate::target::embedded::run::Run;

use super::ways::version;

impl Run<'_> {
    /// Starts what the node's permanent release has, and the clients. Its modules are
    /// loaded as they are needed; all are, since somebody runs them.
    pub(in crate::target::embedded) fn boot_release(&mut self) -> Result<(), TargetError> {
        let scenario = self.scenario;
        for module in &scenario.modules {
            if scenario.is_run(&module.name)
                && self.node.is_deployed(&module.name)
                && let Err(error) = self.node.load(&module.name)
            {
                return Err(self.failed_to_start(&module.name, error.to_string()));
            }
        }
        for application in &scenario.applications {
            self.start_application(&application.name)
                .map_err(|why| self.failed_to_start(&application.name, why.to_string()))?;
        }
        self.start_clients();
        Ok(())
    }

    /// `init:restart()`: everything ends, and the permanent release starts anew (C12).
    pub(super) fn restart(&mut self) -> Result<(), TargetError> {
        self.node.restart();
        self.clients.clear();
        let scenario = self.scenario;
        let mut permanent = None;
        if let Some(handler) = &mut self.handler {
            handler.restarted(scenario);
            permanent = handler
                .books
                .permanent()
                .and_then(|vsn| scenario.find_release(vsn));
        }
        if let Some(permanent) = permanent {
            self.set_paths(permanent);
        }
        self.boot_release()
    }

    /// The code path is that of a release, and nothing else.
    pub(in crate::target::embedded) fn set_paths(&mut self, release: &Release) {
        let scenario = self.scenario;
        for module in &scenario.modules {
            self.node.undeploy(&module.name);
        }
        self.replace_paths(release);
    }

    /// The code paths of a release's applications take the place of those that they
    /// had: what a version has no more is not found any longer.
    pub(super) fn replace_paths(&mut self, release: &Release) {
        let scenario = self.scenario;
        for (name, vsn) in &release.applications {
            let Some(application) = scenario.find_application(name) else {
                continue;
            };
            for (module, _) in application.versions.iter().flat_map(|v| &v.modules) {
                let new = version(scenario, name, vsn).and_then(|version| version.module(module));
                match new.and_then(|new| self.artifacts.get(module, new)) {
                    Some(artifact) => self.node.deploy(artifact),
                    None => self.node.undeploy(module),
                }
            }
        }
    }
}
