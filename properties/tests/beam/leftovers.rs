//! Everything that was started is gone, however the harness ends.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use properties::{command, folder};

use upheaval_beam::{Runtime, Session};
use upheaval_term::Term;

use crate::needs_erlang;
use crate::reuse::attachable;

/// How long something may take to come, or to go.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something is so.
fn until<T>(what: &str, mut is: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = is() {
            return value;
        }
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

/// The nodes of a harness, by their process numbers, with their folders.
fn nodes(harness: u32) -> Vec<(u32, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
            continue;
        };
        // `pid (name) state parent …`; the name may hold anything.
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        let name = stat.contains("(beam.smp)");
        if let (Some(parent), true, Ok(place)) =
            (parent, name, fs::read_link(format!("/proc/{pid}/cwd")))
            && parent == harness
        {
            found.push((pid, place));
        }
    }
    found
}

/// A harness, and the folder that is its TMPDIR.
fn start(scenario: &str) -> (Child, tempfile::TempDir) {
    let folder = folder();
    let arguments = [
        "run",
        scenario,
        "--target",
        "beam",
        "--cases",
        "100000",
        "--threads",
        "2",
    ];
    let mut command = command(folder.path(), &arguments);
    command.env("TMPDIR", folder.path());
    match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => (child, folder),
        Err(error) => panic!("{error}"),
    }
}

/// Starts a run, ends it by a signal as soon as its nodes are there, and looks for
/// what is left.
fn nothing_is_left_after(signal: &str, scenario: &str) {
    let (mut harness, _folder) = start(scenario);
    // Two for the cases, after the one that compiles is gone.
    let nodes = until("it has nodes", || {
        let nodes = nodes(harness.id());
        (nodes.len() == 2).then_some(nodes)
    });
    let status = std::process::Command::new("kill")
        .args([signal, &harness.id().to_string()])
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    assert!(harness.wait().is_ok());
    for (pid, place) in nodes {
        until(&format!("node {pid} is gone"), || {
            (!fs::exists(format!("/proc/{pid}")).unwrap_or(true)).then_some(())
        });
        until(&format!("{} is gone", place.display()), || {
            (!place.exists()).then_some(())
        });
    }
}

/// The folders of nodes in a TMPDIR, with the places that they stand in.
fn folders(place: &std::path::Path) -> Vec<PathBuf> {
    let within = |path: &std::path::Path| {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let is_place = |path: &PathBuf| path.to_string_lossy().contains("/upheaval-node-");
    let places: Vec<PathBuf> = within(place).into_iter().filter(is_place).collect();
    let nodes: Vec<PathBuf> = places.iter().flat_map(|place| within(place)).collect();
    [places, nodes].concat()
}

#[test]
fn nothing_is_left_of_nodes_that_are_being_started() {
    needs_erlang!();
    // From the first moment at which there is anything to the one at which the second
    // of the nodes for the cases is being started.
    for count in 1..=3 {
        for signal in ["-INT", "-KILL"] {
            let (mut harness, place) = start("default");
            until("folders are there", || {
                (folders(place.path()).len() >= count).then_some(())
            });
            let status = std::process::Command::new("kill")
                .args([signal, &harness.id().to_string()])
                .status();
            assert!(status.is_ok_and(|status| status.success()));
            assert!(harness.wait().is_ok());
            until(
                &format!("nothing is left in {}", place.path().display()),
                || folders(place.path()).is_empty().then_some(()),
            );
        }
    }
}

#[test]
fn nothing_is_left_after_ctrl_c() {
    needs_erlang!();
    nothing_is_left_after("-INT", "default");
}

#[test]
fn nothing_is_left_after_a_sigterm() {
    needs_erlang!();
    nothing_is_left_after("-TERM", "default");
}

#[test]
fn nothing_is_left_after_a_sigkill() {
    needs_erlang!();
    nothing_is_left_after("-KILL", "default");
}

#[test]
fn nothing_is_left_of_releases_after_ctrl_c() {
    needs_erlang!();
    nothing_is_left_after("-INT", "releases");
}

#[test]
fn nothing_is_left_of_releases_after_a_sigkill() {
    needs_erlang!();
    nothing_is_left_after("-KILL", "releases");
}

#[test]
fn nothing_is_left_after_a_panic() {
    needs_erlang!();
    let mut beam = properties::beam("bug_dropped_field");
    let plan = "scenario bug_dropped_field\nseed 1\nkill counter".parse();
    let plan: upheaval::plan::Plan = match plan {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let mut history = upheaval::history::History::new();
    if let Err(error) = upheaval::target::Target::run(&mut beam, &plan, &mut history) {
        panic!("{error}");
    }
    let (pid, place) = match beam.node() {
        Some(node) => (node.os_pid(), node.folder().to_path_buf()),
        None => panic!("it has no node"),
    };
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _owned = beam;
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert!(!fs::exists(format!("/proc/{}", pid.unwrap_or_default())).unwrap_or(true));
    assert!(!place.exists());
}

#[test]
fn an_attached_node_is_left_at_once_although_the_agent_waits_for_a_process() {
    needs_erlang!();
    let folder = folder();
    let (node, name, cookie) = attachable(folder.path());
    let session = Runtime::new().and_then(|runtime| Session::open(&runtime, &node));
    let session = match session {
        Ok(session) => session,
        Err(error) => panic!("{error}"),
    };
    let ask = |module, function, args| match session.rpc(module, function, args, PATIENCE) {
        Ok(answer) => answer,
        Err(error) => panic!("{error}"),
    };
    let agent = || ask("erlang", "whereis", vec![Term::atom("upheaval_agent")]);
    // Each of these waits for its five seconds: it answers no system message.
    let plan = "scenario default\nseed 1\n".to_owned() + &"suspend stuck\n".repeat(9);
    assert!(fs::write(folder.path().join("stuck.plan"), plan).is_ok());
    let cookie = cookie.to_string_lossy();
    let replay = ["replay", "stuck.plan", "--target", "beam"];
    let on = ["--attach", &name, "--cookie-file", &cookie];
    let mut command = command(folder.path(), &[&replay[..], &on].concat());
    let mut harness = match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) => panic!("{error}"),
    };
    until("the agent waits for a process", || {
        let info = vec![agent(), Term::atom("current_function")];
        let at = match &info[0] {
            Term::Pid(_) => ask("erlang", "process_info", info).to_string(),
            _ => return None,
        };
        at.contains("{gen,do_call,4}").then_some(())
    });
    assert!(harness.kill().is_ok() && harness.wait().is_ok());
    let gone = Instant::now();
    until("the agent is gone", || {
        agent().is_atom("undefined").then_some(())
    });
    let took = gone.elapsed();
    assert!(took < Duration::from_secs(3), "it took {took:?}");
    for left in ["sup", "counter", "stuck", "client_1"] {
        let whereis = ask("erlang", "whereis", vec![Term::atom(left)]);
        assert!(whereis.is_atom("undefined"), "{left} is left: {whereis}");
    }
}

#[test]
fn nothing_is_left_on_an_attached_node_after_a_sigkill_in_the_middle_of_a_case() {
    needs_erlang!();
    let folder = folder();
    let (node, name, cookie) = attachable(folder.path());
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    };
    let session = match Session::open(&runtime, &node) {
        Ok(session) => session,
        Err(error) => panic!("{error}"),
    };
    let ask = |module, function, args| match session.rpc(module, function, args, PATIENCE) {
        Ok(answer) => answer,
        Err(error) => panic!("{error}"),
    };
    let before = ask("code", "get_path", vec![]);
    let cookie = cookie.to_string_lossy();
    let on = [
        "--target",
        "beam",
        "--attach",
        &name,
        "--cookie-file",
        &cookie,
    ];
    let arguments = [&["run", "--cases", "100000"][..], &on].concat();
    let mut command = command(folder.path(), &arguments);
    let harness = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut harness = match harness {
        Ok(child) => child,
        Err(error) => panic!("{error}"),
    };
    // A case is under way as soon as its supervisor is there.
    until("a case is under way", || {
        let sup = ask("erlang", "whereis", vec![Term::atom("sup")]);
        sup.as_pid().map(|_| ())
    });
    let place = until("its beams lie in a folder", || {
        let path = ask("code", "get_path", vec![]);
        let first = path.as_list()?.first()?.as_string()?;
        let place = PathBuf::from(first).parent()?.to_path_buf();
        place
            .to_string_lossy()
            .contains("upheaval-node-")
            .then_some(place)
    });
    assert!(harness.kill().is_ok() && harness.wait().is_ok());
    until(&format!("{} is gone", place.display()), || {
        (!place.exists()).then_some(())
    });
    until("the agent is gone", || {
        let loaded = ask("code", "is_loaded", vec![Term::atom("upheaval_agent")]);
        loaded.is_atom("false").then_some(())
    });
    for left in ["upheaval_agent", "sup", "counter", "client_1"] {
        let whereis = ask("erlang", "whereis", vec![Term::atom(left)]);
        assert!(whereis.is_atom("undefined"), "{left} is left: {whereis}");
    }
    assert_eq!(ask("code", "get_path", vec![]), before);
}
