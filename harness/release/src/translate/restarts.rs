//! Where the emulator is restarted, and the script as a whole.

use crate::{Direction, LowLevel};

/// On the way up a new emulator is started before anything else; everything else
/// restarts it at the end (C2).
pub(super) fn sort(
    direction: Direction,
    before: Vec<LowLevel>,
    after: Vec<LowLevel>,
) -> Vec<LowLevel> {
    let has = |restart: &LowLevel| after.contains(restart);
    let new_emulator = has(&LowLevel::RestartNewEmulator);
    let first = new_emulator && direction == Direction::Up;
    let last = has(&LowLevel::RestartEmulator) || new_emulator && direction == Direction::Down;

    let mut script = Vec::new();
    script.extend(first.then_some(LowLevel::RestartNewEmulator));
    script.extend(before);
    script.push(LowLevel::PointOfNoReturn);
    script.extend(after.into_iter().filter(|step| {
        !matches!(
            step,
            LowLevel::RestartNewEmulator | LowLevel::RestartEmulator
        )
    }));
    script.extend(last.then_some(LowLevel::RestartEmulator));
    script
}
