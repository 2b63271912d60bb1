//! Text to terms.

use std::collections::BTreeMap;
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
    /// A term, after white space. What contains no terms is read elsewhere, so
    /// that a level of nesting takes little stack.
    pub(super) fn term(&mut self) -> Result<Term, ParseError> {
        self.blank();
        let number = self.begin();
        let read = if self.eat("{") {
            Self::tuple
        } else if self.eat("[") {
            Self::list
        } else if self.eat("#{") {
            Self::map
        } else {
            return self.leaf();
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let term = read(self);
        self.depth -= 1;
        self.end(number);
        term
    }

    #[cold]
    fn too_deep(&self) -> ParseError {
        let message = format!("terms nested deeper than {MAX_DEPTH}: flatten the term");
        self.error_at(self.at(), message)
    }

    /// A term that contains no others.
    #[inline(never)]
    fn leaf(&mut self) -> Result<Term, ParseError> {
        let start = self.at();
        match self.peek() {
            Some('0'..='9' | '-' | '+' | '$') => self.number(),
            // A string is a list, a level like another.
            Some('"') if self.depth == MAX_DEPTH => Err(self.too_deep()),
            Some('"') => self.string().map(|text| Term::string(&text)),
            Some('\'') => self.atom().map(Term::Atom),
            Some(letter) if starts_atom(letter) => self.word_or_fun(),
            _ if self.eat("<<") => self.bitstring(),
            _ if self.eat("<") => self.pid().map(Term::Pid),
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

    /// The rest of a tuple whose brace is read.
    fn tuple(&mut self) -> Result<Term, ParseError> {
        let mut elements = Vec::new();
        if !self.closed("}") {
            loop {
                elements.push(self.term()?);
                if self.ended("}")? {
                    break;
                }
            }
        }
        Ok(Term::Tuple(elements))
    }

    /// The rest of a list whose bracket is read.
    fn list(&mut self) -> Result<Term, ParseError> {
        let mut elements = Vec::new();
        let mut tail = Term::List(Vec::new());
        if !self.closed("]") {
            loop {
                elements.push(self.term()?);
                self.blank();
                if self.eat("|") {
                    let number = self.begun();
                    tail = self.term()?;
                    self.dissolve(number);
                    self.expect("]")?;
                    break;
                }
                if self.ended("]")? {
                    break;
                }
            }
        }
        Ok(Term::cons(elements, tail))
    }

    /// The rest of a map whose brace is read.
    fn map(&mut self) -> Result<Term, ParseError> {
        let mut map = BTreeMap::new();
        if !self.closed("}") {
            loop {
                self.blank();
                let start = self.at();
                let key = self.term()?;
                if map.contains_key(&key) {
                    return Err(self.error_at(start, format_args!("map with the key {key} twice")));
                }
                self.expect("=>")?;
                let value = self.term()?;
                map.insert(key, value);
                if self.ended("}")? {
                    break;
                }
            }
        }
        Ok(Term::Map(map))
    }
}
