//! Text to terms.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::str::FromStr;

use super::ParseError;
use super::atom::starts_atom;
use super::cursor::Cursor;
use crate::{MAX_DEPTH, Term};

/// The whole text is one term, white space and comments around it aside.
///
/// ```
/// use upheaval_term::Term;
///
/// let term: Term = "{deposit, <<\"a\">>, 16#ff} % a comment".parse()?;
/// assert_eq!(term.to_string(), r#"{deposit,<<"a">>,255}"#);
///
/// let error = "{deposit,\n Account}".parse::<Term>().unwrap_err();
/// assert_eq!((error.line, error.column), (2, 2));
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
impl FromStr for Term {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Term, ParseError> {
        let mut cursor = Cursor::new(text);
        let term = cursor.term()?;
        cursor.blank();
        match cursor.rest() {
            "" => Ok(term),
            _ => Err(cursor.expected("the end")),
        }
    }
}

/// The term at the beginning of a text, after white space, and how many bytes
/// of the text it ends after.
///
/// ```
/// use upheaval_term::text::parse_prefix;
///
/// let line = "{add, 5} -> ok";
/// let (term, end) = parse_prefix(line)?;
/// assert_eq!(term.to_string(), "{add,5}");
/// assert_eq!(&line[end..], " -> ok");
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
///
/// # Errors
///
/// [`ParseError`] if the text does not begin with a term, or its terms are
/// nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
pub fn parse_prefix(text: &str) -> Result<(Term, usize), ParseError> {
    let mut cursor = Cursor::new(text);
    let term = cursor.term()?;
    Ok((term, cursor.at()))
}

impl Cursor<'_> {
    /// A term, after white space.
    fn term(&mut self) -> Result<Term, ParseError> {
        self.blank();
        let start = self.at();
        match self.peek() {
            Some('0'..='9' | '-' | '+' | '$') => self.number(),
            Some('"') => self.string().map(|text| Term::string(&text)),
            Some('\'') => self.atom().map(Term::Atom),
            Some(letter) if starts_atom(letter) => self.word_or_fun(),
            Some('{') => self.nested(|cursor| cursor.tuple()),
            Some('[') => self.nested(|cursor| cursor.list()),
            _ if self.eat("<<") => self.bitstring(),
            _ if self.eat("<") => self.pid().map(Term::Pid),
            _ if self.eat("#{") => self.nested(|cursor| cursor.map()),
            _ if self.eat("#Ref<") => self.reference().map(Term::Ref),
            _ if self.eat("#Fun<") => {
                Err(self.error_at(start, "local fun, which has no text to read: use fun m:f/1"))
            }
            _ if self.eat("#Port<") => Err(self.error_at(
                start,
                "port, which is not supported: send plain data instead",
            )),
            Some('A'..='Z' | '_') => Err(self.error_at(
                start,
                "variable: a term has none, quote it if it is an atom",
            )),
            _ => Err(self.expected("a term")),
        }
    }

    /// One level down and up again.
    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Term, ParseError>,
    ) -> Result<Term, ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("terms nested deeper than {MAX_DEPTH}: flatten the term");
            return Err(self.error_at(self.at(), message));
        }
        let term = read(self)?;
        self.depth -= 1;
        Ok(term)
    }

    fn word_or_fun(&mut self) -> Result<Term, ParseError> {
        let after = self.rest().strip_prefix("fun");
        if after.is_some_and(|after| !after.starts_with(super::atom::continues_atom)) {
            self.eat("fun");
            return self.fun().map(Term::Fun);
        }
        self.atom().map(Term::Atom)
    }

    /// Strings, of which adjacent ones are one.
    pub(super) fn string(&mut self) -> Result<String, ParseError> {
        let mut text = String::new();
        loop {
            self.expect("\"")?;
            text.push_str(&self.quoted('"')?);
            // What follows may be no string: then the white space is not ours.
            let end = self.at();
            self.blank();
            if self.peek() != Some('"') {
                self.back_to(end);
                return Ok(text);
            }
        }
    }

    fn tuple(&mut self) -> Result<Term, ParseError> {
        self.expect("{")?;
        let (elements, _) = self.terms("}", false)?;
        Ok(Term::Tuple(elements))
    }

    fn list(&mut self) -> Result<Term, ParseError> {
        self.expect("[")?;
        let (elements, tail) = self.terms("]", true)?;
        Ok(Term::cons(elements, tail.unwrap_or(Term::List(Vec::new()))))
    }

    /// Terms with commas between them up to `close`, and maybe a tail.
    fn terms(
        &mut self,
        close: &str,
        may_have_tail: bool,
    ) -> Result<(Vec<Term>, Option<Term>), ParseError> {
        let mut terms = Vec::new();
        self.blank();
        if self.eat(close) {
            return Ok((terms, None));
        }
        loop {
            terms.push(self.term()?);
            self.blank();
            if self.eat(close) {
                return Ok((terms, None));
            }
            if may_have_tail && self.eat("|") {
                let tail = self.term()?;
                self.expect(close)?;
                return Ok((terms, Some(tail)));
            }
            if !self.eat(",") {
                return Err(self.expected(format_args!(", or {close}")));
            }
        }
    }

    fn map(&mut self) -> Result<Term, ParseError> {
        let mut map = BTreeMap::new();
        self.blank();
        if self.eat("}") {
            return Ok(Term::Map(map));
        }
        loop {
            self.blank();
            let start = self.at();
            let entry = match map.entry(self.term()?) {
                Entry::Vacant(entry) => entry,
                Entry::Occupied(entry) => {
                    let message = format!("map with the key {} twice", entry.key());
                    return Err(self.error_at(start, message));
                }
            };
            self.expect("=>")?;
            entry.insert(self.term()?);
            self.blank();
            if self.eat("}") {
                return Ok(Term::Map(map));
            }
            if !self.eat(",") {
                return Err(self.expected(", or }"));
            }
        }
    }
}
