//! The new version opens what the old one has open still.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::released;
use super::system::{server, system, two_versions, version};

/// ranch#287: `eaddrinuse`. The port is one of a process of the scenario, since the embedded
/// node has no others; the new stall is started before the old one is closed.
pub(super) fn bug() -> Bug {
    let open = "{apply, {supervisor, restart_child, [stall_sup, stall_2]}}";
    let close = "{apply, {supervisor, terminate_child, [stall_sup, stall_1]}},
         {apply, {supervisor, delete_child, [stall_sup, stall_1]}}";
    Bug {
        name: "opened_again",
        number: 14,
        threads: &["ranch#287"],
        scenario: scenario("bug_opened_again", [open, close]),
        twin: scenario("twin_opened_again", [close, open]),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, [first, second]: [&str; 2]) -> Scenario {
    let of = |name: &str, file: &str| {
        version(Module::new(name, Switch::Load), "opened_again", "1", file)
    };
    let stall_sup = Module::new("stall_sup", Switch::Supervisor);
    let sell = |stall: &str| RequestSpec::new(1, Kind::Call, stall, |_| Term::atom("sell"));
    let scenario = system(name, "a stall takes the place of another, and its port")
        .module(of("ports", "ports_v1"))
        .module(of("stall", "stall_v1"))
        .module(two_versions(
            stall_sup,
            "opened_again",
            ["stall_sup_v1", "stall_sup_v2"],
        ))
        .process(server("ports").supervised(Restart::Permanent))
        .process(server("stall_sup").supervised(Restart::Permanent))
        .other("stall_1")
        .other("stall_2")
        .request(sell("stall_1"))
        .request(sell("stall_2"));
    let modules = |sup| [("ports", "1"), ("stall", "1"), ("stall_sup", sup)];
    let appup = format!(
        r#"
{{"2",
 [{{"1", [{{update, stall_sup, supervisor}},
         {first},
         {second}]}}],
 [{{"1", [{{update, stall_sup, supervisor}},
         {{apply, {{supervisor, terminate_child, [stall_sup, stall_2]}}}},
         {{apply, {{supervisor, delete_child, [stall_sup, stall_2]}}}},
         {{apply, {{supervisor, restart_child, [stall_sup, stall_1]}}}}]}}]}}.
"#
    );
    released(scenario, &modules("1"), &modules("2"), &appup)
}
