//! One number for a whole history.

use std::fmt;

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::{Answer, Carrier, Code, Data, Event, Held, History, Moved, ProcessId, Symbol};

/// 128 bits that stand for a history: equal histories have equal digests, on
/// every machine, and others differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u128);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Combines the digests of a run's cases, in case order, into one of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DigestChain(Digest);

impl DigestChain {
    /// A chain without a case.
    pub fn new() -> Self {
        DigestChain::default()
    }

    /// Adds the digest of the next case.
    pub fn push(&mut self, case: Digest) {
        let mut both = [0; 32];
        both[..16].copy_from_slice(&self.0.0.to_le_bytes());
        both[16..].copy_from_slice(&case.0.to_le_bytes());
        self.0 = Digest(xxh3_128(&both));
    }

    /// The digest of all cases so far.
    pub fn digest(&self) -> Digest {
        self.0
    }
}

impl History {
    /// The digest of the events, the names and the bytes.
    pub fn digest(&self) -> Digest {
        let mut hash = Xxh3::new();
        let mut update_len = |len: usize| hash.update(&(len as u64).to_le_bytes());
        update_len(self.events().len());
        update_len(self.names().len());
        update_len(self.all_bytes().len());
        for name in self.names() {
            hash.update(&(name.len() as u64).to_le_bytes());
            hash.update(name.as_bytes());
        }
        hash.update(self.all_bytes());
        // Hashing some kilobytes at once is several times as fast as hashing
        // one record after the other.
        let mut records = [0; 64 * RECORD];
        for events in self.events().chunks(64) {
            for (event, bytes) in events.iter().zip(records.chunks_exact_mut(RECORD)) {
                for (word, bytes) in record(event).iter().zip(bytes.chunks_exact_mut(4)) {
                    bytes.copy_from_slice(&word.to_le_bytes());
                }
            }
            hash.update(&records[..events.len() * RECORD]);
        }
        Digest(hash.digest128())
    }
}

/// The bytes of an event's canonical form: its kind, and up to seven words.
const RECORD: usize = 32;

/// What stands for a value that is not there. No id gets as far as this.
const NONE: u32 = u32::MAX;

/// An event's canonical form. The numbers of the kinds are fixed: recorded
/// digests depend on them.
fn record(event: &Event) -> [u32; RECORD / 4] {
    match *event {
        Event::OpBegins { op } => words(1, [op]),
        Event::OpEnds { result } => words(2, data(result)),
        Event::Clock { ms } => words(3, [ms as u32, (ms >> 32) as u32]),
        Event::Loaded { code } => words(4, [version(code)]),
        Event::Purged { code, killed } => words(5, [version(code), killed]),
        Event::Spawned {
            process,
            parent,
            module,
        } => words(6, [process.0, maybe_process(parent), maybe_symbol(module)]),
        Event::Registered { process, name } => words(7, [process.0, name.0.into()]),
        Event::Unregistered { process, name } => words(32, [process.0, name.0.into()]),
        Event::Entered { process, code } => words(8, [process.0, version(code)]),
        Event::Unreadable {
            process,
            from,
            to,
            state,
        } => {
            let [start, len] = data(state);
            words(9, [process.0, version(from), version(to), start, len])
        }
        Event::Sent {
            message,
            from,
            to,
            carrier,
            payload,
        } => {
            let carrier = match carrier {
                Carrier::Call => 1,
                Carrier::Cast => 2,
                Carrier::Info => 3,
                Carrier::Ask => 4,
                Carrier::Notify => 5,
                Carrier::Manage => 6,
            };
            let [start, len] = data(payload);
            let to = maybe_process(to);
            words(10, [message.0, from.0, to, carrier, start, len])
        }
        Event::Received {
            message,
            process,
            code,
        } => words(11, [message.0, process.0, maybe_version(code)]),
        Event::Replied { message } => words(12, [message.0]),
        Event::Answered { message, answer } => {
            let (kind, [start, len]) = match answer {
                Answer::Reply(reply) => (1, data(reply)),
                Answer::Exit(reason) => (2, data(reason)),
                Answer::Timeout => (3, [NONE, NONE]),
            };
            words(13, [message.0, kind, start, len])
        }
        Event::Suspended { process } => words(14, [process.0]),
        Event::Resumed { process } => words(15, [process.0]),
        Event::CodeChanged {
            process,
            from,
            to,
            before,
            after,
        } => {
            let ([start, len], [to_start, to_len]) = (data(before), maybe_data(after));
            let (from, to) = (version(from), version(to));
            words(16, [process.0, from, to, start, len, to_start, to_len])
        }
        Event::Exited { process, reason } => {
            let [start, len] = data(reason);
            words(17, [process.0, start, len])
        }
        Event::Rested => words(18, []),
        Event::Final {
            process,
            code,
            state,
            queued,
            name,
        } => {
            let [start, len] = maybe_data(state);
            let (code, name) = (maybe_version(code), maybe_symbol(name));
            words(19, [process.0, code, start, len, queued, name])
        }
        Event::Twice { process, held, of } => {
            let held = match held {
                Held::Timer => 1,
                Held::Monitor => 2,
            };
            let [start, len] = data(of);
            words(33, [process.0, held, start, len])
        }
        Event::Abandoned { reason } => words(20, data(reason)),
        Event::Deleted { code } => words(22, [version(code)]),
        Event::Interfered { process } => words(21, [process.0]),
        Event::Postponed { message, process } => words(23, [message.0, process.0]),
        Event::Supervises { process, given } => {
            let [start, len] = data(given);
            words(24, [process.0, start, len])
        }
        Event::Restarted => words(25, []),
        Event::Misled => words(26, []),
        Event::Upgrades { moved, name, vsn } => {
            let moved = match moved {
                Moved::Module => 1,
                Moved::Application => 2,
                Moved::Release => 3,
                Moved::Nothing => 4,
            };
            words(30, [moved, name.0.into(), vsn.0.into()])
        }
        Event::Fault { process } => words(31, [maybe_process(process)]),
        Event::Damaged { code, instead } => words(32, [version(code), maybe_version(instead)]),
        Event::Frozen { process } => words(27, [process.0]),
        Event::Thawed { process } => words(28, [process.0]),
    }
}

/// A record of this kind, filled up with zeros.
fn words<const N: usize>(kind: u32, fields: [u32; N]) -> [u32; RECORD / 4] {
    let mut words = [0; RECORD / 4];
    words[0] = kind;
    words[1..=N].copy_from_slice(&fields);
    words
}

fn data(data: Data) -> [u32; 2] {
    [data.start, data.len]
}

fn maybe_data(maybe: Option<Data>) -> [u32; 2] {
    maybe.map_or([NONE, NONE], data)
}

fn version(code: Code) -> u32 {
    u32::from(code.module.0) | u32::from(code.vsn.0) << 16
}

fn maybe_version(maybe: Option<Code>) -> u32 {
    maybe.map_or(NONE, version)
}

fn maybe_process(maybe: Option<ProcessId>) -> u32 {
    maybe.map_or(NONE, |process| process.0)
}

fn maybe_symbol(maybe: Option<Symbol>) -> u32 {
    maybe.map_or(NONE, |symbol| symbol.0.into())
}

#[cfg(test)]
mod tests;
