//! What the release handler finds where an artifact should lie.

use super::fault::{stale, swapped};
use crate::plan::{Damage, Fault, Op, moved_by};
use crate::scenario::Scenario;

/// An artifact of a version of an application, and what lies in its place.
#[derive(Clone, Debug)]
pub(super) struct Spoilt {
    /// The application, and its version.
    pub(super) place: (String, String),
    /// The module, and the version of it that should lie there.
    pub(super) code: (String, String),
    pub(super) lies: Lies,
}

/// What lies in the place of an artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// Nothing: the release handler notices it before anything is done.
    Nothing,
    /// A part of it: its version can be read, and it cannot be loaded, which the release
    /// handler notices after the point of no return (C12).
    Half,
    /// The artifact of another module, which cannot be loaded either, or of another version of
    /// this one: it is the version of that which the release handler reads.
    Other(String, String),
}

impl Spoilt {
    /// What a fault puts in the place of what a function of the release handler is to read;
    /// nothing where that is not in it.
    pub(super) fn by(scenario: &Scenario, of: &Op, fault: &Fault) -> Option<Spoilt> {
        let Fault::ArtifactOf { damage, module } = fault else {
            return None;
        };
        let moved = moved_by(scenario, of)?;
        let (place, _, vsn) = moved.into_iter().find(|(_, name, _)| name == module)?;
        let lies = match damage {
            Damage::Missing => Lies::Nothing,
            Damage::Truncated => Lies::Half,
            Damage::Swapped => {
                let (other, vsn) = swapped(scenario, module)?;
                Lies::Other(other.into(), vsn.into())
            }
            Damage::Stale => Lies::Other(module.clone(), stale(scenario, module, vsn).into()),
        };
        Some(Spoilt {
            place: (place.0.into(), place.1.into()),
            code: (module.clone(), vsn.into()),
            lies,
        })
    }

    /// Whether it is the place of that module of a version of an application.
    pub(super) fn is_of(&self, (application, vsn): (&str, &str), module: &str) -> bool {
        let (name, of) = &self.place;
        name == application && of == vsn && self.code.0 == module
    }
}
