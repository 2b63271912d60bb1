//! The embedded target.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use upheaval::artifact::Artifacts;
use upheaval::scenario::Scenario;
use upheaval::target::Embedded;

/// An embedded target of a scenario.
///
/// # Panics
/// If its modules do not build.
pub fn embedded(scenario: &Scenario) -> Embedded {
    Embedded::new(scenario.clone(), artifacts(scenario))
}

/// The artifacts of a scenario.
///
/// # Panics
/// If its modules do not build.
pub fn artifacts(scenario: &Scenario) -> Artifacts {
    // Asking cargo takes longer than most tests.
    static BUILT: Mutex<BTreeMap<String, Artifacts>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let key = format!("{:?}", scenario.modules);
    if let Some(artifacts) = built.get(&key) {
        return artifacts.clone();
    }
    match Artifacts::of(scenario) {
        Ok(artifacts) => {
            built.insert(key, artifacts.clone());
            artifacts
        }
        Err(error) => panic!("{error}"),
    }
}
