//! The README's example, copied out of it into an empty folder and run.

use std::fs;
use std::path::Path;
use std::process::Command;

use upheaval::plan::Plan;

const README: &str = include_str!("../../README.md");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README
        .split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect()
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().unwrap_or(path);
    if let Err(error) = fs::create_dir_all(folder).and_then(|()| fs::write(path, text)) {
        panic!("failed to write {}: {error}", path.display());
    }
}

#[test]
fn the_readmes_list_of_ops_is_a_plan_and_has_them_all() {
    let [plan] = blocks("plan")[..] else {
        panic!("the README has not one plan");
    };
    let parsed: Result<Plan, _> = plan.parse();
    let parsed = parsed.unwrap_or_else(|error| panic!("{error}"));
    let lines: Vec<&str> = plan.lines().skip(2).collect();
    assert_eq!(parsed.steps.len(), lines.len());
    // What there is says whoever is asked for something that there is not.
    let unknown: Result<Plan, _> = "scenario default\nseed 1\nfrobnicate counter".parse();
    let error = unknown.expect_err("no such op").to_string();
    let known = error
        .split("it is one of ")
        .nth(1)
        .unwrap_or_else(|| panic!("{error}"));
    let known = known
        .split([',', ' ', ';', '.'])
        .filter(|word| !word.is_empty());
    let mut count = 0;
    for word in known {
        assert!(
            lines.iter().any(|line| line.starts_with(word)),
            "{word} of {error}"
        );
        count += 1;
    }
    assert!(count > 30, "{error}");
}

#[test]
fn the_readmes_example_compiles_and_its_tests_pass() {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    };
    let [manifest] = blocks("toml")[..] else {
        panic!("the README has not one manifest");
    };
    let [v1, v2, test] = blocks("rust")[..] else {
        panic!("the README has not two versions and a test");
    };
    let manifest = manifest.replace("\"upheaval/", &format!("\"{ROOT}/")) + "\n[workspace]\n";
    write(&folder.path().join("Cargo.toml"), &manifest);
    write(&folder.path().join("src/lib.rs"), "");
    write(&folder.path().join("examples/counter_v1.rs"), v1);
    write(&folder.path().join("examples/counter_v2.rs"), v2);
    write(&folder.path().join("tests/upgrades.rs"), test);
    // The versions that are tested here are those that the example is run with.
    match fs::read(format!("{ROOT}/Cargo.lock")) {
        Ok(lock) => write(
            &folder.path().join("Cargo.lock"),
            &String::from_utf8_lossy(&lock),
        ),
        Err(error) => panic!("{error}"),
    }
    let output = Command::new(env!("CARGO"))
        .args(["test", "--test", "upgrades"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", format!("{ROOT}/target/readme"))
        .output();
    match output {
        Ok(output) => assert!(
            output.status.success()
                && String::from_utf8_lossy(&output.stdout).contains("2 passed; 0 failed"),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("{error}"),
    }
}
