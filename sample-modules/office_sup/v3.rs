//! `office_sup`, version 3: the lamp is no longer wanted, and all live and die
//! together.

use upheaval_module::prelude::*;

struct Office;

impl Supervisor for Office {
    type Args = i64;

    fn init(count: i64) -> SupervisorInit {
        let flags = Flags {
            strategy: Strategy::OneForAll,
            intensity: 4,
            ..Flags::default()
        };
        SupervisorInit::Ok(
            flags,
            vec![
                ChildSpec::worker("desk", "counter", Term::Int(count)),
                ChildSpec::worker("phone", "counter", Term::Int(0)),
            ],
        )
    }
}

export!(supervisor Office, module "office_sup", vsn "3");
