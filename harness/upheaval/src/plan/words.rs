//! The words of a plan's text: what the printer writes and the parser expects.

use std::fmt::{self, Write as _};

use super::{ApplicationStep, ReleaseStep, Way};

/// The version of the text form that this build writes and reads.
pub(super) const FORMAT: u32 = 1;

/// What the comment that names the format starts with, after its `#`.
pub(super) const FORMAT_LINE: &str = "upheaval plan, format";

/// The words that an op starts with.
pub(super) const OPS: [&str; 38] = [
    "client",
    Way::Load.name(),
    Way::LoadBinary.name(),
    Way::Reload.name(),
    Way::Upgrade.name(),
    "purge",
    "soft_purge",
    "delete",
    "stick",
    "unstick",
    "suspend",
    "resume",
    "get_state",
    "replace_state",
    "get_status",
    "change_code",
    "terminate",
    "system",
    "exit",
    "kill",
    "crash",
    "freeze",
    "thaw",
    "start",
    "start_child",
    "terminate_child",
    "restart_child",
    "delete_child",
    "get_childspec",
    "advance",
    ReleaseStep::Unpack.name(),
    ReleaseStep::Check.name(),
    ReleaseStep::Install.name(),
    ReleaseStep::MakePermanent.name(),
    ReleaseStep::Remove.name(),
    ReleaseStep::RebootOld.name(),
    ApplicationStep::Upgrade.name(),
    ApplicationStep::Downgrade.name(),
];

/// The words for how a client makes a request.
pub(super) const VERBS: [&str; 6] = ["calls", "casts", "asks", "sends", "notifies", "manages"];

/// A name or a version as a plan's text has it: bare where it is a plain word,
/// else quoted, so that every string reads back.
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && self.0.chars().all(is_bare) {
            return f.write_str(self.0);
        }
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                // A step is one line, whatever its names hold.
                c if c.is_control() => write!(f, "\\x{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// Whether a name may hold the character without being quoted.
pub(super) fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// Of the words that exist, the one that `word` was most likely meant to be.
///
/// None where nothing is close: a wild guess helps nobody.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), k))
        .filter(|(distance, k)| *distance <= 3 && *distance < k.chars().count())
        .min()
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_and_versions_are_written_bare() {
        for plain in ["counter", "stuck_loop", "1", "1.2.0-rc.1", "Counter2"] {
            assert_eq!(Name(plain).to_string(), plain);
        }
    }

    #[test]
    fn names_with_anything_else_are_quoted_on_one_line() {
        assert_eq!(Name("").to_string(), r#""""#);
        assert_eq!(Name("a b").to_string(), r#""a b""#);
        assert_eq!(Name("a\"\\\n").to_string(), r#""a\"\\\x{a}""#);
        assert_eq!(Name("zähler").to_string(), r#""zähler""#);
    }

    #[test]
    fn the_nearest_word_is_one_that_could_have_been_meant() {
        assert_eq!(nearest("upgarde", OPS), Some("upgrade"));
        assert_eq!(nearest("frobnicate", OPS), None);
        assert_eq!(nearest("x", ["ab"]), None);
    }
}
