//! Texts of several terms, and where their parts stand.

use upheaval_term::text::{Located, TermAt, consult};

fn one(text: &str) -> Located {
    match consult(text) {
        Ok(mut terms) if terms.len() == 1 => terms.remove(0),
        other => panic!("{text}: {other:?}"),
    }
}

/// Each term within, and its place.
fn places(at: TermAt<'_>) -> Vec<String> {
    let place = at
        .place()
        .map_or("nowhere".into(), |place| place.to_string());
    let mut said = vec![format!("{place} {}", at.term())];
    let parts = at.as_tuple().or_else(|| at.as_list()).unwrap_or_default();
    said.extend(parts.into_iter().flat_map(places));
    said
}

#[test]
fn each_part_stands_where_it_begins() {
    let term = one("% é\n{ \"é\", [a,\n {b} | [c]],é , #{k => {v}}}.");
    assert_eq!(
        places(term.at()),
        [
            "2:1 {\"é\",[a,{b},c],é,#{k => {v}}}",
            "2:3 \"é\"",
            "2:3 233",
            "2:8 [a,{b},c]",
            "2:9 a",
            "3:2 {b}",
            "3:3 b",
            "3:9 c",
            "3:13 é",
            "3:17 #{k => {v}}",
        ]
    );
}

#[test]
fn a_tail_that_is_a_string_stands_where_the_list_does() {
    assert_eq!(
        places(one("[a | \"b\"].").at()),
        ["1:1 [a,98]", "1:2 a", "1:1 98"]
    );
}

#[test]
fn a_term_that_was_not_read_has_no_places() {
    let term = upheaval_term::Term::tuple([1, 2]);
    assert_eq!(
        places(TermAt::from(&term)),
        ["nowhere {1,2}", "nowhere 1", "nowhere 2"]
    );
}

#[test]
fn a_dot_ends_a_term_only_before_white_space_a_comment_or_the_end() {
    let terms = consult("1.5.% a\n2. 3.\n").unwrap();
    let terms: Vec<String> = terms.iter().map(|term| term.term().to_string()).collect();
    assert_eq!(terms, ["1.5", "2", "3"]);
    assert_eq!(consult(" % nothing\n").unwrap().len(), 0);
    assert_eq!(
        consult("a.b.").unwrap_err().to_string(),
        "expected white space after the dot, found 'b' at 1:3"
    );
    assert_eq!(
        consult("a").unwrap_err().to_string(),
        "expected ., found the end at 1:2"
    );
}
