//! Compiling Erlang modules, with the compiler of a node.

use std::path::Path;
use std::time::Duration;

use upheaval_term::Term;

use crate::{BeamError, Session};

/// How long the compiler may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Compiles a source on a node of this machine. The same source gives the same
/// bytes.
///
/// # Errors
/// It does not compile: the compiler's words, with line and column.
pub fn compile(session: &Session, source: &Path) -> Result<Vec<u8>, BeamError> {
    let failed = |problem: String| BeamError::Compile {
        path: source.into(),
        problem,
    };
    if !source.is_file() {
        return Err(failed("there is no such file; correct the path".into()));
    }
    let path = source
        .canonicalize()
        .map_err(|error| failed(error.to_string()))?;
    let options = ["binary", "deterministic", "debug_info", "return_errors"];
    let args = vec![
        Term::string(&path.to_string_lossy()),
        Term::list(options.map(Term::atom)),
    ];
    let result = session.rpc("compile", "file", args, PATIENCE)?;
    match result.as_tuple() {
        Some([ok, Term::Atom(_), Term::Binary(beam)]) if ok.is_atom("ok") => Ok(beam.clone()),
        Some([error, errors, _]) if error.is_atom("error") => Err(failed(describe(errors))),
        _ => Err(failed(format!("the compiler said {result}"))),
    }
}

/// `[{File,[{{Line,Column},Module,What}]}]`, as `3:15: …`.
fn describe(errors: &Term) -> String {
    let mut lines = Vec::new();
    for file in errors.as_list().unwrap_or_default() {
        let Some([_, errors]) = file.as_tuple() else {
            continue;
        };
        for error in errors.as_list().unwrap_or_default() {
            lines.push(match error.as_tuple() {
                Some([Term::Tuple(place), _, what]) if place.len() == 2 => {
                    format!("{}:{}: {what}", place[0], place[1])
                }
                Some([line, _, what]) => format!("{line}: {what}"),
                _ => error.to_string(),
            });
        }
    }
    lines.join("; ")
}
