//! The start of a release, and the node's restarts.

use super::ways::version;
use crate::target::TargetError;
use crate::target::embedded::run::Run;

impl Run<'_> {
    /// Starts what the release that was booted has, and the clients. Its modules are
    /// loaded as they are needed; all are, since somebody runs them.
    pub(in crate::target::embedded) fn boot_release(&mut self) -> Result<(), TargetError> {
        let scenario = self.scenario;
        let boot = self.handler.as_ref().map(|handler| &handler.boot);
        let boot = boot.and_then(|vsn| scenario.find_release(vsn));
        let has = |module: &str| {
            let mut applications = boot.iter().flat_map(|release| &release.applications);
            applications.any(|(name, vsn)| {
                version(scenario, name, vsn).is_some_and(|v| v.module(module).is_some())
            })
        };
        for module in &scenario.modules {
            if scenario.is_run(&module.name)
                && has(&module.name)
                && let Err(error) = self.load(&module.name)
            {
                return Err(self.failed_to_start(&module.name, error.to_string()));
            }
        }
        let loaded = self.handler.iter().flat_map(|h| &h.applications);
        let loaded: Vec<String> = loaded.map(|loaded| loaded.name.clone()).collect();
        for application in scenario.applications.iter().map(|a| &a.name) {
            if loaded.contains(application) {
                self.start_application(application)
                    .map_err(|why| self.failed_to_start(application, why.to_string()))?;
            }
        }
        self.start_clients();
        Ok(())
    }

    /// `init:restart()` and `init:reboot()`: everything ends, and the release that is to
    /// be booted starts anew (C12).
    pub(super) fn restart(&mut self) -> Result<(), TargetError> {
        self.mend_artifact();
        self.node.restart();
        self.clients.clear();
        let scenario = self.scenario;
        let boot = self.handler.as_mut().and_then(|handler| {
            let boot = scenario.find_release(&handler.boot)?;
            handler.restarted(scenario, boot);
            Some(boot)
        });
        if let Some(boot) = boot {
            self.set_paths(boot);
        }
        self.boot_release().map_err(TargetError::at_restart)
    }
}
