//! The files that an explanation is made of.

use std::path::{Path, PathBuf};

use upheaval_term::Atom;

use super::{ExplainError, Explanation, Upgrade};
use crate::{Application, Appup, Direction};

/// Explains how the appup of this file gets from one version to another.
///
/// Which modules the application has is told by the `.app` files that are named, or by
/// the one that stands beside the appup; what no file tells is assumed, and said.
///
/// # Errors
/// A file cannot be read or is wrong, no clause is for these versions, or the
/// instructions make no script.
pub fn explain(
    path: &Path,
    from: &str,
    to: &str,
    apps: &[PathBuf],
) -> Result<Explanation, ExplainError> {
    let name = application_of(path)?;
    let appup = Appup::read(path)?;
    let (direction, other) = if appup.vsn == to {
        (Direction::Up, from)
    } else if appup.vsn == from {
        (Direction::Down, to)
    } else {
        return Err(ExplainError::OtherVersion {
            path: path.into(),
            vsn: appup.vsn,
        });
    };
    let Some(clause) = appup.clause(direction, other) else {
        let clauses = appup.clauses(direction).iter();
        return Err(ExplainError::NoClause {
            path: path.into(),
            way: match direction {
                Direction::Up => "an upgrade from",
                Direction::Down => "a downgrade to",
            },
            version: other.into(),
            clauses: clauses.map(|clause| clause.version.to_string()).collect(),
        });
    };
    let mut known = Vec::new();
    for app in apps {
        let application = Application::read(app)?;
        if application.name == name && application.vsn != from && application.vsn != to {
            return Err(ExplainError::OtherApplication {
                path: app.clone(),
                application: application.name,
                vsn: application.vsn,
                from: from.into(),
                to: to.into(),
            });
        }
        known.push(application);
    }
    let mut ignored = None;
    let beside = path.with_file_name(format!("{}.app", name.as_str()));
    if !known.iter().any(|known| known.name == name) && beside.is_file() {
        let application = Application::read(&beside)?;
        if application.vsn == from || application.vsn == to {
            known.push(application);
        } else {
            ignored = Some(format!(
                "{} is not used: it is {name}-{}",
                beside.display(),
                application.vsn
            ));
        }
    }
    let mut upgrade = Upgrade::new(&name, &appup, clause, direction, other, &known);
    upgrade.assumed.extend(ignored);
    Explanation::of(upgrade, from, to).map_err(|error| ExplainError::Translate {
        path: path.into(),
        place: clause.place_of(&error),
        error,
    })
}

/// The application that an appup is named after: `shop` for `shop.appup`, and for
/// `shop.appup.src`.
fn application_of(path: &Path) -> Result<Atom, ExplainError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.and_then(|name| name.split('.').next());
    match name {
        Some(name) if !name.is_empty() => Atom::new(name).map_err(|_| ExplainError::no_name(path)),
        _ => Err(ExplainError::no_name(path)),
    }
}
