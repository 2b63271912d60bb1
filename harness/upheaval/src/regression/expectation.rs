//! What is to come out of a plan.

use std::fmt;

use crate::invariant::Judgement;
use crate::run::{Failure, Judged, Runner};

/// What is to come out of a plan, and why it is kept.
///
/// ```
/// use upheaval::regression::Expectation;
///
/// let text = "# violates state_conversion: the count was lost\nscenario shop\nseed 0x1\n";
/// let expectation = Expectation::read(text).unwrap();
/// assert_eq!(expectation.to_string(), "violates state_conversion: the count was lost");
/// assert!(matches!(expectation, Expectation::Violates { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The bug is still there, and has to be found.
    Violates {
        /// The invariant, or other claim, by its name.
        claim: String,
        /// How it was violated when the plan was kept.
        message: String,
    },
    /// The bug is mended, or never was in this scenario.
    Holds {
        /// What it guards.
        why: String,
    },
}

impl Expectation {
    /// What a failure's plan is expected to do until the bug is mended.
    pub fn of(failure: &Failure) -> Expectation {
        Expectation::Violates {
            claim: failure.invariant.into(),
            message: failure.message.replace(['\n', '\r'], " "),
        }
    }

    /// Finds it in the comments before a plan.
    pub fn read(text: &str) -> Option<Expectation> {
        let comments = text.lines().map(str::trim).filter(|line| !line.is_empty());
        comments
            .map_while(|line| line.strip_prefix(['#', '%']))
            .find_map(|comment| {
                let comment = comment.trim_start();
                if let Some(why) = comment.strip_prefix("holds:") {
                    return Some(Expectation::Holds {
                        why: why.trim().into(),
                    });
                }
                let (claim, message) = comment.strip_prefix("violates ")?.split_once(':')?;
                Some(Expectation::Violates {
                    claim: claim.trim().into(),
                    message: message.trim().into(),
                })
            })
    }

    /// What came out instead, if something did.
    pub(super) fn missed(&self, runner: &Runner, judged: &Judged) -> Option<String> {
        let claims = runner.claims(true);
        let all = || {
            claims
                .iter()
                .map(|claim| claim.name)
                .zip(&judged.judgements)
        };
        let violated = all().find_map(|(name, judgement)| match judgement {
            Judgement::Violated(violation) => Some((name, &violation.message)),
            _ => None,
        });
        match self {
            Expectation::Violates { claim, .. } => {
                let Some((_, judgement)) = all().find(|(name, _)| name == claim) else {
                    return Some(format!("there is no invariant `{claim}`"));
                };
                match judgement {
                    Judgement::Violated(_) => None,
                    Judgement::Held { .. } => Some(format!("{claim} held")),
                    Judgement::Inconclusive { reason } => {
                        Some(format!("{claim} is inconclusive: {reason}"))
                    }
                }
            }
            Expectation::Holds { .. } => {
                if let Some((name, message)) = violated {
                    return Some(format!("{name} is violated: {message}"));
                }
                all().find_map(|(name, judgement)| match judgement {
                    Judgement::Inconclusive { reason } => {
                        Some(format!("{name} is inconclusive: {reason}"))
                    }
                    _ => None,
                })
            }
        }
    }
}

/// The first line of a plan file, without its `#`.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Violates { claim, message } => write!(f, "violates {claim}: {message}"),
            Expectation::Holds { why } => write!(f, "holds: {why}"),
        }
    }
}
