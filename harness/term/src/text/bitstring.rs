//! Binaries and bitstrings as text.

use num_bigint::BigInt;

use super::ParseError;
use super::cursor::Cursor;
use crate::{Bits, Term};

/// The most bits a segment can have: a few digits should not claim much memory.
const MAX_SIZE: u32 = 1024;

/// Bits in the making.
#[derive(Default)]
struct Packer {
    bytes: Vec<u8>,
    /// How many bits of the last byte are taken; 0 if all are.
    used: u8,
}

impl Packer {
    fn push_bit(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if let (true, Some(last)) = (bit, self.bytes.last_mut()) {
            *last |= 0x80 >> self.used;
        }
        self.used = (self.used + 1) % 8;
    }

    /// The low bits of an integer, the highest first; as in Erlang those that
    /// do not fit are cut off.
    fn push_integer(&mut self, value: &BigInt, size: u32) {
        let negative = value.sign() == num_bigint::Sign::Minus;
        let digits = value.to_signed_bytes_le();
        for bit in (0..size).rev() {
            let byte = digits.get(bit as usize / 8);
            self.push_bit(byte.map_or(negative, |byte| byte >> (bit % 8) & 1 == 1));
        }
    }

    fn push_byte(&mut self, byte: u8) {
        match self.used {
            0 => self.bytes.push(byte),
            _ => self.push_integer(&byte.into(), 8),
        }
    }

    fn finish(self) -> Term {
        match Bits::new(self.bytes.clone(), self.used) {
            Some(bits) => Term::Bits(bits),
            None => Term::Binary(self.bytes),
        }
    }
}

impl Cursor<'_> {
    /// The rest of a bitstring whose `<<` is read.
    pub(super) fn bitstring(&mut self) -> Result<Term, ParseError> {
        let mut packer = Packer::default();
        if !self.closed(">>") {
            loop {
                self.blank();
                self.segment(&mut packer)?;
                if self.ended(">>")? {
                    break;
                }
            }
        }
        Ok(packer.finish())
    }

    /// A string, or an integer of 8 bits or a given number of them.
    fn segment(&mut self, packer: &mut Packer) -> Result<(), ParseError> {
        let start = self.at();
        if self.peek() == Some('"') {
            let text = self.string()?;
            if self.eat("/utf8") {
                text.bytes().for_each(|byte| packer.push_byte(byte));
                return Ok(());
            }
            for letter in text.chars() {
                let byte = u8::try_from(letter).map_err(|_| {
                    self.error_at(
                        start,
                        format!("{letter:?} is not a byte: put /utf8 after the string"),
                    )
                })?;
                packer.push_byte(byte);
            }
            return Ok(());
        }
        if !matches!(self.peek(), Some('0'..='9' | '-' | '+' | '$')) {
            return Err(self.expected("an integer, a string or >>"));
        }
        let Some(value) = self.number()?.as_big() else {
            return Err(self.error_at(start, "float in a bitstring: write its bytes"));
        };
        packer.push_integer(&value, self.size()?);
        Ok(())
    }

    fn size(&mut self) -> Result<u32, ParseError> {
        self.blank();
        if !self.eat(":") {
            return Ok(8);
        }
        self.blank();
        let start = self.at();
        match self.word("a number of bits")? {
            size @ 0..=MAX_SIZE => Ok(size),
            size => {
                Err(self.error_at(start, format!("segment of {size} bits, at most {MAX_SIZE}")))
            }
        }
    }
}
