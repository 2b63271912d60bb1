//! One line of a plan's text, read word by word.

use upheaval_term::{Term, text};

use super::PlanError;
use super::words::is_bare;

/// What is left of a line, and where it is.
#[derive(Clone)]
pub(super) struct Line<'a> {
    number: usize,
    whole: &'a str,
    rest: &'a str,
}

impl<'a> Line<'a> {
    /// The lines of a text.
    pub(super) fn all(text: &'a str) -> impl Iterator<Item = Line<'a>> {
        (1..).zip(text.lines()).map(|(number, whole)| Line {
            number,
            whole,
            rest: whole.trim(),
        })
    }

    /// The place after a text's last line.
    pub(super) fn end_of(text: &str) -> Line<'static> {
        Line {
            number: text.lines().count() + 1,
            whole: "",
            rest: "",
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn is_comment(&self) -> bool {
        self.rest.starts_with(['#', '%'])
    }

    /// The word that stands next: letters and digits, or a single other
    /// character; nothing at the end.
    pub(super) fn word(&self) -> &'a str {
        let end = self.rest.find(|c| !is_bare(c)).unwrap_or(self.rest.len());
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        &self.rest[..end.max(first)]
    }

    /// Goes past `text` and the blanks after it, if it stands next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    /// Goes past a sign that must stand next.
    pub(super) fn symbol(&mut self, symbol: &str) -> Result<(), PlanError> {
        if self.take(symbol) {
            return Ok(());
        }
        self.expected(symbol)
    }

    /// Goes past the first word of `usage`, which must stand next.
    pub(super) fn keyword(&mut self, usage: &str) -> Result<(), PlanError> {
        let keyword = usage.split(' ').next().unwrap_or(usage);
        if self.word() == keyword {
            return self.symbol(keyword);
        }
        self.expected(usage)
    }

    /// A name, bare or quoted.
    pub(super) fn name(&mut self, what: &str) -> Result<String, PlanError> {
        if self.rest.starts_with('"') {
            return self.quoted(what);
        }
        let word = self.word();
        if !word.starts_with(is_bare) {
            let remedy = if word.is_empty() {
                ""
            } else {
                "; quote a name that holds signs"
            };
            return self.fail(format!("expected {what}, found {}{remedy}", self.found()));
        }
        self.take(word);
        Ok(word.into())
    }

    fn quoted(&mut self, what: &str) -> Result<String, PlanError> {
        let mut name = String::new();
        let mut chars = self.rest[1..].chars();
        loop {
            match chars.next() {
                Some('"') => {
                    self.rest = chars.as_str().trim_start();
                    return Ok(name);
                }
                Some('\\') => match escaped(&mut chars) {
                    Some(c) => name.push(c),
                    None => {
                        return self.fail(format!(
                            "{what} holds an escape that is none of \\\", \\\\ and \\x{{..}}; \
                             write a backslash twice"
                        ));
                    }
                },
                Some(c) => name.push(c),
                None => return self.fail(format!("{what} has no closing quote; add one")),
            }
        }
    }

    /// A decimal number.
    pub(super) fn decimal<N: TryFrom<u64>>(&mut self, what: &str) -> Result<N, PlanError> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &self.rest[..digits];
        self.integer(what, digits, digits, 10)
    }

    /// A number in base 16 with `0x` before it.
    pub(super) fn hex<N: TryFrom<u64>>(&mut self, what: &str) -> Result<N, PlanError> {
        let word = self.word();
        let what = format!("{what} like 0x2a");
        match word.strip_prefix("0x") {
            Some(digits) => self.integer(&what, word, digits, 16),
            None => self.integer(&what, word, word, 10),
        }
    }

    fn integer<N: TryFrom<u64>>(
        &mut self,
        what: &str,
        word: &str,
        digits: &str,
        base: u32,
    ) -> Result<N, PlanError> {
        if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
            return self.fail(format!("expected {what}, found {}", self.found()));
        }
        let number = u64::from_str_radix(digits, base).ok();
        match number.and_then(|number| N::try_from(number).ok()) {
            Some(number) => {
                self.take(word);
                Ok(number)
            }
            None => {
                let bits = 8 * size_of::<N>();
                self.fail(format!(
                    "expected {what} of at most {bits} bits, found `{word}`"
                ))
            }
        }
    }

    /// A term, which is `what`.
    pub(super) fn term_of(&mut self, what: &str) -> Result<Term, PlanError> {
        match text::parse_prefix(self.rest) {
            Ok((term, length)) => {
                self.rest = self.rest[length..].trim_start();
                Ok(term)
            }
            Err(error) => Err(PlanError {
                line: self.number,
                column: self.column() + error.column - 1,
                message: format!("expected {what}, as an Erlang term: {}", error.message),
            }),
        }
    }

    /// The end of the line.
    pub(super) fn end(&self) -> Result<(), PlanError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        self.fail(format!(
            "expected the end of the line, found {}; put a comment on a line of its own",
            self.found()
        ))
    }

    /// What stands here, for a message.
    pub(super) fn found(&self) -> String {
        match self.word() {
            "" => "the end of the line".into(),
            word => format!("`{word}`"),
        }
    }

    pub(super) fn expected<T>(&self, what: &str) -> Result<T, PlanError> {
        self.fail(format!("expected `{what}`, found {}", self.found()))
    }

    /// An error at this place.
    pub(super) fn fail<T>(&self, message: String) -> Result<T, PlanError> {
        Err(PlanError {
            line: self.number,
            column: self.column(),
            message,
        })
    }

    fn column(&self) -> usize {
        let whole = self.whole.trim_end();
        whole[..whole.len() - self.rest.len()].chars().count() + 1
    }
}

/// The character that stands after a backslash.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        c @ ('"' | '\\') => Some(c),
        'x' => {
            let (code, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            *chars = rest.chars();
            char::from_u32(u32::from_str_radix(code, 16).ok()?)
        }
        _ => None,
    }
}
