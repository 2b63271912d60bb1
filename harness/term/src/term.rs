//! The term type and how terms are made.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::{Atom, Bits, ExternalFun, LocalFun, Pid, Ref};

/// An Erlang term.
///
/// Terms compare in Erlang's term order with numbers compared by value; an
/// integer and a float of the same value are different, the integer first, as
/// they are different map keys. `Debug` is the same text as `Display`.
///
/// A term that was read is nested at most [`MAX_DEPTH`](crate::MAX_DEPTH) deep.
/// One built by hand can be deeper, but then encodes to bytes that are refused,
/// and takes stack to compare, print and drop.
///
/// ```
/// use upheaval_term::Term;
///
/// let term = Term::tuple([Term::atom("deposit"), Term::binary("a"), 5.into()]);
/// assert_eq!(term.to_string(), r#"{deposit,<<"a">>,5}"#);
/// assert!(Term::from(1) < Term::atom("a"));
/// assert_eq!(r#"{deposit, <<"a">>, 5}"#.parse::<Term>()?, term);
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
#[derive(Clone)]
pub enum Term {
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer that does not fit 64 bits. Made by `Term::from`, which makes
    /// an [`Int`](Term::Int) of those that do.
    Big(BigInt),
    /// A float. It must be finite: Erlang has no other.
    Float(f64),
    /// An atom.
    Atom(Atom),
    /// A binary.
    Binary(Vec<u8>),
    /// A bitstring whose length is not a whole number of bytes.
    Bits(Bits),
    /// A tuple.
    Tuple(Vec<Term>),
    /// A proper list; the empty one is `[]`.
    List(Vec<Term>),
    /// A list with at least one element whose tail is not a list.
    Improper(Vec<Term>, Box<Term>),
    /// A map.
    Map(BTreeMap<Term, Term>),
    /// A process identifier.
    Pid(Pid),
    /// A reference.
    Ref(Ref),
    /// An external fun.
    Fun(ExternalFun),
    /// A local fun. It prints as Erlang prints it, and is the one term whose text
    /// cannot be read back.
    LocalFun(Box<LocalFun>),
}

impl Term {
    /// An atom, from a literal or an [`Atom`].
    ///
    /// # Panics
    ///
    /// If a literal has more than 255 characters.
    pub fn atom(name: impl Into<Atom>) -> Term {
        Term::Atom(name.into())
    }

    /// A binary, from bytes or a text's UTF-8.
    pub fn binary(bytes: impl Into<Vec<u8>>) -> Term {
        Term::Binary(bytes.into())
    }

    /// A tuple.
    pub fn tuple<T: Into<Term>>(elements: impl IntoIterator<Item = T>) -> Term {
        Term::Tuple(elements.into_iter().map(Into::into).collect())
    }

    /// A proper list.
    pub fn list<T: Into<Term>>(elements: impl IntoIterator<Item = T>) -> Term {
        Term::List(elements.into_iter().map(Into::into).collect())
    }

    /// A map; of pairs with the same key the last one counts.
    ///
    /// ```
    /// use upheaval_term::Term;
    ///
    /// let map = Term::map([(Term::atom("b"), 2), (Term::atom("a"), 1)]);
    /// assert_eq!(map.to_string(), "#{a => 1,b => 2}");
    /// ```
    pub fn map<K: Into<Term>, V: Into<Term>>(pairs: impl IntoIterator<Item = (K, V)>) -> Term {
        Term::Map(
            pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }

    /// A string as Erlang has it: a list of code points.
    ///
    /// ```
    /// use upheaval_term::Term;
    ///
    /// assert_eq!(Term::string("ab"), Term::list([97, 98]));
    /// ```
    #[must_use]
    pub fn string(text: &str) -> Term {
        Term::List(
            text.chars()
                .map(|c| Term::Int(i64::from(c as u32)))
                .collect(),
        )
    }

    /// A list with a tail, `[elements | tail]`: proper if the tail is a list,
    /// the tail itself if there are no elements.
    #[must_use]
    pub fn cons(mut elements: Vec<Term>, tail: Term) -> Term {
        match tail {
            tail if elements.is_empty() => tail,
            Term::List(rest) => {
                elements.extend(rest);
                Term::List(elements)
            }
            Term::Improper(rest, tail) => {
                elements.extend(rest);
                Term::Improper(elements, tail)
            }
            tail => Term::Improper(elements, Box::new(tail)),
        }
    }

    /// The atom `true` or `false`.
    #[must_use]
    pub const fn boolean(value: bool) -> Term {
        Term::Atom(Atom::from_static(if value { "true" } else { "false" }))
    }
}

/// An integer in whichever of the two forms holds it.
impl From<BigInt> for Term {
    fn from(value: BigInt) -> Term {
        match i64::try_from(&value) {
            Ok(small) => Term::Int(small),
            Err(_) => Term::Big(value),
        }
    }
}

macro_rules! from_small_integers {
    ($($int:ty)*) => {$(
        impl From<$int> for Term {
            #[inline]
            fn from(value: $int) -> Term {
                Term::Int(i64::from(value))
            }
        }
    )*};
}

from_small_integers!(i8 i16 i32 i64 u8 u16 u32);

macro_rules! from_large_integers {
    ($($int:ty)*) => {$(
        impl From<$int> for Term {
            fn from(value: $int) -> Term {
                match i64::try_from(value) {
                    Ok(small) => Term::Int(small),
                    Err(_) => Term::Big(BigInt::from(value)),
                }
            }
        }
    )*};
}

from_large_integers!(u64 usize isize i128 u128);

impl From<Atom> for Term {
    fn from(atom: Atom) -> Term {
        Term::Atom(atom)
    }
}

impl From<bool> for Term {
    fn from(value: bool) -> Term {
        Term::boolean(value)
    }
}

impl From<Pid> for Term {
    fn from(pid: Pid) -> Term {
        Term::Pid(pid)
    }
}

impl From<Ref> for Term {
    fn from(reference: Ref) -> Term {
        Term::Ref(reference)
    }
}

impl From<ExternalFun> for Term {
    fn from(fun: ExternalFun) -> Term {
        Term::Fun(fun)
    }
}

impl From<LocalFun> for Term {
    fn from(fun: LocalFun) -> Term {
        Term::LocalFun(Box::new(fun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_that_fit_64_bits_are_never_big() {
        assert!(matches!(
            Term::from(BigInt::from(i64::MIN)),
            Term::Int(i64::MIN)
        ));
        assert!(matches!(Term::from(i64::MAX as u64), Term::Int(i64::MAX)));
        assert!(matches!(Term::from(1u64 << 63), Term::Big(_)));
        assert!(matches!(Term::from(i128::from(i64::MIN) - 1), Term::Big(_)));
    }

    #[test]
    fn a_list_tail_is_merged() {
        let cons = Term::cons(vec![1.into()], Term::list([2, 3]));
        assert_eq!(cons, Term::list([1, 2, 3]));
        let twice = Term::cons(vec![1.into()], Term::cons(vec![2.into()], Term::atom("x")));
        assert_eq!(
            twice,
            Term::Improper(vec![1.into(), 2.into()], Box::new(Term::atom("x")))
        );
        assert_eq!(Term::cons(vec![], Term::atom("x")), Term::atom("x"));
    }
}
