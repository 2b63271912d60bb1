//! Bitstrings that are not binaries.

/// A bitstring whose number of bits is not a multiple of 8.
///
/// The bits of the last, partial byte are its high ones; its low bits are zero.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits {
    bytes: Vec<u8>,
    used: u8,
}

impl Bits {
    /// The bitstring of all of `bytes` but the last, then the `used` high bits
    /// of the last. `None` if `bytes` is empty or `used` is not in `1..=7`
    /// (such a bitstring is a binary, or nothing).
    ///
    /// ```
    /// use upheaval_term::{Bits, Term};
    ///
    /// let bits = Bits::new(vec![1, 0b0110_0000], 3).unwrap();
    /// assert_eq!(Term::Bits(bits).to_string(), "<<1,3:3>>");
    /// assert!(Bits::new(vec![1], 8).is_none());
    /// ```
    #[must_use]
    pub fn new(mut bytes: Vec<u8>, used: u8) -> Option<Bits> {
        if !(1..=7).contains(&used) {
            return None;
        }
        *bytes.last_mut()? &= 0xFF << (8 - used);
        Some(Bits { bytes, used })
    }

    /// The bytes, the last one partial with its low bits zero.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many high bits of the last byte belong to the bitstring: 1 to 7.
    #[must_use]
    pub fn used(&self) -> u8 {
        self.used
    }

    /// How many bits there are.
    #[must_use]
    pub fn bit_len(&self) -> usize {
        (self.bytes.len() - 1) * 8 + usize::from(self.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_bits_are_cleared() {
        let bits = Bits::new(vec![0xFF, 0xFF], 3).unwrap();
        assert_eq!(bits.as_bytes(), [0xFF, 0xE0]);
        assert_eq!(bits.bit_len(), 11);
    }

    #[test]
    fn whole_bytes_are_refused() {
        assert!(Bits::new(vec![], 3).is_none());
        assert!(Bits::new(vec![1], 0).is_none());
        assert!(Bits::new(vec![1], 8).is_none());
    }
}
