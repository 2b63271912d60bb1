//! What a node that others use must not have yet: it would be replaced, or killed.

use std::time::Duration;

use upheaval_beam::{BeamError, Session};

use crate::scenario::Scenario;
use crate::target::TargetError;
use crate::target::ops::name;

/// How long the node may take to look something up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Refuses a node that has a module, or a registered name, of the scenario's.
pub(super) fn refuse(session: &Session, scenario: &Scenario) -> Result<(), TargetError> {
    let mut taken = Vec::new();
    for module in &scenario.modules {
        if let Some(how) = has_module(session, &module.name)? {
            taken.push(format!("module `{}` {how}", module.name));
        }
    }
    for process in names(scenario) {
        let args = vec![name(&process)];
        if !session
            .rpc("erlang", "whereis", args, PATIENCE)?
            .is_atom("undefined")
        {
            taken.push(format!("a process registered as `{process}`"));
        }
    }
    if taken.is_empty() {
        return Ok(());
    }
    Err(TargetError::Taken {
        scenario: scenario.name.clone(),
        node: session.node().into(),
        taken: taken.join(", "),
    })
}

/// How a node has a module, where it does.
fn has_module(session: &Session, module: &str) -> Result<Option<String>, BeamError> {
    let ask = |of, function| session.rpc(of, function, vec![name(module)], PATIENCE);
    if !ask("code", "is_loaded")?.is_atom("false") {
        return Ok(Some("(loaded)".into()));
    }
    if !ask("erlang", "check_old_code")?.is_atom("false") {
        return Ok(Some("(as old code)".into()));
    }
    let file = ask("code", "which")?;
    Ok((!file.is_atom("non_existing")).then(|| format!("(in its code path: {file})")))
}

/// All names that the scenario's processes are registered under.
fn names(scenario: &Scenario) -> Vec<String> {
    let root = scenario.has_supervisor();
    let root = root.then(|| scenario.supervision.name.clone());
    let clients = (1..=scenario.clients).map(|number| format!("client_{number}"));
    root.into_iter()
        .chain(scenario.names().map(String::from))
        .chain(clients)
        .collect()
}
