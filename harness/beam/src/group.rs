//! Ending a program together with what it has started.

use std::process::Child;

use rustix::process::{Pid, Signal, kill_process_group};

/// Kills a child that leads a process group of its own, and all that is in it.
pub(crate) fn kill(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // A child that has been waited for is nobody's number any more.
    if let (Ok(None), Some(group)) = (child.try_wait(), group) {
        // It may end just now by itself; then there is nobody to kill.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
}
