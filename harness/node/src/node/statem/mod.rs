//! The engine of `gen_statem`: events, transitions, actions and timers.

mod actions;
mod events;
mod timers;
mod transition;
