//! Whole releases: an application moved up and down by its appup.

use upheaval::scenario::{
    Application, ApplicationVersion, Kind, Process, Release, RequestSpec, Restart, Scenario,
    Supervision, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// The appup of version 2: the counter's state is converted, the ledger is loaded. It may
/// wait for the counter in the middle of that, and then lingers in its old code: a brutal
/// purge would kill it as the release is made permanent, or by the next install (C14).
const TO_2: &str = r#"
{"2",
 [{"1", [{update, counter, {advanced, []}},
         {load_module, ledger, soft_purge, soft_purge, []}]}],
 [{"1", [{load_module, ledger, soft_purge, soft_purge, []},
         {update, counter, {advanced, []}}]}]}.
"#;

/// The appup of version 2.1, for which nobody has to stop, whatever he does.
const TO_2_1: &str = r#"
{"2.1",
 [{"2", [{add_module, spare}]}],
 [{"2", [{delete_module, spare}]}]}.
"#;

/// The appup of version 2.2, with which everybody starts anew.
const TO_2_2: &str = r#"
{"2.2",
 [{"2.1", [{restart_application, shop}]}],
 [{"2.1", [{restart_application, shop}]}]}.
"#;

/// The appup of version 3, which can be reached from versions 2 and 2.2 only.
const TO_3: &str = r#"
{"3",
 [{"2", [{update, counter, {advanced, []}, [ledger]},
         {load_module, ledger, soft_purge, soft_purge, []}]},
  {"2.2", [{update, counter, {advanced, []}, [ledger]},
           {load_module, ledger, soft_purge, soft_purge, []},
           {delete_module, spare}]}],
 [{"2", [{update, counter, {advanced, []}, [ledger]},
         {load_module, ledger, soft_purge, soft_purge, []}]},
  {"2.2", [{add_module, spare},
           {update, counter, {advanced, []}, [ledger]},
           {load_module, ledger, soft_purge, soft_purge, []}]}]}.
"#;

/// A `counter` and a `ledger` that calls it, in an application `shop` of five
/// versions. Releases are unpacked, installed up and down, made permanent and removed, and
/// the application is moved alone, in any order, while three clients go on.
pub(crate) fn scenario() -> Scenario {
    let with_spare = [("counter", "2"), ("ledger", "2"), ("spare", "1")];
    let mut scenario = Scenario::new(
        "releases",
        "a release of one application in five versions, moved by the release handler",
    )
    .module(modules::counter())
    .module(modules::ledger())
    .module(modules::plain("spare"))
    .process(Process::new("counter", "counter", Term::Int(0)).supervised(Restart::Permanent))
    .process(
        Process::new("ledger", "ledger", Term::list::<Term>([])).supervised(Restart::Permanent),
    )
    .application(
        Application::new("shop")
            .supervisor("sup")
            .version(ApplicationVersion::new(
                "1",
                [("counter", "1"), ("ledger", "1")],
            ))
            .version(ApplicationVersion::new("2", [("counter", "2"), ("ledger", "2")]).appup(TO_2))
            .version(ApplicationVersion::new("2.1", with_spare).appup(TO_2_1))
            .version(ApplicationVersion::new("2.2", with_spare).appup(TO_2_2))
            .version(ApplicationVersion::new("3", [("counter", "3"), ("ledger", "1")]).appup(TO_3)),
    )
    .release(Release::new("1", [("shop", "1")]))
    .release(Release::new("2", [("shop", "2")]))
    .release(Release::new("2.1", [("shop", "2.1")]))
    .release(Release::new("2.2", [("shop", "2.2")]))
    .release(Release::new("3", [("shop", "3")]))
    .request(RequestSpec::new(6, Kind::Call, "counter", |draw| {
        if draw.below(4) == 0 {
            Term::atom("get")
        } else {
            Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
        }
    }))
    .request(RequestSpec::new(1, Kind::Call, "counter", |_| Term::atom("get")).within(100))
    .request(RequestSpec::new(4, Kind::Call, "ledger", |draw| {
        let account = Term::binary(*draw.pick(&["a", "b", "c"]));
        let amount = Term::Int(1 + draw.below(99));
        Term::tuple([Term::atom("deposit"), account, amount])
    }));
    scenario.clients = 3;
    scenario.supervision = Supervision {
        intensity: 3,
        ..Supervision::default()
    };
    scenario.weights = Weights {
        release: 12,
        application: 3,
        damaged_release: 2,
        suspend: 1,
        resume: 1,
        kill: 1,
        freeze: 1,
        thaw: 2,
        crash: 1,
        illegal: 1,
        ..Weights::NONE
    };
    scenario
}
