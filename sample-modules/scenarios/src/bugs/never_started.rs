//! A supervisor has another child in its new version, which nobody starts.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::{released, sample};
use super::system::{server, system};

/// erlang/otp#3444, rebar3_appup_plugin#55: an upgrade of a supervisor starts nobody (B13),
/// so the appup has to.
pub(super) fn bug() -> Bug {
    let start = "{apply, {supervisor, restart_child, [listener_sup, acceptor_3]}}";
    Bug {
        name: "never_started",
        number: 11,
        threads: &["erlang/otp#3444", "rebar3_appup_plugin#55"],
        scenario: scenario("bug_never_started", ""),
        twin: scenario("twin_never_started", &format!(",\n         {start}")),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, then: &str) -> Scenario {
    let ask = |acceptor: &str| {
        RequestSpec::new(1, Kind::Ask, acceptor, |draw| {
            Term::binary(*draw.pick(&["a", "b", "c"]))
        })
    };
    let scenario = system(
        name,
        "a listener that has one more acceptor in its new version",
    )
    .module(sample("connections", Switch::CodeChange, 1))
    .module(sample("acceptor", Switch::Load, 1))
    .module(sample("listener_sup", Switch::Supervisor, 2))
    .process(server("connections").supervised(Restart::Permanent))
    .process(server("listener_sup").supervised(Restart::Permanent))
    .other("acceptor_1")
    .other("acceptor_2")
    .other("acceptor_3")
    .request(ask("acceptor_1"))
    .request(ask("acceptor_2"));
    let modules = |sup| {
        [
            ("connections", "1"),
            ("acceptor", "1"),
            ("listener_sup", sup),
        ]
    };
    let appup = format!(
        r#"
{{"2",
 [{{"1", [{{update, listener_sup, supervisor}}{then}]}}],
 [{{"1", [{{update, listener_sup, supervisor}},
         {{apply, {{supervisor, terminate_child, [listener_sup, acceptor_3]}}}},
         {{apply, {{supervisor, delete_child, [listener_sup, acceptor_3]}}}}]}}]}}.
"#
    );
    released(scenario, &modules("1"), &modules("2"), &appup)
}
