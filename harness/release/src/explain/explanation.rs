//! The lines of a script, explained.

use super::{Upgrade, Warning, effect, warning};
use crate::{LowLevel, TranslateError};

/// A low-level script, line by line.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What is explained.
    pub upgrade: Upgrade,
    /// The version that runs.
    pub from: String,
    /// The version that is gone to.
    pub to: String,
    /// The lines, in their order.
    pub lines: Vec<Line>,
    /// What is to be known of the script as a whole.
    pub warnings: Vec<Warning>,
}

/// One line of a script.
#[derive(Clone, Debug)]
pub struct Line {
    /// The instruction.
    pub instruction: LowLevel,
    /// What it does, and to which processes.
    pub effect: String,
    /// What goes wrong there without a word.
    pub warnings: Vec<Warning>,
}

impl Explanation {
    /// Translates an upgrade, and explains it.
    ///
    /// # Errors
    /// OTP's own, if the instructions make no script.
    pub fn of(upgrade: Upgrade, from: &str, to: &str) -> Result<Explanation, TranslateError> {
        let script = upgrade.script()?;
        let line = |(number, instruction): (usize, &LowLevel)| Line {
            instruction: instruction.clone(),
            effect: effect::of(&upgrade, &script, number),
            warnings: warning::of_line(&upgrade, &script, number),
        };
        Ok(Explanation {
            lines: script.iter().enumerate().map(line).collect(),
            warnings: warning::of_script(&upgrade),
            from: from.into(),
            to: to.into(),
            upgrade,
        })
    }
}
