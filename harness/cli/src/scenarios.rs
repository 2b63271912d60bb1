//! Finding a scenario, and making it ready to run.

use upheaval::artifact::Built;
use upheaval::scenario::Scenario;
use upheaval::target::Lab;

use crate::args::Erlang;
use crate::error::Error;

/// How far a name may be off to be suggested.
const NEAR: usize = 4;

pub(crate) fn find(name: &str) -> Result<Scenario, Error> {
    sample_scenarios::find(name).ok_or_else(|| Error::UnknownScenario {
        name: name.into(),
        nearest: {
            let all = sample_scenarios::all().into_iter();
            nearest(name, all.map(|scenario| scenario.name))
        },
    })
}

/// The name among those there are that is nearest to one that is not there.
pub(crate) fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    known
        .map(|known| (strsim::damerau_levenshtein(name, &known), known))
        .filter(|(distance, _)| *distance <= NEAR)
        .min()
        .map(|(_, name)| name)
}

/// Builds a scenario's modules; opens none.
pub(crate) fn build(scenario: &Scenario) -> Result<Built, Error> {
    scenario.validate()?;
    Ok(Built::of(scenario)?)
}

/// Compiles a scenario's Erlang modules, and finds where they are to run.
pub(crate) fn lab(scenario: &Scenario, erlang: &Erlang) -> Result<Lab, Error> {
    scenario.validate()?;
    let erl = erlang.erl.as_deref();
    Ok(match (&erlang.attach, &erlang.cookie_file) {
        (Some(name), Some(cookie)) => Lab::attached(scenario.clone(), erl, name, cookie)?,
        _ => Lab::new(scenario.clone(), erl)?,
    })
}
