//! Real releases: made with systools, and moved by the release handler.

use std::path::Path;
use std::time::Duration;

use properties::{erl, folder};
use upheaval_beam::{
    ApplicationFiles, BeamError, Node, ReleaseSet, ReleaseVersion, Runtime, Session, compile,
};
use upheaval_term::Term;

use crate::needs_erlang;

const PATIENCE: Duration = Duration::from_secs(30);

fn must<T>(result: Result<T, BeamError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// Version `vsn` of a server whose `code_change` counts, under a supervisor.
fn source(vsn: &str) -> String {
    format!(
        "-module(tally).\n-vsn(\"{vsn}\").\n-behaviour(application).\n-behaviour(supervisor).\n\
         -export([start/2, stop/1, init/1, start_link/0]).\n\
         -export([handle_call/3, handle_cast/2, code_change/3]).\n\
         start(_, _) -> supervisor:start_link({{local, tally_sup}}, ?MODULE, sup).\n\
         stop(_) -> ok.\n\
         start_link() -> gen_server:start_link({{local, tally}}, ?MODULE, [], []).\n\
         init(sup) -> {{ok, {{#{{}}, [#{{id => tally, start => {{tally, start_link, []}}}}]}}}};\n\
         init([]) -> {{ok, 0}}.\n\
         handle_call(get, _, N) -> {{reply, {{\"{vsn}\", N}}, N}}.\n\
         handle_cast(_, N) -> {{noreply, N}}.\n\
         code_change(_, N, fail) -> {{error, N}};\n\
         code_change(_, N, _) -> {{ok, N + 1}}.\n"
    )
}

fn application(session: &Session, vsn: &str, appup: Option<&str>) -> ApplicationFiles {
    let folder = folder();
    let path = folder.path().join("tally.erl");
    if let Err(error) = std::fs::write(&path, source(vsn)) {
        panic!("{error}");
    }
    let keys = format!(
        "[{{description,[]}},{{vsn,\"{vsn}\"}},{{modules,[tally]}},{{registered,[]}},\
         {{applications,[kernel,stdlib]}},{{mod,{{tally,[]}}}}]"
    );
    ApplicationFiles {
        name: "tally".into(),
        vsn: vsn.into(),
        keys: match keys.parse() {
            Ok(keys) => keys,
            Err(error) => panic!("{error:?}"),
        },
        appup: appup.map(str::to_owned),
        beams: vec![("tally".into(), must(compile(session, &path)))],
    }
}

const APPUP: &str = "{\"2\", [{\"1\", [{update, tally, {advanced, []}}]}],
                            [{\"1\", [{update, tally, {advanced, []}}]}]}.";

fn set(session: &Session, node: &Node, appup: &str) -> Result<ReleaseSet, BeamError> {
    let release = |vsn: &str| ReleaseVersion {
        vsn: vsn.into(),
        applications: vec![("tally".into(), vsn.into())],
    };
    ReleaseSet::make(
        session,
        node,
        "shop",
        &[
            application(session, "1", None),
            application(session, "2", Some(appup)),
        ],
        &[release("1"), release("2")],
    )
}

/// A node that runs release 1, with its application started.
struct Running {
    runtime: Runtime,
    node: Node,
    session: Session,
    set: ReleaseSet,
}

fn running(appup: &str) -> Running {
    let runtime = must(Runtime::new());
    let maker = must(Node::start(&erl()));
    let set = must(set(&must(Session::open(&runtime, &maker)), &maker, appup));
    let node = must(Node::start_release(&set));
    let session = must(Session::open(&runtime, &node));
    let running = Running {
        runtime,
        node,
        session,
        set,
    };
    assert_eq!(running.rpc("application", "start", "[tally]"), "ok");
    running
}

impl Running {
    fn rpc(&self, module: &'static str, function: &'static str, args: &str) -> String {
        let args: Term = match args.parse() {
            Ok(args) => args,
            Err(error) => panic!("{error:?}"),
        };
        let args = args.as_list().unwrap_or_default().to_vec();
        must(self.session.rpc(module, function, args, PATIENCE)).to_string()
    }

    fn state(&self) -> String {
        self.rpc("gen_server", "call", "[tally,get]")
    }

    fn unpack(&self) {
        let tarball = format!("[{:?}]", self.set.tarball("2"));
        let unpacked = self.rpc("release_handler", "unpack_release", &tarball);
        assert_eq!(unpacked, "{ok,\"2\"}");
    }
}

#[test]
fn c15_a_release_goes_from_unpacked_to_current_to_permanent_and_back() {
    needs_erlang!();
    let shop = running(APPUP);
    assert_eq!(shop.state(), "{\"1\",0}");
    shop.unpack();
    let handler = |function, args| shop.rpc("release_handler", function, args);
    assert_eq!(handler("install_release", "[\"2\"]"), "{ok,\"1\",[]}");
    assert_eq!(shop.state(), "{\"2\",1}");
    assert_eq!(handler("make_permanent", "[\"2\"]"), "ok");
    // A downgrade gives the version that it leads to.
    assert_eq!(handler("install_release", "[\"1\"]"), "{ok,\"1\",[]}");
    assert_eq!(shop.state(), "{\"1\",2}");
    let (pid, place) = (shop.node.os_pid(), shop.node.folder().to_path_buf());
    drop(shop);
    let process = format!("/proc/{}", pid.unwrap_or_default());
    assert!(!Path::new(&process).exists(), "{process} is left");
    assert!(!place.exists(), "{} is left", place.display());
}

#[test]
fn c12_a_failure_after_the_point_of_no_return_restarts_the_node_with_the_old_release() {
    needs_erlang!();
    let shop = running(&APPUP.replacen("{advanced, []}", "{advanced, fail}", 1));
    shop.unpack();
    let os_pid = shop.rpc("os", "getpid", "[]");
    let answer = shop.rpc("release_handler", "install_release", "[\"2\"]");
    assert!(answer.starts_with("{error,"), "{answer}");
    // It restarts in the same process of the operating system, and takes us in again.
    let session = must(shop.node.rejoin(&shop.runtime, &shop.session));
    let shop = Running { session, ..shop };
    assert_eq!(shop.rpc("os", "getpid", "[]"), os_pid);
    let releases = shop.rpc("release_handler", "which_releases", "[permanent]");
    assert!(releases.starts_with("[{\"shop\",\"1\""), "{releases}");
    let releases = shop.rpc("release_handler", "which_releases", "[unpacked]");
    assert!(releases.starts_with("[{\"shop\",\"2\""), "{releases}");
}

#[test]
fn an_appup_that_systools_refuses_is_an_error_with_its_words() {
    needs_erlang!();
    let runtime = must(Runtime::new());
    let maker = must(Node::start(&erl()));
    let session = must(Session::open(&runtime, &maker));
    let refused = set(
        &session,
        &maker,
        "{\"2\", [{\"1\", [{updaet, tally}]}], []}.",
    );
    let error = match refused {
        Ok(_) => panic!("it was made"),
        Err(error) => error.to_string(),
    };
    assert!(
        error.contains("failed to make the releases of `shop`"),
        "{error}"
    );
    assert!(error.contains("updaet"), "{error}");
}
