//! `office_sup`, version 2: the lamp comes first and is needed always, a phone is new,
//! and the supervisor bears more.

use upheaval_module::prelude::*;

struct Office;

impl Supervisor for Office {
    type Args = i64;

    fn init(count: i64) -> SupervisorInit {
        let flags = Flags {
            strategy: Strategy::RestForOne,
            intensity: 4,
            ..Flags::default()
        };
        let lamp = Term::map([(Term::atom("echoed"), Term::Int(0))]);
        SupervisorInit::Ok(
            flags,
            vec![
                ChildSpec::worker("lamp", "echo_loop", lamp),
                ChildSpec::worker("desk", "counter", Term::Int(count))
                    .shutdown(Shutdown::BRUTAL_KILL),
                ChildSpec::worker("phone", "counter", Term::Int(0)).restart(RestartType::Temporary),
            ],
        )
    }
}

export!(supervisor Office, module "office_sup", vsn "2");
