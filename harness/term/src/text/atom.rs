//! Atoms as text: when they need quotes.

use std::fmt::{self, Write};

use super::ParseError;
use super::cursor::Cursor;
use super::quoted::write_quoted;
use crate::Atom;

/// The words Erlang keeps for itself, in order.
const RESERVED: [&str; 27] = [
    "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case",
    "catch", "cond", "div", "end", "fun", "if", "let", "not", "of", "or", "orelse", "receive",
    "rem", "try", "when", "xor",
];

pub(super) fn is_reserved(text: &str) -> bool {
    RESERVED.contains(&text)
}

pub(super) fn starts_atom(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ')
}

pub(super) fn continues_atom(letter: char) -> bool {
    starts_atom(letter)
        || matches!(letter, 'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | '0'..='9' | '_' | '@')
}

pub(super) fn write_atom(text: &str, out: &mut impl Write) -> fmt::Result {
    let plain =
        text.starts_with(starts_atom) && text.chars().all(continues_atom) && !is_reserved(text);
    if plain {
        out.write_str(text)
    } else {
        write_quoted(text.chars(), '\'', out)
    }
}

impl Cursor<'_> {
    /// An atom, quoted or not.
    pub(super) fn atom(&mut self) -> Result<Atom, ParseError> {
        let start = self.at();
        let text = match self.peek() {
            Some('\'') => {
                self.bump();
                self.quoted('\'')?
            }
            Some(letter) if starts_atom(letter) => {
                let word = self.take_while(continues_atom);
                if is_reserved(word) {
                    let message = format!("{word} is a reserved word: quote it, '{word}'");
                    return Err(self.error_at(start, message));
                }
                word.to_string()
            }
            _ => return Err(self.expected("an atom")),
        };
        Atom::try_from(text).map_err(|error| self.error_at(start, error))
    }
}
