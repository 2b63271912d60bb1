//! A plan read back from its text.

use std::str::FromStr;

use super::line::Line;
use super::words::{FORMAT, FORMAT_LINE, OPS, VERBS, nearest};
use super::{
    ApplicationStep, ChildRequest, Damage, Fault, Mischief, Op, Plan, ReleaseStep, Schedule, Stage,
    Step, SystemMessage, Way,
};
use crate::scenario::{ChildRef, Kind, Request};

/// Where a text stops being a plan, and why.
///
/// ```
/// use upheaval::plan::Plan;
///
/// let error = "scenario default\nseed 0x7\n1. upgarde counter 2".parse::<Plan>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "line 3, column 4: expected an op, found `upgarde`; did you mean `upgrade`?"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct PlanError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong there, and what to do about it.
    pub message: String,
}

/// Reads what [`Plan`]'s `Display` writes, and what people make of it.
///
/// Blank lines, and lines that start with `#` or `%`, may stand anywhere. The
/// numbers before the ops may be left out and may have gaps, but go up.
///
/// ```
/// use upheaval::plan::{Op, Plan};
///
/// let plan: Plan = "
///     scenario default
///     seed 0x7
///
///     % the balance was gone after this one
///     upgrade counter 2 | 3 steps, seed 0x1
///     kill counter
/// ".parse()?;
/// assert_eq!(plan.seed, 7);
/// assert_eq!(plan.steps[0].steps, 3);
/// assert_eq!(plan.steps[1].op, Op::Kill { process: "counter".into() });
/// # Ok::<(), upheaval::plan::PlanError>(())
/// ```
impl FromStr for Plan {
    type Err = PlanError;

    fn from_str(text: &str) -> Result<Plan, PlanError> {
        let mut lines = Line::all(text).filter(|line| !line.is_empty());
        let mut head = |keyword| loop {
            match lines.next() {
                Some(line) if line.is_comment() => check_format(line)?,
                Some(mut line) => {
                    line.keyword(keyword)?;
                    return Ok(line);
                }
                None => {
                    let what = format!("expected `{keyword}`, found the end of the plan");
                    return Line::end_of(text).fail(what);
                }
            }
        };
        let mut line = head("scenario <name>")?;
        let scenario = line.name("the name of a scenario")?;
        line.end()?;
        let mut line = head("seed <number>")?;
        let seed = line.hex("a seed")?;
        line.end()?;
        let mut lines = lines.filter(|line| !line.is_comment()).peekable();
        let schedule = match lines.next_if(|line| line.word() == "schedule") {
            Some(line) => schedule(line)?,
            None => Schedule::default(),
        };
        let mut last = 0;
        let steps = lines
            .map(|mut line| {
                number(&mut line, &mut last)?;
                step(&mut line)
            })
            .collect::<Result<_, _>>()?;
        Ok(Plan {
            scenario,
            seed,
            schedule,
            steps,
        })
    }
}

/// The line that says who goes next.
fn schedule(mut line: Line<'_>) -> Result<Schedule, PlanError> {
    line.keyword("schedule <how>")?;
    let schedule = match line.word() {
        "random" => {
            line.take("random");
            Schedule::Random
        }
        "pct" => {
            line.take("pct");
            let depth = line.decimal("a depth")?;
            line.keyword("over <ops>")?;
            let over = line.decimal("a number of ops")?;
            Schedule::Pct { depth, over }
        }
        _ => return line.unknown("a schedule", &["random", "pct"]),
    };
    line.end()?;
    Ok(schedule)
}

/// A comment at the head of a plan may say which form its text has.
fn check_format(mut line: Line<'_>) -> Result<(), PlanError> {
    if line.take("#") && line.take(FORMAT_LINE) {
        let found = line.word();
        if found != FORMAT.to_string() {
            return line.fail(format!(
                "the plan has format {found}, this build reads format {FORMAT}; \
                 replay it with the build that wrote it"
            ));
        }
    }
    Ok(())
}

/// The number before a step, where there is one.
fn number(line: &mut Line<'_>, last: &mut u64) -> Result<(), PlanError> {
    if !line.word().starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    let place = line.clone();
    let number: u64 = line.decimal("the number of a step")?;
    if number <= *last {
        return place.fail(format!(
            "step {number} stands after step {last}; numbers go up, or are left out"
        ));
    }
    *last = number;
    line.symbol(".")
}

fn step(line: &mut Line<'_>) -> Result<Step, PlanError> {
    let op = op(line)?;
    let (mut steps, mut seed) = (0, 0);
    if line.take("|") {
        let counted = line.word().starts_with(|c: char| c.is_ascii_digit());
        if counted {
            steps = line.decimal("a count of steps")?;
            line.keyword(if line.word() == "step" {
                "step"
            } else {
                "steps"
            })?;
        }
        if !counted || line.take(",") {
            line.keyword("seed <number>")?;
            seed = line.hex("a seed")?;
        }
    }
    line.end()?;
    Ok(Step { op, steps, seed })
}

fn op(line: &mut Line<'_>) -> Result<Op, PlanError> {
    let place = line.clone();
    let word = line.word();
    line.take(word);
    let module = |line: &mut Line<'_>| line.name("the name of a module");
    let process = |line: &mut Line<'_>| line.name("the name of a process");
    if let Some(way) = Way::ALL.into_iter().find(|way| way.name() == word) {
        return move_of(way, line);
    }
    Ok(match word {
        "client" => Op::Request {
            client: line.decimal("the number of a client")?,
            request: request(line)?,
        },
        "purge" => Op::Purge {
            module: module(line)?,
        },
        "soft_purge" => Op::SoftPurge {
            module: module(line)?,
        },
        "delete" => Op::Delete {
            module: module(line)?,
        },
        "stick" => Op::Stick {
            module: module(line)?,
        },
        "unstick" => Op::Unstick {
            module: module(line)?,
        },
        "suspend" | "resume" | "get_state" | "replace_state" | "get_status" | "change_code"
        | "terminate" | "system" => {
            let process = process(line)?;
            Op::System {
                process,
                message: system_message(word, line)?,
                within: within(line)?,
            }
        }
        "exit" => Op::Exit {
            process: process(line)?,
            reason: line.term_of("a reason")?,
        },
        "kill" => kill(process(line)?, line)?,
        "crash" => Op::Crash {
            process: process(line)?,
        },
        "freeze" => Op::Freeze {
            process: process(line)?,
        },
        "thaw" => Op::Thaw {
            process: process(line)?,
        },
        "start" => Op::Start {
            process: process(line)?,
        },
        "start_child" | "terminate_child" | "restart_child" | "delete_child" | "get_childspec" => {
            Op::Child {
                supervisor: line.name("the name of a supervisor")?,
                request: child_request(word, line)?,
            }
        }
        "advance" => {
            let ms = line.decimal("a number of milliseconds")?;
            line.keyword("ms")?;
            Op::Advance { ms }
        }
        _ => match of_release_handler(word, line)? {
            Some(op) if line.take(",") => Op::FaultyRelease {
                of: Box::new(op),
                fault: fault(line)?,
            },
            Some(op) => op,
            None => return place.unknown("an op", &OPS),
        },
    })
}

/// What stands behind the word of an op that moves a module.
fn move_of(way: Way, line: &mut Line<'_>) -> Result<Op, PlanError> {
    let module = line.name("the name of a module")?;
    let vsn = line.name("a version")?;
    if line.take(",") {
        let fault = fault(line)?;
        return Ok(Op::Faulty {
            way,
            module,
            vsn,
            fault,
        });
    }
    Ok(match way {
        Way::Load => Op::Load { module, vsn },
        Way::LoadBinary => Op::LoadBinary { module, vsn },
        Way::Reload => Op::Reload { module, vsn },
        Way::Upgrade => Op::Upgrade { module, vsn },
    })
}

/// What goes wrong in an op.
fn fault(line: &mut Line<'_>) -> Result<Fault, PlanError> {
    let place = line.clone();
    let word = line.word();
    line.take(word);
    if let Some(damage) = Damage::ALL.into_iter().find(|d| d.name() == word) {
        if line.is_empty() || line.word() == "|" {
            return Ok(Fault::Artifact(damage));
        }
        let module = line.name("the name of a module")?;
        return Ok(Fault::ArtifactOf { damage, module });
    }
    let Some(what) = Mischief::ALL.into_iter().find(|m| m.name() == word) else {
        let known = Damage::ALL.map(Damage::name).into_iter();
        let known: Vec<&str> = known.chain(Mischief::ALL.map(Mischief::name)).collect();
        return place.unknown("what goes wrong", &known);
    };
    let process = line.name("the name of a process")?;
    line.keyword("once <stage>")?;
    let place = line.clone();
    let word = line.word();
    line.take(word);
    let Some(once) = Stage::ALL.into_iter().find(|s| s.name() == word) else {
        return place.unknown("a stage of an upgrade", &Stage::ALL.map(Stage::name));
    };
    Ok(Fault::Meanwhile {
        what,
        process,
        once,
    })
}

/// One kill, or so many.
fn kill(process: String, line: &mut Line<'_>) -> Result<Op, PlanError> {
    if !line.word().starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Op::Kill { process });
    }
    let place = line.clone();
    let kills = line.decimal("a number of kills")?;
    line.keyword("times")?;
    if kills == 0 {
        return place.fail("nobody is killed 0 times; leave the op out".into());
    }
    Ok(Op::Storm { process, kills })
}

/// What stands behind a function of the release handler; nothing where it is none.
fn of_release_handler(word: &str, line: &mut Line<'_>) -> Result<Option<Op>, PlanError> {
    if let Some(step) = ReleaseStep::ALL
        .into_iter()
        .find(|step| step.name() == word)
    {
        let vsn = line.name("a version")?;
        return Ok(Some(Op::Release { step, vsn }));
    }
    let mut steps = ApplicationStep::ALL.into_iter();
    let Some(step) = steps.find(|step| step.name() == word) else {
        return Ok(None);
    };
    Ok(Some(Op::Application {
        step,
        application: line.name("the name of an application")?,
        vsn: line.name("a version")?,
    }))
}

/// What stands behind the name of the process that a system message goes to.
fn system_message(word: &str, line: &mut Line<'_>) -> Result<SystemMessage, PlanError> {
    Ok(match word {
        "suspend" => SystemMessage::Suspend,
        "resume" => SystemMessage::Resume,
        "get_state" => SystemMessage::GetState,
        "get_status" => SystemMessage::GetStatus,
        "replace_state" if line.word() == "raising" => {
            line.keyword("raising")?;
            SystemMessage::FailToReplace(line.term_of("an error")?)
        }
        "replace_state" => {
            line.keyword("with <state>")?;
            SystemMessage::ReplaceState(line.term_of("a state")?)
        }
        "change_code" => {
            let down = line.word() == "down";
            if down {
                line.keyword("down")?;
            }
            let vsn = line.name("a version")?;
            SystemMessage::ChangeCode { vsn, down }
        }
        "terminate" => SystemMessage::Terminate(line.term_of("a reason")?),
        _ => SystemMessage::Other(line.term_of("a system message")?),
    })
}

/// What stands behind the name of a supervisor.
fn child_request(word: &str, line: &mut Line<'_>) -> Result<ChildRequest, PlanError> {
    let id = |line: &mut Line<'_>| line.term_of("the id of a child");
    Ok(match word {
        "start_child" => ChildRequest::Start(line.term_of("a child spec or a list of arguments")?),
        "terminate_child" => ChildRequest::Terminate(child(line)?),
        "restart_child" => ChildRequest::Restart(id(line)?),
        "delete_child" => ChildRequest::Delete(id(line)?),
        _ => ChildRequest::GetSpec(child(line)?),
    })
}

/// A child by its id, or as `whereis(name)` by its pid.
fn child(line: &mut Line<'_>) -> Result<ChildRef, PlanError> {
    let mut by_name = line.clone();
    if by_name.take("whereis") && by_name.take("(") {
        let name = by_name.name("the name of a process")?;
        by_name.symbol(")")?;
        *line = by_name;
        return Ok(ChildRef::Whereis(name));
    }
    let id = line.term_of("the id of a child, or whereis(name)")?;
    Ok(ChildRef::Id(id))
}

/// How long is waited for an answer, where that is said.
fn within(line: &mut Line<'_>) -> Result<Option<u32>, PlanError> {
    if line.word() != "within" {
        return Ok(None);
    }
    line.keyword("within")?;
    let ms = line.decimal("a number of milliseconds")?;
    line.keyword("ms")?;
    Ok(Some(ms))
}

fn request(line: &mut Line<'_>) -> Result<Request, PlanError> {
    let place = line.clone();
    let verb = line.word();
    line.take(verb);
    Ok(Request {
        kind: match verb {
            "calls" => Kind::Call,
            "casts" => Kind::Cast,
            "sends" => Kind::Send,
            "notifies" => Kind::Notify,
            "manages" => Kind::Manage,
            "asks" => Kind::Ask,
            _ => return place.unknown("what the client does", &VERBS),
        },
        to: line.name("the name of a process")?,
        payload: line.term_of("what is asked")?,
        within: within(line)?,
    })
}

impl Line<'_> {
    /// The error that a word is none of those that may stand here.
    fn unknown<T>(&self, what: &str, known: &[&str]) -> Result<T, PlanError> {
        let remedy = match nearest(self.word(), known.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("it is one of {}", known.join(", ")),
        };
        self.fail(format!("expected {what}, found {}; {remedy}", self.found()))
    }
}

#[cfg(test)]
mod tests;
