//! Erlangs and beams that are none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use properties::{default_scenario, folder, lab, plan, run_plan_on, said, upheaval};
use upheaval::target::{Lab, TargetError};
use upheaval_beam::{BeamError, Erl};

use crate::needs_erlang;

#[test]
fn an_erl_that_is_not_there_is_an_error_that_says_how_to_get_one() {
    match Erl::find(Some(Path::new("/nowhere/erl"))) {
        Ok(_) => panic!("there is no such program"),
        Err(error) => {
            assert!(matches!(error, BeamError::NoErl { .. }), "{error}");
            assert!(
                error.to_string().contains("apt-get install erlang"),
                "{error}"
            );
        }
    }
}

#[test]
fn an_erl_that_is_no_erlang_is_an_error_that_says_what_it_did() {
    let folder = folder();
    let path = folder.path().join("erl");
    let write = fs::write(&path, "#!/bin/sh\necho I am a shell\n")
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)));
    assert!(write.is_ok());
    match Erl::find(Some(&path)) {
        Ok(_) => panic!("it is no Erlang"),
        Err(error) => {
            assert!(matches!(error, BeamError::NotErl { .. }), "{error}");
            assert!(error.to_string().contains("I am a shell"), "{error}");
        }
    }
}

#[test]
fn an_erl_that_is_a_folder_or_cannot_be_run_is_an_error_that_says_so() {
    let folder = folder();
    let file = folder.path().join("erl");
    assert!(fs::write(&file, "no program").is_ok());
    for (path, problem) in [
        (folder.path(), "it is a folder"),
        (file.as_path(), "it cannot be run (Permission denied"),
    ] {
        match Erl::find(Some(path)) {
            Ok(_) => panic!("it is no Erlang"),
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(problem), "{text}");
                assert!(text.contains("name the `erl` of an Erlang/OTP"), "{text}");
            }
        }
    }
}

#[test]
fn an_erl_can_be_named_by_a_path_from_here() {
    needs_erlang!();
    let folder = folder();
    let erl = properties::erl();
    assert!(std::os::unix::fs::symlink(erl.path(), folder.path().join("erl")).is_ok());
    let run = ["run", "--target", "beam", "--cases", "1", "--threads", "1"];
    let arguments = [&run[..], &["--erl", "./erl"]].concat();
    let output = upheaval(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn no_node_talks_to_an_epmd() {
    needs_erlang!();
    let folder = folder();
    let epmd = match std::net::TcpListener::bind("127.0.0.1:0") {
        Ok(epmd) => epmd,
        Err(error) => panic!("{error}"),
    };
    let port = epmd.local_addr().map_or(0, |address| address.port());
    assert!(epmd.set_nonblocking(true).is_ok());
    let arguments = ["run", "--target", "beam", "--cases", "1", "--threads", "1"];
    let output = properties::command(folder.path(), &arguments)
        .env("ERL_EPMD_PORT", port.to_string())
        .output();
    match output {
        Ok(output) => assert_eq!(output.status.code(), Some(0), "{}", said(&output)),
        Err(error) => panic!("{error}"),
    }
    match epmd.accept() {
        Ok(_) => panic!("a node asked epmd"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
    }
}

#[test]
fn the_command_says_that_its_erl_is_no_erlang_and_exits_with_2() {
    let folder = folder();
    let arguments = ["run", "--target", "beam", "--erl", "/bin/true"];
    let output = upheaval(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("error: failed to use /bin/true: it is no Erlang"),
        "{}",
        said(&output)
    );
}

/// Runs a plan that loads a bad beam of `ledger` 2, and asks the old version on.
fn with_bad_beam(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let lab = lab(default_scenario());
    let mut beam = match lab.beam("ledger", "2") {
        Some(beam) => beam.to_vec(),
        None => panic!("ledger 2 was not compiled"),
    };
    change(&mut beam);
    let story = run_plan_on(
        &mut lab.with_beam("ledger", "2", beam).target(),
        "client 1 calls ledger {deposit,<<\"a\">>,5}\n\
         load ledger 2\n\
         client 1 calls ledger {deposit,<<\"a\">>,5}",
    );
    // The version that ran goes on running, and nothing is lost.
    let replies = story.replies();
    assert!(replies.contains(&"10".to_owned()), "{replies:?}");
    assert_eq!(story.versions(story.named("ledger")[0]), ["1"]);
    story.result(2)
}

#[test]
fn a_truncated_beam_is_badfile_and_the_old_version_goes_on() {
    needs_erlang!();
    assert_eq!(with_bad_beam(|beam| beam.truncate(300)), "{error,badfile}");
}

#[test]
fn a_text_file_for_a_beam_is_badfile_and_the_old_version_goes_on() {
    needs_erlang!();
    let text = |beam: &mut Vec<u8>| *beam = b"this is no beam".to_vec();
    assert_eq!(with_bad_beam(text), "{error,badfile}");
}

#[test]
fn a_corrupted_beam_is_badfile_and_the_old_version_goes_on() {
    needs_erlang!();
    // In the middle of the atoms' chunk, its size.
    let corrupt = |beam: &mut Vec<u8>| {
        let at = find(beam, b"AtU8") + 4;
        beam[at..at + 4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
    };
    assert_eq!(with_bad_beam(corrupt), "{error,badfile}");
}

#[test]
fn a_beam_of_a_newer_otp_is_badfile_and_the_old_version_goes_on() {
    needs_erlang!();
    // The highest operation that its code uses: chunk name, chunk size, header size,
    // instruction set, and then that.
    let newer = |beam: &mut Vec<u8>| {
        let at = find(beam, b"Code") + 16;
        beam[at..at + 4].copy_from_slice(&[0, 0, 0x0f, 0xff]);
    };
    assert_eq!(with_bad_beam(newer), "{error,badfile}");
}

fn find(beam: &[u8], chunk: &[u8]) -> usize {
    match beam.windows(4).position(|window| window == chunk) {
        Some(at) => at,
        None => panic!("the beam has no chunk {}", String::from_utf8_lossy(chunk)),
    }
}

#[test]
fn a_source_with_a_syntax_error_is_an_error_with_line_and_column() {
    needs_erlang!();
    let folder = folder();
    let source = folder.path().join("counter.erl");
    assert!(fs::write(&source, "-module(counter).\n-vsn(\"1\").\nbroken( -> 1.\n").is_ok());
    let mut scenario = default_scenario();
    scenario.modules[0].versions[0].erlang = Some(source);
    match Lab::new(scenario, None) {
        Ok(_) => panic!("it compiled"),
        Err(error) => {
            assert!(
                matches!(error, TargetError::Beam(BeamError::Compile { .. })),
                "{error}"
            );
            assert!(error.to_string().contains("counter.erl: 3:9:"), "{error}");
        }
    }
}

#[test]
fn a_source_of_another_version_is_an_error_that_says_what_it_is() {
    needs_erlang!();
    let mut scenario = default_scenario();
    scenario.modules[0].versions[0].erlang = Some(sample_scenarios::erlang("counter/v2.erl"));
    match Lab::new(scenario, None) {
        Ok(_) => panic!("it was taken"),
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("it is {counter,\"2\"}"), "{text}");
            assert!(text.contains("module `counter` version 1"), "{text}");
        }
    }
}

#[test]
fn a_version_without_an_erlang_source_is_an_error_that_names_it() {
    needs_erlang!();
    let mut scenario = default_scenario();
    scenario.modules[2].versions[1].erlang = None;
    match Lab::new(scenario, None) {
        Ok(_) => panic!("it was taken"),
        Err(error) => assert!(
            error
                .to_string()
                .contains("module `echo_loop` has no Erlang source for version 2"),
            "{error}"
        ),
    }
}

#[test]
fn a02_a_load_binary_that_fails_leaves_the_old_code_as_the_node_has_it() {
    needs_erlang!();
    let lab = lab(default_scenario()).with_beam("stuck_loop", "2", b"no beam".to_vec());
    let plan = plan("load stuck_loop 1\nload_binary stuck_loop 2\npurge stuck_loop");
    let watched = match lab.target().watch(&plan) {
        Ok(watched) => watched,
        Err(error) => panic!("{error}"),
    };
    let text = watched.history.print();
    assert!(text.contains("op 2 ends: {error,badfile}"), "{text}");
    // Whatever this OTP does, what is said of it and what is there agree.
    let purged = text.matches("purged stuck_loop 1").count();
    assert_eq!(purged, 1, "{text}");
    for rest in &watched.looks {
        for look in rest.processes.iter().filter(|look| look.lingering) {
            assert!(look.code.is_some(), "{look:?}");
        }
    }
}

#[test]
fn an_erlang_for_the_embedded_target_is_an_error_that_says_what_is_missing() {
    let folder = folder();
    for arguments in [
        ["run", "--erl", "/usr/bin/erl"].as_slice(),
        &[
            "run",
            "--attach",
            "shop@127.0.0.1",
            "--cookie-file",
            "cookie",
        ],
    ] {
        let output = upheaval(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            said(&output).contains("add --target beam"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn the_users_own_flags_for_erlang_reach_no_node() {
    needs_erlang!();
    let folder = folder();
    let arguments = ["run", "--target", "beam", "--cases", "1", "--threads", "1"];
    let output = properties::command(folder.path(), &arguments)
        .env("ERL_AFLAGS", "-sname taken -setcookie known")
        .env("ERL_ZFLAGS", "-no_such_flag +no_such_flag")
        .output();
    match output {
        Ok(output) => assert_eq!(output.status.code(), Some(0), "{}", said(&output)),
        Err(error) => panic!("{error}"),
    }
}
