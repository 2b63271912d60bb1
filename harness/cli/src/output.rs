//! The result of a run, for people and for programs.

pub(crate) mod bugs;

use std::path::{Path, PathBuf};
use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;
use upheaval::run::Report;
use upheaval::soak::SoakReport;
use upheaval::verdict::{Tally, Verdict};

use crate::args::SoakArguments;
use crate::coverage::CoverageJson;
use crate::error::Error;
use crate::plan_file;

/// A run, and what it came to.
pub(crate) struct Run<'a> {
    pub(crate) scenario: String,
    pub(crate) target: &'static str,
    pub(crate) seed: u64,
    pub(crate) report: &'a Report,
    /// Where the plans of the report's failures were written, in their order;
    /// none where that failed.
    pub(crate) plan_files: Vec<Option<PathBuf>>,
    /// The same of the cases that could not be judged.
    pub(crate) undecided_files: Vec<Option<PathBuf>>,
    /// The arguments that say where it ran, each with a space before it.
    pub(crate) on: String,
    pub(crate) elapsed: Duration,
}

impl Run<'_> {
    fn cases_per_second(&self) -> f64 {
        self.report.cases as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }
}

pub(crate) fn text(run: &Run<'_>) -> String {
    let report = run.report;
    let mut text = String::new();
    for (failure, file) in report.failures.iter().zip(&run.plan_files) {
        text += &format!("{failure}\n");
        text += &replay(file.as_deref(), &run.on);
        text += "\n";
    }
    let counts = report.counts;
    text += &format!(
        "scenario {} on {}, seed {}: {} cases in {:.1} s ({} a second)\n",
        run.scenario,
        run.target,
        run.seed,
        report.cases,
        run.elapsed.as_secs_f64(),
        rate(run.cases_per_second()),
    );
    text += &format!(
        "{} messages, {} upgrades, {} purge kills, {} restarts; history {}\n\n",
        counts.messages, counts.upgrades, counts.purge_kills, counts.restarts, report.digest
    );
    text += &verdicts(&report.tally);
    for (undecided, file) in report.undecided.iter().zip(&run.undecided_files) {
        text += &format!("case 0x{:016x} could not be judged", undecided.case_seed);
        // The first is told with the claims.
        if !text.contains(&undecided.reason) {
            text += &format!(": {}", undecided.reason);
        }
        text += "\n";
        if file.is_none() {
            text += &undecided.plan.to_string();
        }
        text += &replay(file.as_deref(), &run.on);
    }
    text
}

/// How a plan is run again.
fn replay(file: Option<&Path>, on: &str) -> String {
    match file {
        Some(file) => format!("replay it with: {}\n", plan_file::replay_command(file, on)),
        None => "the plan could not be written to a file: keep it from here\n".into(),
    }
}

/// What each claim says.
fn verdicts(tally: &Tally) -> String {
    let mut text = format!("{}\n", table(tally));
    text += &inconclusive(tally);
    for row in tally.rows() {
        if row.verdict() == Verdict::SawNothing {
            text += &format!(
                "{} saw nothing: no case gave it an occasion; run more cases, or see whether the \
                 scenario has what it looks at\n",
                row.name
            );
        }
    }
    text
}

/// What a soak and those before it in the same folder came to.
pub(crate) fn soak(arguments: &SoakArguments, report: &SoakReport) -> String {
    let mut text = String::new();
    for totals in &report.totals {
        let counts = totals.counts;
        text += &format!(
            "scenario {} on embedded, seed {}, shard {}: {} cases\n",
            totals.scenario, arguments.seed, arguments.shard, totals.cases,
        );
        text += &format!(
            "{} messages, {} upgrades, {} purge kills, {} restarts\n\n",
            counts.messages, counts.upgrades, counts.purge_kills, counts.restarts
        );
        text += &format!("{}\n", verdicts(&totals.tally));
    }
    for path in &report.kept {
        text += &format!("kept: {}\n", plan_file::replay_command(path, ""));
    }
    let cases: u64 = report.totals.iter().map(|totals| totals.cases).sum();
    let seconds = report.spent.as_secs_f64();
    text += &format!(
        "{cases} cases in {seconds:.1} s ({} a second)\n",
        rate(cases as f64 / seconds.max(1e-9))
    );
    text
}

/// What could not be judged and why, each reason once: a case that came to nothing is
/// inconclusive for every invariant.
fn inconclusive(tally: &Tally) -> String {
    let mut told: Vec<(u64, &str, Vec<&str>)> = Vec::new();
    for row in tally.rows() {
        if row.verdict() != Verdict::Inconclusive {
            continue;
        }
        let reason = row.reason.as_deref().unwrap_or("no reason given");
        match told
            .iter_mut()
            .find(|(cases, why, _)| (*cases, *why) == (row.inconclusive, reason))
        {
            Some((_, _, names)) => names.push(row.name),
            None => told.push((row.inconclusive, reason, vec![row.name])),
        }
    }
    told.into_iter()
        .map(|(cases, reason, names)| {
            let s = if cases == 1 { "" } else { "s" };
            let names = names.join(", ");
            format!("inconclusive in {cases} case{s}: {names}: {reason}\n")
        })
        .collect()
}

/// Cases a second: real nodes do few.
fn rate(rate: f64) -> String {
    match rate < 10.0 {
        true => format!("{rate:.1}"),
        false => format!("{rate:.0}"),
    }
}

fn table(tally: &Tally) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["invariant", "verdict", "checked", "cases violated"]);
    for row in tally.rows() {
        table.add_row([
            row.name.to_string(),
            row.verdict().to_string(),
            row.checked.to_string(),
            row.violated.to_string(),
        ]);
    }
    for column in [2, 3] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

#[derive(Serialize)]
struct Json<'a> {
    scenario: &'a str,
    target: &'a str,
    seed: u64,
    cases: u64,
    messages: u64,
    upgrades: u64,
    purge_kills: u64,
    restarts: u64,
    history_digest: String,
    invariants: Vec<InvariantJson<'a>>,
    /// None where it is not measured.
    coverage: Option<CoverageJson>,
    violations: Vec<ViolationJson<'a>>,
    /// The first case that could not be judged for each reason.
    undecided: Vec<UndecidedJson<'a>>,
    elapsed_s: f64,
    cases_per_s: f64,
}

#[derive(Serialize)]
struct InvariantJson<'a> {
    name: &'static str,
    verdict: String,
    checked: u64,
    /// In how many cases it could not be judged, and why not in the first of them.
    inconclusive: u64,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct UndecidedJson<'a> {
    case_seed: String,
    plan_file: Option<String>,
    reason: &'a str,
}

#[derive(Serialize)]
struct ViolationJson<'a> {
    invariant: &'static str,
    case_seed: String,
    plan_file: Option<String>,
    ops_before: usize,
    ops_after: usize,
    /// How often the shrunk plan failed when it was run again, of how many times.
    failed: u32,
    runs: u32,
    message: &'a str,
}

pub(crate) fn json(run: &Run<'_>) -> Result<String, Error> {
    let report = run.report;
    let counts = report.counts;
    let json = Json {
        scenario: &run.scenario,
        target: run.target,
        seed: run.seed,
        cases: report.cases,
        messages: counts.messages,
        upgrades: counts.upgrades,
        purge_kills: counts.purge_kills,
        restarts: counts.restarts,
        history_digest: report.digest.to_string(),
        invariants: report
            .tally
            .rows()
            .iter()
            .map(|row| InvariantJson {
                name: row.name,
                verdict: row.verdict().to_string(),
                checked: row.checked,
                inconclusive: row.inconclusive,
                reason: row.reason.as_deref(),
            })
            .collect(),
        coverage: CoverageJson::of(&report.coverage),
        violations: report
            .failures
            .iter()
            .zip(&run.plan_files)
            .map(|(failure, file)| ViolationJson {
                invariant: failure.invariant,
                case_seed: format!("0x{:016x}", failure.case_seed),
                plan_file: file.as_ref().map(|file| file.display().to_string()),
                ops_before: failure.ops_before,
                ops_after: failure.plan.steps.len(),
                failed: failure.repeated.0,
                runs: failure.repeated.1,
                message: &failure.message,
            })
            .collect(),
        undecided: report
            .undecided
            .iter()
            .zip(&run.undecided_files)
            .map(|(undecided, file)| UndecidedJson {
                case_seed: format!("0x{:016x}", undecided.case_seed),
                plan_file: file.as_ref().map(|file| file.display().to_string()),
                reason: &undecided.reason,
            })
            .collect(),
        elapsed_s: run.elapsed.as_secs_f64(),
        cases_per_s: run.cases_per_second(),
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}
