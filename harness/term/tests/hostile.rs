//! No input makes the readers panic, overflow the stack or run on.

mod common;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use upheaval_term::text::parse_prefix;
use upheaval_term::{DecodeErrorKind, MAX_DEPTH, RawTerm, Term, decode, encode, from_slice};

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Tree {
    Leaf,
    Node(Box<Tree>, Option<Box<Tree>>),
    Named { left: Box<Tree> },
    Many(Vec<Tree>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its decoding matters")]
enum Any {
    Int(i64),
    Text(String),
    List(Vec<Any>),
    Map(std::collections::HashMap<String, Any>),
}

fn read_every_way(bytes: &[u8]) {
    if let Ok(term) = decode(bytes) {
        assert_eq!(decode(&encode(&term)).unwrap(), term);
        let text = term.to_string();
        assert_eq!(text.parse::<Term>().unwrap(), term, "{text}");
    }
    let _ = from_slice::<Tree>(bytes);
    let _ = from_slice::<Any>(bytes);
    let _ = from_slice::<(RawTerm, serde::de::IgnoredAny)>(bytes);
    let _ = from_slice::<Vec<(String, Option<f64>)>>(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(mut bytes: Vec<u8>) {
        bytes.insert(0, 131);
        read_every_way(&bytes);
    }

    #[test]
    fn mutated_terms_are_read_or_refused(
        term in common::term(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut: prop::sample::Index,
    ) {
        let mut bytes = encode(&term);
        for (place, byte) in changes {
            let len = bytes.len();
            bytes[place.index(len)] = byte;
        }
        read_every_way(&bytes);
        read_every_way(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in r#"([{}<>\[\]|,#"'$\\.:/a-z0-9 %_A-Z-]|=>|<<|fun |#Ref<|\PC){0,40}"#) {
        if let Ok((term, end)) = parse_prefix(&text) {
            prop_assert!(end <= text.len());
            prop_assert_eq!(term.to_string().parse::<Term>().unwrap(), term);
        }
    }

    #[test]
    fn mutated_text_is_read_or_refused(term in common::term(), at: prop::sample::Index, letter: char) {
        let mut text: Vec<char> = term.to_string().chars().collect();
        let place = at.index(text.len());
        text[place] = letter;
        let _ = String::from_iter(text).parse::<Term>();
    }
}

/// Terms that consist of this many times `open`, the innermost being an atom.
fn nested(open: &[u8], times: usize, close: &[u8]) -> Vec<u8> {
    let mut bytes = vec![131];
    bytes.extend(open.repeat(times));
    bytes.extend([119, 1, b'a']);
    bytes.extend(close.repeat(times));
    bytes
}

#[test]
fn nesting_is_read_to_the_limit_and_refused_beyond() {
    let list: (&[u8], &[u8]) = (&[108, 0, 0, 0, 1], &[106]);
    let tuple: (&[u8], &[u8]) = (&[104, 1], &[]);
    let map: (&[u8], &[u8]) = (&[116, 0, 0, 0, 1], &[97, 1]);
    for (open, close) in [list, tuple, map] {
        assert!(decode(&nested(open, MAX_DEPTH, close)).is_ok());
        for times in [MAX_DEPTH + 1, 1_000_000] {
            let error = decode(&nested(open, times, close)).unwrap_err();
            assert_eq!(error.kind, DecodeErrorKind::TooDeep);
        }
    }
}

/// Processes have stacks of 256 KiB, which their own frames share.
#[test]
fn the_limit_of_nesting_fits_half_a_process_stack() {
    let work = || {
        let list: (&[u8], &[u8]) = (&[108, 0, 0, 0, 1], &[106]);
        let map: (&[u8], &[u8]) = (&[116, 0, 0, 0, 1], &[97, 1]);
        for (open, close) in [list, map, (&[104, 1], &[])] {
            let term = decode(&nested(open, MAX_DEPTH, close)).unwrap();
            assert_eq!(term.to_string().parse::<Term>().unwrap(), term);
            assert_eq!(decode(&encode(&term)).unwrap(), term.clone());
        }
        let list = nested(list.0, MAX_DEPTH, list.1);
        assert!(from_slice::<Any>(&list).is_ok());
    };
    let thread = std::thread::Builder::new().stack_size(128 * 1024);
    thread.spawn(work).unwrap().join().unwrap();
}

#[test]
fn nesting_in_serde_is_refused_beyond_the_limit() {
    let list = nested(&[108, 0, 0, 0, 1], 100_000, &[106]);
    let tagged = nested(
        &[104, 2, 119, 4, b'm', b'a', b'n', b'y', 108, 0, 0, 0, 1],
        100_000,
        &[106],
    );
    for error in [
        from_slice::<Any>(&list).unwrap_err(),
        from_slice::<Tree>(&tagged).unwrap_err(),
        from_slice::<Term>(&list).unwrap_err(),
    ] {
        assert!(
            error.to_string().contains("nested deeper than 128"),
            "{error:.200}"
        );
    }
}

#[test]
fn any_depth_can_be_passed_over() {
    let bytes = nested(&[108, 0, 0, 0, 1], 1_000_000, &[106]);
    let raw: RawTerm = from_slice(&bytes).unwrap();
    assert_eq!(raw.as_bytes(), &bytes[1..]);
}

#[test]
fn a_list_is_a_level_however_it_is_written() {
    let around = "{".repeat(MAX_DEPTH);
    let ends = "}".repeat(MAX_DEPTH);
    for innermost in ["[]", r#""abc""#, "[1,2]", "[a]", "{}", "#{}"] {
        let fits = format!("{}{innermost}{}", &around[1..], &ends[1..]);
        let term: Term = fits.parse().unwrap();
        let bytes = encode(&term);
        assert_eq!(decode(&bytes).unwrap(), term);

        let deeper = format!("{around}{innermost}{ends}");
        assert!(deeper.parse::<Term>().is_err(), "{innermost}");
        let deeper = [&[131, 104, 1], &bytes[1..]].concat();
        assert_eq!(
            decode(&deeper).unwrap_err().kind,
            DecodeErrorKind::TooDeep,
            "{innermost}"
        );
    }
}

#[test]
fn terms_beside_each_other_are_not_nested() {
    for element in ["{}", "[]", "[a]", r#""abc""#, "#{}", "#{a => 1}", "[a|b]"] {
        let text = format!("[{}{element}]", format!("{element},").repeat(MAX_DEPTH));
        let term: Term = text.parse().unwrap();
        assert_eq!(decode(&encode(&term)).unwrap(), term);
    }
    let trees = vec![Tree::Node(Box::new(Tree::Many(Vec::new())), None); MAX_DEPTH];
    let named = Tree::Named {
        left: Box::new(Tree::Many(trees)),
    };
    let bytes = upheaval_term::to_vec(&vec![named; MAX_DEPTH]).unwrap();
    let back: Vec<Tree> = from_slice(&bytes).unwrap();
    assert_eq!(upheaval_term::to_vec(&back).unwrap(), bytes);
    let lists = vec![vec![97, 98]; MAX_DEPTH + 1];
    let bytes = upheaval_term::to_vec(&lists).unwrap();
    assert_eq!(from_slice::<Vec<Vec<u8>>>(&bytes).unwrap(), lists);
}

#[test]
fn an_atom_of_more_than_255_characters_is_refused() {
    let atom = |text: String| {
        let mut bytes = vec![131, 118];
        bytes.extend((text.len() as u16).to_be_bytes());
        bytes.extend(text.as_bytes());
        decode(&bytes)
    };
    assert!(atom("å".repeat(255)).is_ok());
    let error = atom("å".repeat(256)).unwrap_err().to_string();
    assert!(error.starts_with("atom of 256 characters"), "{error}");
}

#[test]
fn nesting_in_text_is_read_to_the_limit_and_refused_beyond() {
    for (open, close) in [("[", "]"), ("{", "}"), ("#{a=>", "}")] {
        let text = |times| format!("{}a{}", open.repeat(times), close.repeat(times));
        let term: Term = text(MAX_DEPTH).parse().unwrap();
        assert_eq!(decode(&encode(&term)).unwrap(), term);
        for times in [MAX_DEPTH + 1, 1_000_000] {
            let error = text(times).parse::<Term>().unwrap_err();
            assert!(error.message.contains("nested deeper than 128"), "{error}");
        }
    }
}

#[test]
fn a_bad_term_is_refused_with_its_place() {
    let refused: [(&[u8], &str); 16] = [
        (&[], "truncated: 1 bytes needed but 0 left at byte 0"),
        (
            &[130, 97, 1],
            "version byte 130, expected 131: is this the external term format? at byte 0",
        ),
        (
            &[131, 97, 1, 2],
            "1 bytes after the term: pass one term, or decode a prefix at byte 3",
        ),
        (&[131, 1], "unknown tag 1 at byte 1"),
        (
            &[131, 80, 0, 0, 0, 1],
            "a compressed term (tag 80) is not supported: send plain data instead at byte 1",
        ),
        (
            &[131, 104, 1, 117],
            "a local fun (tag 117) is not supported: send plain data instead at byte 3",
        ),
        (
            &[131, 102],
            "a port (tag 102) is not supported: send plain data instead at byte 1",
        ),
        (
            &[131, 120],
            "a port (tag 120) is not supported: send plain data instead at byte 1",
        ),
        (
            &[131, 70, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0],
            "float that is not a finite number: erlang has no such float at byte 2",
        ),
        (&[131, 119, 1, 0xFF], "atom that is not utf-8 at byte 2"),
        (
            &[131, 116, 0, 0, 0, 2, 97, 1, 97, 1, 97, 1, 97, 2],
            "map with the key 1 twice at byte 10",
        ),
        (
            &[131, 77, 0, 0, 0, 1, 9, 0],
            "bitstring whose last byte has 9 bits, expected 1 to 8 at byte 6",
        ),
        (
            &[131, 110, 1, 2, 1],
            "integer with sign byte 2, expected 0 or 1 at byte 3",
        ),
        (
            &[131, 88, 97, 1],
            "expected an atom, found an integer at byte 2",
        ),
        (
            &[131, 90, 0, 6, 119, 1, b'a', 0, 0, 0, 0],
            "reference of 6 words, expected 1 to 5 at byte 2",
        ),
        (
            &[131, 104, 3, 97, 1],
            "3 elements claimed but 2 bytes left, not enough for them at byte 3",
        ),
    ];
    for (bytes, message) in refused {
        assert_eq!(decode(bytes).unwrap_err().to_string(), message);
    }
}
