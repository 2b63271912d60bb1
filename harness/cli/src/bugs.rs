//! `upheaval bugs`.

use std::num::NonZeroUsize;
use std::thread;

use sample_scenarios::bugs;
use upheaval::benchmark::{
    BenchmarkError, Beyond, Budget, Bug, Ground, Nodes, On, Row, measure_all,
};

use crate::args::{BugsArguments, Format, TargetName};
use crate::error::Error;
use crate::{HELD, VIOLATED, output, print, scenarios, worker};

/// How many nodes there are at once for each core on real Erlang: most of the time they
/// wait.
const NODES: usize = 6;

pub(crate) fn bugs(arguments: &BugsArguments) -> Result<u8, Error> {
    let on = match arguments.target {
        TargetName::Embedded => On::Embedded,
        TargetName::Beam => On::Beam,
    };
    let chosen = chosen(&arguments.names, on)?;
    let measured = match on {
        On::Embedded if arguments.erl.is_some() => return Err(Error::NeedsBeam),
        On::Embedded => measure(&chosen, &worker::workers(None)?, arguments),
        On::Beam => {
            let erl = arguments.erl.clone();
            measure(&chosen, &Nodes::of(erl), arguments)
        }
    };
    let (rows, unmeasured): (Vec<_>, Vec<_>) = measured.into_iter().partition(Result::is_ok);
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    // Whoever names bugs has not asked for these.
    let beyond = match arguments.names.is_empty() {
        true => bugs::beyond(),
        false => Vec::new(),
    };
    let elsewhere = chosen.iter().filter(|bug| !bug.targets.contains(&on));
    print::result(&match arguments.format {
        Format::Text => output::bugs::text(
            &rows,
            &elsewhere.collect::<Vec<_>>(),
            &beyond,
            !arguments.names.is_empty(),
        ),
        Format::Json => output::bugs::json(&rows)?,
    })?;
    let mut errors = unmeasured.into_iter().filter_map(Result::err);
    if let Some(first) = errors.next() {
        errors.for_each(|error| print::say(format_args!("error: {error}")));
        return Err(first.into());
    }
    Ok(match rows.iter().all(Row::is_right) {
        true => HELD,
        false => VIOLATED,
    })
}

/// The bugs of these names, all where there are none.
fn chosen(names: &[String], on: On) -> Result<Vec<Bug>, Error> {
    let all = bugs::all();
    if names.is_empty() {
        return Ok(all);
    }
    let mut others = names.iter().enumerate();
    if let Some((_, name)) = others.find(|(at, name)| names[..*at].contains(name)) {
        return Err(Error::Twice {
            what: "bug",
            name: name.clone(),
        });
    }
    let one = |name: &String| match all.iter().find(|bug| bug.name == name) {
        Some(bug) if bug.targets.contains(&on) => Ok(bug.clone()),
        Some(bug) => Err(Error::NotOn {
            name: bug.name,
            on: on.name(),
        }),
        None => Err(unknown(name, &all)),
    };
    names.iter().map(one).collect()
}

fn unknown(name: &str, all: &[Bug]) -> Error {
    let beyond = bugs::beyond();
    match beyond.iter().find(|beyond| beyond.name == name) {
        Some(Beyond { name, why, .. }) => Error::Beyond { name, why },
        None => Error::UnknownBug {
            name: name.into(),
            nearest: scenarios::nearest(name, all.iter().map(|bug| bug.name.to_owned())),
            known: all
                .iter()
                .map(|bug| bug.name)
                .collect::<Vec<_>>()
                .join(", "),
        },
    }
}

fn measure(
    bugs: &[Bug],
    ground: &impl Ground,
    arguments: &BugsArguments,
) -> Vec<Result<Row, BenchmarkError>> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (budget, threads) = match ground.on() {
        On::Embedded => (Budget::EMBEDDED, cores),
        On::Beam => (Budget::BEAM, NODES * cores),
    };
    let budget = Budget {
        seeds: arguments.seeds,
        cases: arguments.cases.unwrap_or(budget.cases),
        twin_cases: arguments.twin_cases.unwrap_or(budget.twin_cases),
    };
    let threads = arguments.threads.map_or(threads, usize::from);
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    measure_all(bugs, ground, budget, threads, |row| {
        print::say(output::bugs::line(row));
    })
}
