//! A timer that runs is lost as the state is converted.

use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// Version 2 does not know of the timer that version 1 has begun, and begins another one:
/// from then on it beats twice as often. It is told in no thread, so it is none of the
/// benchmark's.
pub(super) fn scenarios() -> [Scenario; 2] {
    [
        scenario("bug_lost_timer", "v2"),
        scenario("twin_lost_timer", "twin_v2"),
    ]
}

fn scenario(name: &str, second: &str) -> Scenario {
    let metronome = Module::new("metronome", Switch::CodeChange);
    system(name, "a metronome whose tempo can be changed")
        .module(two_versions(metronome, "lost_timer", ["v1", second]))
        .process(server("metronome").supervised(Restart::Permanent))
        .request(RequestSpec::new(2, Kind::Call, "metronome", |_| {
            Term::atom("beats")
        }))
        .request(RequestSpec::new(1, Kind::Call, "metronome", |draw| {
            let ms = Term::Int(1000 * (30 + draw.below(60)));
            Term::tuple([Term::atom("tempo"), ms])
        }))
}
