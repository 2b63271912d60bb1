//! How Rust types appear as terms, and what is refused on the way back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use upheaval_term::{Atom, ExternalFun, Pid, Ref, Term, from_slice, from_term, to_term, to_vec};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct MyUnit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Meters(f64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i64, String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    owner: String,
    balance: i64,
    limit: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Request {
    GetAll,
    Add(i64),
    Transfer(String, String, i64),
    OpenAccount {
        account: Account,
    },
    #[serde(rename = "keepAsIs")]
    Renamed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Zoo {
    unit: (),
    unit_struct: Unit,
    flag: bool,
    letter: char,
    small: i8,
    unsigned: u64,
    wide: i128,
    widest: u128,
    single: f32,
    meters: Meters,
    pair: Pair,
    array: [u16; 3],
    requests: Vec<Request>,
    accounts: BTreeMap<String, Account>,
    outcome: Result<u8, String>,
    bytes: Vec<u8>,
    from: (Pid, Ref),
    name: Atom,
    callback: ExternalFun,
    anything: Option<Term>,
}

fn shown<T: Serialize>(value: &T) -> String {
    to_term(value).unwrap().to_string()
}

fn refused<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
    let term: Term = text.parse().unwrap();
    from_term::<T>(&term).unwrap_err().to_string()
}

#[test]
fn simple_values_are_what_an_erlang_programmer_would_write() {
    assert_eq!(shown(&true), "true");
    assert_eq!(shown(&'a'), "97");
    assert_eq!(shown(&"å"), r#"<<"å"/utf8>>"#);
    assert_eq!(shown(&1.5f32), "1.5");
    assert_eq!(shown(&()), "ok");
    assert_eq!(shown(&None::<u8>), "undefined");
    assert_eq!(shown(&Some(1)), "1");
    assert_eq!(shown(&MyUnit), "my_unit");
    assert_eq!(shown(&Meters(1.0)), "1.0");
    assert_eq!(shown(&Pair(1, "a".into())), r#"{1,<<"a">>}"#);
    assert_eq!(shown(&[1, 2]), "{1,2}");
    assert_eq!(shown(&vec![1, 2]), "[1,2]");
    assert_eq!(shown(&u128::MAX), u128::MAX.to_string());
    assert_eq!(shown(&i128::MIN), i128::MIN.to_string());
}

#[test]
fn enums_are_tagged_in_snake_case() {
    assert_eq!(shown(&Request::GetAll), "get_all");
    assert_eq!(shown(&Request::Add(1)), "{add,1}");
    assert_eq!(
        shown(&Request::Transfer("a".into(), "b".into(), 1)),
        r#"{transfer,<<"a">>,<<"b">>,1}"#
    );
    assert_eq!(shown(&Request::Renamed), "keepAsIs");
    let account = Account {
        owner: "a".into(),
        balance: 5,
        limit: None,
    };
    assert_eq!(
        shown(&Request::OpenAccount { account }),
        r#"{open_account,#{account => #{balance => 5,limit => undefined,owner => <<"a">>}}}"#
    );
    assert_eq!(shown(&Ok::<_, ()>(1)), "{ok,1}");
    assert_eq!(shown(&Err::<(), _>("no")), r#"{error,<<"no">>}"#);
}

#[test]
fn struct_fields_are_written_in_declaration_order() {
    let account = Account {
        owner: String::new(),
        balance: 0,
        limit: None,
    };
    let bytes = to_vec(&account).unwrap();
    let at = |name: &str| {
        bytes
            .windows(name.len())
            .position(|w| w == name.as_bytes())
            .unwrap()
    };
    assert!(at("owner") < at("balance") && at("balance") < at("limit"));
}

#[test]
fn fields_are_read_in_any_order() {
    let term = r#"#{limit => 1, owner => <<"a">>, balance => 2}"#.parse().unwrap();
    let account = Account {
        owner: "a".into(),
        balance: 2,
        limit: Some(1),
    };
    assert_eq!(from_term::<Account>(&term).unwrap(), account);
}

#[test]
fn types_are_not_converted() {
    assert_eq!(refused::<f64>("1"), "expected a float, found 1 at byte 0");
    assert_eq!(
        refused::<i64>("1.0"),
        "expected an integer, found 1.0 at byte 0"
    );
    assert_eq!(
        refused::<bool>("1"),
        "expected true or false, found 1 at byte 0"
    );
    assert_eq!(
        refused::<bool>("maybe"),
        "expected true or false, found maybe at byte 0"
    );
    assert_eq!(
        refused::<String>("abc"),
        "expected a binary, found abc at byte 0"
    );
    assert_eq!(
        refused::<String>("<<255>>"),
        "expected a binary of utf-8, found <<\"ÿ\">> at byte 0"
    );
    assert_eq!(
        refused::<()>("undefined"),
        "expected ok, found undefined at byte 0"
    );
    assert_eq!(
        refused::<MyUnit>("unit"),
        "expected my_unit, found unit at byte 0"
    );
    assert_eq!(
        refused::<char>("16#D800"),
        "expected a code point, found 55296 at byte 0"
    );
    assert_eq!(
        refused::<Vec<u8>>("{1}"),
        "expected a list, found {1} at byte 0"
    );
    assert_eq!(
        refused::<Vec<Atom>>("[a|b]"),
        "expected a proper list, found [a|b] at byte 0"
    );
    assert_eq!(refused::<Pid>("ok"), "expected a pid, found ok at byte 0");
}

#[test]
fn integers_out_of_range_are_refused() {
    assert_eq!(
        refused::<u8>("256"),
        "invalid value: integer `256`, expected u8 at byte 0"
    );
    assert_eq!(
        refused::<u64>("-1"),
        "invalid value: integer `-1`, expected u64 at byte 0"
    );
    assert!(refused::<i64>("16#8000000000000000").contains("invalid value: integer"));
    assert!(refused::<u128>(&format!("16#1{}", "0".repeat(32))).contains("more than 128"));
    assert!(refused::<i128>("-16#80000000000000000000000000000001").contains("below -2^127"));
}

#[test]
fn arities_must_match() {
    assert_eq!(
        refused::<(u8, u8)>("{1}"),
        "expected a tuple of 2, found {1} at byte 0"
    );
    assert_eq!(
        refused::<[u8; 2]>("{1,2,3}"),
        "expected a tuple of 2, found {1,2,3} at byte 0"
    );
    assert_eq!(
        refused::<Request>("{add,1,2}"),
        "expected {add, _}, found {add,1,2} at byte 0"
    );
    assert_eq!(
        refused::<Request>("add"),
        "expected {add, _}, found add at byte 0"
    );
    assert_eq!(
        refused::<Request>("{get_all}"),
        "expected get_all, found {get_all} at byte 0"
    );
    assert_eq!(
        refused::<Request>("{transfer,1}"),
        "expected {transfer, _, _, _}, found {transfer,1} at byte 0"
    );
}

#[test]
fn unknown_variants_are_named_with_the_known_ones() {
    let known = "expected one of get_all, add, transfer, open_account, keepAsIs";
    assert_eq!(
        refused::<Request>("{sub,1}"),
        format!("unknown variant sub of Request, {known} at byte 2")
    );
    assert_eq!(
        refused::<Request>("'GetAll'"),
        format!("unknown variant GetAll of Request, {known} at byte 0")
    );
    assert_eq!(
        refused::<Result<u8, u8>>("{err,1}"),
        "unknown variant err of Result, expected one of ok, error at byte 2"
    );
}

#[test]
fn fields_are_neither_unknown_nor_missing_nor_twice() {
    assert!(
        refused::<Account>("#{owners => 1}")
            .starts_with("unknown field owners, expected one of owner, balance, limit at byte")
    );
    assert_eq!(
        refused::<Account>("#{balance => 1}"),
        "missing field `owner` at byte 0"
    );
    let twice = [
        131, 116, 0, 0, 0, 2, 119, 7, 98, 97, 108, 97, 110, 99, 101, 97, 1, 119, 7, 98, 97, 108,
        97, 110, 99, 101, 97, 1,
    ];
    let error = from_slice::<Account>(&twice).unwrap_err().to_string();
    assert_eq!(error, "duplicate field `balance` at byte 1");
}

#[test]
fn an_error_says_where_it_is() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only its decoding matters")]
    struct Bank {
        accounts: Vec<Account>,
        by_name: BTreeMap<String, u8>,
    }
    let message = refused::<Bank>(
        r#"#{accounts => [#{owner => <<"a">>, balance => 5, limit => 1},
                         #{owner => <<"b">>, balance => x, limit => 1}]}"#,
    );
    assert!(
        message.starts_with(".accounts[1].balance: expected an integer, found x at byte"),
        "{message}"
    );
    let message = refused::<Bank>(r#"#{by_name => #{<<"a">> => x}}"#);
    assert!(
        message.starts_with(r#".by_name[<<"a">>]: expected"#),
        "{message}"
    );
    let message = refused::<Request>("{add,x}");
    assert!(
        message.starts_with(".add: expected an integer, found x"),
        "{message}"
    );
    let message = refused::<Vec<Option<bool>>>("[1,2]");
    assert_eq!(message, "[0]: expected true or false, found 1 at byte 3");
}

#[test]
fn a_float_that_is_not_finite_is_refused_with_its_place() {
    let error = to_vec(&BTreeMap::from([(
        "a",
        vec![Meters(1.0), Meters(f64::NAN)],
    )]))
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "[entry 1][1]: float NaN is not finite: erlang has no such float"
    );
    assert!(to_vec(&f32::INFINITY).is_err());
}

#[test]
fn a_failed_write_leaves_the_buffer_as_it_was() {
    let mut out = vec![1, 2];
    assert!(upheaval_term::to_buf(&(1, f64::NAN), &mut out).is_err());
    assert_eq!(out, [1, 2]);
}

#[test]
fn a_missing_option_is_none_and_defaults_work() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Upgraded {
        total: i64,
        limit: Option<i64>,
        #[serde(default)]
        count: u8,
    }
    let old = "#{total => 1}".parse().unwrap();
    let new = Upgraded {
        total: 1,
        limit: None,
        count: 0,
    };
    assert_eq!(from_term::<Upgraded>(&old).unwrap(), new);
}

#[test]
fn serde_other_takes_unknown_variants() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Open {
        Known,
        #[serde(other)]
        Else,
    }
    assert_eq!(
        from_term::<Open>(&Term::atom("known")).unwrap(),
        Open::Known
    );
    assert_eq!(from_term::<Open>(&Term::atom("what")).unwrap(), Open::Else);
}

#[test]
fn untagged_tagged_and_flattened_types_work() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Key {
        Number(i64),
        Name(String),
        Both(i64, String),
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Shape {
        Circle { radius: f64 },
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Drawing {
        keys: Vec<Key>,
        #[serde(flatten)]
        shape: Shape,
    }
    let drawing = Drawing {
        keys: vec![
            Key::Number(1),
            Key::Name("a".into()),
            Key::Both(1, "b".into()),
        ],
        shape: Shape::Circle { radius: 1.5 },
    };
    let bytes = to_vec(&drawing).unwrap();
    assert_eq!(from_slice::<Drawing>(&bytes).unwrap(), drawing);
}

#[test]
fn identities_in_text_formats_are_their_text() {
    let value = (
        Pid::local(1, 2),
        Ref::local(3),
        Atom::from_static("a b"),
        ExternalFun::new("m", "f", 1),
    );
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, r##"["<0.1.2>","#Ref<0.0.0.3>","a b","fun m:f/1"]"##);
    let back: (Pid, Ref, Atom, ExternalFun) = serde_json::from_str(&json).unwrap();
    assert_eq!(back, value);
    assert!(serde_json::from_str::<Pid>(r#""ok""#).is_err());
}

#[test]
fn atoms_and_pids_longer_than_a_scratch_are_written_whole() {
    let long = Atom::new(&"å".repeat(250)).unwrap();
    let pid = Pid {
        node: long.clone(),
        ..Pid::local(1, 2)
    };
    let bytes = to_vec(&(&long, &pid)).unwrap();
    assert_eq!(from_slice::<(Atom, Pid)>(&bytes).unwrap(), (long, pid));
}

#[test]
fn a_list_of_bytes_is_read_as_any_integers() {
    let bytes = [131, 107, 0, 2, 97, 98];
    assert_eq!(from_slice::<Vec<u64>>(&bytes).unwrap(), [97, 98]);
    assert_eq!(from_slice::<Vec<char>>(&bytes).unwrap(), ['a', 'b']);
    assert_eq!(
        from_slice::<Vec<Option<i8>>>(&bytes).unwrap(),
        [Some(97), Some(98)]
    );
    assert_eq!(
        from_slice::<Vec<Term>>(&bytes).unwrap(),
        [Term::Int(97), Term::Int(98)]
    );
    let error = from_slice::<Vec<bool>>(&bytes).unwrap_err().to_string();
    assert_eq!(error, "[0]: expected true or false, found 97 at byte 4");
}

/// A pair of numbers that reads only as many elements as it needs.
#[derive(Debug)]
struct FirstTwo;

impl<'de> Deserialize<'de> for FirstTwo {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<FirstTwo, D::Error> {
        struct Two;
        impl<'de> serde::de::Visitor<'de> for Two {
            type Value = FirstTwo;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("two numbers")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut a: A,
            ) -> Result<FirstTwo, A::Error> {
                a.next_element::<i64>()?;
                a.next_element::<i64>()?;
                Ok(FirstTwo)
            }
        }
        deserializer.deserialize_seq(Two)
    }
}

#[test]
fn elements_that_a_type_leaves_are_refused() {
    assert_eq!(
        refused::<FirstTwo>("[1,2,3]"),
        "expected 2 elements, found 3 at byte 3"
    );
    assert_eq!(
        refused::<FirstTwo>("[1,2,300]"),
        "expected 2 elements, found 3 at byte 0"
    );
}

#[test]
fn bytes_after_the_value_are_refused() {
    let error = from_slice::<i64>(&[131, 97, 1, 0]).unwrap_err().to_string();
    assert_eq!(
        error,
        "1 bytes after the term: pass one term, or decode a prefix at byte 3"
    );
}

mod common;

prop_compose! {
    fn account()(owner: String, balance: i64, limit: Option<u32>) -> Account {
        Account { owner, balance, limit }
    }
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        Just(Request::GetAll),
        Just(Request::Renamed),
        any::<i64>().prop_map(Request::Add),
        any::<(String, String, i64)>().prop_map(|(a, b, n)| Request::Transfer(a, b, n)),
        account().prop_map(|account| Request::OpenAccount { account }),
    ]
}

prop_compose! {
    fn zoo()(
        (flag, letter, small, unsigned, wide, widest) in any::<(bool, char, i8, u64, i128, u128)>(),
        (single, meters) in (prop::num::f32::NORMAL, prop::num::f64::NORMAL),
        (first, second, array, bytes) in any::<(i64, String, [u16; 3], Vec<u8>)>(),
        outcome in any::<Result<u8, String>>(),
        requests in prop::collection::vec(request(), 0..4),
        accounts in prop::collection::btree_map(any::<String>(), account(), 0..4),
        from in (common::pid(), common::reference()),
        name in common::atom(),
        callback in common::fun(),
        anything in prop::option::of(common::term()),
    ) -> Zoo {
        // `undefined` itself is not told from `None`.
        let anything = anything.filter(|term| !term.is_atom("undefined"));
        Zoo {
            unit: (), unit_struct: Unit, flag, letter, small, unsigned, wide, widest, single,
            meters: Meters(meters), pair: Pair(first, second), array, requests, accounts,
            outcome, bytes, from, name, callback, anything,
        }
    }
}

proptest! {
    #[test]
    fn a_value_of_every_kind_survives_bytes_and_terms(zoo in zoo()) {
        let bytes = to_vec(&zoo).unwrap();
        prop_assert_eq!(from_slice::<Zoo>(&bytes).unwrap(), zoo.clone());
        let term = to_term(&zoo).unwrap();
        prop_assert_eq!(from_term::<Zoo>(&term).unwrap(), zoo);
    }
}
