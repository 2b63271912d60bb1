//! Another implementation of the format agrees with this one.

mod common;

use std::collections::HashMap;

use eetf::Term as Other;
use proptest::prelude::*;
use upheaval_term::{Term, decode, encode};

/// Whether the other crate (0.12) mistakes this very term, its parts aside.
fn is_mistaken(term: &Term) -> bool {
    let small = |term: &Term| matches!(term, Term::Int(-2_147_483_648..=255));
    match term {
        // It writes negative integers as the bytes of a string.
        Term::List(elements) => {
            elements.iter().all(small) && elements.iter().any(|term| *term < Term::Int(0))
        }
        // It hashes a map by the order of a hash map, so no map is found as a
        // key, and takes the two zeros for one key.
        Term::Map(map) => map.keys().any(|key| key.to_string().contains("#{")),
        Term::Float(value) => *value == 0.0 && value.is_sign_negative(),
        // It refuses the last arity there is.
        Term::Fun(fun) => fun.arity == 255,
        _ => false,
    }
}

/// The same term as the other crate has it; `None` where it cannot.
fn other(term: &Term) -> Option<Other> {
    let all = |terms: &[Term]| terms.iter().map(other).collect::<Option<Vec<_>>>();
    let atom = |atom: &upheaval_term::Atom| eetf::Atom::from(atom.as_str());
    if is_mistaken(term) {
        return None;
    }
    Some(match term {
        Term::Int(value) => match i32::try_from(*value) {
            Ok(small) => eetf::FixInteger::from(small).into(),
            Err(_) => eetf::BigInteger::from(*value).into(),
        },
        Term::Big(value) => eetf::BigInteger {
            value: value.clone(),
        }
        .into(),
        Term::Float(value) => eetf::Float { value: *value }.into(),
        Term::Atom(name) => atom(name).into(),
        Term::Binary(bytes) => eetf::Binary::from(bytes.clone()).into(),
        Term::Bits(bits) => {
            // There the last byte's bits are the low ones, in memory only.
            let mut bytes = bits.as_bytes().to_vec();
            *bytes.last_mut()? >>= 8 - bits.used();
            let tail_bits_size = bits.used();
            eetf::BitBinary {
                bytes,
                tail_bits_size,
            }
            .into()
        }
        Term::Tuple(elements) => eetf::Tuple::from(all(elements)?).into(),
        Term::List(elements) => {
            let byte = |term: &Term| term.as_int().and_then(|value| u8::try_from(value).ok());
            match elements.iter().map(byte).collect::<Option<Vec<u8>>>() {
                Some(bytes) if !bytes.is_empty() => eetf::ByteList::from(bytes).into(),
                _ => eetf::List::from(all(elements)?).into(),
            }
        }
        Term::Improper(elements, tail) => {
            eetf::ImproperList::from((all(elements)?, other(tail)?)).into()
        }
        Term::Map(map) => {
            let pairs = map
                .iter()
                .map(|(key, value)| Some((other(key)?, other(value)?)));
            eetf::Map::from(pairs.collect::<Option<HashMap<_, _>>>()?).into()
        }
        Term::Pid(pid) => eetf::Pid {
            node: atom(&pid.node),
            id: pid.id,
            serial: pid.serial,
            creation: pid.creation,
        }
        .into(),
        Term::Ref(reference) => eetf::Reference {
            node: atom(&reference.node),
            id: reference.ids().to_vec(),
            creation: reference.creation,
        }
        .into(),
        Term::Fun(fun) => eetf::ExternalFun {
            module: atom(&fun.module),
            function: atom(&fun.function),
            arity: fun.arity,
        }
        .into(),
        // The strategy gives none.
        Term::LocalFun(_) => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_other_reads_what_this_writes(term in common::term()) {
        let Some(expected) = other(&term) else { return Ok(()) };
        prop_assert_eq!(Other::decode(&encode(&term)[..]).unwrap(), expected);
    }

    #[test]
    fn this_reads_what_the_other_writes(term in common::term()) {
        let Some(foreign) = other(&term) else { return Ok(()) };
        let mut bytes = Vec::new();
        foreign.encode(&mut bytes).unwrap();
        prop_assert_eq!(decode(&bytes).unwrap(), term);
    }
}
