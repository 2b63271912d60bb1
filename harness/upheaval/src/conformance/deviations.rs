//! Where the embedded node deviates from Erlang on purpose.
//!
//! What neither target does is refused before anything runs, and so never compared: an
//! appup with `restart_new_emulator`, whose install goes on while a new emulator boots
//! (C2); and, of the embedded node alone, `sync_nodes` (C16) and applied functions that it
//! has not. So is, by the compiler, an `on_load` in a callback module of a supervisor or an
//! event manager. Where several wait for a first load that fails, OTP 25 answers the first
//! and forgets the others, which then wait for ever (seen); on the embedded node each of
//! them tries again, and no scenario goes there. A node is booted again by the harness, in the place of `heart`.

use super::Line;

/// A deviation on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    /// The rule that it deviates from.
    pub rule: &'static str,
    /// What is different, and why.
    pub reason: &'static str,
    /// Whether a pair of lines (embedded, real) differs only by it.
    pub explains: fn(Option<&Line>, Option<&Line>) -> bool,
}

/// All of them. What none of them explains is a difference.
pub const DEVIATIONS: &[Deviation] = &[];
