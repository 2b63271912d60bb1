//! Bytes that a node sends are not trusted.

use erl_dist::message::Message;
use proptest::prelude::*;
use upheaval_beam::read_message;
use upheaval_term::{Term, encode};

/// A message as a node sends one: to a pid, with a term.
fn message(term: &Term) -> Vec<u8> {
    let pid = Term::Pid(upheaval_term::Pid {
        node: upheaval_term::Atom::from_static("a@b"),
        id: 1,
        serial: 0,
        creation: 7,
    });
    let control = Term::tuple([Term::Int(2), Term::atom(""), pid]);
    let mut bytes = vec![112];
    bytes.extend(encode(&control));
    bytes.extend(encode(term));
    bytes
}

fn term() -> impl Strategy<Value = Term> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Term::Int),
        "[a-z]{0,8}".prop_map(|name| {
            upheaval_term::Atom::new(&name).map_or(Term::atom("a"), Term::Atom)
        }),
        prop::collection::vec(any::<u8>(), 0..16).prop_map(Term::binary),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let some = prop::collection::vec(inner, 0..4);
        prop_oneof![
            some.clone().prop_map(Term::tuple),
            some.prop_map(Term::list)
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_give_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = read_message(&bytes);
    }

    #[test]
    fn a_message_with_flipped_and_missing_bytes_gives_a_message_or_an_error(
        term in term(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = message(&term);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let _ = read_message(&bytes);
    }

    #[test]
    fn a_message_is_read_as_it_was_sent(term in term()) {
        prop_assert_eq!(read_message(&message(&term)), Ok(Some(term)));
    }

    /// The crate that makes the handshake reads the same message.
    #[test]
    fn erl_dist_reads_the_same(number in any::<i32>()) {
        let bytes = message(&Term::Int(i64::from(number)));
        let read = Message::read_from(&mut &bytes[1..]);
        let is_same = matches!(
            &read,
            Ok(Message::Send(send)) if send.message == eetf::FixInteger::from(number).into()
        );
        prop_assert!(is_same, "{:?}", read);
    }
}

#[test]
fn a_message_of_another_kind_is_an_error_that_says_so() {
    let error = read_message(&[131, 68, 0]).unwrap_err();
    assert!(error.contains("kind 131"), "{error}");
}

#[test]
fn a_claimed_length_is_not_allocated() {
    // A binary that claims four gigabytes, in a message of a few bytes.
    let mut bytes = message(&Term::atom("x"));
    bytes.truncate(bytes.len() - 4);
    bytes.extend([131, 109, 255, 255, 255, 255]);
    assert!(read_message(&bytes).is_err());
}

#[test]
fn a_signal_that_is_no_message_is_passed_over() {
    let link = Term::tuple([Term::Int(1), Term::atom("a"), Term::atom("b")]);
    let mut bytes = vec![112];
    bytes.extend(encode(&link));
    assert_eq!(read_message(&bytes), Ok(None));
}
