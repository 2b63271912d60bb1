//! Terms of every kind, for property tests.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use upheaval_term::{Atom, BigInt, Bits, ExternalFun, Pid, Ref, Term};

pub(crate) fn atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        4 => "[a-z][a-zA-Z0-9_@]{0,8}",
        1 => Just("nonode@nohost".to_string()),
        1 => prop::sample::select(vec!["end", "fun", "maybe", "undefined", "", "funny"])
            .prop_map(str::to_string),
        2 => vec(any::<char>(), 0..12).prop_map(String::from_iter),
        1 => vec(any::<char>(), 200..=255).prop_map(String::from_iter),
    ]
    .prop_map(|text| Atom::new(&text).unwrap())
}

pub(crate) fn big() -> impl Strategy<Value = BigInt> {
    (any::<bool>(), vec(any::<u8>(), 0..40)).prop_map(|(negative, digits)| {
        let value = BigInt::from_bytes_le(num_bigint::Sign::Plus, &digits);
        if negative { -value } else { value }
    })
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![
        prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        (-1000i32..1000).prop_map(|n| f64::from(n) / 8.0),
    ]
}

fn bits() -> impl Strategy<Value = Bits> {
    (vec(any::<u8>(), 1..6), 1u8..8).prop_map(|(bytes, used)| Bits::new(bytes, used).unwrap())
}

fn creation() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), any::<u32>()]
}

pub(crate) fn pid() -> impl Strategy<Value = Pid> {
    (atom(), any::<u32>(), any::<u32>(), creation()).prop_map(|(node, id, serial, creation)| Pid {
        node,
        id,
        serial,
        creation,
    })
}

pub(crate) fn reference() -> impl Strategy<Value = Ref> {
    (atom(), creation(), vec(any::<u32>(), 1..=5))
        .prop_map(|(node, creation, ids)| Ref::new(node, creation, &ids).unwrap())
}

pub(crate) fn fun() -> impl Strategy<Value = ExternalFun> {
    (atom(), atom(), any::<u8>()).prop_map(|(module, function, arity)| ExternalFun {
        module,
        function,
        arity,
    })
}

fn leaf() -> impl Strategy<Value = Term> {
    prop_oneof![
        any::<i64>().prop_map(Term::Int),
        (-300i64..300).prop_map(Term::Int),
        big().prop_map(Term::from),
        finite().prop_map(Term::Float),
        atom().prop_map(Term::Atom),
        vec(any::<u8>(), 0..12).prop_map(Term::Binary),
        any::<String>().prop_map(Term::binary),
        any::<String>().prop_map(|text| Term::string(&text)),
        bits().prop_map(Term::Bits),
        pid().prop_map(Term::Pid),
        reference().prop_map(Term::Ref),
        fun().prop_map(Term::Fun),
    ]
}

/// Any term.
pub(crate) fn term() -> impl Strategy<Value = Term> {
    leaf().prop_recursive(4, 40, 6, |inner| {
        let tail = inner.clone();
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Term::Tuple),
            vec(inner.clone(), 0..6).prop_map(Term::List),
            (vec(inner.clone(), 1..4), tail)
                .prop_map(|(elements, tail)| Term::cons(elements, tail)),
            btree_map(inner.clone(), inner, 0..5).prop_map(Term::Map),
        ]
    })
}
