//! What a comparison of fixed seeds gives, kept under `snapshots/`.

use insta::{Settings, assert_snapshot};
use upheaval_node::Flaw;

use crate::conformance::both;
use crate::needs_erlang;

fn in_snapshots(body: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(body);
}

#[test]
fn the_conformance_of_fixed_seeds() {
    needs_erlang!();
    let found = match both().run(8, 42, 24, |_| ()) {
        Ok(found) => found,
        Err(error) => panic!("{error}"),
    };
    let summary = format!(
        "{} plans with {} ops: {} agreed, {} open, {}",
        found.plans,
        found.ops,
        found.agreed,
        found.open.len(),
        match &found.disagreement {
            None => "none differed".to_owned(),
            Some(disagreement) => disagreement.to_string(),
        },
    );
    in_snapshots(|| assert_snapshot!("conformance", summary));
}

#[test]
fn the_shrunk_difference_of_a_node_that_breaks_a_rule() {
    needs_erlang!();
    let found = match both()
        .with_flaw(Flaw::LoadsOverOldCode)
        .run(4, 42, 24, |_| ())
    {
        Ok(found) => found,
        Err(error) => panic!("{error}"),
    };
    match found.disagreement {
        Some(disagreement) => {
            in_snapshots(|| assert_snapshot!("broken_rule", disagreement.to_string()));
        }
        None => panic!("nobody noticed: {found:?}"),
    }
}
