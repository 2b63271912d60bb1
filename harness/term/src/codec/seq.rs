//! Writing what has parts.

use serde::ser::{self, Serialize};

use super::SerError;
use super::ser::Encoder;
use crate::etf::{close_list, put, tag};

type Done = Result<(), SerError>;

/// The elements of a list. How many there are is filled in at the end, since
/// serde need not know at the start.
pub(crate) struct Items<'e, 'a> {
    encoder: &'e mut Encoder<'a>,
    start: usize,
    len: usize,
}

impl<'e, 'a> Items<'e, 'a> {
    #[inline]
    pub(crate) fn begin(encoder: &'e mut Encoder<'a>) -> Items<'e, 'a> {
        let start = encoder.out.len();
        put::head(tag::LIST, 0, encoder.out);
        Items {
            encoder,
            start,
            len: 0,
        }
    }
}

impl ser::SerializeSeq for Items<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let index = self.len;
        self.len += 1;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(error.inside(format_args!("[{index}]"))),
        }
    }

    #[inline]
    fn end(self) -> Done {
        let out = &mut *self.encoder.out;
        if self.len == 0 {
            out.truncate(self.start);
            out.push(tag::NIL);
        } else {
            fill_in(self.len, self.start, out);
            close_list(self.start, self.len, out);
        }
        Ok(())
    }
}

/// Puts the length into a head that was written without it.
#[inline]
fn fill_in(len: usize, start: usize, out: &mut [u8]) {
    out[start + 1..start + 5].copy_from_slice(&put::narrow(len).to_be_bytes());
}

/// The entries of a map, counted as the elements of a list are.
pub(crate) struct Entries<'e, 'a> {
    encoder: &'e mut Encoder<'a>,
    start: usize,
    len: usize,
}

impl<'e, 'a> Entries<'e, 'a> {
    #[inline]
    pub(crate) fn begin(encoder: &'e mut Encoder<'a>) -> Entries<'e, 'a> {
        let start = encoder.out.len();
        put::head(tag::MAP, 0, encoder.out);
        Entries {
            encoder,
            start,
            len: 0,
        }
    }
}

impl ser::SerializeMap for Entries<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.len += 1;
        key.serialize(&mut *self.encoder)
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let entry = self.len;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(error.inside(format_args!("[entry {entry}]"))),
        }
    }

    #[inline]
    fn end(self) -> Done {
        fill_in(self.len, self.start, self.encoder.out);
        Ok(())
    }
}

/// The fields of a tuple or a struct, whose number is written already.
pub(crate) struct Fields<'e, 'a> {
    encoder: &'e mut Encoder<'a>,
    /// The enum's and the variant's names, if it is one's fields.
    variant: Option<(&'static str, &'static str)>,
    index: usize,
}

impl<'e, 'a> Fields<'e, 'a> {
    #[inline]
    pub(crate) fn of(encoder: &'e mut Encoder<'a>) -> Fields<'e, 'a> {
        Fields {
            encoder,
            variant: None,
            index: 0,
        }
    }

    #[inline]
    pub(crate) fn of_variant(
        encoder: &'e mut Encoder<'a>,
        name: &'static str,
        variant: &'static str,
    ) -> Self {
        Fields {
            variant: Some((name, variant)),
            ..Fields::of(encoder)
        }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        let index = self.index;
        self.index += 1;
        match value.serialize(&mut *self.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.within_variant(error.inside(format_args!("[{index}]")))),
        }
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        let written = match self.encoder.put_key(key) {
            Ok(()) => value.serialize(&mut *self.encoder),
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => Ok(()),
            Err(error) => Err(self.within_variant(error.inside(format_args!(".{key}")))),
        }
    }

    #[cold]
    fn within_variant(&self, error: SerError) -> SerError {
        match self.variant {
            Some((name, variant)) => error.inside_variant(name, variant),
            None => error,
        }
    }
}

impl ser::SerializeTuple for Fields<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    #[inline]
    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        self.field(key, value)
    }

    #[inline]
    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Fields<'_, '_> {
    type Ok = ();
    type Error = SerError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        self.field(key, value)
    }

    #[inline]
    fn end(self) -> Done {
        Ok(())
    }
}
