//! An upgrade suspends a supervisor, and then looks for its children.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Restart, Scenario, Switch};

use super::released::{count, counter, released, sample};
use super::system::{server, system};

/// edeliver#68: a suspended supervisor cannot be asked (C7), and the install fails.
pub(super) fn bug() -> Bug {
    Bug {
        name: "supervisor_first",
        number: 9,
        threads: &["edeliver#68"],
        scenario: scenario("bug_supervisor_first", ["desk_sup", "counter"]),
        twin: scenario("twin_supervisor_first", ["counter", "desk_sup"]),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, [first, second]: [&str; 2]) -> Scenario {
    let scenario = system(
        name,
        "a supervisor and its child that are upgraded together",
    )
    .module(sample("desk_sup", Switch::Supervisor, 2))
    .module(counter())
    .process(server("desk_sup").supervised(Restart::Permanent))
    .other("desk")
    .request(count(1, "desk"));
    let modules = |vsn| [("desk_sup", vsn), ("counter", vsn)];
    // What systools writes suspends both at once.
    let appup = format!(
        r#"
{{"2",
 [{{"1", [{{load_object_code, {{shop, "2", [desk_sup, counter]}}}},
         point_of_no_return,
         {{suspend, [{first}]}},
         {{suspend, [{second}]}},
         {{load, {{desk_sup, brutal_purge, brutal_purge}}}},
         {{load, {{counter, brutal_purge, brutal_purge}}}},
         {{code_change, [{{desk_sup, []}}, {{counter, []}}]}},
         {{resume, [{second}]}},
         {{resume, [{first}]}}]}}],
 [{{"1", [{{update, counter, {{advanced, []}}}},
         {{update, desk_sup, supervisor}}]}}]}}.
"#
    );
    released(scenario, &modules("1"), &modules("2"), &appup)
}
