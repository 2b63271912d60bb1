//! Real Erlang, where there is one.

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use upheaval::scenario::Scenario;
use upheaval::target::{Beam, Compiler, Lab};
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
    // Starting a compiler takes longer than most tests, and so does compiling.
    static LABS: Mutex<(Option<Compiler>, BTreeMap<String, Lab>)> =
        Mutex::new((None, BTreeMap::new()));
    let (compiler, labs) = &mut *LABS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = format!("{scenario:?}");
    if let Some(lab) = labs.get(&key) {
        return lab.clone();
    }
    let compiler = match compiler.take().map_or_else(|| Compiler::new(None), Ok) {
        Ok(started) => compiler.insert(started),
        Err(error) => panic!("{error}"),
    };
    match compiler.lab(scenario) {
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

/// Nodes that tests have done with and others may go on with, and whose scenario each has:
/// to boot one takes longer than most plans.
static IDLE: Mutex<Vec<(String, Beam)>> = Mutex::new(Vec::new());

/// How many nodes wait there at most.
const IDLE_AT_MOST: usize = 8;

/// Does something on a beam target of a scenario. Its node may have run other tests, and
/// runs others after this one, unless this one panics: each case starts from a clean node,
/// as on any target.
///
/// Not for a test that is about a node's start, or its end.
///
/// # Panics
/// If the scenario's modules do not compile.
pub fn on_beam<T>(scenario: &Scenario, what: impl FnOnce(&mut Beam) -> T) -> T {
    let key = format!("{scenario:?}");
    let idle = || IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let waiting = {
        let mut idle = idle();
        let place = idle.iter().position(|(of, _)| *of == key);
        place.map(|place| idle.remove(place).1)
    };
    let mut beam = waiting.unwrap_or_else(|| lab(scenario.clone()).target());
    let given = what(&mut beam);
    let mut idle = idle();
    idle.push((key, beam));
    // It ends when nobody waits for the list any more.
    let longest = (idle.len() > IDLE_AT_MOST).then(|| idle.remove(0));
    drop(idle);
    drop(longest);
    given
}
