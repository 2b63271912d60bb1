//! Real Erlang, where there is one.

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::path::Path;
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use upheaval::scenario::Scenario;
use upheaval::target::{Beam, Lab};
use upheaval_beam::Erl;

/// Whether there is an Erlang to test with. Where there is none, a test that needs
/// one says so in a line and passes; with `UPHEAVAL_REQUIRE_BEAM=1` it fails.
///
/// # Panics
/// If there is none and one is required.
pub fn has_erlang() -> bool {
    static FOUND: OnceLock<Result<Erl, String>> = OnceLock::new();
    match FOUND.get_or_init(|| Erl::find(None).map_err(|error| error.to_string())) {
        Ok(_) => true,
        Err(error) => {
            let required = std::env::var_os("UPHEAVAL_REQUIRE_BEAM").is_some_and(|v| v == "1");
            assert!(!required, "UPHEAVAL_REQUIRE_BEAM=1, and {error}");
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Not `eprintln`, which a test that passes is not heard by.
                let _ = writeln!(stderr(), "SKIPPED: all tests on real Erlang: {error}");
            });
            false
        }
    }
}

/// The Erlang on the `PATH`.
///
/// # Panics
/// If there is none: ask [`has_erlang`] first.
pub fn erl() -> Erl {
    match Erl::find(None) {
        Ok(erl) => erl,
        Err(error) => panic!("{error}"),
    }
}

/// What beam targets of a scenario share.
///
/// # Panics
/// If its modules do not compile.
pub fn lab(scenario: Scenario) -> Lab {
    // Compiling takes longer than most tests.
    static LABS: Mutex<BTreeMap<String, Lab>> = Mutex::new(BTreeMap::new());
    let mut labs = LABS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = format!("{scenario:?}");
    if let Some(lab) = labs.get(&key) {
        return lab.clone();
    }
    match Lab::new(scenario, None::<&Path>) {
        Ok(lab) => {
            labs.insert(key, lab.clone());
            lab
        }
        Err(error) => panic!("{error}"),
    }
}

/// A beam target of a sample scenario.
///
/// # Panics
/// If there is no such scenario, or it does not compile.
pub fn beam(scenario: &str) -> Beam {
    match sample_scenarios::find(scenario) {
        Some(scenario) => lab(scenario).target(),
        None => panic!("there is no scenario {scenario}"),
    }
}
