//! Buffers for terms on their way to the node, reused so that a message costs
//! no allocation.

use std::cell::Cell;

use serde::Serialize;

use crate::abi::Bytes;
use crate::raise;

thread_local! {
    static FIRST: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static SECOND: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Encodes a term into this thread's buffer.
///
/// The bytes stay where they are until the next use of the buffer: the node
/// copies them before it lets this module run again.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Bytes {
    FIRST.with(|slot| encode_in(slot, value))
}

/// Encodes a second term, beside the one of [`encode`].
pub(crate) fn encode_second<T: Serialize + ?Sized>(value: &T) -> Bytes {
    SECOND.with(|slot| encode_in(slot, value))
}

/// Keeps bytes that are a term already.
pub(crate) fn keep(term: Vec<u8>) -> Bytes {
    FIRST.with(|slot| {
        let bytes = Bytes::of(&term);
        slot.set(term);
        bytes
    })
}

fn encode_in<T: Serialize + ?Sized>(slot: &Cell<Vec<u8>>, value: &T) -> Bytes {
    // Taken out while the author's `Serialize` runs: whatever that does, it
    // cannot reach the buffer.
    let mut buffer = slot.take();
    buffer.clear();
    let result = upheaval_term::to_buf(value, &mut buffer);
    let bytes = Bytes::of(&buffer);
    slot.set(buffer);
    if let Err(error) = result {
        raise::error(upheaval_term::Term::tuple([
            upheaval_term::Term::atom("badarg"),
            upheaval_term::Term::binary(error.to_string()),
        ]));
    }
    bytes
}
