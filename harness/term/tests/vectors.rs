//! Bytes that Erlang/OTP 25 writes, and forms it wrote in the past.

use upheaval_term::{Atom, Pid, Ref, Term, decode, encode};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap())
        .collect()
}

/// Terms and what `term_to_binary(Term, [{minor_version, 2}, deterministic])`
/// gives for them.
const VECTORS: &[(&str, &str)] = &[
    ("0", "836100"),
    ("255", "8361ff"),
    ("256", "836200000100"),
    ("-1", "8362ffffffff"),
    ("2147483647", "83627fffffff"),
    ("2147483648", "836e040000000080"),
    ("-2147483648", "836280000000"),
    ("-2147483649", "836e040101000080"),
    ("9223372036854775807", "836e0800ffffffffffffff7f"),
    ("9223372036854775808", "836e08000000000000000080"),
    ("-9223372036854775809", "836e08010100000000000080"),
    ("1.5", "83463ff8000000000000"),
    ("-0.0", "83468000000000000000"),
    ("1.0e-5", "83463ee4f8b588e368f1"),
    ("1.0e22", "83464480f0cf064dd592"),
    ("ok", "8377026f6b"),
    ("'Foo bar'", "837707466f6f20626172"),
    (r"'it\'s'", "83770469742773"),
    ("'end'", "837703656e64"),
    (r"'\n\000\d'", "8377030a007f"),
    ("''", "837700"),
    ("å", "837702c3a5"),
    ("'μ'", "837702cebc"),
    ("[]", "836a"),
    (r#""abc""#, "836b0003616263"),
    ("[1,2,256]", "836c000000036101610262000001006a"),
    ("[0,255]", "836b000200ff"),
    ("[a|b]", "836c00000001770161770162"),
    ("[97|98]", "836c0000000161616162"),
    ("[97,-1]", "836c00000002616162ffffffff6a"),
    (r#""a\"\\\n\e""#, "836b000561225c0a1b"),
    (r#""μν""#, "836c0000000262000003bc62000003bd6a"),
    ("<<>>", "836d00000000"),
    (r#"<<"abc">>"#, "836d00000003616263"),
    (r#"<<"å"/utf8>>"#, "836d00000002c3a5"),
    (r#"<<"å">>"#, "836d00000001e5"),
    ("<<0,1>>", "836d000000020001"),
    ("<<194,128>>", "836d00000002c280"),
    ("<<1,2,3:4>>", "834d0000000304010230"),
    ("<<5:3>>", "834d0000000103a0"),
    ("{}", "836800"),
    (
        r#"{deposit,<<"a">>,5}"#,
        "83680377076465706f7369746d00000001616105",
    ),
    ("#{}", "837400000000"),
    (
        r#"#{a => 1,b => #{"x" => []}}"#,
        "837400000002770161610177016274000000016b0001786a",
    ),
    (
        "#{1 => a,a => 2,{} => 3}",
        "8374000000036101770161770161610268006103",
    ),
    (
        "<0.12.1>",
        "8358770d6e6f6e6f6465406e6f686f73740000000c0000000100000000",
    ),
    (
        "#Ref<0.3.2.1>",
        "835a0003770d6e6f6e6f6465406e6f686f737400000000000000010000000200000003",
    ),
    ("fun lists:map/2", "837177056c6973747377036d61706102"),
    ("fun 'Foo':'b r'/255", "83717703466f6f770362207261ff"),
];

#[test]
fn terms_encode_as_erlang_encodes_them() {
    for (text, bytes) in VECTORS {
        let term: Term = text.parse().unwrap();
        assert_eq!(encode(&term), hex(bytes), "{text}");
    }
}

#[test]
fn what_erlang_encodes_decodes() {
    for (text, bytes) in VECTORS {
        let term: Term = text.parse().unwrap();
        assert_eq!(decode(&hex(bytes)).unwrap(), term, "{text}");
    }
}

#[test]
fn terms_print_as_erlang_prints_them() {
    for (text, bytes) in VECTORS {
        assert_eq!(decode(&hex(bytes)).unwrap().to_string(), *text);
    }
}

#[test]
fn old_latin1_atoms_decode() {
    let atom = Term::atom("å");
    assert_eq!(decode(&[131, 100, 0, 1, 0xE5]).unwrap(), atom);
    assert_eq!(decode(&[131, 115, 1, 0xE5]).unwrap(), atom);
}

#[test]
fn old_text_floats_decode() {
    let mut bytes = vec![131, 99];
    bytes.extend(b"1.50000000000000000000e+00\0\0\0\0\0");
    assert_eq!(decode(&bytes).unwrap(), Term::Float(1.5));
}

#[test]
fn old_pids_and_references_decode() {
    let node = Atom::from_static("a@b");
    let pid = Pid {
        node: node.clone(),
        id: 5,
        serial: 1,
        creation: 2,
    };
    let bytes = hex("83 67 64 0003 614062 00000005 00000001 02");
    assert_eq!(decode(&bytes).unwrap(), Term::Pid(pid));
    let one_word = Ref::new(node.clone(), 2, &[5]).unwrap();
    let bytes = hex("83 65 64 0003 614062 00000005 02");
    assert_eq!(decode(&bytes).unwrap(), Term::Ref(one_word));
    let two_words = Ref::new(node, 2, &[5, 6]).unwrap();
    let bytes = hex("83 72 0002 64 0003 614062 02 00000005 00000006");
    assert_eq!(decode(&bytes).unwrap(), Term::Ref(two_words));
}

#[test]
fn integers_written_longer_than_needed_decode() {
    assert_eq!(decode(&hex("83 6e 03 00 05 00 00")).unwrap(), Term::Int(5));
    assert_eq!(
        decode(&hex("83 6f 00000002 01 05 00")).unwrap(),
        Term::Int(-5)
    );
    assert_eq!(decode(&hex("83 62 00000005")).unwrap(), Term::Int(5));
}

#[test]
fn a_bitstring_of_whole_bytes_is_a_binary() {
    assert_eq!(
        decode(&hex("83 4d 00000002 08 01 02")).unwrap(),
        Term::binary([1, 2])
    );
    assert_eq!(decode(&hex("83 4d 00000000 00")).unwrap(), Term::binary([]));
}

#[test]
fn a_list_whose_tail_is_a_list_is_proper() {
    let bytes = hex("83 6c 00000001 61 01 6b 0002 02 03");
    assert_eq!(decode(&bytes).unwrap(), Term::list([1, 2, 3]));
}

/// Terms whose encodings are too long to spell out; Erlang's begin so.
#[test]
fn long_terms_switch_to_the_long_forms() {
    let head = |text: &str| encode(&text.parse::<Term>().unwrap())[..4].to_vec();
    assert_eq!(head(&"å".repeat(200)), [131, 118, 1, 144]);
    assert_eq!(
        head(&format!("16#80{}", "00".repeat(255))),
        [131, 111, 0, 0]
    );
    let ones = |n| vec![Term::Int(1); n];
    assert_eq!(encode(&Term::Tuple(ones(255)))[..3], [131, 104, 255]);
    assert_eq!(encode(&Term::Tuple(ones(256)))[..6], [131, 105, 0, 0, 1, 0]);
    assert_eq!(encode(&Term::List(ones(65_535)))[..4], [131, 107, 255, 255]);
    assert_eq!(
        encode(&Term::List(ones(65_536)))[..6],
        [131, 108, 0, 1, 0, 0]
    );
}
