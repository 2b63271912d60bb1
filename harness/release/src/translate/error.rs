//! Why scripts cannot be translated.

use upheaval_term::{Atom, Term};

use crate::Instruction;

/// Why instructions make no script; each of these is an error of OTP's.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TranslateError {
    /// A module is needed that no instruction changes.
    #[error(
        "undefined module {0}: an instruction has it in its DepMods, and no instruction of the scripts is for it; add one, or take it out of the DepMods"
    )]
    UndefModule(Atom),
    /// Two instructions change the code of the same module.
    #[error(
        "module {0} is changed by more than one instruction; leave one of them (adding or restarting its application changes each of its modules)"
    )]
    MuldefModule(Atom),
    /// A module is loaded that no application has.
    #[error("no application lists module {0}; add it to the modules of its .app")]
    NoSuchModule(Atom),
    /// An application is named that the release has not.
    #[error("there is no application {0} in the release; correct its name, or add it")]
    NoSuchApplication(Atom),
    /// An application is removed that the release still has.
    #[error("application {0} is removed, and the release that is gone to still has it")]
    RemovedApplicationPresent(Atom),
    /// The modules of two versions of an application are read.
    #[error(
        "modules are read of {library}-{one} and of {library}-{other}; only one of them can be in a release"
    )]
    ConflictingVersions {
        /// The application.
        library: Atom,
        /// Its one version.
        one: String,
        /// Its other version.
        other: String,
    },
    /// What must not be done before the point of no return is.
    #[error("{0} stands before point_of_no_return; only load_object_code and apply may")]
    BadOpBeforePointOfNoReturn(Box<Instruction>),
    /// A script returns from nowhere twice.
    #[error("a script has more than one point_of_no_return; leave one")]
    TooManyPointOfNoReturn,
    /// A module is loaded that is not read.
    #[error("module {0} is loaded, and no load_object_code reads it; add it to one")]
    NoObjectCode(Atom),
    /// Processes are suspended for ever.
    #[error("{} suspended and not resumed; add a resume", modules(.0))]
    SuspendedNotResumed(Vec<Atom>),
    /// Processes are resumed that nothing suspends.
    #[error("{} resumed and not suspended; add a suspend", modules(.0))]
    ResumedNotSuspended(Vec<Atom>),
    /// Processes are started that nothing stops.
    #[error("{} started and not stopped; add a stop", modules(.0))]
    StartNotStop(Vec<Atom>),
    /// Processes are stopped for ever.
    #[error("{} stopped and not started; add a start", modules(.0))]
    StopNotStart(Vec<Atom>),
}

fn modules(names: &[Atom]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    match &names[..] {
        [name] => format!("module {name} is"),
        _ => format!("modules {} are", names.join(", ")),
    }
}

impl TranslateError {
    /// OTP's own error, `{undef_module,m}` for instance.
    pub fn reason(&self) -> Term {
        let (tag, rest) = match self {
            TranslateError::UndefModule(module) => ("undef_module", atom(module)),
            TranslateError::MuldefModule(module) => ("muldef_module", atom(module)),
            TranslateError::NoSuchModule(module) => ("no_such_module", atom(module)),
            TranslateError::NoSuchApplication(name) => ("no_such_application", atom(name)),
            TranslateError::RemovedApplicationPresent(name) => {
                ("removed_application_present", atom(name))
            }
            TranslateError::ConflictingVersions {
                library,
                one,
                other,
            } => {
                let tag = Term::atom("conflicting_versions");
                let versions = [Term::string(one), Term::string(other)];
                return Term::Tuple([tag, atom(library)].into_iter().chain(versions).collect());
            }
            TranslateError::BadOpBeforePointOfNoReturn(instruction) => {
                ("bad_op_before_point_of_no_return", (&**instruction).into())
            }
            TranslateError::TooManyPointOfNoReturn => {
                return Term::atom("too_many_point_of_no_return");
            }
            TranslateError::NoObjectCode(module) => ("no_object_code", atom(module)),
            TranslateError::SuspendedNotResumed(modules) => {
                ("suspended_not_resumed", list(modules))
            }
            TranslateError::ResumedNotSuspended(modules) => {
                ("resumed_not_suspended", list(modules))
            }
            TranslateError::StartNotStop(modules) => ("start_not_stop", list(modules)),
            TranslateError::StopNotStart(modules) => ("stop_not_start", list(modules)),
        };
        Term::tuple([Term::atom(tag), rest])
    }
}

fn atom(name: &Atom) -> Term {
    Term::Atom(name.clone())
}

fn list(names: &[Atom]) -> Term {
    Term::list(names.iter().cloned())
}
