//! Real files: a new artifact lies where the old one lay, while that runs.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use properties::{Answers, sample, sealed, start};
use tempfile::TempDir;
use upheaval_node::{Artifact, ClientRequest, Node, Outcome, Pid, RequestKind};

/// A file that holds the sealed shared object of an example.
fn file(example: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("module.so");
    fs::write(&path, sealed(example)).expect("a file");
    (folder, path)
}

/// Copies another example over a file: into the same one, as `cp` does.
fn copy_over(path: &Path, example: &str) {
    let inode = || fs::metadata(path).expect("a file").ino();
    let before = inode();
    fs::write(path, sealed(example)).expect("a file");
    assert_eq!(inode(), before, "it is another file");
}

fn open(path: &Path, module: &str) -> Artifact {
    match Artifact::open(path, module) {
        Ok(artifact) => artifact,
        Err(error) => panic!("{error}"),
    }
}

/// Lets a client ask a plain process.
fn ask(answers: &Answers, node: &mut Node, client: Pid, to: &str, what: &str) -> String {
    let before = answers.all().len();
    let request = ClientRequest {
        kind: RequestKind::Ask,
        to,
        payload: &upheaval_term::encode(&what.parse().expect("a term")),
        timeout: 5000,
    };
    node.request(client, request);
    while node.step() {}
    answers.all()[before..].join(" and ")
}

#[test]
fn a_new_artifact_is_copied_over_the_old_one_while_it_runs() {
    let (_folder, path) = file("ledger_v1");
    let answers = Answers::default();
    let mut node = answers.node();
    start(&mut node, sample("counter_v1", "counter", "1"), "0");
    let old = open(&path, "ledger");
    assert_eq!(old.vsn(), "1");
    let started = start(&mut node, old, "[]");
    assert!(matches!(started, Some(Outcome::Started(_))), "{started:?}");
    let pid = node.whereis("ledger").expect("a process");
    let client = node.start_client("client");
    let call = |node: &mut Node, request: &str| answers.call(node, client, "ledger", request);
    assert_eq!(call(&mut node, "{deposit,<<\"a\">>,5}"), "5");

    copy_over(&path, "ledger_v2");
    assert_eq!(call(&mut node, "{deposit,<<\"a\">>,2}"), "7");
    assert_eq!(node.current_vsn("ledger"), Some("1"));

    let new = open(&path, "ledger");
    assert_eq!(new.vsn(), "2");
    node.deploy(new);
    assert_eq!(call(&mut node, "{balance,<<\"a\">>}"), "7");
    assert_eq!(node.current_vsn("ledger"), Some("1"));

    assert_eq!(node.load("ledger"), Ok(None));
    assert_eq!(call(&mut node, "{withdraw,<<\"a\">>,4}"), "3");
    assert_eq!(node.whereis("ledger"), Some(pid));
    let seen = node.inspect(pid).expect("a process");
    assert_eq!(seen.version, Some(("ledger", "2")));

    assert!(node.has_old_code("ledger"));
    assert_eq!((old.vsn(), new.vsn()), ("1", "2"));
    assert!(!std::ptr::eq(old.table(), new.table()));
}

#[test]
fn a_plain_process_switches_to_the_artifact_that_was_copied_over_its_own() {
    let (_folder, path) = file("echo_loop_v1");
    let answers = Answers::default();
    let mut node = answers.node();
    let args = "#{echoed => 0}";
    start(&mut node, open(&path, "echo_loop"), args);
    let client = node.start_client("client");
    let say = |node: &mut Node| ask(&answers, node, client, "echo_loop", "hello");
    assert_eq!(say(&mut node), "{echo_1,hello}");
    copy_over(&path, "echo_loop_v2");
    assert_eq!(say(&mut node), "{echo_1,hello}");
    node.deploy(open(&path, "echo_loop"));
    assert_eq!(node.load("echo_loop"), Ok(None));
    // The message that it waits for is received in old code.
    assert_eq!(say(&mut node), "{echo_1,hello}");
    assert_eq!(say(&mut node), "{echo_2,hello}");
}

#[test]
fn two_versions_from_one_path_run_at_once() {
    let (_folder, path) = file("stuck_loop_v1");
    let answers = Answers::default();
    let mut node = answers.node();
    let args = "#{answered => 0}";
    start(&mut node, open(&path, "stuck_loop"), args);
    let client = node.start_client("client");
    let before = ask(&answers, &mut node, client, "stuck_loop", "hello");

    copy_over(&path, "stuck_loop_v2");
    node.deploy(open(&path, "stuck_loop"));
    assert_eq!(node.load("stuck_loop"), Ok(None));
    node.start("fresh", "stuck_loop", &args.parse().expect("a term"));
    while node.step() {}
    let fresh = ask(&answers, &mut node, client, "fresh", "hello");
    let stuck = ask(&answers, &mut node, client, "stuck_loop", "hello");
    assert_eq!(stuck, before);
    assert_ne!(fresh, stuck);
    let versions = ["stuck_loop", "fresh"].map(|name| {
        let pid = node.whereis(name).expect("a process");
        let seen = node.inspect(pid).expect("a process");
        (seen.version, seen.lingering)
    });
    assert_eq!(
        versions,
        [
            (Some(("stuck_loop", "1")), true),
            (Some(("stuck_loop", "2")), false)
        ]
    );
}

#[test]
fn a_file_that_is_gone_goes_on_running() {
    let (folder, path) = file("counter_v1");
    let answers = Answers::default();
    let mut node = answers.node();
    start(&mut node, open(&path, "counter"), "5");
    let client = node.start_client("client");
    drop(folder);
    assert!(!path.exists());
    assert_eq!(answers.call(&mut node, client, "counter", "{add,2}"), "7");
}
