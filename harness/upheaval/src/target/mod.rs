//! Systems that can run a plan.

mod appups;
mod beam;
mod control;
mod embedded;
mod fault;
mod marks;
mod misled;
mod ops;
mod seam;
mod spoilt;
mod tree;
mod upgrade;
mod watched;

pub use beam::{Beam, Compiler, Lab};
pub use embedded::Embedded;
pub use seam::{Target, TargetError};
pub use watched::{ApplicationLook, Look, ModuleLook, Rest, SupervisorLook, Watched};
