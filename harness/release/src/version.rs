//! The versions that a clause of an appup is for.

use std::fmt::{self, Display, Formatter};

use fancy_regex::Regex;
use upheaval_term::Term;

/// A version, or a pattern of versions (C1).
#[derive(Clone, Debug)]
pub enum VersionPattern {
    /// A string: this version.
    Exactly(String),
    /// A binary: each version that this regular expression matches as a whole.
    Matching(Regex),
}

/// A term is no version.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadVersion {
    /// It is neither a string nor a binary.
    #[error(
        "expected a version, found {0}; write \"1.2\", or <<\"1\\\\.[0-9]+\">> for a regular expression"
    )]
    Neither(Term),
    /// A binary that is no text.
    #[error("the regular expression {0} is no UTF-8")]
    Encoding(Term),
    /// A binary that is no regular expression.
    #[error("bad regular expression {pattern:?}: {problem}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl VersionPattern {
    /// Reads the version of a clause.
    ///
    /// # Errors
    /// It is neither a string nor a regular expression.
    pub fn read(term: &Term) -> Result<VersionPattern, BadVersion> {
        let Term::Binary(bytes) = term else {
            return match term.as_string() {
                Some(version) => Ok(VersionPattern::Exactly(version)),
                None => Err(BadVersion::Neither(term.clone())),
            };
        };
        let pattern = std::str::from_utf8(bytes).map_err(|_| BadVersion::Encoding(term.clone()))?;
        match Regex::new(pattern) {
            Ok(regex) => Ok(VersionPattern::Matching(regex)),
            Err(error) => Err(BadVersion::Pattern {
                pattern: pattern.into(),
                problem: error.to_string(),
            }),
        }
    }

    /// Whether a version is meant. OTP looks for the first match, and takes it if it
    /// is the whole version: so `1|1.2` does not match `1.2`.
    pub fn matches(&self, version: &str) -> bool {
        match self {
            VersionPattern::Exactly(exactly) => exactly == version,
            VersionPattern::Matching(regex) => {
                matches!(regex.find(version), Ok(Some(found)) if found.as_str() == version)
            }
        }
    }
}

/// As it stands in an appup.
impl Display for VersionPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            VersionPattern::Exactly(version) => Term::string(version).fmt(f),
            VersionPattern::Matching(regex) => Term::binary(regex.as_str()).fmt(f),
        }
    }
}
