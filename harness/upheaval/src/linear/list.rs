//! The calls and returns that are still to be explained, in order: a list from which an
//! operation is taken, and into which it is put back, at once.

use super::Operation;

/// A place in the list; 0 is before the first and behind the last.
pub(super) type Place = usize;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The ends of the list.
    End,
    /// An operation is called.
    Call(usize),
    /// It returns.
    Return(usize),
}

/// The list.
pub(super) struct List {
    entries: Vec<Entry>,
    next: Vec<Place>,
    before: Vec<Place>,
    /// Where each operation returns.
    returns: Vec<Option<Place>>,
}

impl List {
    /// All calls and returns.
    pub(super) fn of<T>(operations: &[Operation<T>]) -> List {
        let mut entries: Vec<(usize, Entry)> = Vec::with_capacity(2 * operations.len());
        for (index, operation) in operations.iter().enumerate() {
            entries.push((operation.called, Entry::Call(index)));
            entries.extend(operation.returned.map(|at| (at, Entry::Return(index))));
        }
        entries.sort_by_key(|(at, _)| *at);
        let mut returns = vec![None; operations.len()];
        for (place, (_, entry)) in entries.iter().enumerate() {
            if let Entry::Return(index) = entry {
                returns[*index] = Some(place + 1);
            }
        }
        let length = entries.len() + 1;
        List {
            entries: [Entry::End]
                .into_iter()
                .chain(entries.into_iter().map(|(_, entry)| entry))
                .collect(),
            next: (1..=length).map(|place| place % length).collect(),
            before: (0..length)
                .map(|place| (place + length - 1) % length)
                .collect(),
            returns,
        }
    }

    pub(super) fn first(&self) -> Place {
        self.next[0]
    }

    pub(super) fn after(&self, place: Place) -> Place {
        self.next[place]
    }

    pub(super) fn at(&self, place: Place) -> Entry {
        self.entries[place]
    }

    /// Takes out the operation that is called at `place`, with its return.
    pub(super) fn take(&mut self, place: Place, operation: usize) {
        self.unlink(place);
        if let Some(returns) = self.returns[operation] {
            self.unlink(returns);
        }
    }

    /// Puts back what was taken out last.
    pub(super) fn put_back(&mut self, place: Place, operation: usize) {
        if let Some(returns) = self.returns[operation] {
            self.link(returns);
        }
        self.link(place);
    }

    fn unlink(&mut self, place: Place) {
        let (before, next) = (self.before[place], self.next[place]);
        self.next[before] = next;
        self.before[next] = before;
    }

    fn link(&mut self, place: Place) {
        let (before, next) = (self.before[place], self.next[place]);
        self.next[before] = place;
        self.before[next] = place;
    }
}
