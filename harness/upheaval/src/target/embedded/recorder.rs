//! Writes down what a node does.

use std::cell::RefCell;
use std::rc::Rc;

use upheaval_node::{self as node, Observer, Pid, Version};

use crate::history::{Answer, Carrier, Code, Event, History, MessageId, ProcessId};

/// The name of the module that every node has, which no scenario knows.
pub(super) const SUPERVISOR: &str = "supervisor";

/// An observer that appends to a history. The history is shared with whoever
/// runs the plan, which has events of its own to append.
#[derive(Debug)]
pub(super) struct Recorder {
    history: Rc<RefCell<History>>,
    /// The code of each load, by its serial number; names are looked up once.
    codes: Vec<Option<Code>>,
}

impl Recorder {
    pub(super) fn new(history: Rc<RefCell<History>>) -> Recorder {
        Recorder {
            history,
            codes: Vec::new(),
        }
    }
}

impl Observer for Recorder {
    fn observe(&mut self, event: node::Event<'_>) {
        let history = &mut *self.history.borrow_mut();
        let codes = &mut self.codes;
        let event = match event {
            node::Event::Clock(ms) => Event::Clock { ms },
            node::Event::Restarted => Event::Restarted,
            node::Event::Loaded(version) => Event::Loaded {
                code: code(codes, history, version),
            },
            node::Event::Deleted(version) => Event::Deleted {
                code: code(codes, history, version),
            },
            node::Event::Purged(version, killed) => Event::Purged {
                code: code(codes, history, version),
                killed: killed as u32,
            },
            node::Event::Spawned {
                pid,
                parent,
                module,
            } => Event::Spawned {
                process: process(pid),
                parent: parent.map(process),
                module: module.map(|module| history.symbol(module)),
            },
            node::Event::Registered(pid, name) => Event::Registered {
                process: process(pid),
                name: history.symbol(name),
            },
            node::Event::Unregistered(pid, name) => Event::Unregistered {
                process: process(pid),
                name: history.symbol(name),
            },
            node::Event::Entered(_, version) if version.module() == SUPERVISOR => return,
            node::Event::Entered(pid, version) => Event::Entered {
                process: process(pid),
                code: code(codes, history, version),
            },
            node::Event::Unreadable {
                pid,
                from,
                to,
                state,
            } => Event::Unreadable {
                process: process(pid),
                from: code(codes, history, from),
                to: code(codes, history, to),
                state: history.data(state),
            },
            node::Event::Sent {
                message,
                from,
                to,
                carrier,
                data,
            } => Event::Sent {
                message: MessageId(message.0),
                from: process(from),
                to: to.map(process),
                carrier: match carrier {
                    node::Carrier::Call => Carrier::Call,
                    node::Carrier::Cast => Carrier::Cast,
                    node::Carrier::Info => Carrier::Info,
                    node::Carrier::Notify => Carrier::Notify,
                    node::Carrier::Manage => Carrier::Manage,
                    node::Carrier::Ask => Carrier::Ask,
                },
                payload: history.data(data),
            },
            node::Event::Received {
                message,
                pid,
                version,
            } => Event::Received {
                message: MessageId(message.0),
                process: process(pid),
                code: version
                    .filter(|version| version.module() != SUPERVISOR)
                    .map(|version| code(codes, history, version)),
            },
            node::Event::Postponed { message, pid } => Event::Postponed {
                message: MessageId(message.0),
                process: process(pid),
            },
            node::Event::Replied(message) => Event::Replied {
                message: MessageId(message.0),
            },
            node::Event::Answered(message, answer) => Event::Answered {
                message: MessageId(message.0),
                answer: match answer {
                    node::Answer::Reply(data) => Answer::Reply(history.data(data)),
                    node::Answer::Exit(data) => Answer::Exit(history.data(data)),
                    node::Answer::Timeout => Answer::Timeout,
                },
            },
            node::Event::Suspended(pid) => Event::Suspended {
                process: process(pid),
            },
            node::Event::Resumed(pid) => Event::Resumed {
                process: process(pid),
            },
            node::Event::CodeChanged {
                pid,
                module,
                from,
                to,
                before,
                after,
            } => {
                let module = history.symbol(module);
                Event::CodeChanged {
                    process: process(pid),
                    from: Code {
                        module,
                        vsn: history.symbol(from),
                    },
                    to: Code {
                        module,
                        vsn: history.symbol(to),
                    },
                    before: history.data(before),
                    after: after.map(|after| history.data(after)),
                }
            }
            node::Event::Supervises { pid, given, .. } => Event::Supervises {
                process: process(pid),
                given: history.data(given),
            },
            node::Event::Exited(pid, reason) => Event::Exited {
                process: process(pid),
                reason: history.data(reason),
            },
        };
        history.push(event);
    }
}

pub(super) fn process(pid: Pid) -> ProcessId {
    ProcessId(pid.0)
}

fn code(codes: &mut Vec<Option<Code>>, history: &mut History, version: &Version) -> Code {
    let serial = version.serial() as usize;
    if codes.len() <= serial {
        codes.resize(serial + 1, None);
    }
    *codes[serial].get_or_insert_with(|| Code {
        module: history.symbol(version.module()),
        vsn: history.symbol(version.vsn()),
    })
}
