//! Releases as data.
//!
//! An application's `.appup` says how it gets from one version to another, in
//! high-level instructions. [`Appup::parse`] reads one, [`Translation`] makes the
//! low-level script of it that a release handler does step by step, as OTP's
//! `systools` does (C1 to C4).
//!
//! ```
//! use upheaval_release::{Application, Appup, Direction, Translation, scripts};
//!
//! let appup = Appup::parse(
//!     r#"{"2",
//!         [{"1", [{update, counter, {advanced, []}}, {add_module, report}]}],
//!         [{"1", [{update, counter, {advanced, []}}, {delete_module, report}]}]}."#,
//! )?;
//! let old = [Application::new("shop", "1", ["counter"])];
//! let new = [Application::new("shop", "2", ["counter", "report"])];
//! let Some(clause) = appup.clause(Direction::Up, "1") else { panic!() };
//!
//! let translation = Translation::new(Direction::Up, &old, &new);
//! let script: Vec<String> = (translation.script(&scripts([clause])))?
//!     .iter()
//!     .map(ToString::to_string)
//!     .collect();
//! assert_eq!(
//!     script,
//!     [
//!         r#"{load_object_code,{shop,"2",[counter,report]}}"#,
//!         "point_of_no_return",
//!         "{suspend,[counter]}",
//!         "{load,{counter,brutal_purge,brutal_purge}}",
//!         "{code_change,up,[{counter,[]}]}",
//!         "{resume,[counter]}",
//!         "{load,{report,brutal_purge,brutal_purge}}",
//!     ]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod application;
mod appup;
mod blame;
mod error;
mod explain;
mod file;
mod instruction;
mod nearest;
mod translate;
mod version;

pub use application::Application;
pub use appup::{Appup, Clause, Step, scripts};
pub use error::{FileError, ReadError, ReadProblem};
pub use explain::{ExplainError, Explanation, Line, Upgrade, Warning, explain};
pub use file::text_of;
pub use instruction::{
    BadInstruction, BadPart, Change, Direction, Instruction, LowLevel, Mfa, ModType, Nodes, Purge,
    StartType, Suspend, Timeout,
};
pub use translate::{TranslateError, Translation};
pub use version::{BadVersion, VersionPattern};
