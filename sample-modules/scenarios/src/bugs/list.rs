//! The list of the benchmark.

use upheaval::benchmark::{Beyond, Bug};

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
    ];
    bugs.sort_by_key(|bug| bug.number);
    bugs
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
    ];
    beyond.sort_by_key(|beyond| beyond.number);
    beyond
}
