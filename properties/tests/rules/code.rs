//! A: code versions.

use properties::rule;

#[test]
fn a01_a_module_has_at_most_two_versions() {
    rule(
        "default",
        "load stuck_loop 2
         > result: {module,stuck_loop}
         > code of stuck_loop: 2 is current, and old code
         load stuck_loop 1
         > result: {error,not_purged}
         > code of stuck_loop: 2 is current, and old code
         > no exit of stuck#1",
    );
}
