//! Every rule of `docs/otp-rules.md` is held by a test that begins with its number.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_rule_has_a_test_of_its_number() {
    let tested = tests();
    let missing: Vec<String> = rules()
        .into_iter()
        .filter(|rule| !tested.contains_key(rule))
        .collect();
    assert!(
        missing.is_empty(),
        "no test begins with the number of {}: write one, as `fn {}_…` under properties/tests",
        missing.join(", "),
        number(&missing[0]),
    );
}

#[test]
fn every_test_with_a_number_belongs_to_a_rule() {
    let rules = rules();
    let strangers: Vec<_> = tests()
        .into_iter()
        .filter(|(rule, _)| !rules.contains(rule))
        .collect();
    assert!(strangers.is_empty(), "tests of no rule: {strangers:?}");
}

/// The ids of the rules, as the first cells of the tables have them.
fn rules() -> BTreeSet<String> {
    let path = root().join("docs/otp-rules.md");
    let rules: BTreeSet<String> = read(&path)
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .map(|(first, _)| first.to_owned())
        .filter(|first| is_id(first))
        .collect();
    // The file as it is has 60: a reader that sees fewer has lost some.
    assert!(rules.len() >= 60, "{} holds only {rules:?}", path.display());
    rules
}

/// The tests whose name begins with the number of a rule, by rule.
fn tests() -> BTreeMap<String, Vec<String>> {
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&root().join("properties/tests")) {
        let text = read(&file);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            let name = pair[1]
                .strip_prefix("fn ")
                .and_then(|rest| rest.split_once('('));
            let Some((name, _)) = name.filter(|_| pair[0] == "#[test]") else {
                continue;
            };
            if let Some(rule) = rule_of(name) {
                tests.entry(rule).or_default().push(name.to_owned());
            }
        }
    }
    tests
}

/// `A5` of `a05_a_client_lingers`.
fn rule_of(test: &str) -> Option<String> {
    let (number, _) = test.split_once('_')?;
    let (letter, digits) = (number.get(..1)?, number.get(1..)?);
    let is_number = digits.len() == 2 && "abcde".contains(letter);
    let digits: u32 = digits.parse().ok().filter(|_| is_number)?;
    Some(format!("{}{digits}", letter.to_uppercase()))
}

/// `a05` of `A5`.
fn number(rule: &str) -> String {
    let (letter, digits) = rule.split_at(1);
    format!("{}{digits:0>2}", letter.to_lowercase())
}

fn is_id(text: &str) -> bool {
    let digits = text.strip_prefix(['A', 'B', 'C', 'D', 'E']);
    digits.is_some_and(|digits| digits.parse::<u32>().is_ok())
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => panic!("failed to list {}: {error}", folder.display()),
    };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("failed to read {}: {error}", path.display()),
    }
}
