//! Stopping children (D7).

use std::time::Duration;

use upheaval_module::Context;
use upheaval_module::behaviour::{NamedShutdown, RestartType, Shutdown};
use upheaval_term::{Atom, Pid, Ref, Term};

use super::books::{Child, Held};
use super::instances::Instance;

type Down = (Atom, Ref, Atom, Pid, Term);
type Exit = (Atom, Pid, Term);

/// Stops children from a place on, in the reverse of their start order (D1), and
/// forgets the temporary ones among them (D5).
pub(super) fn stop_all(children: &mut Vec<Child>, from: usize, context: &Context) {
    for place in (from..children.len()).rev() {
        stop(&children[place], context);
        match children[place].restart {
            RestartType::Temporary => drop(children.remove(place)),
            _ => children[place].held = Held::Nobody,
        }
    }
}

/// Ends a child, if it is there, and waits until it is gone.
pub(super) fn stop(child: &Child, context: &Context) {
    if let Some(pid) = child.held.pid() {
        stop_process(pid, child.shutdown, context);
    }
}

pub(super) fn stop_process(pid: &Pid, shutdown: Shutdown, context: &Context) {
    let monitor = context.monitor(pid);
    let is_down = |timeout: Option<u64>| {
        let timeout = timeout.map(Duration::from_millis);
        let down = context.receive_when(timeout, |(tag, of, ..): &Down| {
            tag.as_str() == "DOWN" && *of == monitor
        });
        down.is_some()
    };
    context.exit_signal(pid, &order(shutdown));
    match shutdown {
        Shutdown::After(ms) if !is_down(Some(ms)) => {
            context.exit_signal(pid, &Term::atom("kill"));
            is_down(None);
        }
        Shutdown::After(_) => {}
        Shutdown::Named(_) => {
            is_down(None);
        }
    }
    unlink_and_flush(pid, context);
}

/// Ends all instances of a template at once.
pub(super) fn stop_instances(
    instances: impl Iterator<Item = Instance>,
    shutdown: Shutdown,
    context: &Context,
) {
    let alive = instances.filter(|instance| !instance.restarting);
    let mut left: Vec<(Pid, Ref)> = alive
        .map(|instance| {
            let monitor = context.monitor(&instance.pid);
            context.exit_signal(&instance.pid, &order(shutdown));
            (instance.pid, monitor)
        })
        .collect();
    let mut end = match shutdown {
        Shutdown::After(ms) => Some(context.now() + Duration::from_millis(ms)),
        Shutdown::Named(_) => None,
    };
    while !left.is_empty() {
        let timeout = end.map(|end| end.saturating_sub(context.now()));
        let down = context.receive_when(timeout, |(tag, of, ..): &Down| {
            tag.as_str() == "DOWN" && left.iter().any(|(_, monitor)| monitor == of)
        });
        match down {
            Some((_, of, _, pid, _)) => {
                unlink_and_flush(&pid, context);
                left.retain(|(_, monitor)| *monitor != of);
            }
            None => {
                for (pid, _) in &left {
                    context.exit_signal(pid, &Term::atom("kill"));
                }
                end = None;
            }
        }
    }
}

fn order(shutdown: Shutdown) -> Term {
    match shutdown {
        Shutdown::Named(NamedShutdown::BrutalKill) => Term::atom("kill"),
        _ => Term::atom("shutdown"),
    }
}

/// The exit of what was stopped is not to be taken for that of a child.
fn unlink_and_flush(pid: &Pid, context: &Context) {
    context.unlink(pid);
    context.receive_when(Some(Duration::ZERO), |(tag, from, _): &Exit| {
        tag.as_str() == "EXIT" && from == pid
    });
}
