//! `upheaval list`.

use crate::HELD;
use crate::error::Error;

pub(crate) fn list() -> Result<u8, Error> {
    let scenarios = sample_scenarios::all();
    let width = scenarios.iter().map(|s| s.name.len()).max().unwrap_or(0);
    for scenario in scenarios {
        println!("{:width$}  {}", scenario.name, scenario.about);
    }
    Ok(HELD)
}
