//! Funs that are bound to a version of their module.

mod common;

use proptest::collection::vec;
use proptest::prelude::*;
use upheaval_term::{LocalFun, Pid, RawTerm, Term, decode, encode, from_slice, to_vec};

/// `term_to_binary(fun(X) -> {X,E} end)` where `E` is `{1,a}`, as Erlang/OTP 25 writes it.
const WRITTEN: &str = "83700000004a01d1194d8076e74f29a82cc3b5c403f8e7000000000000000177016661\
    00620688ca6c58770d6e6f6e6f6465406e6f686f737400000009000000000000000068026101770161";

fn written() -> Vec<u8> {
    (0..WRITTEN.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&WRITTEN[at..at + 2], 16).unwrap())
        .collect()
}

fn local_fun() -> impl Strategy<Value = LocalFun> {
    (
        any::<[u8; 16]>(),
        any::<[u32; 3]>(),
        any::<u8>(),
        common::pid(),
        vec(common::term(), 0..4),
    )
        .prop_map(|(uniq, numbers, arity, creator, free)| LocalFun {
            module: "m".into(),
            arity,
            index: numbers[0],
            uniq,
            old_index: numbers[1],
            old_uniq: numbers[2],
            creator,
            free,
        })
}

#[test]
fn a_fun_that_erlang_wrote_is_read_and_written_back() {
    let bytes = written();
    let term = decode(&bytes).unwrap();
    let Term::LocalFun(fun) = &term else {
        panic!("{term}");
    };
    assert_eq!(fun.free, ["{1,a}".parse::<Term>().unwrap()]);
    assert_eq!((fun.arity, fun.index), (1, 0));
    assert_eq!(term.to_string(), "#Fun<f.0.109628012>");
    assert_eq!(encode(&term), bytes);
}

#[test]
fn a_fun_that_claims_another_size_is_refused() {
    let mut bytes = written();
    bytes[5] += 1;
    assert_eq!(
        decode(&bytes).unwrap_err().to_string(),
        "local fun that claims 75 bytes and takes 74 at byte 2"
    );
}

#[test]
fn a_fun_stands_before_external_ones_in_the_order_of_terms() {
    let local = decode(&written()).unwrap();
    let external: Term = "fun a:a/0".parse().unwrap();
    assert!(local < external);
}

#[test]
fn who_made_a_fun_does_not_tell_it_from_another() {
    let Ok(Term::LocalFun(fun)) = decode(&written()) else {
        panic!("not a local fun");
    };
    let mut other = fun.clone();
    other.creator = Pid::local(1, 1);
    assert_eq!(fun, other);
    other.uniq[0] ^= 1;
    assert_ne!(fun, other);
}

proptest! {
    #[test]
    fn a_fun_comes_back_as_it_was(fun in local_fun()) {
        let term = Term::tuple([Term::from(fun.clone()), Term::from(1)]);
        let bytes = encode(&term);
        let Term::Tuple(parts) = decode(&bytes).unwrap() else { panic!() };
        prop_assert_eq!(encode(&parts[0]), encode(&fun.clone().into()));
        let (spliced, raw): (LocalFun, RawTerm) = from_slice(&bytes).unwrap();
        prop_assert_eq!(&spliced, &fun);
        prop_assert_eq!(to_vec(&(spliced, raw)).unwrap(), bytes);
    }

    #[test]
    fn no_cut_of_a_fun_is_taken_for_a_whole_one(fun in local_fun(), at in any::<prop::sample::Index>()) {
        let bytes = encode(&fun.into());
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(decode(cut).is_err());
    }
}
