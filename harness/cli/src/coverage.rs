//! What was reached of all that can happen to a process.

use serde::Serialize;
use upheaval::coverage::{Coverage, RULES};

/// The share that was reached, and the whole list where it is asked for.
pub(crate) fn text(coverage: &Coverage, is_listed: bool) -> String {
    if !coverage.is_measured() {
        return "coverage is not measured: real nodes cannot be asked, and no op concerned a \
                process\n"
            .into();
    }
    let (reached, reachable) = (coverage.reached(), coverage.reachable());
    let share = 100.0 * reached as f64 / reachable as f64;
    let mut text = format!("coverage: {reached} of {reachable} cells, {share:.1}%\n");
    if !is_listed {
        return text;
    }
    text += "\nnever reached:\n";
    for cell in coverage.missed() {
        text += &format!("  {cell}\n");
    }
    text += "\nnever seen, so that nothing was expected of it:\n";
    for (kind, doing) in coverage.unseen() {
        text += &format!("  {kind}, {doing}\n");
    }
    let contradictions = coverage.contradictions();
    if !contradictions.is_empty() {
        text += "\nreached, and a rule forbids it: a bug of the node, or of upheaval:\n";
    }
    for (cell, forbidden) in contradictions {
        text += &format!("  {cell} ({}: {})\n", forbidden.rule, forbidden.why);
    }
    text += "\ncannot be reached:\n";
    for forbidden in RULES {
        text += &format!("  {forbidden}\n");
    }
    text
}

#[derive(Serialize)]
pub(crate) struct CoverageJson {
    reached: usize,
    reachable: usize,
    /// What could have been reached and never was.
    missed: Vec<String>,
}

impl CoverageJson {
    pub(crate) fn of(coverage: &Coverage) -> Option<CoverageJson> {
        coverage.is_measured().then(|| CoverageJson {
            reached: coverage.reached(),
            reachable: coverage.reachable(),
            missed: coverage
                .missed()
                .iter()
                .map(|cell| cell.to_string())
                .collect(),
        })
    }
}
