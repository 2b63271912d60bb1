//! What a state means, whatever version wrote it.

use std::fmt;
use std::sync::Arc;

use upheaval_term::Term;

/// The meaning of a state, or why it is no state of that version.
pub type Meaning = Result<Term, String>;

/// The scenario's own judge of a module's state.
///
/// It says what the state of one version *means*, as a term in which no
/// version's layout shows. A conversion is right when the meaning before it is
/// the meaning after it, and when what it gives is a state of the new version
/// at all.
///
/// ```
/// use upheaval::scenario::StateModel;
/// use upheaval_term::Term;
///
/// let model = StateModel::new(|vsn, state| match vsn {
///     "1" => state.get("count").cloned().ok_or("no field count".into()),
///     _ => state.get("total").cloned().ok_or("no field total".into()),
/// });
/// let v1: Term = "#{count => 5}".parse().unwrap();
/// let v2: Term = "#{total => 5}".parse().unwrap();
/// assert_eq!(model.meaning("1", &v1), model.meaning("2", &v2));
/// assert!(model.meaning("2", &v1).is_err());
/// ```
#[derive(Clone)]
pub struct StateModel {
    meaning: Arc<Judge>,
    is_reversible: bool,
}

type Judge = dyn Fn(&str, &Term) -> Meaning + Send + Sync;

impl StateModel {
    /// A model from a function of the version and the state.
    ///
    /// The function gives an error where the state is none of that version:
    /// a lowercase fragment that says what is wrong with it.
    pub fn new(meaning: impl Fn(&str, &Term) -> Meaning + Send + Sync + 'static) -> Self {
        StateModel {
            meaning: Arc::new(meaning),
            is_reversible: false,
        }
    }

    /// Says that each upgrade can be taken back: what it made of a state, the downgrade
    /// turns back into that state, down to the last field.
    #[must_use]
    pub fn reversible(mut self) -> Self {
        self.is_reversible = true;
        self
    }

    /// Whether each upgrade can be taken back.
    pub fn is_reversible(&self) -> bool {
        self.is_reversible
    }

    /// What `state`, as version `vsn` holds it, means.
    ///
    /// # Errors
    /// Where `state` is no state of that version.
    pub fn meaning(&self, vsn: &str, state: &Term) -> Meaning {
        (self.meaning)(vsn, state)
    }
}

impl fmt::Debug for StateModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateModel")
    }
}
