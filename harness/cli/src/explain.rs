//! `upheaval explain`.

use serde::Serialize;
use upheaval_release::{Direction, Explanation, Warning};

use crate::args::{ExplainArguments, Format};
use crate::error::Error;
use crate::{HELD, print};

pub(crate) fn explain(arguments: &ExplainArguments) -> Result<u8, Error> {
    let ExplainArguments {
        file,
        from,
        to,
        app,
        format,
    } = arguments;
    let explanation = upheaval_release::explain(file, from, to, app)
        .map_err(|error| Error::Explain(Box::new(error)))?;
    print::result(&match format {
        Format::Text => explanation.to_string(),
        Format::Json => json(&explanation)?,
    })?;
    Ok(HELD)
}

#[derive(Serialize)]
struct Json<'a> {
    application: &'a str,
    from: &'a str,
    to: &'a str,
    direction: &'static str,
    clause: String,
    line: Option<usize>,
    column: Option<usize>,
    assumed: &'a [String],
    script: Vec<LineJson<'a>>,
    warnings: Vec<WarningJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    number: usize,
    instruction: String,
    effect: &'a str,
    warnings: Vec<WarningJson<'a>>,
}

#[derive(Serialize)]
struct WarningJson<'a> {
    rule: &'static str,
    message: &'a str,
}

fn json(explanation: &Explanation) -> Result<String, Error> {
    let upgrade = &explanation.upgrade;
    let lines = (1..)
        .zip(&explanation.lines)
        .map(|(number, line)| LineJson {
            number,
            instruction: line.instruction.to_string(),
            effect: &line.effect,
            warnings: warnings(&line.warnings),
        });
    let place = upgrade.clause.place;
    let json = Json {
        application: upgrade.name.as_str(),
        from: &explanation.from,
        to: &explanation.to,
        direction: match upgrade.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        clause: upgrade.clause.version.to_string(),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        assumed: &upgrade.assumed,
        script: lines.collect(),
        warnings: warnings(&explanation.warnings),
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

fn warnings(warnings: &[Warning]) -> Vec<WarningJson<'_>> {
    warnings
        .iter()
        .map(|Warning { rule, message }| WarningJson { rule, message })
        .collect()
}
