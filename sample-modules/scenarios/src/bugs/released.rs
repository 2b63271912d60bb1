//! Bugs of supervisors and of releases: what is upgraded is an application.

use upheaval::scenario::{
    Application, ApplicationVersion, Draw, Kind, Module, Process, Release, RequestSpec, Restart,
    Scenario, Switch, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// The appup of who moves a counter, and nothing else.
pub(super) const COUNTER: &str = r#"
{"2",
 [{"1", [{update, counter, {advanced, []}}]}],
 [{"1", [{update, counter, {advanced, []}}]}]}.
"#;

/// Puts what a system has under `sup` into an application `shop` of two versions, with its
/// modules and their versions in each of them, and into a release of each.
pub(super) fn released(
    scenario: Scenario,
    first: &[(&str, &str)],
    second: &[(&str, &str)],
    appup: &str,
) -> Scenario {
    let version =
        |vsn: &str, modules: &[(&str, &str)]| ApplicationVersion::new(vsn, modules.iter().copied());
    let mut scenario = scenario
        .application(
            Application::new("shop")
                .supervisor("sup")
                .version(version("1", first))
                .version(version("2", second).appup(appup)),
        )
        .release(Release::new("1", [("shop", "1")]))
        .release(Release::new("2", [("shop", "2")]));
    scenario.sizes.requests = 60;
    scenario.sizes.disturbances = 20;
    scenario.weights = Weights {
        release: 20,
        kill: 1,
        ..Weights::NONE
    };
    scenario
}

/// A correct sample module in its versions 1 to `last`.
pub(super) fn sample(name: &str, switch: Switch, last: u32) -> Module {
    (1..=last).fold(Module::new(name, switch), |module, vsn| {
        module
            .version(vsn.to_string(), modules::source(&format!("{name}_v{vsn}")))
            .erlang(modules::erlang(&format!("{name}/v{vsn}.erl")))
    })
}

/// The `counter` that is moved from version 1 to version 2.
pub(super) fn counter() -> Module {
    sample("counter", Switch::CodeChange, 2)
}

/// A counter of that name, at the top of the tree.
pub(super) fn counting(name: &str) -> Process {
    Process::new(name, "counter", Term::Int(0)).supervised(Restart::Permanent)
}

/// Adds to a counter of that name, and asks it.
pub(super) fn count(weight: u32, name: &str) -> RequestSpec {
    RequestSpec::new(weight, Kind::Call, name, |draw| match draw.below(4) {
        0 => Term::atom("get"),
        _ => Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))]),
    })
}

/// Some small number.
pub(super) fn number(draw: &mut Draw<'_>) -> Term {
    Term::Int(1 + draw.below(9))
}
