//! The append-only list.

use std::ops::Range;

use upheaval_term::Term;

use super::{Data, Event, ProcessId, Symbol};

/// What happened in one case.
///
/// An event's index is its logical time. Terms are kept as external-format
/// bytes in one buffer, names once in a table, so that recording costs little
/// and two histories can be compared to the byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    events: Vec<Event>,
    /// The indices of those that are no traffic.
    others: Vec<u32>,
    bytes: Vec<u8>,
    names: Vec<String>,
}

impl History {
    /// An empty history.
    pub fn new() -> Self {
        History::default()
    }

    /// Forgets everything but keeps the memory, for the next case.
    pub fn clear(&mut self) {
        self.events.clear();
        self.others.clear();
        self.bytes.clear();
        self.names.clear();
    }

    /// All events so far, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events that are no [traffic](Event::is_traffic), with their indices, in order:
    /// a small part of them all.
    pub fn besides_traffic(&self) -> impl Iterator<Item = (usize, &Event)> {
        self.besides_traffic_in(0..self.events.len())
    }

    /// Those of them that have such indices.
    pub fn besides_traffic_in(&self, at: Range<usize>) -> impl Iterator<Item = (usize, &Event)> {
        let before = |end: usize| self.others.partition_point(|index| (*index as usize) < end);
        let indices = &self.others[before(at.start)..before(at.end.max(at.start))];
        let indices = indices.iter().map(|index| *index as usize);
        indices.map(|index| (index, &self.events[index]))
    }

    /// Appends an event.
    pub fn push(&mut self, event: Event) {
        if !event.is_traffic() {
            self.others.push(self.events.len() as u32);
        }
        self.events.push(event);
    }

    /// Keeps a term, given as external-format bytes.
    pub fn data(&mut self, bytes: &[u8]) -> Data {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        Data {
            start,
            len: bytes.len() as u32,
        }
    }

    /// The symbol of a name, the same for the same name.
    pub fn symbol(&mut self, name: &str) -> Symbol {
        // A case knows a dozen names: looking along the list beats hashing.
        let known = self.names.iter().position(|n| n == name);
        Symbol(known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        }) as u16)
    }

    /// The name of a symbol of this history.
    ///
    /// # Panics
    /// If the symbol is another history's and out of range here.
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[usize::from(symbol.0)]
    }

    /// All names, in the order of their symbols.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A process as a sentence names it: `counter (process 3)`, or `process 3`
    /// where it never took a name.
    pub fn describe(&self, process: ProcessId) -> String {
        let name = self.events.iter().find_map(|event| match event {
            Event::Registered { process: p, name } if *p == process => Some(self.name(*name)),
            _ => None,
        });
        match name {
            Some(name) => format!("{name} (process {})", process.0),
            None => format!("process {}", process.0),
        }
    }

    /// The index of [`Event::Rested`].
    ///
    /// # Errors
    /// Where the run never came to rest, so that what is missing in the history
    /// proves nothing: why, as a lowercase fragment.
    pub fn rest(&self) -> Result<usize, String> {
        for (at, event) in self.events.iter().enumerate().rev() {
            match event {
                Event::Rested => return Ok(at),
                Event::Abandoned { reason } => {
                    let why = self.term(*reason);
                    // What a target has to say for people is in a binary.
                    let said = match why.as_tuple() {
                        Some([_, Term::Binary(said)]) => String::from_utf8(said.clone()).ok(),
                        _ => None,
                    };
                    let why = said.unwrap_or_else(|| why.to_string());
                    return Err(format!("the run was abandoned: {why}"));
                }
                _ => {}
            }
        }
        Err("the run never came to rest".into())
    }

    /// The bytes of a term, in the external format.
    ///
    /// # Panics
    /// If `data` is another history's and out of range here.
    pub fn bytes(&self, data: Data) -> &[u8] {
        &self.bytes[data.start as usize..][..data.len as usize]
    }

    /// The bytes of all terms, one after the other.
    pub(crate) fn all_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A term, decoded.
    ///
    /// # Panics
    /// If the target recorded bytes that are no term, which is a bug in it.
    pub fn term(&self, data: Data) -> Term {
        match upheaval_term::decode(self.bytes(data)) {
            Ok(term) => term,
            Err(error) => panic!("a recorded term does not decode: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::history::Carrier;
    use crate::history::story::Story;

    #[test]
    fn all_but_the_traffic_is_told_with_its_indices() {
        let mut story = Story::new();
        story.op_begins(0).sent(Carrier::Call, 1, 1, 2, "x");
        story.op_ends("ok").received(1, 2).replied(1).rested();
        let history = story.history();
        let told: Vec<usize> = history.besides_traffic().map(|(at, _)| at).collect();
        assert_eq!(told, [0, 2, 5]);
        let told = |range| Vec::from_iter(history.besides_traffic_in(range).map(|(at, _)| at));
        assert_eq!(told(0..2), [0]);
        assert_eq!(told(1..5), [2]);
        assert!(told(3..5).is_empty());
        for (at, event) in history.besides_traffic() {
            assert_eq!(history.events()[at], *event);
        }
    }
}
