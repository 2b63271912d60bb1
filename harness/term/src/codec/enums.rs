//! Reading enums.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::DeError;
use super::de::{Decoder, Result, is_atom};
use super::snake::{self, is_tag};
use crate::etf::tag;

/// A variant whose tag is read: what is left to read is its fields.
pub(crate) struct Variant<'a, 'de> {
    decoder: &'a mut Decoder<'de>,
    name: &'static str,
    variants: &'static [&'static str],
    /// Which variant it is; `None` if it is none and serde's `other` takes it.
    chosen: Option<&'static str>,
    start: usize,
    /// How many fields follow the tag; a bare atom has none to follow.
    fields: Option<usize>,
}

impl<'a, 'de> Variant<'a, 'de> {
    #[inline]
    pub(crate) fn visit<V: Visitor<'de>>(
        decoder: &'a mut Decoder<'de>,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let start = decoder.reader.at();
        let fields = match decoder.reader.peek()? {
            tag if is_atom(tag) => None,
            tag::SMALL_TUPLE | tag::LARGE_TUPLE => {
                let arity = decoder.arity("a tuple")?;
                decoder.reader.open(arity)?;
                match arity.checked_sub(1) {
                    Some(fields) => Some(fields),
                    None => return decoder.mismatch("a variant's tag in a tuple", start),
                }
            }
            _ => return decoder.mismatch(&format!("a variant of {name}"), start),
        };
        let variant = Variant {
            decoder,
            name,
            variants,
            chosen: None,
            start,
            fields,
        };
        visitor
            .visit_enum(variant)
            .map_err(|error| error.or_at(start))
    }

    #[cold]
    fn inside(&self, error: DeError) -> DeError {
        match self.chosen {
            Some(variant) => error.inside(format_args!(".{}", snake::tag(self.name, variant))),
            None => error,
        }
    }

    /// The variant has other fields than the type.
    #[cold]
    fn shape<T>(&self, expected: &str) -> Result<T> {
        let tag = snake::tag(self.name, self.chosen.unwrap_or("other"));
        let expected = expected.replace("tag", &tag);
        self.decoder.mismatch(&expected, self.start)
    }

    #[inline]
    fn finish<T>(self, read: Result<T>) -> Result<T> {
        match read {
            Ok(value) => {
                self.decoder.reader.close();
                Ok(value)
            }
            Err(error) => Err(self.inside(error)),
        }
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = DeError;
    type Variant = Self;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self)> {
        let place = self.decoder.reader.at();
        let text = self.decoder.atom("a variant's tag")?;
        self.chosen = self
            .variants
            .iter()
            .copied()
            .find(|variant| is_tag(self.name, variant, &text));
        // The generated code goes by the variant's own name.
        let known: StrDeserializer<'_, DeError> = match self.chosen {
            Some(variant) => variant.into_deserializer(),
            None if self.variants.contains(&&*text) => "".into_deserializer(),
            None => (&*text).into_deserializer(),
        };
        match seed.deserialize(known) {
            Ok(value) => Ok((value, self)),
            Err(_) => Err(DeError::unknown_variant(
                &text,
                self.name,
                self.variants,
                place,
            )),
        }
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = DeError;

    #[inline]
    fn unit_variant(self) -> Result<()> {
        match self.fields {
            None => Ok(()),
            Some(_) => self.shape("tag"),
        }
    }

    #[inline]
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        if self.fields != Some(1) {
            return self.shape("{tag, _}");
        }
        let read = seed.deserialize(&mut *self.decoder);
        self.finish(read)
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        if self.fields != Some(len) {
            return self.shape(&format!("{{tag{}}}", ", _".repeat(len)));
        }
        let read = super::items::Items::visit(self.decoder, len, self.start, visitor);
        self.finish(read)
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if self.fields != Some(1) {
            return self.shape("{tag, #{..}}");
        }
        let read = self.decoder.entries(Some(fields), visitor);
        self.finish(read)
    }
}
