//! The node starts anew.

use crate::node::Node;
use crate::observer::Event;
use crate::process::Activity;
use crate::signal::reason;

impl Node {
    /// `init:restart()`: every process is killed and nobody is left to be told, all
    /// code is forgotten, and what the node itself has is loaded again. The clock goes
    /// on, and so do the numbers of processes and messages; what lies at the modules'
    /// places stays there.
    pub fn restart(&mut self) {
        self.observer.observe(Event::Restarted);
        let killed = reason("killed");
        for place in &mut self.processes {
            if let Some(mut process) = place.take() {
                if !process.runs_on_load() {
                    self.observer.observe(Event::Exited(process.pid, &killed));
                }
                // The stack first: it borrows the state.
                process.activity = Activity::Idle;
            }
        }
        self.ready.clear();
        self.names.clear();
        self.timers.clear();
        self.begun_of_itself.clear();
        self.outside.clear();
        self.loadings.clear();
        self.code.restart();
        self.load_own();
    }
}
