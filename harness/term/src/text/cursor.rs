//! A text and how far it is read.

use std::fmt::Display;

use super::ParseError;
use super::place::Site;

/// What reads the text of a term, each kind of term in a file of its own.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    pub(super) depth: usize,
    /// Where terms begin, if it is asked for.
    pub(super) sites: Option<Vec<Site<usize>>>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor {
            text,
            at: 0,
            depth: 0,
            sites: None,
        }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// Reads this token if it is next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// Passes over white space and comments.
    pub(super) fn blank(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if self.peek() != Some('%') {
                return;
            }
            self.take_while(|letter| letter != '\n');
        }
    }

    /// Reads this token, after white space, or it is an error.
    pub(super) fn expect(&mut self, token: &str) -> Result<(), ParseError> {
        self.blank();
        if self.eat(token) {
            Ok(())
        } else {
            Err(self.expected(token))
        }
    }

    /// Whether this token is next, after white space; it is then read.
    pub(super) fn closed(&mut self, close: &str) -> bool {
        self.blank();
        self.eat(close)
    }

    /// Whether the terms end here rather than go on after a comma.
    pub(super) fn ended(&mut self, close: &str) -> Result<bool, ParseError> {
        if self.closed(close) {
            Ok(true)
        } else if self.eat(",") {
            Ok(false)
        } else {
            Err(self.expected(format_args!(", or {close}")))
        }
    }

    /// Notes that a term begins here, and gives its number.
    pub(super) fn begin(&mut self) -> usize {
        let begin = self.at;
        let Some(sites) = &mut self.sites else {
            return 0;
        };
        sites.push(Site { begin, within: 0 });
        sites.len() - 1
    }

    /// Notes that the term of this number ends here.
    pub(super) fn end(&mut self, number: usize) {
        if let Some(sites) = &mut self.sites {
            sites[number].within = sites.len() - number - 1;
        }
    }

    /// Forgets that there is a term of its own; those within belong to the one that
    /// it stands in.
    pub(super) fn dissolve(&mut self, number: usize) {
        if let Some(sites) = &mut self.sites {
            sites.remove(number);
        }
    }

    /// How many terms have begun.
    pub(super) fn begun(&self) -> usize {
        self.sites.as_ref().map_or(0, Vec::len)
    }

    /// The error that something else is next.
    pub(super) fn expected(&self, what: impl Display) -> ParseError {
        let found = match self.peek() {
            Some(letter) => format!("{letter:?}"),
            None => "the end".to_string(),
        };
        self.error_at(self.at, format!("expected {what}, found {found}"))
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Display) -> ParseError {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        ParseError {
            line: 1 + before.matches('\n').count(),
            column: 1 + before[line_start..].chars().count(),
            message: message.to_string(),
        }
    }
}
