//! Text between quotes: what is escaped, and how.

use std::fmt::{self, Write};

use super::ParseError;
use super::cursor::Cursor;

/// Writes a text in quotes.
pub(super) fn write_quoted(
    text: impl Iterator<Item = char>,
    quote: char,
    out: &mut impl Write,
) -> fmt::Result {
    out.write_char(quote)?;
    for letter in text {
        match letter {
            '\n' => out.write_str("\\n")?,
            '\t' => out.write_str("\\t")?,
            '\r' => out.write_str("\\r")?,
            '\u{b}' => out.write_str("\\v")?,
            '\u{8}' => out.write_str("\\b")?,
            '\u{c}' => out.write_str("\\f")?,
            '\u{1b}' => out.write_str("\\e")?,
            '\u{7f}' => out.write_str("\\d")?,
            '\0'..='\u{1f}' | '\u{80}'..='\u{9f}' => write!(out, "\\{:03o}", letter as u32)?,
            '\\' => out.write_str("\\\\")?,
            letter if letter == quote => write!(out, "\\{letter}")?,
            letter => out.write_char(letter)?,
        }
    }
    out.write_char(quote)
}

/// Whether a character stands for itself in a printed string.
pub(super) fn is_printable(letter: char) -> bool {
    matches!(letter, '\u{8}'..='\u{d}' | '\u{1b}' | ' '..='~' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

impl Cursor<'_> {
    /// The rest of a text whose opening quote is read.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, ParseError> {
        let opened = self.at() - quote.len_utf8();
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('\\') => text.push(self.escape()?),
                Some(letter) if letter == quote => return Ok(text),
                Some(letter) => text.push(letter),
                None => return Err(self.error_at(opened, format!("{quote} that is never closed"))),
            }
        }
    }

    /// The rest of an escape whose backslash is read.
    pub(super) fn escape(&mut self) -> Result<char, ParseError> {
        let start = self.at() - 1;
        let code = match self.bump() {
            Some('b') => 8,
            Some('t') => 9,
            Some('n') => 10,
            Some('v') => 11,
            Some('f') => 12,
            Some('r') => 13,
            Some('e') => 27,
            Some('s') => 32,
            Some('d') => 127,
            Some('^') => match self.bump() {
                Some(letter @ '@'..='_' | letter @ 'a'..='z') => letter as u32 & 0x1F,
                _ => return Err(self.error_at(start, "expected a letter after \\^")),
            },
            Some('x') => self.hex_escape(start)?,
            Some(digit @ '0'..='7') => self.octal_escape(digit),
            Some(other) => return Ok(other),
            None => return Err(self.error_at(start, "expected a character after \\")),
        };
        char::from_u32(code)
            .ok_or_else(|| self.error_at(start, format!("{code:#x} is not a character")))
    }

    /// Up to three octal digits.
    fn octal_escape(&mut self, first: char) -> u32 {
        let mut code = first as u32 - '0' as u32;
        for _ in 0..2 {
            if let Some(digit @ '0'..='7') = self.peek() {
                self.bump();
                code = code * 8 + (digit as u32 - '0' as u32);
            }
        }
        code
    }

    /// Two hexadecimal digits, or any number in braces.
    fn hex_escape(&mut self, start: usize) -> Result<u32, ParseError> {
        let digits = if self.eat("{") {
            let digits = self.take_while(|letter| letter.is_ascii_hexdigit());
            if !self.eat("}") {
                return Err(self.expected("} after the digits of \\x{"));
            }
            digits
        } else {
            let from = self.at();
            for _ in 0..2 {
                if self.peek().is_some_and(|letter| letter.is_ascii_hexdigit()) {
                    self.bump();
                }
            }
            match self.since(from) {
                digits if digits.len() == 2 => digits,
                _ => return Err(self.expected("two hexadecimal digits after \\x")),
            }
        };
        u32::from_str_radix(digits, 16)
            .map_err(|_| self.error_at(start, "\\x that is not a character"))
    }
}
