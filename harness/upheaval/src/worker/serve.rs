//! What a worker process does.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};

use super::wire::{Answer, Request};
use crate::artifact::{Artifacts, Built};
use crate::run::{Care, Executor, InProcess, Runner};
use crate::scenario::Scenario;
use crate::target::Embedded;

/// Why a worker could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its input or output could not be used.
    #[error("failed to speak to the run that started this worker: {0}")]
    Io(#[from] io::Error),
    /// It was asked what no run asks.
    #[error(
        "failed to read a request: {0}; a worker is started by `run --workers` and `soak`, not by hand"
    )]
    Request(#[from] serde_json::Error),
}

/// Does what a run asks on standard input, until the run is over: then it ends the
/// process, whatever a module is doing there.
///
/// `find` gives the scenario of a name.
///
/// # Errors
/// Standard input or output cannot be used, or no run is at their other ends.
pub fn serve(find: impl Fn(&str) -> Option<Scenario>) -> Result<(), ServeError> {
    // A fault is reported, and a thousand of them may not fill the disk.
    let no_core = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, no_core).map_err(io::Error::from)?;
    // A module may read and print: not here.
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?).map_err(io::Error::from)?;
    rustix::stdio::dup2_stdout(io::stderr()).map_err(io::Error::from)?;
    let requests = read(File::from(input));
    let mut output = File::from(output);
    let mut answer = |answer: &Answer| -> Result<(), ServeError> {
        let mut line = serde_json::to_vec(answer)?;
        line.push(b'\n');
        Ok(output.write_all(&line)?)
    };
    let Some(Request::Begin { scenario, files }) = next(&requests)? else {
        return Ok(());
    };
    let opened = match find(&scenario) {
        Some(found) => Artifacts::open(&Built { files })
            .map(|artifacts| (found, artifacts))
            .map_err(|error| error.to_string()),
        None => Err(format!("there is no scenario `{scenario}`")),
    };
    let (scenario, artifacts) = match opened {
        Ok(opened) => opened,
        Err(error) => return answer(&Answer::Failed(error)),
    };
    let runner = Runner::new(scenario.clone());
    let mut executor = InProcess::new(&runner, Embedded::new(scenario, artifacts));
    answer(&Answer::Ready)?;
    while let Some(request) = next(&requests)? {
        answer(&reply(&runner, &mut executor, request))?;
    }
    Ok(())
}

fn reply(runner: &Runner, executor: &mut impl Executor, request: Request) -> Answer {
    let done = || -> Result<Answer, Box<dyn std::error::Error>> {
        Ok(match request {
            Request::Begin { .. } => return Err("it has begun already".into()),
            Request::Case { seed, twice } => Answer::Case(executor.case(seed, twice)?.into()),
            Request::Breach { claim, plan } => {
                let claims = runner.claims(true);
                let claim = claims.iter().find(|known| known.name == claim);
                let claim = claim.ok_or("there is no such claim")?;
                let breach = executor.breach(claim.name, &plan.parse()?, Care::Sure)?;
                Answer::Breach(breach.map(Into::into))
            }
            Request::Replay { plan } => Answer::replayed(executor.replay(&plan.parse()?)?),
        })
    };
    done().unwrap_or_else(|error| Answer::Failed(error.to_string()))
}

fn next(requests: &Receiver<io::Result<String>>) -> Result<Option<Request>, ServeError> {
    match requests.recv() {
        Ok(line) => Ok(Some(serde_json::from_str(&line?)?)),
        Err(_) => Ok(None),
    }
}

/// Reads all the time: where the run is gone, so is this process, though a module never
/// returns.
fn read(input: File) -> Receiver<io::Result<String>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(input).lines() {
            if sender.send(line).is_err() {
                return;
            }
        }
        // Not by an exit, in which a module can have a say.
        let _ = kill_process(getpid(), Signal::KILL);
    });
    receiver
}
