//! What is written is read back as the same term.

mod common;

use proptest::prelude::*;
use upheaval_term::text::parse_prefix;
use upheaval_term::{RawTerm, Term, decode, decode_prefix, encode, from_slice, to_vec};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_encoded_term_decodes_to_itself(term in common::term()) {
        prop_assert_eq!(decode(&encode(&term)).unwrap(), term);
    }

    #[test]
    fn a_term_is_found_at_the_beginning_of_bytes(term in common::term(), after: Vec<u8>) {
        let mut bytes = encode(&term);
        let len = bytes.len();
        bytes.extend(after);
        prop_assert_eq!(decode_prefix(&bytes).unwrap(), (term, len));
    }

    #[test]
    fn a_printed_term_parses_to_itself(term in common::term()) {
        let text = term.to_string();
        prop_assert_eq!(text.parse::<Term>().expect(&text), term);
    }

    #[test]
    fn a_term_is_found_at_the_beginning_of_a_line(term in common::term()) {
        let text = term.to_string();
        let line = format!("{text} -> ok");
        prop_assert_eq!(parse_prefix(&line).unwrap(), (term, text.len()));
    }

    #[test]
    fn a_term_is_the_same_through_serde(term in common::term()) {
        let bytes = to_vec(&term).unwrap();
        prop_assert_eq!(&bytes, &encode(&term));
        prop_assert_eq!(from_slice::<Term>(&bytes).unwrap(), term);
    }

    #[test]
    fn a_raw_term_passes_through_unchanged(term in common::term()) {
        let bytes = to_vec(&(1, &term, 2)).unwrap();
        let (one, raw, two): (u8, RawTerm, u8) = from_slice(&bytes).unwrap();
        prop_assert_eq!(raw.to_term().unwrap(), term);
        prop_assert_eq!(to_vec(&(one, raw, two)).unwrap(), bytes);
    }

    #[test]
    fn term_order_is_total(a in common::term(), b in common::term(), c in common::term()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        let mut sorted = [a, b, c];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[2]);
    }

    #[test]
    fn a_term_in_text_formats_is_its_text(term in common::term()) {
        let json = serde_json::to_string(&term).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), term.to_string());
        prop_assert_eq!(serde_json::from_str::<Term>(&json).unwrap(), term);
    }
}
