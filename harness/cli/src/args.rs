//! What can stand on the command line.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use upheaval::run::Recheck;
use upheaval::soak::Shard;

use crate::error::Error;

/// Where regressions lie, below the current directory.
const REGRESSIONS: &str = "properties/regressions";

const EXIT_STATUS: &str = "Exit status: 0 nothing was violated (what saw nothing is named), \
                           1 an invariant was violated, 2 it could not run, or could not tell.";

#[derive(Debug, Parser)]
#[command(
    name = "upheaval",
    version,
    about = "Tests hot code upgrades in the middle of traffic.",
    after_help = EXIT_STATUS
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run random upgrades, downgrades and faults through a scenario, and judge
    /// what happens.
    Run(RunArguments),
    /// Run case after case in worker processes until a time is up, and keep the plans of
    /// what is violated. Whatever ends it, the same command goes on where it was.
    Soak(SoakArguments),
    /// Run one plan again, as a failed run wrote it.
    Replay(ReplayArguments),
    /// Run plans on the embedded node and on real Erlang, at rest after each op, and
    /// compare what they do. Nothing is judged: a module with a bug does the same on both.
    Conformance(ConformanceArguments),
    /// Print the low-level script that an appup comes to, what each line of it does to
    /// which processes, and what goes wrong there without an error.
    Explain(ExplainArguments),
    /// Hunt bugs that happened to real systems, each in a small system that has it, and see
    /// that nothing is said of its correct twin.
    Bugs(BugsArguments),
    /// List the scenarios.
    List,
    /// Run cases for a run that started this process.
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(crate) struct RunArguments {
    /// The scenario, by name; `upheaval list` shows them.
    #[arg(default_value = sample_scenarios::DEFAULT)]
    pub(crate) scenario: String,
    /// What every plan follows from: a number, or 0x and one in hexadecimal.
    #[arg(long, default_value_t = 0, value_parser = seed)]
    pub(crate) seed: u64,
    /// How many plans are run: 2000 if it is not given, and 100 on real Erlang.
    #[arg(long, value_parser = at_least_one)]
    pub(crate) cases: Option<u64>,
    /// How many threads run cases, one for each core if it is not given; on real
    /// Erlang each has a node of its own, and there are eight for each core. On the
    /// embedded target the result does not depend on it. A node that is attached to
    /// runs one case at a time.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256), conflicts_with = "attach")]
    pub(crate) threads: Option<u16>,
    /// Runs the cases in so many worker processes instead: a module that aborts, faults,
    /// exits or never returns costs a worker, and is a finding. What is found does not
    /// depend on their number otherwise.
    #[arg(long, value_name = "N", value_parser = workers, conflicts_with_all = ["threads", "attach"])]
    pub(crate) workers: Option<u16>,
    #[command(flatten)]
    pub(crate) care: Care,
    #[command(flatten)]
    pub(crate) on: On,
    /// Lists what could have been reached and never was: a process doing something, an op,
    /// and what comes of it; and what cannot be, by which rule. Measured on the embedded
    /// target only.
    #[arg(long)]
    pub(crate) coverage: bool,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(crate) struct SoakArguments {
    /// The scenarios, by name, which take turns; the default one if none is given.
    pub(crate) scenarios: Vec<String>,
    /// For how long, like 90s, 30m or 8h. What the soaks before it in DIR took counts.
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub(crate) time: Duration,
    /// Where the journal and the plans go. It is made if there is none.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// How many worker processes run cases at once, one for each core if it is not given.
    /// Each scenario has as many of its own.
    #[arg(long, value_name = "N", value_parser = workers)]
    pub(crate) workers: Option<u16>,
    /// Runs the Ith of N shares of the seed's cases, which together are all of them.
    #[arg(long, value_name = "I/N", default_value_t = Shard::default())]
    pub(crate) shard: Shard,
    /// What every plan follows from: a number, or 0x and one in hexadecimal.
    #[arg(long, default_value_t = 0, value_parser = seed)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) care: Care,
}

/// How cases are run that may be bad, and what is kept of them.
#[derive(Debug, Args)]
pub(crate) struct Care {
    /// After how many seconds without an answer a worker is killed; 30 if it is not given.
    #[arg(long, value_name = "SECS", value_parser = deadline)]
    pub(crate) case_deadline: Option<u64>,
    /// How many cases in a hundred are run twice, and compared to the byte; 5 if it is not
    /// given. On real Erlang, which does not repeat exactly, none is.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
    pub(crate) recheck: Option<u8>,
    /// Keeps the plans of what is violated, shrunk, as regressions in DIR, which `cargo
    /// test` runs from then on; in properties/regressions below this folder if it is not
    /// said.
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true, default_missing_value = REGRESSIONS)]
    pub(crate) keep: Option<PathBuf>,
}

impl Care {
    pub(crate) fn recheck(&self) -> Recheck {
        self.recheck.map_or_else(Recheck::default, Recheck::percent)
    }
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(crate) struct ReplayArguments {
    /// The plan's file.
    pub(crate) file: PathBuf,
    /// After how many seconds without an answer the worker that runs it is killed; 30 if it
    /// is not given.
    #[arg(long, value_name = "SECS", value_parser = deadline)]
    pub(crate) case_deadline: Option<u64>,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the two agree, 1 they differ, 2 it could not run, or a plan was left open: it differs in some runs and not in all."
)]
pub(crate) struct ConformanceArguments {
    /// The scenario, by name; `upheaval list` shows them.
    #[arg(default_value = sample_scenarios::DEFAULT)]
    pub(crate) scenario: String,
    /// What every plan follows from: a number, or 0x and one in hexadecimal.
    #[arg(long, default_value_t = 0, value_parser = seed)]
    pub(crate) seed: u64,
    /// How many plans are run.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: u64,
    /// How many nodes are used at once; eight for each core if it is not given. Most
    /// of the time a node waits.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// The `erl` of an Erlang/OTP installation; the one on the PATH if it is not
    /// given.
    #[arg(long, value_name = "PATH")]
    pub(crate) erl: Option<PathBuf>,
    /// Compares a plan from a file instead.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cases", "scenario"])]
    pub(crate) plan: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 it is explained, 2 a file is wrong, no clause is for these versions, or the instructions make no script."
)]
pub(crate) struct ExplainArguments {
    /// The appup, named after its application: shop.appup.
    pub(crate) file: PathBuf,
    /// The version that runs.
    #[arg(long, value_name = "VSN")]
    pub(crate) from: String,
    /// The version that is gone to.
    #[arg(long, value_name = "VSN")]
    pub(crate) to: String,
    /// A .app that tells which modules a version has; of the application's two versions,
    /// and of others that the appup names. If it is not given, the one beside the appup
    /// is taken, if there is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) app: Vec<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 every bug was found from every seed and nothing was said of a twin, 1 otherwise, 2 it could not run."
)]
pub(crate) struct BugsArguments {
    /// The bugs, by name; all if none is given. Of those that are named the failures are
    /// shown, too.
    pub(crate) names: Vec<String>,
    /// What runs the cases. Bugs that it cannot express are left out.
    #[arg(long, value_enum, default_value_t = TargetName::Embedded)]
    pub(crate) target: TargetName,
    /// From how many seeds each bug is hunted; what is told is the one in the middle.
    #[arg(long, default_value_t = 10, value_parser = at_least_one)]
    pub(crate) seeds: u64,
    /// The most cases from each seed: 10000 if it is not given, and 200 on real Erlang.
    #[arg(long, value_parser = at_least_one)]
    pub(crate) cases: Option<u64>,
    /// How many cases of each twin are run: 2000 if it is not given, and 50 on real Erlang.
    #[arg(long, value_parser = at_least_one)]
    pub(crate) twin_cases: Option<u64>,
    /// How many bugs are hunted at once, or on real Erlang how many nodes there are at once;
    /// one for each core if it is not given, and six of those nodes.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// The `erl` of an Erlang/OTP installation; the one on the PATH if it is not
    /// given.
    #[arg(long, value_name = "PATH")]
    pub(crate) erl: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Where cases are run.
#[derive(Debug, Args)]
pub(crate) struct On {
    /// What runs the cases.
    #[arg(long, value_enum, default_value_t = TargetName::Embedded)]
    target: TargetName,
    #[command(flatten)]
    pub(crate) erlang: Erlang,
}

/// Which Erlang is used, where one is.
#[derive(Debug, Args)]
pub(crate) struct Erlang {
    /// The `erl` of an Erlang/OTP installation; the one on the PATH if it is not
    /// given.
    #[arg(long, value_name = "PATH")]
    pub(crate) erl: Option<PathBuf>,
    /// Runs the cases on this node of this machine, which runs already, instead of
    /// starting nodes: its full name, with a port where it runs without epmd. The
    /// scenario's modules and processes are put on it, and taken off again; a node that
    /// has one of them already is refused. A local `erl` compiles the modules.
    #[arg(long, value_name = "NAME[:PORT]", requires = "cookie_file")]
    pub(crate) attach: Option<String>,
    /// The file that holds that node's cookie.
    #[arg(long, value_name = "FILE", requires = "attach")]
    pub(crate) cookie_file: Option<PathBuf>,
}

impl On {
    /// What runs the cases. The embedded node has no use for an Erlang: who names one
    /// wants to test that.
    pub(crate) fn target(&self) -> Result<TargetName, Error> {
        let Erlang { erl, attach, .. } = &self.erlang;
        if self.target == TargetName::Embedded && (erl.is_some() || attach.is_some()) {
            return Err(Error::NeedsBeam);
        }
        Ok(self.target)
    }
}

/// The arguments again, each with a space before it.
impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.target == TargetName::Beam {
            write!(f, " --target beam")?;
        }
        let Erlang {
            erl,
            attach,
            cookie_file,
        } = &self.erlang;
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        for (option, value) in [
            ("erl", path(erl)),
            ("attach", attach.clone()),
            ("cookie-file", path(cookie_file)),
        ] {
            if let Some(value) = value {
                write!(f, " --{option} {}", quoted(&value))?;
            }
        }
        Ok(())
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    match word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    /// The deterministic node inside this program, with modules in Rust.
    Embedded,
    /// Real Erlang/OTP nodes, with modules in Erlang.
    Beam,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables and reports for people.
    Text,
    /// One JSON object, and nothing else, on standard output.
    Json,
}

/// A seed, as the command line or a plan gives it.
fn seed(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("{error}; give a seed like 42 or 0x2a"))
}

fn at_least_one(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(0) => Err("give at least 1".into()),
        parsed => parsed.map_err(|error| format!("{error}; give a number like 100")),
    }
}

fn deadline(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(seconds),
        _ => Err("give a number of seconds from 1 to 86400, which is a day".into()),
    }
}

fn time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text);
    time.map_err(|error| format!("{error}; give a time like 90s, 30m or 8h"))
}

fn workers(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(workers @ 1..=256) => Ok(workers),
        _ => Err("give a number from 1 to 256, such as that of the cores".into()),
    }
}
