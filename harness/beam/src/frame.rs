//! Messages between nodes, as bytes.
//!
//! The control messages are few: to a registered name, and to a pid. They are
//! written and read with `upheaval-term` rather than with `eetf`, which believes a
//! length that a node claims and allocates for it: a node is not trusted here.

use upheaval_term::{Pid, Term, decode_prefix, encode, encode_into};

/// The most bytes that a message of a node may have: 64 MiB.
pub const MAX_FRAME: usize = 64 << 20;

/// The byte before a message without a distribution header.
const PASS_THROUGH: u8 = 112;

const SEND: i64 = 2;
const REG_SEND: i64 = 6;
const SEND_SENDER: i64 = 22;

/// A message to a registered name, ready to be written: its length, the control
/// message, the message.
pub(crate) fn to_name(from: &Pid, name: &'static str, message: &Term) -> Vec<u8> {
    let control = Term::tuple([
        Term::Int(REG_SEND),
        Term::Pid(from.clone()),
        Term::atom(""),
        Term::atom(name),
    ]);
    let mut bytes = vec![0, 0, 0, 0, PASS_THROUGH];
    bytes.extend_from_slice(&encode(&control));
    encode_into(message, &mut bytes);
    let length = (bytes.len() - 4) as u32;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes
}

/// Reads one message of a node, without its length: the message where it is one
/// to a pid, nothing where it is another signal, which a harness has no use for.
///
/// # Errors
/// It is no message, as a lowercase fragment. Bytes of any kind give an error,
/// never a panic, and no allocation that they do not justify.
pub fn read_message(frame: &[u8]) -> Result<Option<Term>, String> {
    let Some((kind, rest)) = frame.split_first() else {
        return Ok(None);
    };
    if *kind != PASS_THROUGH {
        return Err(format!(
            "it sent a message of kind {kind}, which was not agreed on"
        ));
    }
    let unreadable = |error| format!("it sent a message that cannot be read: {error}");
    let (control, length) = decode_prefix(rest).map_err(unreadable)?;
    let op = control
        .as_tuple()
        .and_then(|parts| parts.first())
        .and_then(Term::as_int);
    match op {
        Some(SEND | SEND_SENDER) => upheaval_term::decode(&rest[length..])
            .map(Some)
            .map_err(unreadable),
        Some(_) => Ok(None),
        None => Err("it sent a control message without an operation".into()),
    }
}
