//! Reading what has parts.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::DeError;
use super::de::{Decoder, Result};
use crate::etf::read::Reader;
use crate::etf::{read_term, tag};

/// The elements of a list or tuple.
pub(crate) struct Items<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    len: usize,
    left: usize,
}

impl<'a, 'de> Items<'a, 'de> {
    /// Has the visitor take all of `len` elements of the term at `start`.
    #[inline]
    pub(crate) fn visit<V: Visitor<'de>>(
        decoder: &'a mut Decoder<'de>,
        len: usize,
        start: usize,
        visitor: V,
    ) -> Result<V::Value> {
        let mut items = Items {
            decoder,
            len,
            left: len,
        };
        let value = match visitor.visit_seq(&mut items) {
            Ok(value) => value,
            Err(error) => return Err(error.or_at(start)),
        };
        match items.left {
            0 => Ok(value),
            left => Err(surplus(left, len, start)),
        }
    }
}

#[cold]
fn surplus(left: usize, len: usize, start: usize) -> DeError {
    let taken = len - left;
    DeError::new(
        format_args!("expected {taken} elements, found {len}"),
        start,
    )
}

impl<'de> de::SeqAccess<'de> for Items<'_, 'de> {
    type Error = DeError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        let index = self.len - self.left;
        self.left -= 1;
        match seed.deserialize(&mut *self.decoder) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.inside(format_args!("[{index}]"))),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// Every byte as a term, to read the elements of a string from.
static SMALL_INTEGERS: [[u8; 2]; 256] = {
    let mut all = [[tag::SMALL_INTEGER, 0]; 256];
    let mut value = 0;
    while value < 256 {
        all[value][1] = value as u8;
        value += 1;
    }
    all
};

/// The elements of a list of bytes that is written as a string.
pub(crate) struct Bytes<'de> {
    bytes: &'de [u8],
    next: usize,
    start: usize,
}

impl<'de> Bytes<'de> {
    /// Has the visitor take all the bytes, which begin at `start`.
    #[inline]
    pub(crate) fn visit<V: Visitor<'de>>(
        bytes: &'de [u8],
        start: usize,
        visitor: V,
    ) -> Result<V::Value> {
        let mut items = Bytes {
            bytes,
            next: 0,
            start,
        };
        let value = visitor
            .visit_seq(&mut items)
            .map_err(|error: DeError| error.or_at(start))?;
        match bytes.len() - items.next {
            0 => Ok(value),
            left => Err(surplus(left, bytes.len(), start)),
        }
    }
}

impl<'de> de::SeqAccess<'de> for Bytes<'de> {
    type Error = DeError;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let index = self.next;
        let Some(&byte) = self.bytes.get(index) else {
            return Ok(None);
        };
        self.next += 1;
        let mut decoder = Decoder {
            reader: Reader::new(&SMALL_INTEGERS[usize::from(byte)]),
        };
        match seed.deserialize(&mut decoder) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let error = error.inside(format_args!("[{index}]"));
                Err(error.moved_to(self.start + index))
            }
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len() - self.next)
    }
}

/// The entries of a map.
pub(crate) struct Entries<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    fields: Option<&'static [&'static str]>,
    len: usize,
    left: usize,
    /// Where the last key is, to name it if its value is wrong.
    key: usize,
}

impl<'a, 'de> Entries<'a, 'de> {
    /// Has the visitor take all of `len` entries of the map at `start`; if
    /// `fields` are given the keys must be of them.
    #[inline]
    pub(crate) fn visit<V: Visitor<'de>>(
        decoder: &'a mut Decoder<'de>,
        len: usize,
        start: usize,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value> {
        let mut entries = Entries {
            decoder,
            fields,
            len,
            left: len,
            key: start,
        };
        let value = match visitor.visit_map(&mut entries) {
            Ok(value) => value,
            Err(error) => return Err(error.or_at(start)),
        };
        match entries.left {
            0 => Ok(value),
            left => Err(surplus(left, len, start)),
        }
    }

    /// The field whose name is the key ahead. Fields mostly come in the order
    /// they are declared, so the one whose turn it is is tried first.
    #[inline]
    fn field(
        &mut self,
        fields: &'static [&'static str],
        turn: usize,
    ) -> Result<StrDeserializer<'static, DeError>> {
        let name = self.decoder.atom("a field's name")?;
        let is_named = |field: &&&'static str| **field == name;
        match fields
            .get(turn)
            .filter(is_named)
            .or_else(|| fields.iter().find(is_named))
        {
            Some(field) => Ok(field.into_deserializer()),
            None => Err(unknown_field(&name, fields, self.key)),
        }
    }

    /// The last key as a step of a path.
    #[cold]
    fn step(&self) -> String {
        let mut reader = self.decoder.reader.again(self.key);
        match read_term(&mut reader) {
            Ok(key @ crate::Term::Atom(_)) => format!(".{key}"),
            Ok(key) => format!("[{key}]"),
            Err(_) => format!("[entry {}]", self.len - self.left),
        }
    }
}

#[cold]
fn unknown_field(name: &str, fields: &[&str], offset: usize) -> DeError {
    let fields = fields.join(", ");
    DeError::new(
        format_args!("unknown field {name}, expected one of {fields}"),
        offset,
    )
}

impl<'de> de::MapAccess<'de> for Entries<'_, 'de> {
    type Error = DeError;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.key = self.decoder.reader.at();
        let turn = self.len - self.left;
        self.left -= 1;
        match self.fields {
            Some(fields) => seed.deserialize(self.field(fields, turn)?).map(Some),
            None => seed.deserialize(&mut *self.decoder).map(Some),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match seed.deserialize(&mut *self.decoder) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.inside(self.step())),
        }
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}
