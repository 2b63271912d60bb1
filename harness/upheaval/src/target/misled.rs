//! Whether the release handler goes by what is so.

use super::TargetError;
use super::control::{Believed, Control};
use crate::scenario::Scenario;

/// Whether code runs that the release handler does not know of: the release that runs was
/// removed, or an application was moved alone or started without its release. What it
/// installs then leads on from somewhere else than it thinks.
pub(super) fn is_misled(
    scenario: &Scenario,
    system: &mut impl Control,
) -> Result<bool, TargetError> {
    let Some(Believed { release, paths }) = system.believed()? else {
        return Ok(false);
    };
    let Some(release) = scenario.find_release(&release) else {
        return Ok(true);
    };
    if runs_other_code(scenario, system)? {
        return Ok(true);
    }
    for application in &scenario.applications {
        let name = application.name.as_str();
        let Some(vsn) = release.application(name) else {
            // One that the release has not may lie on the code path, but not run.
            let versions = application.versions.iter();
            for (module, _) in versions.flat_map(|version| &version.modules) {
                if system.current_vsn(module)?.is_some() {
                    return Ok(true);
                }
            }
            continue;
        };
        let mut paths = paths.iter();
        if !paths.any(|(path, found)| path == name && found == vsn) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a module of an application runs in another version than the one that the code
/// path names has: something was installed on top of what the release handler did not know
/// of, and nothing has told it since.
pub(super) fn runs_other_code(
    scenario: &Scenario,
    system: &mut impl Control,
) -> Result<bool, TargetError> {
    let Some(Believed { paths, .. }) = system.believed()? else {
        return Ok(false);
    };
    for (name, vsn) in &paths {
        let application = scenario.find_application(name);
        let mut versions = application.into_iter().flat_map(|found| &found.versions);
        let Some(version) = versions.find(|version| version.vsn == *vsn) else {
            continue;
        };
        for (module, should_be) in &version.modules {
            let runs = system.current_vsn(module)?;
            if runs.is_some_and(|runs| runs != *should_be) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
