//! The list of the benchmark.

use upheaval::benchmark::{Beyond, Bug};
use upheaval::scenario::Scenario;

use super::*;

/// All bugs that can be expressed, by their numbers.
pub fn all() -> Vec<Bug> {
    let mut bugs = vec![
        bare_state::bug(),
        no_code_change::bug(),
        load_for_update::bug(),
        list_to_table::bug(),
        local_loop::bug(),
        fun_in_state::bug(),
        fun_stored::bug(),
        fun_in_message::bug(),
        native_state::bug(),
        owned_record::bug(),
        kept_capability::bug(),
        old_request::bug(),
        wrong_modules::bug(),
        asked_as_supervisor::bug(),
        worker_type::bug(),
        stale_supervisor::bug(),
        exits_while_walked::bug(),
        supervisor_first::bug(),
        one_after_the_other::bug(),
        never_started::bug(),
        init_with_side_effect::bug(),
        opened_again::bug(),
        purged_while_waiting::bug(),
        purged_acceptors::bug(),
        loaded_twice::bug(),
        cleaned_too_much::bug(),
        success_too_early::bug(),
    ];
    bugs.sort_by_key(|bug| bug.number);
    bugs
}

/// The scenarios of those that no thread tells of, and of their twins: they show what an
/// invariant is for, and are not in the benchmark.
pub fn untold() -> impl Iterator<Item = Scenario> {
    lost_timer::scenarios().into_iter()
}

/// Those that cannot, by their numbers.
pub fn beyond() -> Vec<Beyond> {
    let mut beyond = vec![
        Beyond {
            name: "purger_hangs",
            number: 25,
            threads: &["erlang/otp#8119", "erlang/otp#8300"],
            why: "it is a bug of OTP's own purger, in no module; the embedded node has another \
                  one, and on real Erlang only the versions that have the bug show it",
        },
        Beyond {
            name: "fun_to_other_version",
            number: 29,
            threads: &["riak_kv#1465", "khepri#238"],
            why: "it takes two nodes that run two versions, and a case has one",
        },
        Beyond {
            name: "record_between_versions",
            number: 40,
            threads: &["riak_control#117"],
            why: "it takes two nodes that run two versions, and a case has one",
        },
        Beyond {
            name: "removed_dependency",
            number: 31,
            threads: &["erlang/otp#4395"],
            why: "no relup can be made, so no release of it ever runs: the harness refuses such a \
                  scenario before the first case, and names the appup's release and the module",
        },
        Beyond {
            name: "path_not_updated",
            number: 36,
            threads: &["relx#503"],
            why: "a tool wrote the relup, or the start of the system, without the paths of a new \
                  application; a scenario has appups, and what systools makes of them always \
                  has them",
        },
        Beyond {
            name: "left_behind",
            number: 42,
            threads: &["deployex#273"],
            why: "it is in a tool that drives the release handler, which keeps a failed release \
                  unpacked and lets it be installed again; here the plan is that tool",
        },
    ];
    beyond.sort_by_key(|beyond| beyond.number);
    beyond
}
