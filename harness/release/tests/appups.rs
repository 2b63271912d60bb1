//! Reading appups, and what is said of those that are wrong.

use upheaval_release::{Application, Appup, Direction, Instruction, VersionPattern};
use upheaval_term::Term;

fn refused(text: &str) -> String {
    match Appup::parse(text) {
        Ok(appup) => panic!("{text} is read as {appup:?}"),
        Err(error) => error.to_string(),
    }
}

/// What is said of one instruction, in the third line of an appup.
fn refused_instruction(instruction: &str) -> String {
    refused(&format!(
        "{{\"2\",\n [{{\"1\",\n   [{instruction}]}}], []}}."
    ))
}

fn read(instruction: &str) -> String {
    let term: Term = match instruction.parse() {
        Ok(term) => term,
        Err(error) => panic!("{instruction}: {error}"),
    };
    match Instruction::try_from(&term) {
        Ok(instruction) => instruction.to_string(),
        Err(error) => panic!("{instruction}: {error}"),
    }
}

#[test]
fn a_syntax_error_is_told_with_its_line_and_column() {
    assert_eq!(
        refused("{\"2\",\n [{\"1\", [{load_module, m}]]}"),
        "2:27: expected , or }, found ']'"
    );
    assert_eq!(
        refused("{\"2\", [], []}"),
        "1:14: expected ., found the end"
    );
    assert_eq!(
        refused("%% nothing\n"),
        "expected one term that ends with a dot, found 0"
    );
    assert_eq!(
        refused("{\"2\", [], []}.\n{\"3\", [], []}."),
        "2:1: expected one term that ends with a dot, found 2"
    );
}

#[test]
fn what_is_no_appup_is_told_with_what_should_stand_there() {
    assert_eq!(
        refused("{\"2\", []}."),
        "1:1: expected {Vsn,[{UpFrom,Instructions}],[{DownTo,Instructions}]}, found {\"2\",[]}"
    );
    assert_eq!(
        refused("{two, [], []}."),
        "1:2: expected a version, a string, found two"
    );
    assert_eq!(
        refused("{\"2\",\n [{\"1\"}], []}."),
        "2:3: expected {Version,Instructions}, found {\"1\"}"
    );
    assert_eq!(
        refused("{\"2\",\n [{\"1\", {update, m}}], []}."),
        "2:9: expected a list of instructions, found {update,m}"
    );
    assert_eq!(
        refused("{\"2\",\n [{1, []}], []}."),
        "2:4: expected a version, found 1; write \"1.2\", or <<\"1\\\\.[0-9]+\">> for a regular \
         expression"
    );
}

#[test]
fn a_bad_regular_expression_is_told_with_its_place() {
    let said = refused("{\"2\",\n [{<<\"1(\">>, []}], []}.");
    let begins = said.starts_with("2:4: bad regular expression \"1(\": ");
    assert!(begins, "{said}");
}

#[test]
fn an_unknown_instruction_is_told_with_its_place_and_the_nearest_one() {
    assert_eq!(
        refused_instruction("{load_modul, m}"),
        "3:5: unknown instruction load_modul; did you mean load_module?"
    );
    assert_eq!(
        refused_instruction("{update, m},\n  restart_new_emulater"),
        "4:3: unknown instruction restart_new_emulater; did you mean restart_new_emulator?"
    );
    let said = refused_instruction("{frobnicate, m}");
    assert!(
        said.starts_with("3:5: unknown instruction frobnicate; there are update, "),
        "{said}"
    );
}

#[test]
fn a_form_that_an_instruction_has_not_is_told_with_those_that_it_has() {
    assert_eq!(
        refused_instruction("{load_module, m, brutal_purge}"),
        "3:5: {load_module,m,brutal_purge} is no form of load_module; there is {load_module,M}, \
         {load_module,M,DepMods} and {load_module,M,PrePurge,PostPurge,DepMods}"
    );
}

#[test]
fn a_wrong_part_is_told_with_its_own_place() {
    let cases = [
        (
            "{update, \"m\"}",
            "3:14: expected a module, an atom, found \"m\"",
        ),
        (
            "{update, m, soft, brutal, soft_purge, []}",
            "3:23: expected soft_purge or brutal_purge, found brutal",
        ),
        (
            "{suspend, [{m, 0}]}",
            "3:20: expected default, infinity or milliseconds above 0, found 0",
        ),
        ("{code_change, [m]}", "3:20: expected {M,Extra}, found m"),
        (
            "mnesia_backup",
            "3:5: mnesia_backup, which OTP has never implemented",
        ),
    ];
    for (instruction, said) in cases {
        assert_eq!(refused_instruction(instruction), said);
    }
}

#[test]
fn c03_what_an_instruction_leaves_out_is_brutal_soft_dynamic_and_the_default_timeout() {
    let all = "{update,m,dynamic,default,soft,brutal_purge,brutal_purge,[]}";
    for short in [
        "{update,m}",
        "{update,m,soft}",
        "{update,m,[]}",
        "{update,m,soft,[]}",
    ] {
        assert_eq!(read(short), all, "{short}");
    }
    assert_eq!(
        read("{update,m,supervisor}"),
        "{update,m,static,default,{advanced,[]},brutal_purge,brutal_purge,[]}"
    );
    assert_eq!(
        read("{update,m,100,soft,soft_purge,soft_purge,[n]}"),
        "{update,m,dynamic,100,soft,soft_purge,soft_purge,[n]}"
    );
    assert_eq!(
        read("{load_module,m,[n]}"),
        "{load_module,m,brutal_purge,brutal_purge,[n]}"
    );
    assert_eq!(read("{add_application,a}"), "{add_application,a,permanent}");
}

#[test]
fn c01_the_first_clause_that_matches_the_whole_version_is_taken() {
    let appup = Appup::parse(
        r#"{"3", [{"1.1", [{update, exact}]},
                  {<<"1\\.[0-9]+">>, [{update, pattern}]},
                  {<<"2">>, [{update, two}]}],
                 [{<<".*">>, []}]}."#,
    );
    let appup = match appup {
        Ok(appup) => appup,
        Err(error) => panic!("{error}"),
    };
    let taken = |version: &str| {
        let clause = appup.clause(Direction::Up, version)?;
        Some(clause.version.to_string())
    };
    assert_eq!(taken("1.1").as_deref(), Some("\"1.1\""));
    assert_eq!(taken("1.23").as_deref(), Some("<<\"1\\\\.[0-9]+\">>"));
    assert_eq!(taken("2").as_deref(), Some("<<\"2\">>"));
    assert_eq!(taken("2.0"), None);
    assert_eq!(taken("0.1.1"), None);
    assert!(appup.clause(Direction::Down, "anything").is_some());
}

#[test]
fn c01_a_pattern_whose_first_match_is_not_the_whole_version_does_not_match() {
    let pattern = |text: &str| match VersionPattern::read(&Term::binary(text)) {
        Ok(pattern) => pattern,
        Err(error) => panic!("{error}"),
    };
    assert!(!pattern("1|1.2").matches("1.2"));
    assert!(pattern("1.2|1").matches("1.2"));
    assert!(pattern("(?!1\\.0).*").matches("1.1"));
    assert!(!pattern("(?!1\\.0).*").matches("1.0"));
}

#[test]
fn an_application_is_read_with_its_version_and_modules() {
    let read = Application::parse(
        "%% an application\n{application, shop,\n [{description, \"\"}, {vsn, \"2\"},\n  \
         {modules, [a, b]}, {registered, []}]}.",
    );
    assert_eq!(read, Ok(Application::new("shop", "2", ["a", "b"])));
    let refused = |text: &str| Application::parse(text).unwrap_err().to_string();
    assert_eq!(
        refused("{application, shop, [{vsn, \"2\"}]}."),
        "1:1: the application shop has no modules; add {modules,..} to its list"
    );
    assert_eq!(
        refused("{application, shop,\n [{vsn, \"2\"}, {modules, [a, 1]}]}."),
        "2:29: expected a module, an atom, found 1"
    );
}

#[test]
fn a_module_that_an_application_lists_twice_is_told_with_its_second_place() {
    let text = "{application, shop,\n [{vsn, \"1\"}, {modules, [till, bank,\n till]}]}.";
    match Application::parse(text) {
        Ok(application) => panic!("it is read as {application:?}"),
        Err(error) => assert_eq!(error.to_string(), "3:2: till is listed twice; list it once"),
    }
}
