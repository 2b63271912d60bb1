//! Passing over terms.

use super::read::{Reader, Result};
use super::tag;

impl<'a> Reader<'a> {
    /// Passes over one term and returns its bytes. Only its extent is checked,
    /// not what a decoder would further complain of. Takes no stack however
    /// deep the term is.
    pub(crate) fn skip(&mut self) -> Result<&'a [u8]> {
        let start = self.at();
        self.tag()?;
        let mut pending = self.skip_one(start)?;
        while pending > 0 {
            let start = self.at();
            self.u8()?;
            pending = (pending - 1).saturating_add(self.skip_one(start)?);
        }
        Ok(self.since(start))
    }

    /// Passes over the rest of the term whose tag is at `start`, but for the
    /// terms it contains, and returns how many those are.
    fn skip_one(&mut self, start: usize) -> Result<usize> {
        let tag = self.since(start)[0];
        let len = match tag {
            tag::NIL => 0,
            tag::SMALL_INTEGER => 1,
            tag::INTEGER => 4,
            tag::NEW_FLOAT => 8,
            tag::FLOAT => 31,
            tag::SMALL_ATOM | tag::SMALL_ATOM_UTF8 => usize::from(self.u8()?),
            tag::ATOM | tag::ATOM_UTF8 | tag::STRING => usize::from(self.u16()?),
            tag::BINARY => self.len32()?,
            tag::BIT_BINARY | tag::LARGE_BIG => self.len32()?.saturating_add(1),
            tag::SMALL_BIG => usize::from(self.u8()?) + 1,
            tag::SMALL_TUPLE => return self.u8().map(usize::from),
            tag::LARGE_TUPLE => return self.len32(),
            tag::LIST => return self.len32().map(|len| len.saturating_add(1)),
            tag::MAP => return self.len32().map(|len| len.saturating_mul(2)),
            tag::NEW_FUN => return self.local_fun().map(|(_, free, _)| free),
            other => {
                let known = self.pid(other)?.is_some()
                    || self.reference(other)?.is_some()
                    || self.fun(other)?.is_some();
                return if known {
                    Ok(0)
                } else {
                    Err(self.refuse(start, other))
                };
            }
        };
        self.take(len)?;
        Ok(0)
    }
}
