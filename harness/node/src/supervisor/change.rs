//! Changing code: what the callback module gives now takes the place of what it gave
//! before (B13, B14).

use upheaval_module::behaviour::Strategy;
use upheaval_module::throw;
use upheaval_term::Term;

use super::books::{Child, Supervisor};
use super::check;

impl Supervisor {
    /// Takes over what the new `init` gave. Children of the same id keep their
    /// processes, new ones are not started, and old ones that are no longer given stay,
    /// behind the others.
    ///
    /// # Errors
    /// OTP's; nothing has changed then.
    pub(super) fn change(&mut self, given: Term) -> Result<(), Term> {
        if given.is_atom("ignore") {
            return Ok(());
        }
        let Some((flags, specs)) = check::parts(&given) else {
            // It is what `code_change` returns, whatever it is.
            throw(given)
        };
        let flags = check::flags(flags).map_err(|why| match why.as_tuple() {
            Some([what, flags]) if what.is_atom("invalid_type") => {
                Term::tuple([Term::atom("bad_flags"), flags.clone()])
            }
            _ => why,
        })?;
        let mut children = check::specs(specs, flags.auto_shutdown)?;
        let is_simple = flags.strategy == Strategy::SimpleOneForOne;
        if is_simple && children.len() != 1 {
            return Err(as_checked(&children));
        }
        self.flags = flags;
        if is_simple {
            self.children = children;
            return Ok(());
        }
        let mut left: Vec<Child> = Vec::new();
        for old in self.children.drain(..) {
            match children.iter_mut().find(|child| child.id == old.id) {
                Some(child) => child.held = old.held,
                None => left.push(old),
            }
        }
        children.append(&mut left);
        self.children = children;
        Ok(())
    }
}

/// `{ok,{Ids,#{Id => Child}}}`: how OTP complains of templates that are right, but not
/// exactly one.
fn as_checked(children: &[Child]) -> Term {
    let ids = Term::list(children.iter().map(|child| child.id.clone()));
    let records = children
        .iter()
        .map(|child| (child.id.clone(), child.record()));
    Term::tuple([Term::atom("ok"), Term::tuple([ids, Term::map(records)])])
}
