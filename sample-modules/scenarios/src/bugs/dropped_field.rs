//! `code_change` drops what version 1 had counted.

use upheaval::scenario::{Kind, Module, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use crate::{models, modules, specs};

/// `code_change` of `counter` version 2 drops the count of version 1.
pub(crate) fn dropped_field() -> Scenario {
    let mut scenario = Scenario::new(
        "bug_dropped_field",
        "a counter whose code_change drops a field: must be found",
    )
    .module(
        Module::new("counter", Switch::CodeChange)
            .version("1", modules::source("counter_v1"))
            .erlang(modules::erlang("counter/v1.erl"))
            .version("2", modules::source("bug_dropped_field_v2"))
            .erlang(modules::erlang("bugs/dropped_field/v2.erl"))
            .model(models::counter())
            .spec(specs::Counter),
    )
    .process(Process::new("counter", "counter", Term::Int(0)).supervised(Restart::Permanent))
    .request(RequestSpec::new(1, Kind::Call, "counter", |draw| {
        Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
    }));
    scenario.clients = 2;
    scenario.supervision.intensity = 3;
    scenario
}
