//! Looking into terms.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::{Atom, Pid, Ref, Term};

impl Term {
    /// The integer, if it is one that fits 64 bits.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Term::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if it is one, of any size.
    #[must_use]
    pub fn as_big(&self) -> Option<BigInt> {
        match self {
            Term::Int(value) => Some(BigInt::from(*value)),
            Term::Big(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The float, if it is one; an integer is not.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Term::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The atom, if it is one.
    #[must_use]
    pub fn as_atom(&self) -> Option<&Atom> {
        match self {
            Term::Atom(atom) => Some(atom),
            _ => None,
        }
    }

    /// Whether it is the atom of this name.
    ///
    /// ```
    /// assert!(upheaval_term::Term::atom("ok").is_atom("ok"));
    /// ```
    #[must_use]
    pub fn is_atom(&self, name: &str) -> bool {
        matches!(self, Term::Atom(atom) if atom.as_str() == name)
    }

    /// The boolean, if it is `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_atom()?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The binary's bytes, if it is one.
    #[must_use]
    pub fn as_binary(&self) -> Option<&[u8]> {
        match self {
            Term::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The binary's text, if it is one of UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_binary()?).ok()
    }

    /// The text of a string, if it is one: a proper list of characters.
    ///
    /// ```
    /// use upheaval_term::Term;
    ///
    /// assert_eq!(Term::string("1.2").as_string().as_deref(), Some("1.2"));
    /// assert_eq!(Term::binary("1.2").as_string(), None);
    /// ```
    #[must_use]
    pub fn as_string(&self) -> Option<String> {
        let character = |c: &Term| char::from_u32(u32::try_from(c.as_int()?).ok()?);
        self.as_list()?.iter().map(character).collect()
    }

    /// The tuple's elements, if it is one.
    ///
    /// ```
    /// use upheaval_term::Term;
    ///
    /// let term: Term = "{ok, 5}".parse()?;
    /// let Some([tag, value]) = term.as_tuple() else { panic!() };
    /// assert!(tag.is_atom("ok") && value.as_int() == Some(5));
    /// # Ok::<(), upheaval_term::ParseError>(())
    /// ```
    #[must_use]
    pub fn as_tuple(&self) -> Option<&[Term]> {
        match self {
            Term::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The list's elements, if it is a proper list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Term]> {
        match self {
            Term::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&BTreeMap<Term, Term>> {
        match self {
            Term::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The pid, if it is one.
    #[must_use]
    pub fn as_pid(&self) -> Option<&Pid> {
        match self {
            Term::Pid(pid) => Some(pid),
            _ => None,
        }
    }

    /// The reference, if it is one.
    #[must_use]
    pub fn as_reference(&self) -> Option<&Ref> {
        match self {
            Term::Ref(reference) => Some(reference),
            _ => None,
        }
    }

    /// The value under an atom in a map; `None` if there is none, or this is
    /// not a map.
    ///
    /// ```
    /// use upheaval_term::Term;
    ///
    /// let term: Term = "#{balance => 5}".parse()?;
    /// assert_eq!(term.get("balance").and_then(Term::as_int), Some(5));
    /// assert_eq!(term.get("owner"), None);
    /// # Ok::<(), upheaval_term::ParseError>(())
    /// ```
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Term> {
        let key = Term::Atom(Atom::new(key).ok()?);
        self.as_map()?.get(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accessor_of_another_type_gives_nothing() {
        let float = Term::Float(1.0);
        assert_eq!(float.as_int(), None);
        assert_eq!(float.as_big(), None);
        assert_eq!(float.as_bool(), None);
        assert_eq!(Term::Int(1).as_float(), None);
        assert_eq!(Term::list([1]).as_tuple(), None);
        assert_eq!(Term::atom("maybe").as_bool(), None);
        assert_eq!(Term::binary([0xFF]).as_str(), None);
    }

    #[test]
    fn only_maps_have_values_under_atoms() {
        let map = Term::map([(Term::atom("a"), 1)]);
        assert_eq!(map.get("a"), Some(&Term::Int(1)));
        assert_eq!(map.get("b"), None);
        assert_eq!(Term::atom("a").get("a"), None);
        assert_eq!(map.get(&"a".repeat(300)), None);
    }
}
