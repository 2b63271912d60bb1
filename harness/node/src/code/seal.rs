//! The seal of an artifact: a checksum at its end.
//!
//! A shared object with a flipped bit opens without complaint and faults later,
//! or worse, computes something else. What lies behind the end of an ELF file
//! is nobody's, so the checksum of the file can stand there.

use xxhash_rust::xxh3::xxh3_128;

const MARK: &[u8; 8] = b"\nsealed\n";
const LENGTH: usize = 16 + MARK.len();

/// What the end of a file says about the rest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    /// The file is as it was sealed; this is the checksum of its content.
    Whole(u128),
    /// The file is not as it was sealed.
    Broken,
    /// The file has no seal.
    Missing,
}

/// Seals a shared object: appends the checksum that the node asks for when it
/// loads it. What is sealed already stays as it is.
pub fn seal(mut object: Vec<u8>) -> Vec<u8> {
    if read(&object) == Seal::Missing {
        let sum = xxh3_128(&object);
        object.extend_from_slice(&sum.to_le_bytes());
        object.extend_from_slice(MARK);
    }
    object
}

/// Compares a file with its seal.
pub(crate) fn read(file: &[u8]) -> Seal {
    let Some((content, rest)) = file
        .len()
        .checked_sub(LENGTH)
        .map(|length| file.split_at(length))
    else {
        return Seal::Missing;
    };
    let (sum, mark) = rest.split_at(16);
    if mark != MARK {
        return Seal::Missing;
    }
    let actual = xxh3_128(content);
    if sum == actual.to_le_bytes() {
        Seal::Whole(actual)
    } else {
        Seal::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_file_is_whole() {
        assert!(matches!(read(&seal(b"content".to_vec())), Seal::Whole(_)));
    }

    #[test]
    fn sealing_twice_changes_nothing() {
        let once = seal(b"content".to_vec());
        assert_eq!(seal(once.clone()), once);
    }

    #[test]
    fn any_flipped_bit_breaks_the_seal() {
        let sealed = seal(b"content".to_vec());
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!matches!(read(&flipped), Seal::Whole(_)), "bit {bit}");
        }
    }
}
