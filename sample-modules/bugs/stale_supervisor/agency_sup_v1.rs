//! `agency_sup`, version 1: the supervisor of an agency, which is a supervisor of its own
//! kind.

use upheaval_module::prelude::*;

struct Agencies;

impl Supervisor for Agencies {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let agency = ChildSpec::supervisor("agency", "agency", Term::List(vec![]));
        SupervisorInit::Ok(flags, vec![agency])
    }
}

export!(supervisor Agencies, module "agency_sup", vsn "1");
