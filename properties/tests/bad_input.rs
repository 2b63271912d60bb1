//! Files that are no artifact: each is refused with a message of its own, which
//! names the file and what to do, and what ran goes on running.

use std::fs;
use std::path::Path;

use properties::{Answers, sample, sealed, start};
use upheaval_node::{Artifact, ArtifactError, Node, Outcome, Pid, seal};

/// The length of a seal.
const SEAL: usize = 24;

/// Where the header of an ELF file has the kind of file and the machine.
const KIND: usize = 16;
const MACHINE: usize = 18;

/// A node on which `counter` version 1 has counted to 5.
struct Running {
    answers: Answers,
    node: Node,
    client: Pid,
}

impl Running {
    fn new() -> Running {
        let answers = Answers::default();
        let mut node = answers.node();
        let started = start(&mut node, sample("counter_v1", "counter", "1"), "5");
        assert!(matches!(started, Some(Outcome::Started(_))), "{started:?}");
        let client = node.start_client("client");
        Running {
            answers,
            node,
            client,
        }
    }

    /// Does with a file what an upgrade does, and gives why it was refused.
    fn upgrade(&mut self, path: &Path, vsn: &str) -> Option<ArtifactError> {
        match Artifact::open_version(path, "counter", vsn) {
            Ok(artifact) => {
                self.node.deploy(artifact);
                assert_eq!(self.node.load("counter"), Ok(None));
                None
            }
            Err(error) => Some(error),
        }
    }

    /// Version 1 answers, out of the state that it had.
    fn goes_on(&mut self) {
        let pid = self.node.whereis("counter");
        assert_eq!(self.node.current_vsn("counter"), Some("1"));
        assert!(!self.node.has_old_code("counter"));
        assert_eq!(self.call("get"), "5");
        assert_eq!(self.call("{add,2}"), "7");
        assert_eq!(self.call("{add,-2}"), "5");
        assert_eq!(self.node.whereis("counter"), pid);
    }

    fn call(&mut self, request: &str) -> String {
        self.answers
            .call(&mut self.node, self.client, "counter", request)
    }
}

/// Asks a running node to go on with `content` as version 2 of `counter`; gives
/// the refusal.
fn refusal(content: &[u8]) -> String {
    refusal_as(content, "2")
}

fn refusal_as(content: &[u8], vsn: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("counter_of_today.so");
    fs::write(&path, content).expect("a file");
    let mut running = Running::new();
    let Some(error) = running.upgrade(&path, vsn) else {
        panic!("it was loaded");
    };
    running.goes_on();
    assert_eq!(error.reason().to_string(), "badfile");
    let message = error.to_string();
    assert!(
        message.contains(&*path.to_string_lossy()),
        "no path in: {message}"
    );
    message
}

fn has(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
}

/// Version 2 of `counter` without its seal.
fn unsealed() -> Vec<u8> {
    let mut content = sealed("counter_v2");
    content.truncate(content.len() - SEAL);
    content
}

/// Version 2 of `counter` with a 16-bit number of its header changed, sealed.
fn patched(at: usize, number: u16) -> Vec<u8> {
    let mut content = unsealed();
    content[at..at + 2].copy_from_slice(&number.to_le_bytes());
    seal(content)
}

#[test]
fn the_file_that_the_others_are_made_of_is_loaded() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("counter_of_today.so");
    fs::write(&path, seal(unsealed())).expect("a file");
    let mut running = Running::new();
    assert_eq!(running.upgrade(&path, "2"), None);
    assert_eq!(running.node.current_vsn("counter"), Some("2"));
}

#[test]
fn a_missing_file_is_refused() {
    let mut running = Running::new();
    let Some(error) = running.upgrade(Path::new("/no/such/counter.so"), "2") else {
        panic!("it was loaded");
    };
    running.goes_on();
    assert_eq!(error.reason().to_string(), "nofile");
    has(
        &error.to_string(),
        &["/no/such/counter.so", "no such file", "build the module"],
    );
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut running = Running::new();
    let Some(error) = running.upgrade(folder.path(), "2") else {
        panic!("it was loaded");
    };
    running.goes_on();
    let path = folder.path().to_string_lossy().into_owned();
    has(
        &error.to_string(),
        &[&path, "cannot be read", "check its permissions"],
    );
}

#[test]
fn a_text_file_is_refused() {
    for content in [&b"export!(gen_server Counter)\n"[..], b"", b"\x7fELF"] {
        has(
            &refusal(content),
            &["it is not a shared object", "crate-type = [\"cdylib\"]"],
        );
    }
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let whole = sealed("counter_v2");
    for length in [64, whole.len() / 2, whole.len() - 2 * SEAL] {
        let message = refusal(&whole[..length]);
        has(&message, &["it is cut off", "copy it again"]);
        has(&message, &[&format!("{length} bytes")]);
    }
}

#[test]
fn a_file_that_has_lost_part_of_its_seal_is_refused() {
    let whole = sealed("counter_v2");
    for lost in [1, 8, SEAL - 1] {
        has(&refusal(&whole[..whole.len() - lost]), &["it has no seal"]);
    }
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let whole = sealed("counter_v2");
    // Behind the header, everywhere up to the checksum.
    let span = 64..whole.len() - 8;
    let steps = 16;
    for step in 0..=steps {
        let at = span.start + (span.len() - 1) * step / steps;
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (step % 8);
        has(
            &refusal(&flipped),
            &["it is damaged", "copy or build it again"],
        );
    }
}

#[test]
fn a_flipped_bit_in_the_header_or_in_the_mark_of_the_seal_is_refused() {
    let whole = sealed("counter_v2");
    let header = (0..64).step_by(7);
    for at in header.chain(whole.len() - 8..whole.len()) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        // Which of the checks finds it depends on what the bit was for.
        has(&refusal(&flipped), &["failed to load"]);
    }
}

#[test]
fn an_object_for_another_machine_is_refused() {
    let other = if cfg!(target_arch = "aarch64") {
        62
    } else {
        183
    };
    has(
        &refusal(&patched(MACHINE, other)),
        &["it is for another machine", "build it for this one"],
    );
}

#[test]
fn an_object_that_is_not_shared_is_refused() {
    let (relocatable, executable) = (1, 2);
    for kind in [relocatable, executable] {
        has(
            &refusal(&patched(KIND, kind)),
            &[
                "it is an object, but not a shared one",
                "crate-type = [\"cdylib\"]",
            ],
        );
    }
}

#[test]
fn a_program_is_refused() {
    let program = std::env::current_exe().expect("a path");
    let content = fs::read(program).expect("a program");
    // A position-independent one looks like a shared object, but for the entry.
    let message = refusal(&seal(content));
    has(&message, &["it has no function `upheaval_module`"]);
}

#[test]
fn a_shared_object_without_the_entry_function_is_refused() {
    has(
        &refusal(&sealed("bad_no_entry")),
        &[
            "it has no function `upheaval_module`",
            "it is no module",
            "add an `export!`",
        ],
    );
}

#[test]
fn a_module_of_another_abi_version_is_refused() {
    has(
        &refusal(&sealed("bad_wrong_abi")),
        &[
            "it has version 999 of the module interface",
            &format!("this node takes {}", upheaval_module::abi::ABI_VERSION),
            "build it again with this upheaval-module",
        ],
    );
}

#[test]
fn a_module_of_another_name_is_refused() {
    has(
        &refusal(&sealed("ledger_v2")),
        &[
            "its module is called `ledger`, not `counter`",
            "correct the name in `export!`",
        ],
    );
}

#[test]
fn a_file_without_a_seal_is_refused() {
    has(
        &refusal(&unsealed()),
        &["it has no seal", "deploy it through upheaval, or seal it"],
    );
}

#[test]
fn a_version_other_than_the_scenarios_is_refused() {
    has(
        &refusal_as(&sealed("counter_v2"), "3"),
        &[
            "its version is 2, not 3",
            "correct the vsn in `export!`, or in the scenario",
        ],
    );
}
