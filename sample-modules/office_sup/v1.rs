//! `office_sup`, version 1: a supervisor's callback module. A desk, and a lamp that
//! depends on it.

use upheaval_module::prelude::*;

struct Office;

impl Supervisor for Office {
    type Args = i64;

    fn init(count: i64) -> SupervisorInit {
        let flags = Flags {
            strategy: Strategy::RestForOne,
            intensity: 3,
            ..Flags::default()
        };
        let lamp = Term::map([(Term::atom("echoed"), Term::Int(0))]);
        SupervisorInit::Ok(
            flags,
            vec![
                ChildSpec::worker("desk", "counter", Term::Int(count)),
                ChildSpec::worker("lamp", "echo_loop", lamp).restart(RestartType::Transient),
            ],
        )
    }
}

export!(supervisor Office, module "office_sup", vsn "1");
