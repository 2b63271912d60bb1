//! What is wrong with an instruction.

use std::fmt::{self, Display, Formatter};

use upheaval_term::Term;
use upheaval_term::text::Place;

use super::forms::FORMS;
use crate::nearest::nearest;

/// A term that is no instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct BadInstruction {
    /// Where what is wrong stands.
    pub place: Option<Place>,
    /// Which part is wrong.
    pub part: BadPart,
    /// What stands there.
    pub term: Term,
}

/// The part of an instruction that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPart {
    /// All of it: there is no such instruction, or not in this form.
    Instruction,
    /// A module.
    Module,
    /// How the state changes.
    Change,
    /// Whether it is static or dynamic.
    ModType,
    /// How old code is purged.
    PurgeMethod,
    /// A list.
    List,
    /// What a function is called with.
    ArgsList,
    /// A node.
    Node,
    /// An application.
    Application,
    /// How an application is started.
    StartType,
    /// A function.
    Func,
    /// An application whose modules are read.
    Lib,
    /// Its version.
    LibVsn,
    /// How long a suspend may take.
    Timeout,
    /// Which way states are converted.
    Mode,
    /// A module and what its `code_change` is given.
    CodeChange,
    /// `mnesia_backup`, which OTP knows and has never implemented.
    NotYetImplemented,
}

impl BadPart {
    /// OTP's name for the error.
    fn name(self) -> &'static str {
        match self {
            BadPart::Instruction => "bad_instruction",
            BadPart::Module => "bad_module",
            BadPart::Change => "bad_change",
            BadPart::ModType => "bad_mod_type",
            BadPart::PurgeMethod => "bad_purge_method",
            BadPart::List => "bad_list",
            BadPart::ArgsList => "bad_args_list",
            BadPart::Node => "bad_node",
            BadPart::Application => "bad_application",
            BadPart::StartType => "bad_start_type",
            BadPart::Func => "bad_func",
            BadPart::Lib => "bad_lib",
            BadPart::LibVsn => "bad_lib_vsn",
            BadPart::Timeout => "bad_timeout",
            BadPart::Mode => "bad_mode",
            BadPart::CodeChange => "bad_code_change",
            BadPart::NotYetImplemented => "not_yet_implemented",
        }
    }

    /// What should stand there.
    fn expected(self) -> &'static str {
        match self {
            BadPart::Instruction => "an instruction",
            BadPart::Module => "a module, an atom",
            BadPart::Change => "soft or {advanced,Extra}",
            BadPart::ModType => "static or dynamic",
            BadPart::PurgeMethod => "soft_purge or brutal_purge",
            BadPart::List => "a list",
            BadPart::ArgsList => "a list of arguments",
            BadPart::Node => "a node, an atom",
            BadPart::Application => "an application, an atom",
            BadPart::StartType => "none, load, temporary, transient or permanent",
            BadPart::Func => "a function's name, an atom",
            BadPart::Lib => "an application, an atom",
            BadPart::LibVsn => "a version, a string",
            BadPart::Timeout => "default, infinity or milliseconds above 0",
            BadPart::Mode => "up or down",
            BadPart::CodeChange => "{M,Extra}",
            BadPart::NotYetImplemented => "an instruction that OTP implements",
        }
    }
}

impl BadInstruction {
    /// OTP's own error, `{bad_module,1}` for instance.
    pub fn reason(&self) -> Term {
        Term::tuple([Term::atom(self.part.name()), self.term.clone()])
    }

    /// The name that the term has as an instruction.
    fn instruction_name(&self) -> Option<&str> {
        let name = match &self.term {
            Term::Tuple(parts) => parts.first()?.as_atom()?,
            term => term.as_atom()?,
        };
        Some(name.as_str())
    }
}

impl std::error::Error for BadInstruction {}

impl Display for BadInstruction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.part == BadPart::NotYetImplemented {
            return write!(f, "{}, which OTP has never implemented", self.term);
        }
        if self.part != BadPart::Instruction {
            return write!(f, "expected {}, found {}", self.part.expected(), self.term);
        }
        let Some(name) = self.instruction_name() else {
            return write!(f, "expected an instruction, found {}", self.term);
        };
        if let Some((_, forms)) = FORMS.iter().find(|(known, _)| *known == name) {
            return write!(f, "{} is no form of {name}; there is {forms}", self.term);
        }
        write!(f, "unknown instruction {name}")?;
        match nearest(name, FORMS.iter().map(|(known, _)| *known)) {
            Some(known) => write!(f, "; did you mean {known}?"),
            None => {
                let known: Vec<&str> = FORMS.iter().map(|(known, _)| *known).collect();
                write!(f, "; there are {}", known.join(", "))
            }
        }
    }
}
