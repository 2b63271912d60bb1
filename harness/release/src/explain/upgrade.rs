//! An upgrade of one application, and what is known of it.

use upheaval_term::Atom;

use crate::{
    Application, Appup, Clause, Direction, Instruction, LowLevel, TranslateError, Translation,
    scripts,
};

/// An application's way from one version to another.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// The application.
    pub name: Atom,
    /// Which way the appup is read.
    pub direction: Direction,
    /// The clause that is taken.
    pub clause: Clause,
    /// The applications of the release that runs, this one first.
    pub from: Vec<Application>,
    /// Those of the release that is gone to, this one first.
    pub to: Vec<Application>,
    /// What was assumed because nothing told it.
    pub assumed: Vec<String>,
}

impl Upgrade {
    /// The upgrade of an application by a clause of its appup. What `known` has of its
    /// two versions and of other applications is taken; what it has not is assumed from
    /// the instructions.
    pub fn new(
        name: &Atom,
        appup: &Appup,
        clause: &Clause,
        direction: Direction,
        other: &str,
        known: &[Application],
    ) -> Upgrade {
        let (from_vsn, to_vsn) = match direction {
            Direction::Up => (other, appup.vsn.as_str()),
            Direction::Down => (appup.vsn.as_str(), other),
        };
        let changes = Changes::of(clause);
        let find = |vsn: &str| {
            let mut own = known.iter().filter(|known| known.name == *name);
            own.find(|known| known.vsn == vsn).cloned()
        };
        let mut assumed = Vec::new();
        let (old, new) = match (find(from_vsn), find(to_vsn)) {
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) => {
                assumed.push(like(name, from_vsn, to_vsn));
                let modules = but(&new.modules, &changes.added, &changes.deleted);
                (version(name, from_vsn, modules), new)
            }
            (Some(old), None) => {
                assumed.push(like(name, to_vsn, from_vsn));
                let modules = but(&old.modules, &changes.deleted, &changes.added);
                (old, version(name, to_vsn, modules))
            }
            (None, None) => {
                assumed.push(format!(
                    "{name} has the modules that the instructions load and no others, since \
                     there is no .app beside the appup; name one with --app"
                ));
                let new = but(&changes.loaded, &[], &changes.added);
                let old = but(&new, &changes.added, &changes.deleted);
                (version(name, from_vsn, old), version(name, to_vsn, new))
            }
        };
        let others = || known.iter().filter(|known| known.name != *name).cloned();
        let is_in = |names: &[Atom], application: &Application| names.contains(&application.name);
        let from = others().filter(|other| !is_in(&changes.added_applications, other));
        let to = others().filter(|other| !is_in(&changes.removed_applications, other));
        Upgrade {
            name: name.clone(),
            direction,
            clause: clause.clone(),
            from: std::iter::once(old).chain(from).collect(),
            to: std::iter::once(new).chain(to).collect(),
            assumed,
        }
    }

    /// The low-level script.
    ///
    /// # Errors
    /// OTP's own.
    pub fn script(&self) -> Result<Vec<LowLevel>, TranslateError> {
        Translation::new(self.direction, &self.from, &self.to).script(&scripts([&self.clause]))
    }

    /// The application as it runs.
    pub fn old(&self) -> Option<&Application> {
        self.from.first()
    }

    /// The application as it will be.
    pub fn new_version(&self) -> Option<&Application> {
        self.to.first()
    }
}

fn version(name: &Atom, vsn: &str, modules: Vec<Atom>) -> Application {
    Application::new(name.clone(), vsn, modules)
}

fn like(name: &Atom, unknown: &str, known: &str) -> String {
    format!(
        "{name}-{unknown} has the modules of {name}-{known} but those that the instructions \
         add or delete; name its .app with --app"
    )
}

/// Some modules without these, and with those.
fn but(modules: &[Atom], without: &[Atom], with: &[Atom]) -> Vec<Atom> {
    let mut modules: Vec<Atom> = modules
        .iter()
        .filter(|module| !without.contains(module))
        .cloned()
        .collect();
    for module in with {
        if !modules.contains(module) {
            modules.push(module.clone());
        }
    }
    modules
}

/// What instructions say of the modules that there are.
#[derive(Default)]
struct Changes {
    added: Vec<Atom>,
    deleted: Vec<Atom>,
    loaded: Vec<Atom>,
    added_applications: Vec<Atom>,
    removed_applications: Vec<Atom>,
}

impl Changes {
    fn of(clause: &Clause) -> Changes {
        let mut changes = Changes::default();
        for step in &clause.steps {
            match &step.instruction {
                Instruction::Update { module, .. } | Instruction::LoadModule { module, .. } => {
                    changes.loaded.push(module.clone());
                }
                Instruction::AddModule { module, .. } => changes.added.push(module.clone()),
                Instruction::DeleteModule { module, .. } => changes.deleted.push(module.clone()),
                Instruction::AddApplication { application, .. } => {
                    changes.added_applications.push(application.clone());
                }
                Instruction::RemoveApplication { application } => {
                    changes.removed_applications.push(application.clone());
                }
                Instruction::RestartApplication { .. } | Instruction::Low(_) => {}
            }
        }
        changes
    }
}
