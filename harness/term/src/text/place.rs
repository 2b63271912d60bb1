//! Where the terms of a text stand in it.

use std::fmt::{self, Display, Formatter};

use crate::Term;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// `Line:Column`.
impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The beginning of a term, and how many terms stand within it. The sites of a text
/// are in the order in which its terms begin, so those within follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<P> {
    pub(super) begin: P,
    pub(super) within: usize,
}

/// A term that was read from a text, and where each part of it stood.
#[derive(Clone, Debug)]
pub struct Located {
    pub(super) term: Term,
    pub(super) sites: Vec<Site<Place>>,
}

impl Located {
    /// The term.
    pub fn term(&self) -> &Term {
        &self.term
    }

    /// The term, with its places.
    pub fn at(&self) -> TermAt<'_> {
        match self.sites.split_first() {
            Some((own, within)) => TermAt {
                term: &self.term,
                place: Some(own.begin),
                within,
            },
            None => TermAt::from(&self.term),
        }
    }
}

/// A term and its place, if it was read from a text.
///
/// ```
/// use upheaval_term::text::consult;
///
/// let terms = consult("{counter,\n  [\"1\", two]}.")?;
/// let parts = terms[0].at().as_tuple().unwrap();
/// let versions = parts[1].as_list().unwrap();
/// assert!(versions[1].term().is_atom("two"));
/// assert_eq!(versions[1].place().unwrap().to_string(), "2:9");
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TermAt<'a> {
    term: &'a Term,
    place: Option<Place>,
    within: &'a [Site<Place>],
}

/// A term that has no place.
impl<'a> From<&'a Term> for TermAt<'a> {
    fn from(term: &'a Term) -> TermAt<'a> {
        TermAt {
            term,
            place: None,
            within: &[],
        }
    }
}

impl<'a> TermAt<'a> {
    /// The term.
    pub fn term(self) -> &'a Term {
        self.term
    }

    /// Where it begins.
    pub fn place(self) -> Option<Place> {
        self.place
    }

    /// The tuple's elements, if it is one.
    pub fn as_tuple(self) -> Option<Vec<TermAt<'a>>> {
        Some(self.parts(self.term.as_tuple()?))
    }

    /// The list's elements, if it is a proper list.
    pub fn as_list(self) -> Option<Vec<TermAt<'a>>> {
        Some(self.parts(self.term.as_list()?))
    }

    /// The letters of a string have no sites of their own: they stand where it does.
    fn parts(self, terms: &'a [Term]) -> Vec<TermAt<'a>> {
        let mut rest = self.within;
        let part = |term| {
            let Some((own, after)) = rest.split_first() else {
                return TermAt {
                    term,
                    place: self.place,
                    within: &[],
                };
            };
            let (within, next) = after.split_at(own.within.min(after.len()));
            rest = next;
            TermAt {
                term,
                place: Some(own.begin),
                within,
            }
        };
        terms.iter().map(part).collect()
    }
}

/// The lines and columns of offsets that do not decrease.
pub(super) fn places(text: &str, sites: Vec<Site<usize>>) -> Vec<Site<Place>> {
    let (mut line, mut column, mut at) = (1, 1, 0);
    let mut place = |site: Site<usize>| {
        for letter in text[at..site.begin].chars() {
            (line, column) = match letter {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        at = site.begin;
        Site {
            begin: Place { line, column },
            within: site.within,
        }
    };
    sites.into_iter().map(&mut place).collect()
}
