//! Terms are ordered as Erlang/OTP 25 orders them.

use std::cmp::Ordering;
use std::collections::HashSet;

use upheaval_term::{Pid, Ref, Term};

/// As `lists:sort/1` sorts them.
const SORTED: &str = "[-1.0e300,-36893488147419103232,-18446744073709551617,-1.8446744073709552e19,-18446744073709551615,\
    -9223372036854775809,-1.5,-1,-0.5,0,0.5,1,1.5,9007199254740993,9.007199254740994e15,\
    9223372036854775807,9.223372036854776e18,9223372036854775809,18446744073709551615,\
    1.8446744073709552e19,18446744073709551617,1.0e300,a,ab,b,fun a:a/3,fun a:b/1,fun a:b/2,\
    fun b:a/1,{},{b},{a,a},{a,b},{a,a,a},#{},#{z => 1},#{a => 1,b => 1},#{a => 1,b => 2},\
    #{a => 0,c => 0},[],[a|a],[a],[a,a],[a,b],[b],[[]|<<>>],<<>>,<<1:2>>,<<64>>,<<64,0:1>>,\
    <<64,0>>,<<65>>]";

fn sorted() -> Vec<Term> {
    let all: Term = SORTED.parse().unwrap();
    all.as_list().unwrap().to_vec()
}

#[test]
fn every_pair_is_ordered_as_erlang_orders_it() {
    let sorted = sorted();
    for (index, small) in sorted.iter().enumerate() {
        for large in &sorted[index + 1..] {
            assert!(small < large, "{small} < {large}");
            assert!(large > small, "{large} > {small}");
        }
    }
}

#[test]
fn types_are_ordered() {
    let ids = [
        Term::atom("z"),
        Term::Ref(Ref::local(0)),
        "fun a:b/0".parse().unwrap(),
        Term::Pid(Pid::local(0, 0)),
        Term::tuple([0; 0]),
    ];
    assert!(ids.is_sorted());
    assert_eq!(HashSet::from(ids).len(), 5);
}

#[test]
fn an_integer_and_a_float_of_one_value_are_different_the_integer_first() {
    for (int, float) in [
        ("1", "1.0"),
        ("0", "-0.0"),
        ("9007199254740992", "9007199254740992.0"),
        ("18446744073709551616", "18446744073709551616.0"),
        ("-18446744073709551616", "-18446744073709551616.0"),
    ] {
        let (int, float): (Term, Term) = (int.parse().unwrap(), float.parse().unwrap());
        assert_eq!(int.cmp(&float), Ordering::Less, "{int} {float}");
        assert_eq!(float.cmp(&int), Ordering::Greater, "{float} {int}");
        assert_eq!(Term::map([(int, 1), (float, 2)]).as_map().unwrap().len(), 2);
    }
}

#[test]
fn the_two_zeros_are_different() {
    assert!(Term::Float(-0.0) < Term::Float(0.0));
}

#[test]
fn equal_terms_hash_alike() {
    let terms: HashSet<Term> = sorted().into_iter().chain(sorted()).collect();
    assert_eq!(terms.len(), sorted().len());
}
