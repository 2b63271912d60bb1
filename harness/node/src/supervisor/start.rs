//! Starting children.

use upheaval_module::Context;
use upheaval_module::behaviour::RestartType;
use upheaval_term::{Pid, Term};

use super::books::{Child, Held, Start};

/// `catch apply(M, F, A)`: nobody, where the child's `init` gave `ignore`.
///
/// # Errors
/// The reason.
pub(super) fn start(start: &Start, context: &Context) -> Result<Option<Pid>, Term> {
    let module = start.module.as_str();
    match start.args.as_deref() {
        Some([Term::Atom(name), args]) if start.function.as_str() == "start_link" => {
            context.start_link(name.as_str(), module, args)
        }
        // A module has no function but this.
        Some(args) => Err(undefined(start, args)),
        None => Err(Term::tuple([
            Term::atom("EXIT"),
            Term::tuple([Term::atom("badarg"), Term::List(Vec::new())]),
        ])),
    }
}

/// `{'EXIT',{undef,[{M,F,A,[]}]}}`.
fn undefined(start: &Start, args: &[Term]) -> Term {
    let frame = Term::tuple([
        Term::Atom(start.module.clone()),
        Term::Atom(start.function.clone()),
        Term::list(args.iter().cloned()),
        Term::List(Vec::new()),
    ]);
    let undef = Term::tuple([Term::atom("undef"), Term::list([frame])]);
    Term::tuple([Term::atom("EXIT"), undef])
}

/// A start that failed: the place among the children, and the reason.
pub(super) struct Failed {
    pub(super) place: usize,
    pub(super) why: Term,
}

/// Starts children in their order (D1), from a place on. A temporary one whose
/// `init` gave `ignore` is forgotten.
///
/// # Errors
/// The first failure; those before it stay started.
pub(super) fn start_all(
    children: &mut Vec<Child>,
    from: usize,
    context: &Context,
) -> Result<(), Failed> {
    let mut place = from;
    while place < children.len() {
        let child = &mut children[place];
        match start(&child.start, context) {
            Ok(None) if child.restart == RestartType::Temporary => drop(children.remove(place)),
            Ok(pid) => {
                child.held = Held::of(pid);
                place += 1;
            }
            Err(why) => return Err(Failed { place, why }),
        }
    }
    Ok(())
}
