//! `upheaval explain`: the real binary, on files that were thrown together.

use std::fs;
use std::path::Path;
use std::process::Output;

use insta::{Settings, assert_snapshot};
use properties::{folder, said, upheaval};
use serde_json::Value;
use tempfile::TempDir;

const SHOP: &str = r#"%% How shop gets from 1.x to 2.0, and back.
{"2.0",
 [{<<"1\\.[0-9]+">>,
   [{apply, {shop_store, prepare, ["2.0"]}},
    point_of_no_return,
    {update, shop_sup, supervisor},
    {update, counter, {advanced, []}, [ledger]},
    {update, ledger, 30000, {advanced, {add, currency}}, soft_purge, soft_purge, []},
    {load_module, format},
    {add_module, report},
    {delete_module, legacy}]}],
 [{"1.1",
   [{update, counter, {advanced, []}, [ledger]},
    {update, ledger, {advanced, {drop, currency}}},
    {delete_module, report}]}]}.
"#;

const APP: &str = "{application, shop,\n [{vsn, \"2.0\"},\n  \
                   {modules, [shop_sup, counter, ledger, format, report]}]}.\n";

/// A folder with these files.
fn with(files: &[(&str, &str)]) -> TempDir {
    let folder = folder();
    for (name, text) in files {
        if let Err(error) = fs::write(folder.path().join(name), text) {
            panic!("{name}: {error}");
        }
    }
    folder
}

fn explain(folder: &Path, from: &str, to: &str, more: &[&str]) -> Output {
    let arguments = ["explain", "shop.appup", "--from", from, "--to", to];
    upheaval(folder, &[&arguments[..], more].concat())
}

/// What is printed on standard output.
fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The explanation of one list of instructions, from 1 to 2.
fn of_instructions(instructions: &str) -> Output {
    let appup = format!("{{\"2\",\n [{{\"1\",\n   [{instructions}]}}], []}}.\n");
    let folder = with(&[("shop.appup", &appup)]);
    explain(folder.path(), "1", "2", &[])
}

/// What is said of instructions that make no script.
fn refused(instructions: &str) -> String {
    let output = of_instructions(instructions);
    assert_eq!(output.status.code(), Some(2), "{instructions}");
    assert_eq!(output.stdout, b"", "{instructions}");
    said(&output)
}

#[test]
fn an_upgrade_is_explained_line_by_line() {
    let folder = with(&[("shop.appup", SHOP), ("shop.app", APP)]);
    let text = printed(&explain(folder.path(), "1.1", "2.0", &[]));
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!("explanation", text));
}

#[test]
fn a_downgrade_converts_states_before_it_loads_the_older_code() {
    let folder = with(&[("shop.appup", SHOP), ("shop.app", APP)]);
    let text = printed(&explain(folder.path(), "2.0", "1.1", &[]));
    assert!(text.starts_with("shop down from 2.0 to 1.1, by the clause for \"1.1\" at 12:3\n"));
    let place = |step: &str| {
        text.find(step)
            .unwrap_or_else(|| panic!("no {step} in {text}"))
    };
    assert!(place("{code_change,down,") < place("{load,{counter,"));
    assert!(text.contains("in the code that still runs"), "{text}");
}

#[test]
fn json_is_one_object_with_the_script_and_its_warnings() {
    let folder = with(&[("shop.appup", SHOP), ("shop.app", APP)]);
    let output = explain(folder.path(), "1.1", "2.0", &["--format", "json"]);
    let json: Value = match serde_json::from_str(&printed(&output)) {
        Ok(json) => json,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(json["application"], "shop");
    assert_eq!(json["direction"], "up");
    assert_eq!(json["line"], 3);
    assert_eq!(json["script"][2]["instruction"], "point_of_no_return");
    assert_eq!(json["script"][2]["number"], 3);
    let rules: Vec<&str> = json["script"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|line| line["warnings"].as_array().into_iter().flatten())
        .filter_map(|warning| warning["rule"].as_str())
        .collect();
    for rule in ["B13", "C5", "C8", "C11", "C14"] {
        assert!(rules.contains(&rule), "{rule} is not in {rules:?}");
    }
}

#[test]
fn what_no_app_tells_is_assumed_and_said() {
    let folder = with(&[("shop.appup", SHOP)]);
    let text = printed(&explain(folder.path(), "1.1", "2.0", &[]));
    assert!(
        text.contains("assumed: shop has the modules that"),
        "{text}"
    );
    assert!(
        text.contains("[shop_sup,counter,ledger,format,report]}}"),
        "{text}"
    );
}

#[test]
fn the_apps_of_both_versions_leave_nothing_to_assume() {
    let old = "{application, shop, [{vsn, \"1.1\"}, {modules, [shop_sup, counter, ledger, \
               format, legacy]}]}.";
    let folder = with(&[("shop.appup", SHOP), ("old.app", old), ("new.app", APP)]);
    let apps = ["--app", "old.app", "--app", "new.app"];
    let text = printed(&explain(folder.path(), "1.1", "2.0", &apps));
    assert!(!text.contains("assumed"), "{text}");
}

#[test]
fn an_app_of_another_version_is_refused_if_it_is_named_and_not_used_if_it_is_not() {
    let other = "{application, shop, [{vsn, \"3\"}, {modules, []}]}.";
    let folder = with(&[("shop.appup", SHOP), ("shop.app", other)]);
    let text = printed(&explain(folder.path(), "1.1", "2.0", &[]));
    assert!(
        text.contains("shop.app is not used: it is shop-3"),
        "{text}"
    );
    let output = explain(folder.path(), "1.1", "2.0", &["--app", "shop.app"]);
    assert_eq!(
        said(&output),
        "error: shop.app is shop-3, and shop goes from 1.1 to 2.0; give the .app of one of these\n"
    );
}

#[test]
fn a_syntax_error_is_told_with_file_line_and_column() {
    assert_eq!(
        refused("{update, counter"),
        "error: failed to read shop.appup:3:21: expected , or }, found ']'\n"
    );
}

#[test]
fn an_unknown_instruction_is_told_with_file_line_column_and_the_nearest_one() {
    assert_eq!(
        refused("{update, counter},\n    {load_modul, format}"),
        "error: failed to read shop.appup:4:5: unknown instruction load_modul; did you mean \
         load_module?\n"
    );
}

#[test]
fn an_undefined_module_is_told_with_the_instruction_that_needs_it() {
    let error = refused("{update, ledger},\n    {update, counter, [bank]}");
    assert!(
        error.starts_with("error: failed to translate shop.appup:4:5: undefined module bank: "),
        "{error}"
    );
}

#[test]
fn a_doubly_defined_module_is_told_with_its_second_instruction() {
    let error = refused("{update, ledger},\n    {load_module, ledger}");
    let begin = "error: failed to translate shop.appup:4:5: module ledger is changed by more than \
                 one instruction";
    assert!(error.starts_with(begin), "{error}");
}

#[test]
fn a_circle_is_translated_as_otp_does_and_warned_of() {
    let output = of_instructions("{update, ledger, [counter]}, {update, counter, [ledger]}");
    let text = printed(&output);
    assert!(text.contains("{suspend,[ledger,counter]}"), "{text}");
    assert!(
        text.contains("\n! C4: ledger and counter need each other"),
        "{text}"
    );
}

#[test]
fn a_version_that_no_clause_matches_is_told_with_those_that_some_do() {
    let folder = with(&[("shop.appup", SHOP)]);
    let output = explain(folder.path(), "0.9", "2.0", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output),
        "error: shop.appup has no clause for an upgrade from 0.9; it has one for \
         <<\"1\\\\.[0-9]+\">>\n"
    );
    let output = explain(folder.path(), "2.0", "1.2", &[]);
    assert_eq!(
        said(&output),
        "error: shop.appup has no clause for a downgrade to 1.2; it has one for \"1.1\"\n"
    );
}

#[test]
fn an_appup_for_neither_version_is_told_with_the_one_that_it_is_for() {
    let folder = with(&[("shop.appup", SHOP)]);
    let output = explain(folder.path(), "1.1", "3.0", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output),
        "error: shop.appup is for version 2.0, and neither --from nor --to is that; give --to 2.0 \
         for an upgrade, or --from 2.0 for a downgrade\n"
    );
}

#[test]
fn a_module_that_the_app_does_not_list_is_told_with_its_instruction() {
    let app = "{application, shop, [{vsn, \"2.0\"}, {modules, [shop_sup, counter, ledger]}]}.";
    let folder = with(&[("shop.appup", SHOP), ("shop.app", app)]);
    let output = explain(folder.path(), "1.1", "2.0", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output),
        "error: failed to translate shop.appup:9:5: no application lists module format; add it \
         to the modules of its .app\n"
    );
}

#[test]
fn a_file_that_is_not_there_or_no_text_is_told() {
    let folder = with(&[]);
    let error = said(&explain(folder.path(), "1", "2", &[]));
    assert!(
        error.starts_with("error: failed to read shop.appup: "),
        "{error}"
    );
    if let Err(error) = fs::write(folder.path().join("shop.appup"), b"{\"2\",\n \xff}.") {
        panic!("{error}");
    }
    let error = said(&explain(folder.path(), "1", "2", &[]));
    assert!(
        error.starts_with("error: failed to read shop.appup: line 2 is no UTF-8; "),
        "{error}"
    );
}
