//! Applications.

use std::path::Path;

use upheaval_term::Atom;
use upheaval_term::text::{TermAt, consult};

use crate::{FileError, ReadError, ReadProblem, StartType, text_of};

/// A version of an application in a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its name.
    pub name: Atom,
    /// Its version.
    pub vsn: String,
    /// Its modules, as its `.app` lists them.
    pub modules: Vec<Atom>,
    /// How the release starts it.
    pub start: StartType,
}

impl Application {
    /// An application whose end ends the node.
    ///
    /// # Panics
    /// If a literal has more than 255 characters.
    pub fn new<M: Into<Atom>>(
        name: impl Into<Atom>,
        vsn: &str,
        modules: impl IntoIterator<Item = M>,
    ) -> Application {
        Application {
            name: name.into(),
            vsn: vsn.into(),
            modules: modules.into_iter().map(Into::into).collect(),
            start: StartType::Permanent,
        }
    }

    /// Reads the text of a `.app`.
    ///
    /// # Errors
    /// It is none; the error says what is wrong, and in which line and column.
    pub fn parse(text: &str) -> Result<Application, ReadError> {
        let terms = consult(text)?;
        let [term] = &terms[..] else {
            return Err(ReadError {
                place: terms.get(1).and_then(|second| second.at().place()),
                problem: ReadProblem::Terms(terms.len()),
            });
        };
        Application::read_term(term.at())
    }

    /// Reads a `.app`.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Application, FileError> {
        Application::parse(&text_of(path)?).map_err(|error| FileError::text(path, error))
    }

    fn read_term(at: TermAt<'_>) -> Result<Application, ReadError> {
        let wrong = || ReadError::shape("{application,Name,[{vsn,Vsn},{modules,[M]}|_]}", at);
        let parts = at.as_tuple().ok_or_else(wrong)?;
        let [tag, name, says] = parts[..] else {
            return Err(wrong());
        };
        let (Some(name), Some(says)) = (name.term().as_atom(), says.as_list()) else {
            return Err(wrong());
        };
        if !tag.term().is_atom("application") {
            return Err(wrong());
        }
        let value = |key: &'static str| {
            let says = says.iter().filter_map(|says| says.as_tuple());
            let mut values = says.filter(|says| says.len() == 2 && says[0].term().is_atom(key));
            values.next().map(|says| says[1]).ok_or(ReadError {
                place: at.place(),
                problem: ReadProblem::Missing {
                    application: name.clone(),
                    key,
                },
            })
        };
        let (vsn, modules) = (value("vsn")?, value("modules")?);
        Ok(Application {
            name: name.clone(),
            vsn: vsn
                .term()
                .as_string()
                .ok_or_else(|| ReadError::shape("a version, a string", vsn))?,
            modules: module_names(modules)?,
            start: StartType::Permanent,
        })
    }
}

fn module_names(at: TermAt<'_>) -> Result<Vec<Atom>, ReadError> {
    let wrong = || ReadError::shape("a list of modules", at);
    let name = |at: TermAt<'_>| match at.term().as_atom() {
        Some(name) => Ok(name.clone()),
        None => Err(ReadError::shape("a module, an atom", at)),
    };
    let mut names = Vec::new();
    for at in at.as_list().ok_or_else(wrong)? {
        let name = name(at)?;
        if names.contains(&name) {
            return Err(ReadError {
                place: at.place(),
                problem: ReadProblem::Twice(name),
            });
        }
        names.push(name);
    }
    Ok(names)
}
