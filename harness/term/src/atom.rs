//! Atoms.

use std::str::FromStr;

use compact_str::CompactString;

/// The node name of a node that is not distributed.
pub(crate) const LOCAL_NODE: &str = "nonode@nohost";

/// The most characters an atom can have.
const MAX_CHARS: usize = 255;

/// An atom: a name of at most 255 characters.
///
/// A literal costs no allocation, and neither does a name of up to 24 bytes:
///
/// ```
/// use upheaval_term::Atom;
///
/// const OK: Atom = Atom::from_static("ok");
/// assert_eq!(OK, Atom::new("ok")?);
/// assert_eq!(Atom::from_static("Hello World").to_string(), "'Hello World'");
/// # Ok::<(), upheaval_term::AtomTooLong>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom(CompactString);

/// A text has too many characters to be an atom.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("atom of {characters} characters, an atom has at most 255: shorten it or use a binary")]
pub struct AtomTooLong {
    /// How many characters the text has.
    pub characters: usize,
}

impl Atom {
    /// The node name of a node that is not distributed: `nonode@nohost`.
    pub const LOCAL_NODE: Atom = Atom(CompactString::const_new(LOCAL_NODE));

    /// An atom with a copy of `text` as its name.
    ///
    /// # Errors
    ///
    /// [`AtomTooLong`] if `text` has more than 255 characters.
    pub fn new(text: &str) -> Result<Atom, AtomTooLong> {
        check_length(text)?;
        Ok(Atom::of_checked(text))
    }

    /// An atom that borrows a literal.
    ///
    /// # Panics
    ///
    /// If `text` has more than 255 characters (at compile time in a `const`).
    #[must_use]
    pub const fn from_static(text: &'static str) -> Atom {
        assert!(
            count_chars(text.as_bytes()) <= MAX_CHARS,
            "atom of more than 255 characters"
        );
        Atom(CompactString::const_new(text))
    }

    /// The atom's name, without quotes.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The atom named by a text whose length was checked.
    #[inline]
    pub(crate) fn of_checked(text: &str) -> Atom {
        Atom(CompactString::new(text))
    }
}

/// Whether a text is short enough to be an atom.
pub(crate) fn check_length(text: &str) -> Result<(), AtomTooLong> {
    if text.len() <= MAX_CHARS {
        return Ok(());
    }
    match count_chars(text.as_bytes()) {
        0..=MAX_CHARS => Ok(()),
        characters => Err(AtomTooLong { characters }),
    }
}

const fn count_chars(utf8: &[u8]) -> usize {
    let (mut at, mut chars) = (0, 0);
    while at < utf8.len() {
        // Every byte but a continuation byte starts a character.
        if utf8[at] & 0xC0 != 0x80 {
            chars += 1;
        }
        at += 1;
    }
    chars
}

/// # Panics
///
/// If the literal has more than 255 characters; [`Atom::new`] does not panic.
impl From<&'static str> for Atom {
    fn from(text: &'static str) -> Atom {
        Atom::from_static(text)
    }
}

/// The text is the name itself: no quotes, no escapes.
impl FromStr for Atom {
    type Err = AtomTooLong;

    fn from_str(text: &str) -> Result<Atom, AtomTooLong> {
        Atom::new(text)
    }
}

impl TryFrom<String> for Atom {
    type Error = AtomTooLong;

    fn try_from(text: String) -> Result<Atom, AtomTooLong> {
        check_length(&text)?;
        Ok(Atom(CompactString::from(text)))
    }
}

impl AsRef<str> for Atom {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Atom {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Atom {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atom_has_at_most_255_characters() {
        assert!(Atom::new(&"a".repeat(255)).is_ok());
        let error = Atom::new(&"a".repeat(256)).unwrap_err();
        assert_eq!(error.characters, 256);
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(Atom::new(&"å".repeat(255)).is_ok());
        assert!(Atom::try_from("å".repeat(256)).is_err());
    }

    #[test]
    #[should_panic(expected = "more than 255")]
    fn a_literal_that_is_too_long_panics() {
        let text: &'static str = "a".repeat(256).leak();
        let _ = Atom::from_static(text);
    }
}
