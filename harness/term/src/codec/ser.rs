//! Values to bytes.

use serde::ser::{self, Serialize};

use super::SerError;
use super::seq::{Entries, Fields, Items};
use super::snake::{put_name, put_tag};
use super::splice::SPLICE;
use crate::etf::{put, tag};

/// Writes one term; the version byte is the caller's.
pub(crate) struct Encoder<'a> {
    pub(crate) out: &'a mut Vec<u8>,
    /// The next bytes are a whole term in the external format already.
    splicing: bool,
}

impl<'a> Encoder<'a> {
    #[inline]
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Encoder<'a> {
        Encoder {
            out,
            splicing: false,
        }
    }
}

type Done = Result<(), SerError>;

impl<'e, 'a> ser::Serializer for &'e mut Encoder<'a> {
    type Ok = ();
    type Error = SerError;
    type SerializeSeq = Items<'e, 'a>;
    type SerializeTuple = Fields<'e, 'a>;
    type SerializeTupleStruct = Fields<'e, 'a>;
    type SerializeTupleVariant = Fields<'e, 'a>;
    type SerializeMap = Entries<'e, 'a>;
    type SerializeStruct = Fields<'e, 'a>;
    type SerializeStructVariant = Fields<'e, 'a>;

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Done {
        put::atom(if value { "true" } else { "false" }, self.out);
        Ok(())
    }

    #[inline]
    fn serialize_i8(self, value: i8) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i16(self, value: i16) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i32(self, value: i32) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Done {
        put::integer(value, self.out);
        Ok(())
    }

    #[inline]
    fn serialize_i128(self, value: i128) -> Done {
        match i64::try_from(value) {
            Ok(small) => put::integer(small, self.out),
            Err(_) => {
                let digits = value.unsigned_abs().to_le_bytes();
                put::magnitude(value < 0, &digits, self.out);
            }
        }
        Ok(())
    }

    #[inline]
    fn serialize_u8(self, value: u8) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_u16(self, value: u16) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_i64(value.into())
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Done {
        match i64::try_from(value) {
            Ok(small) => put::integer(small, self.out),
            Err(_) => put::magnitude(false, &value.to_le_bytes(), self.out),
        }
        Ok(())
    }

    #[inline]
    fn serialize_u128(self, value: u128) -> Done {
        match i64::try_from(value) {
            Ok(small) => put::integer(small, self.out),
            Err(_) => put::magnitude(false, &value.to_le_bytes(), self.out),
        }
        Ok(())
    }

    #[inline]
    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    #[inline]
    fn serialize_f64(self, value: f64) -> Done {
        if !value.is_finite() {
            return Err(SerError::new(format_args!(
                "float {value} is not finite: erlang has no such float"
            )));
        }
        put::float(value, self.out);
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Done {
        self.serialize_u32(value.into())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Done {
        put::binary(value.as_bytes(), self.out);
        Ok(())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Done {
        if std::mem::take(&mut self.splicing) {
            self.out.extend_from_slice(value);
        } else {
            put::binary(value, self.out);
        }
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Done {
        put::atom("undefined", self.out);
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Done {
        put::atom("ok", self.out);
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, name: &'static str) -> Done {
        put_tag(name, name, self.out)
    }

    #[inline]
    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Done {
        put_tag(name, variant, self.out)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Done {
        self.splicing = name == SPLICE;
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        put::tuple_head(2, self.out);
        put_tag(name, variant, self.out)?;
        match value.serialize(&mut *self) {
            Ok(()) => Ok(()),
            Err(error) => Err(error.inside_variant(name, variant)),
        }
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'e, 'a>, SerError> {
        Ok(Items::begin(self))
    }

    #[inline]
    fn serialize_tuple(self, len: usize) -> Result<Fields<'e, 'a>, SerError> {
        put::tuple_head(len, self.out);
        Ok(Fields::of(self))
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a>, SerError> {
        self.serialize_tuple(len)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a>, SerError> {
        put::tuple_head(len + 1, self.out);
        put_tag(name, variant, self.out)?;
        Ok(Fields::of_variant(self, name, variant))
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'e, 'a>, SerError> {
        Ok(Entries::begin(self))
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Fields<'e, 'a>, SerError> {
        put::head(tag::MAP, len, self.out);
        Ok(Fields::of(self))
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Fields<'e, 'a>, SerError> {
        put::tuple_head(2, self.out);
        put_tag(name, variant, self.out)?;
        put::head(tag::MAP, len, self.out);
        Ok(Fields::of_variant(self, name, variant))
    }
}

impl Encoder<'_> {
    /// A field's name as a key.
    #[inline]
    pub(crate) fn put_key(&mut self, key: &'static str) -> Done {
        put_name(key, self.out)
    }
}
