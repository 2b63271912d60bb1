//! `upheaval list`.

use crate::HELD;
use crate::error::Error;
use crate::print;

pub(crate) fn list() -> Result<u8, Error> {
    let scenarios = sample_scenarios::all();
    let width = scenarios.iter().map(|s| s.name.len()).max().unwrap_or(0);
    let lines = scenarios
        .iter()
        .map(|scenario| format!("{:width$}  {}\n", scenario.name, scenario.about));
    print::result(&lines.collect::<String>())?;
    Ok(HELD)
}
