//! The syntax that is read beyond what is printed, and how errors are told.

use upheaval_term::{Atom, Pid, Ref, Term};

/// Pairs of texts that are the same term, the second one as it is printed.
fn assert_read(pairs: &[(&str, &str)]) {
    for (text, printed) in pairs {
        let term: Term = text
            .parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(term.to_string(), *printed, "{text}");
    }
}

fn assert_refused(texts: &[(&str, &str)]) {
    for (text, message) in texts {
        let error = text.parse::<Term>().expect_err(text).to_string();
        assert_eq!(error, *message, "{text}");
    }
}

#[test]
fn white_space_and_comments_go_between_anything() {
    assert_read(&[
        (" \t\n{ a ,\n b } ", "{a,b}"),
        ("[a, % one\n b % two\n|c]", "[a,b|c]"),
        ("#{ a=>1 , b => 2 }", "#{a => 1,b => 2}"),
        ("<< 1 , 2 : 4 >>", "<<1,2:4>>"),
        ("fun lists : map / 2", "fun lists:map/2"),
        ("- 5", "-5"),
        ("{ }", "{}"),
        ("[ ]", "[]"),
        ("#{ }", "#{}"),
        ("<< >>", "<<>>"),
    ]);
}

#[test]
fn numbers_are_written_as_in_erlang() {
    assert_read(&[
        ("16#fF", "255"),
        ("2#101", "5"),
        ("36#z", "35"),
        ("-16#ff", "-255"),
        ("1_000_000", "1000000"),
        ("1_0.2_5e1_0", "1.025e11"),
        ("+5", "5"),
        ("$a", "97"),
        ("-$a", "-97"),
        ("$\\n", "10"),
        ("$ ", "32"),
        ("$\\s", "32"),
        ("$å", "229"),
        ("1.5E3", "1.5e3"),
        ("1.5e+3", "1.5e3"),
        ("1.0e-400", "0.0"),
        ("-0.0", "-0.0"),
        ("007", "7"),
    ]);
}

#[test]
fn escapes_are_read_in_strings_and_atoms() {
    assert_read(&[
        (r#""\b\t\n\v\f\r\e\s\"\'\\""#, r#""\b\t\n\v\f\r\e \"'\\""#),
        (r#""\101\x41\x{41}\x{3bd}\q""#, r#""AAAνq""#),
        (r#""\^a\^A\^[\0\d""#, r"[1,1,27,0,127]"),
        (r"'\'\x{3bd}\^a'", r"'\'ν\001'"),
        ("\"a\nb\"", r#""a\nb""#),
        (r#"<<"\x{e5}">>"#, r#"<<"å">>"#),
    ]);
}

#[test]
fn adjacent_strings_are_one() {
    assert_read(&[
        (
            r#""a" "b" % and
            "c""#,
            r#""abc""#,
        ),
        (r#"<<"a" "b">>"#, r#"<<"ab">>"#),
    ]);
}

#[test]
fn list_tails_that_are_lists_are_merged() {
    assert_read(&[
        ("[1|[2|[3]]]", "[1,2,3]"),
        ("[a|\"bc\"]", "[a,98,99]"),
        ("[a|[b|c]]", "[a,b|c]"),
        ("[a|[]]", "[a]"),
    ]);
}

#[test]
fn segments_of_bitstrings_are_cut_to_their_size() {
    assert_read(&[
        ("<<1:16>>", "<<0,1>>"),
        ("<<-1:16>>", "<<\"ÿÿ\">>"),
        ("<<-1:12>>", "<<255,15:4>>"),
        ("<<257>>", "<<1>>"),
        ("<<1:1,\"a\",0:7>>", "<<176,128>>"),
        ("<<1:4,2:4>>", "<<18>>"),
        ("<<5:0>>", "<<>>"),
        ("<<$a,16#62>>", "<<\"ab\">>"),
        ("<<16#0102030405060708090a:80>>", "<<1,2,3,4,5,6,7,8,9,10>>"),
    ]);
}

#[test]
fn reserved_words_are_quoted_and_their_like_are_not() {
    // As Erlang/OTP 25 prints the list of them.
    let text = "['after','and','andalso','band','begin','bnot','bor','bsl','bsr','bxor','case',\
        'catch','cond','div','end','fun','if','let',maybe,'not','of','or','orelse','receive',\
        'rem','try','when','xor',else,query,spec]";
    assert_read(&[
        (text, text),
        ("fun_x", "fun_x"),
        ("'fun'", "'fun'"),
        ("funny", "funny"),
    ]);
}

#[test]
fn control_characters_in_atoms_are_escaped_as_erlang_does() {
    assert_read(&[(
        r"'\n\t\000\d\200\237\240'",
        "'\\n\\t\\000\\d\\200\\237\u{a0}'",
    )]);
}

#[test]
fn ids_of_other_nodes_and_incarnations_are_read_back() {
    let node = Atom::from_static("n@h.example");
    let pid = Pid {
        node: node.clone(),
        id: 1,
        serial: 2,
        creation: 3,
    };
    assert_eq!(pid.to_string(), "<'n@h.example'.1.2/3>");
    let reference = Ref::new(node, 0, &[1, 2]).unwrap();
    assert_eq!(reference.to_string(), "#Ref<'n@h.example'.2.1>");
    assert_read(&[
        ("<'n@h.example'.1.2/3>", "<'n@h.example'.1.2/3>"),
        ("<n@h.1.2>", "<n@h.1.2>"),
        ("<nonode@nohost.1.2>", "<0.1.2>"),
        ("#Ref<0.1/9>", "#Ref<0.1/9>"),
    ]);
}

#[test]
fn an_error_says_where_and_what_was_expected() {
    assert_refused(&[
        ("", "expected a term, found the end at 1:1"),
        ("{a", "expected , or }, found the end at 1:3"),
        ("{a b}", "expected , or }, found 'b' at 1:4"),
        ("{å, 'å' \n ]", "expected , or }, found ']' at 2:2"),
        ("{'åå' x", "expected , or }, found 'x' at 1:7"),
        ("[a|b,c]", "expected ], found ',' at 1:5"),
        ("#{a 1}", "expected =>, found '1' at 1:5"),
        ("#{a => 1, a => 2}", "map with the key a twice at 1:11"),
        ("a b", "expected the end, found 'b' at 1:3"),
        ("{end}", "end is a reserved word: quote it, 'end' at 1:2"),
        (
            "{a, B}",
            "variable: a term has none, quote it if it is an atom at 1:5",
        ),
        ("\"abc", "\" that is never closed at 1:1"),
        ("'abc", "' that is never closed at 1:1"),
        ("\"\\x{110000}\"", "0x110000 is not a character at 1:2"),
        (
            "\"\\xg\"",
            "expected two hexadecimal digits after \\x, found 'g' at 1:4",
        ),
        ("1_", "expected a digit, found the end at 1:3"),
        ("1__0", "expected a digit, found '_' at 1:3"),
        ("37#1", "expected a radix from 2 to 36 before # at 1:1"),
        ("2#3", "expected a digit, found '3' at 1:3"),
        (
            "1.0e400",
            "float that is too large: at most 1.7976931348623157e308 at 1:1",
        ),
        (
            "<<\"ν\">>",
            "'ν' is not a byte: put /utf8 after the string at 1:3",
        ),
        ("<<1.0>>", "float in a bitstring: write its bytes at 1:3"),
        (
            "<<a>>",
            "expected an integer, a string or >>, found 'a' at 1:3",
        ),
        ("<<1:99999>>", "segment of 99999 bits, at most 1024 at 1:5"),
        ("<0.1>", "expected ., found '>' at 1:5"),
        (
            "<0.4294967296.0>",
            "expected the pid's number, at most 4294967295 at 1:4",
        ),
        (
            "#Ref<0.1.2.3.4.5.6>",
            "reference of 6 words, expected 1 to 5 at 1:6",
        ),
        (
            "#Port<0.1>",
            "port, which is not supported: send plain data instead at 1:1",
        ),
        (
            "#Fun<a.1>",
            "local fun, which has no text to read: use fun m:f/1 at 1:1",
        ),
        ("fun a:b/256", "arity 256, at most 255 at 1:9"),
        ("fun () -> 1", "expected an atom, found '(' at 1:5"),
    ]);
    let long = format!("{{{}}}", "a".repeat(256));
    let error = long.parse::<Term>().unwrap_err();
    assert_eq!((error.line, error.column), (1, 2));
    assert!(
        error.message.starts_with("atom of 256 characters"),
        "{error}"
    );
}
