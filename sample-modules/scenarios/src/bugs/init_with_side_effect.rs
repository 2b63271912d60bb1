//! `init` of a supervisor's callback module does something that can be done once.

use std::path::PathBuf;

use upheaval::benchmark::{Bug, On};
use upheaval::scenario::{Module, Restart, Scenario, Source, Switch};

use super::released::{count, counter, released};
use super::system::{server, system};
use crate::modules;

const SHELF: &str = r#"
{"2",
 [{"1", [{update, shelf_sup, supervisor}]}],
 [{"1", [{update, shelf_sup, supervisor}]}]}.
"#;

/// ranch#168: it makes a table, and is called again as the supervisor is upgraded (B13);
/// that fails, and the install with it.
///
/// On the embedded node `init` of a supervisor has nothing to do anything with: there are no
/// tables, and it is not given the node.
pub(super) fn bug() -> Bug {
    Bug {
        name: "init_with_side_effect",
        number: 13,
        threads: &["ranch#168"],
        scenario: scenario("bug_init_with_side_effect", ["v1", "v2"]),
        twin: scenario("twin_init_with_side_effect", ["twin_v1", "twin_v2"]),
        targets: &[On::Beam],
    }
}

fn scenario(name: &str, [first, second]: [&str; 2]) -> Scenario {
    let file = |file: &str| format!("bugs/init_with_side_effect/{file}");
    let version = |module: Module, vsn: &str, name: &str| {
        // There is none.
        let object = PathBuf::from(file(&format!("{name}.so")));
        module
            .version(vsn, Source::File(object))
            .erlang(modules::erlang(&file(&format!("{name}.erl"))))
    };
    let shelf_sup = version(Module::new("shelf_sup", Switch::Supervisor), "1", first);
    let scenario = system(name, "a supervisor that keeps a table of what is in stock")
        .module(version(shelf_sup, "2", second))
        .module(counter())
        .process(server("shelf_sup").supervised(Restart::Permanent))
        .other("shelf")
        .request(count(1, "shelf"));
    let modules = |sup| [("shelf_sup", sup), ("counter", "1")];
    released(scenario, &modules("1"), &modules("2"), SHELF)
}
