//! The node's own rules, held on a module that is part of the test.

mod probe;

mod frozen;
mod holds;
mod machine;
mod manager;
mod messages;
mod on_load;
mod relations;
mod returns;
mod schedules;
mod special;
mod supervisors;
mod timers;
