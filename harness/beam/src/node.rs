//! A node: one that was started here, or one that runs already.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use upheaval_term::Term;

use crate::erl::without_settings;
use crate::output::Output;
use crate::place::Folder;
use crate::runtime::Runtime;
use crate::{BeamError, Cookie, Erl, ReleaseSet, Session, group};

/// How long a node may take to boot. On a quiet machine it is 0.15 seconds.
const BOOT: Duration = Duration::from_secs(30);

/// How often a node is started again whose port somebody else has taken.
const TRIES: u32 = 5;

/// What a node prints when it is up.
const READY: &str = "upheaval: ready";

/// How a node says that it is up, and how it ends when the harness does: its
/// standard input is a pipe that the harness holds, so even after a SIGKILL of the
/// harness it reads the end of it. What it reads while it restarts is an error.
const EVAL: &str = "spawn(fun() -> eof = io:get_line(''), erlang:halt(0, [{flush, false}]) end), \
                    io:put_chars(\"upheaval: ready\\n\").";

/// A node on this machine's loopback.
///
/// One that was started ends when this is dropped, and nothing of it is left: no
/// process, no file. One that was attached to goes on.
#[derive(Debug)]
pub struct Node {
    name: String,
    address: SocketAddr,
    cookie: Cookie,
    started: Option<Started>,
    folder: Folder,
}

#[derive(Debug)]
struct Started {
    child: Child,
    output: Output,
}

impl Node {
    /// Boots a node of `erl`: without epmd, on the loopback only, behind a random
    /// cookie that stands in no argument list.
    ///
    /// # Errors
    /// It does not boot within 30 seconds, or says that it cannot.
    pub fn start(erl: &Erl) -> Result<Node, BeamError> {
        on_a_free_port(|port| boot(Program::Erl(erl), port))
    }

    /// Boots a node with the first of these releases, in a root of its own, in which
    /// its release handler can unpack, install and remove the others. It keeps its
    /// cookie file, since it may have to restart.
    ///
    /// # Errors
    /// As [`start`](Node::start).
    pub fn start_release(set: &ReleaseSet) -> Result<Node, BeamError> {
        on_a_free_port(|port| boot(Program::Release(set), port))
    }

    /// Boots a node that listens on a port of the caller's choice.
    ///
    /// # Errors
    /// As [`start`](Node::start); and somebody listens on that port already.
    pub fn start_on(erl: &Erl, port: u16) -> Result<Node, BeamError> {
        boot(Program::Erl(erl), port)
    }

    /// Finds a node of this machine that runs already, by its name. With a port
    /// (`shop@127.0.0.1:4711`) it is not looked up; else epmd is asked.
    ///
    /// # Errors
    /// The name is none, the cookie cannot be read, or epmd knows no such node.
    pub fn attach(runtime: &Runtime, name: &str, cookie: &Path) -> Result<Node, BeamError> {
        let bad_name = |problem: &str| BeamError::NodeName {
            name: name.into(),
            problem: problem.into(),
        };
        let cookie = Cookie::read(cookie)?;
        let (short, rest) = name
            .split_once('@')
            .ok_or_else(|| bad_name("it has no host"))?;
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (
                host,
                Some(port.parse::<u16>().map_err(|_| {
                    bad_name("what stands behind the colon is no port, 1 to 65535")
                })?),
            ),
            None => (rest, None),
        };
        if short.is_empty() || host.is_empty() {
            return Err(bad_name("it has no name, or no host"));
        }
        let port = match port {
            Some(port) => port,
            None => ask_epmd(runtime, short, name)?,
        };
        Ok(Node {
            name: format!("{short}@{host}"),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            cookie,
            started: None,
            folder: Folder::new()?,
        })
    }

    /// Its full name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A folder for it alone, on this machine; it goes when the node does.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The operating system's number of it, where it was started here.
    pub fn os_pid(&self) -> Option<u32> {
        self.started.as_ref().map(|started| started.child.id())
    }

    /// Connects to it again, after it was told to restart and has ended the session
    /// that there was: waits until it has booted.
    ///
    /// # Errors
    /// It does not end the session, or does not boot, within the time of a boot.
    pub fn rejoin(&self, runtime: &Runtime, before: &Session) -> Result<Session, BeamError> {
        let deadline = Instant::now() + BOOT;
        let late = |doing: &str| BeamError::Silent {
            node: self.name.clone(),
            doing: doing.into(),
            ms: u64::try_from(BOOT.as_millis()).unwrap_or(u64::MAX),
        };
        if !before.ends_within(BOOT) {
            return Err(late("ending a session for its restart"));
        }
        while Instant::now() < deadline {
            // Until it listens, it refuses.
            let Ok(session) = Session::open(runtime, self) else {
                std::thread::yield_now();
                continue;
            };
            let status = session.rpc("init", "get_status", Vec::new(), BOOT);
            if status.is_ok_and(|status| has_booted(&status)) {
                return Ok(session);
            }
        }
        Err(late("restarting"))
    }

    /// Starts it again, after it was told to reboot and has ended the session that there
    /// was: in its place, with its name and its cookie, and with the release that its
    /// release handler has left word of in a file of `releases`. On a real system, that
    /// is what `heart` does.
    ///
    /// # Errors
    /// It does not end, does not say which release, or does not boot, within the time of
    /// a boot.
    pub fn reboot(
        &mut self,
        runtime: &Runtime,
        before: &Session,
        set: &ReleaseSet,
        word: &str,
    ) -> Result<Session, BeamError> {
        let Some(started) = &mut self.started else {
            return Err(system("reboot a node", "it was not started here"));
        };
        let late = |doing: &str| BeamError::Silent {
            node: self.name.clone(),
            doing: doing.into(),
            ms: u64::try_from(BOOT.as_millis()).unwrap_or(u64::MAX),
        };
        if !before.ends_within(BOOT) || !ends_within(&mut started.child, BOOT) {
            return Err(late("ending for its reboot"));
        }
        let root = self.folder.path().join("root");
        let vsn = set
            .told(&root, word)
            .map_err(|error| system("read which release is to be booted", &error.to_string()))?;
        let place = Place {
            name: &self.name,
            address: self.address,
            folder: &self.folder,
        };
        self.started = Some(spawn(Program::Again(set, &vsn), &place)?);
        Session::open(runtime, self)
    }

    /// What it printed last, in one line.
    pub fn last_words(&self) -> String {
        self.started
            .as_ref()
            .map(|started| started.output.last())
            .unwrap_or_default()
    }

    pub(crate) fn cookie(&self) -> &Cookie {
        &self.cookie
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        group::kill(&mut self.child);
    }
}

/// What a node is booted with.
#[derive(Clone, Copy)]
enum Program<'a> {
    Erl(&'a Erl),
    /// The first release, whose root is to be laid out.
    Release(&'a ReleaseSet),
    /// The release of this version, in a root that is there.
    Again(&'a ReleaseSet, &'a str),
}

/// Who a node is, and where.
struct Place<'a> {
    name: &'a str,
    address: SocketAddr,
    folder: &'a Folder,
}

impl Program<'_> {
    fn command(self, root: &Path) -> Result<Command, BeamError> {
        match self {
            Program::Erl(erl) => {
                let mut command = Command::new(erl.path());
                command.args(["-noshell", "-boot", "no_dot_erlang"]);
                Ok(command)
            }
            Program::Release(set) => {
                set.lay_out(root)
                    .map_err(|error| system("lay out a release", &error.to_string()))?;
                Program::Again(set, set.first()).command(root)
            }
            Program::Again(set, vsn) => {
                let mut command = Command::new(set.program(root));
                command
                    .env("ROOTDIR", root)
                    .env("BINDIR", set.bin(root))
                    .env("EMU", "beam")
                    .env("PROGNAME", "erl")
                    .arg("-noshell")
                    .arg("-boot")
                    .arg(set.boot(root, vsn))
                    .arg("-config")
                    .arg(set.config(root, vsn))
                    // Asked before a restart ends anything; it need not be there.
                    .args(["-kernel", "shutdown_func", "{upheaval_releases,shutdown}"]);
                Ok(command)
            }
        }
    }
}

/// `{started,started}`.
fn has_booted(status: &Term) -> bool {
    matches!(status.as_tuple(), Some([status, progress])
        if status.is_atom("started") && progress.is_atom("started"))
}

fn on_a_free_port(boot: impl Fn(u16) -> Result<Node, BeamError>) -> Result<Node, BeamError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match boot(free_port()?) {
            Err(BeamError::Boot { output, .. })
                if tries < TRIES && output.contains("eaddrinuse") => {}
            result => return result,
        }
    }
}

fn boot(program: Program<'_>, port: u16) -> Result<Node, BeamError> {
    let folder = Folder::new()?;
    let cookie = Cookie::random();
    let home = home(&folder);
    write_cookie(&home, &cookie)?;
    let name = format!("upheaval_{:016x}@127.0.0.1", rand::random::<u64>());
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let place = Place {
        name: &name,
        address,
        folder: &folder,
    };
    let started = spawn(program, &place)?;
    // The node has read the cookie; nobody else shall. One that may restart reads it
    // again.
    if let Program::Erl(_) = program {
        fs::remove_dir_all(&home)
            .map_err(|error| system("remove a cookie file", &error.to_string()))?;
    }
    Ok(Node {
        name,
        address,
        cookie,
        started: Some(started),
        folder,
    })
}

/// Where a node finds its cookie.
fn home(folder: &Folder) -> PathBuf {
    folder.path().join("home")
}

/// Starts the emulator, and waits until it is up.
fn spawn(program: Program<'_>, place: &Place<'_>) -> Result<Started, BeamError> {
    let folder = place.folder.path();
    let port = place.address.port().to_string();
    let mut command = program.command(&folder.join("root"))?;
    let path = PathBuf::from(command.get_program());
    let mut child = without_settings(&mut command)
        .args(["-name", place.name])
        // It would enter its name with an epmd that runs already: on port 0 is none.
        .args(["-start_epmd", "false", "-epmd_port", "0"])
        .args(["-erl_epmd_port", &port])
        .args(["-kernel", "inet_dist_use_interface", "{127,0,0,1}"])
        .args(["inet_dist_listen_min", &port])
        .args(["inet_dist_listen_max", &port])
        // It is only ever called, and prints nothing: crashes are what is tested.
        .args(["dist_auto_connect", "never"])
        .args(["logger", "[{handler,default,undefined}]"])
        .args(["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"])
        .args(["-eval", EVAL])
        .env("HOME", home(place.folder))
        .env("ERL_CRASH_DUMP_SECONDS", "0")
        .current_dir(folder)
        // Ctrl-C is for the harness, which then ends it.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| BeamError::NoErl {
            path: path.clone(),
            error: error.to_string(),
        })?;
    let output = Output::default();
    let streams = (child.stdout.take(), child.stderr.take());
    let mut started = Started {
        child,
        output: output.clone(),
    };
    let (Some(stdout), Some(stderr)) = streams else {
        return Err(system("read what a node prints", "it has no pipes"));
    };
    output.drain(stderr, "");
    let problem = match output.drain(stdout, READY).recv_timeout(BOOT) {
        Ok(()) => return Ok(started),
        Err(RecvTimeoutError::Timeout) => format!("it was not up after {} s", BOOT.as_secs()),
        Err(RecvTimeoutError::Disconnected) => ended(&mut started.child),
    };
    Err(BeamError::Boot {
        path,
        problem,
        output: output.last(),
    })
}

/// Whether a child ends by itself.
fn ends_within(child: &mut Child, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < deadline => std::thread::yield_now(),
            _ => return false,
        }
    }
}

/// How a child ended that has closed its output, and will be gone at once.
fn ended(child: &mut Child) -> String {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return format!("it ended with {status}"),
            Ok(None) if Instant::now() < deadline => std::thread::yield_now(),
            _ => return "it closed its output".into(),
        }
    }
}

/// Erlang reads the cookie from a file in the home folder, and insists that nobody
/// else can.
fn write_cookie(home: &Path, cookie: &Cookie) -> Result<(), BeamError> {
    let mut folder = fs::DirBuilder::new();
    folder.mode(0o700);
    let write = || {
        folder.create(home)?;
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o400)
            .open(home.join(".erlang.cookie"))?
            .write_all(cookie.secret().as_bytes())
    };
    write().map_err(|error| system("write a cookie file", &error.to_string()))
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16, BeamError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| system("find a free port", &error.to_string()))
}

/// Asks epmd on the loopback for a node's port.
fn ask_epmd(runtime: &Runtime, short: &str, name: &str) -> Result<u16, BeamError> {
    use erl_dist::epmd::{DEFAULT_EPMD_PORT, EpmdClient};
    use tokio_util::compat::TokioAsyncReadCompatExt;

    let failed = |problem: String| BeamError::NodeName {
        name: name.into(),
        problem,
    };
    runtime.block_on(async {
        let ask = async {
            let stream = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, DEFAULT_EPMD_PORT))
                .await
                .map_err(|error| failed(format!("no epmd answers on this machine ({error})")))?;
            EpmdClient::new(stream.compat())
                .get_node(short)
                .await
                .map_err(|error| failed(format!("epmd does not answer properly ({error})")))
        };
        match tokio::time::timeout(Duration::from_secs(5), ask).await {
            Ok(Ok(Some(entry))) => Ok(entry.port),
            Ok(Ok(None)) => Err(failed("epmd knows no node of that name".into())),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(failed("epmd did not answer within 5 s".into())),
        }
    })
}

fn system(action: &str, error: &str) -> BeamError {
    BeamError::System {
        action: action.into(),
        error: error.into(),
    }
}
