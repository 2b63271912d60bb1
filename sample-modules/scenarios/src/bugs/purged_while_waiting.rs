//! Who waits for a server that an upgrade suspends is killed by its purge.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::{number, released};
use super::system::{server, system, two_versions};

/// supavisor#1001: whoever waits inside a callback runs old code (A5), and as the release is
/// made permanent what is to be purged brutally is (C14).
pub(super) fn bug() -> Bug {
    Bug {
        name: "purged_while_waiting",
        number: 20,
        threads: &["supavisor#1001"],
        scenario: scenario("bug_purged_while_waiting", "brutal_purge"),
        twin: scenario("twin_purged_while_waiting", "soft_purge"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, purge: &str) -> Scenario {
    let bank = Module::new("bank", Switch::Load);
    let payer = Module::new("payer", Switch::Load);
    let files = ["payer_v1", "payer_v2"];
    let payers = ["payer_1", "payer_2"];
    let scenario = system(name, "payers that call a bank from inside their callbacks")
        .module(two_versions(
            bank,
            "purged_while_waiting",
            ["bank_v1", "bank_v2"],
        ))
        .module(two_versions(payer, "purged_while_waiting", files))
        .process(server("bank").supervised(Restart::Permanent));
    let scenario = payers.iter().fold(scenario, |scenario, payer| {
        let process = Process::new(*payer, "payer", Term::atom("none"));
        scenario
            .process(process.supervised(Restart::Permanent))
            .request(RequestSpec::new(1, Kind::Call, *payer, |draw| {
                Term::tuple([Term::atom("pay"), number(draw)])
            }))
    });
    let modules = |vsn| [("bank", vsn), ("payer", vsn)];
    let steps = format!(
        "{{update, bank, soft}},
         {{load_module, payer, {purge}, {purge}, [bank]}}"
    );
    let appup = format!("{{\"2\",\n [{{\"1\", [{steps}]}}],\n [{{\"1\", [{steps}]}}]}}.\n");
    released(scenario, &modules("1"), &modules("2"), &appup)
}
