//! Where the embedded node deviates from Erlang on purpose.
//!
//! What neither target does is refused before anything runs, and so never compared: an
//! appup with `restart_new_emulator`, whose install goes on while a new emulator boots
//! (C2); and, of the embedded node alone, `sync_nodes` (C16) and applied functions that it
//! has not. So is, by the compiler, an `on_load` in a callback module of a supervisor or an
//! event manager. A node is booted again by the harness, in the place of `heart`.
//!
//! Whoever waits for an `on_load` of somebody else and has to load the module then, since
//! that one failed, or since they want another version, is forgotten by the code server of
//! OTP 25 if there is an `on_load` again, and waits for ever (seen). On the embedded node
//! each of them tries again. A release handler whose script calls a supervisor that is
//! suspended waits for ever on both: the embedded node says so, and a real one is given up;
//! no plan that is drawn suspends such a supervisor. The harness's own loads wait until nobody loads the module;
//! and no scenario has a first load that fails.

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
