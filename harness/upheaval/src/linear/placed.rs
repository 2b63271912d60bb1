//! The set of the operations that have their place in the order.

/// A set of operations. They are numbered by when they were called, so that nearly all of
/// them are those below some number: only the rest is kept as bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Placed {
    /// All words before this one are full.
    full: usize,
    /// The words from there on, up to the last that is not empty.
    words: Vec<u64>,
}

impl Placed {
    pub(super) fn none() -> Placed {
        Placed {
            full: 0,
            words: Vec::new(),
        }
    }

    pub(super) fn insert(&mut self, operation: usize) {
        let (word, bit) = (operation / 64, 1 << (operation % 64));
        let place = word - self.full;
        if place >= self.words.len() {
            self.words.resize(place + 1, 0);
        }
        self.words[place] |= bit;
        let full = self.words.iter().take_while(|word| **word == u64::MAX);
        let full = full.count();
        self.words.drain(..full);
        self.full += full;
    }

    pub(super) fn remove(&mut self, operation: usize) {
        let (word, bit) = (operation / 64, 1 << (operation % 64));
        if word < self.full {
            let more = self.full - word;
            self.words.splice(0..0, std::iter::repeat_n(u64::MAX, more));
            self.full = word;
        }
        self.words[word - self.full] &= !bit;
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Placed;

    fn of(operations: &[usize]) -> Placed {
        let mut placed = Placed::none();
        for operation in operations {
            placed.insert(*operation);
        }
        placed
    }

    #[test]
    fn the_same_operations_are_the_same_set_in_whatever_order() {
        let up: Vec<usize> = (0..130).collect();
        let down: Vec<usize> = (0..130).rev().collect();
        assert_eq!(of(&up), of(&down));
        assert_ne!(of(&up), of(&up[1..]));
    }

    #[test]
    fn what_is_removed_leaves_the_set_as_it_was() {
        let all: Vec<usize> = (0..130).collect();
        for operation in [0, 63, 64, 129] {
            let others: Vec<usize> = all.iter().copied().filter(|o| *o != operation).collect();
            let mut placed = of(&all);
            placed.remove(operation);
            assert_eq!(placed, of(&others));
            placed.insert(operation);
            assert_eq!(placed, of(&all));
        }
    }
}
