//! What was measured of bugs.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use serde::Serialize;
use upheaval::benchmark::{Beyond, Bug, Row};

use crate::error::Error;

/// One row in words, as it is done.
pub(crate) fn line(row: &Row) -> String {
    let found = match &row.median {
        Some((cases, failure)) => format!("by {} after {cases} cases", failure.invariant),
        None => "not found".into(),
    };
    let Row {
        name,
        found: seeds,
        twin_reported,
        ..
    } = row;
    format!("{name}: {found} ({seeds} seeds); its twin was reported {twin_reported} times")
}

pub(crate) fn text(rows: &[Row], elsewhere: &[&Bug], beyond: &[Beyond], failures: bool) -> String {
    let mut text = String::new();
    for row in rows {
        if let (true, Some((_, failure))) = (failures, &row.median) {
            text += &format!("{}: {failure}\n", row.name);
        }
        if let Some(alarm) = &row.false_alarm {
            text += &format!(
                "the twin of {} is said to break {} in case 0x{:016x}: {}\n\n",
                row.name, alarm.invariant, alarm.case_seed, alarm.message
            );
        }
    }
    text += &format!("{}\n", table(rows));
    for row in rows.iter().filter(|row| row.twin_inconclusive > 0) {
        text += &format!(
            "{} of {} cases of the twin of {} could not be judged in full\n",
            row.twin_inconclusive, row.twin_cases, row.name
        );
    }
    for bug in elsewhere {
        text += &format!("{} cannot be expressed on this target\n", bug.name);
    }
    for beyond in beyond {
        text += &format!(
            "{} ({}) cannot be expressed: {}\n",
            beyond.name,
            beyond.threads.join(", "),
            beyond.why
        );
    }
    let (all, found) = (rows.len(), rows.iter().filter(|row| row.is_found()).count());
    let reported = rows.iter().filter(|row| row.twin_reported > 0).count();
    text += &format!("{found} of {all} bugs found, {reported} twins reported\n");
    text
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(["bug", "found by", "seeds", "cases", "ops", "twin"]);
    for row in rows {
        let (by, cases, ops) = match &row.median {
            Some((cases, failure)) => (
                failure.invariant,
                cases.to_string(),
                failure.plan.steps.len().to_string(),
            ),
            None => ("not found", String::new(), String::new()),
        };
        table.add_row([
            row.name.into(),
            by.into(),
            format!("{}/{}", row.found, row.seeds),
            cases,
            ops,
            format!("{}/{}", row.twin_reported, row.twin_cases),
        ]);
    }
    for column in 2..6 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

#[derive(Serialize)]
struct Json<'a> {
    bugs: Vec<BugJson<'a>>,
}

#[derive(Serialize)]
struct BugJson<'a> {
    name: &'a str,
    thread: String,
    target: &'static str,
    /// From every seed.
    found: bool,
    /// Of the seed in the middle; null where it was not found from that.
    invariant: Option<&'static str>,
    cases: Option<u64>,
    ops: Option<usize>,
    twin_reported: u64,
}

pub(crate) fn json(rows: &[Row]) -> Result<String, Error> {
    let bug = |row| {
        let Row {
            name,
            threads,
            on,
            median,
            twin_reported,
            ..
        }: &Row = row;
        BugJson {
            name,
            thread: threads.join(", "),
            target: on.name(),
            found: row.is_found(),
            invariant: median.as_ref().map(|(_, failure)| failure.invariant),
            cases: median.as_ref().map(|(cases, _)| *cases),
            ops: (median.as_ref()).map(|(_, failure)| failure.plan.steps.len()),
            twin_reported: *twin_reported,
        }
    };
    let json = Json {
        bugs: rows.iter().map(bug).collect(),
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}
