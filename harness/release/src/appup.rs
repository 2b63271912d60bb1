//! Appups.

use std::path::Path;

use upheaval_term::text::{Place, TermAt, consult};

use crate::{Direction, FileError, Instruction, ReadError, ReadProblem, VersionPattern, text_of};

/// What an application's `.appup` says: `{Vsn,[{UpFrom,Is}],[{DownTo,Is}]}` (C1).
#[derive(Clone, Debug)]
pub struct Appup {
    /// The version that it is for.
    pub vsn: String,
    /// How to get to it, by the version that is upgraded.
    pub up: Vec<Clause>,
    /// How to get back from it, by the version that is gone back to.
    pub down: Vec<Clause>,
}

/// The instructions for some versions.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The versions.
    pub version: VersionPattern,
    /// What is done.
    pub steps: Vec<Step>,
    /// Its place in the appup's text.
    pub place: Option<Place>,
}

/// An instruction of an appup, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The instruction.
    pub instruction: Instruction,
    /// Its place in the appup's text.
    pub place: Option<Place>,
}

impl Appup {
    /// Reads the text of an appup.
    ///
    /// # Errors
    /// It is none; the error says what is wrong, and in which line and column.
    pub fn parse(text: &str) -> Result<Appup, ReadError> {
        let terms = consult(text)?;
        let [term] = &terms[..] else {
            return Err(ReadError {
                place: terms.get(1).and_then(|second| second.at().place()),
                problem: ReadProblem::Terms(terms.len()),
            });
        };
        Appup::read_term(term.at())
    }

    /// Reads the file of an appup.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Appup, FileError> {
        Appup::parse(&text_of(path)?).map_err(|error| FileError::text(path, error))
    }

    fn read_term(at: TermAt<'_>) -> Result<Appup, ReadError> {
        let wrong =
            || ReadError::shape("{Vsn,[{UpFrom,Instructions}],[{DownTo,Instructions}]}", at);
        let parts = at.as_tuple().ok_or_else(wrong)?;
        let [vsn, up, down] = parts[..] else {
            return Err(wrong());
        };
        Ok(Appup {
            vsn: vsn
                .term()
                .as_string()
                .ok_or_else(|| ReadError::shape("a version, a string", vsn))?,
            up: clauses(up)?,
            down: clauses(down)?,
        })
    }

    /// The clauses of a direction.
    pub fn clauses(&self, direction: Direction) -> &[Clause] {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    /// The first clause for a version, which is the one that OTP takes (C1).
    pub fn clause(&self, direction: Direction, version: &str) -> Option<&Clause> {
        self.clauses(direction)
            .iter()
            .find(|clause| clause.version.matches(version))
    }
}

impl Clause {
    /// Its instructions.
    pub fn instructions(&self) -> Vec<Instruction> {
        let instructions = self.steps.iter().map(|step| step.instruction.clone());
        instructions.collect()
    }
}

/// The instructions of several applications' clauses, as a release makes one script
/// of them.
pub fn scripts<'a>(clauses: impl IntoIterator<Item = &'a Clause>) -> Vec<Vec<Instruction>> {
    clauses.into_iter().map(Clause::instructions).collect()
}

fn clauses(at: TermAt<'_>) -> Result<Vec<Clause>, ReadError> {
    let wrong = || ReadError::shape("a list of {Version,Instructions}", at);
    at.as_list()
        .ok_or_else(wrong)?
        .into_iter()
        .map(clause)
        .collect()
}

fn clause(at: TermAt<'_>) -> Result<Clause, ReadError> {
    let wrong = || ReadError::shape("{Version,Instructions}", at);
    let parts = at.as_tuple().ok_or_else(wrong)?;
    let [version, steps] = parts[..] else {
        return Err(wrong());
    };
    let pattern = VersionPattern::read(version.term()).map_err(|error| ReadError {
        place: version.place(),
        problem: error.into(),
    })?;
    let wrong = || ReadError::shape("a list of instructions", steps);
    let steps = steps.as_list().ok_or_else(wrong)?;
    let step = |at: TermAt<'_>| -> Result<Step, ReadError> {
        Ok(Step {
            instruction: Instruction::read(at)?,
            place: at.place(),
        })
    };
    Ok(Clause {
        version: pattern,
        steps: steps.into_iter().map(step).collect::<Result<_, _>>()?,
        place: at.place(),
    })
}
