//! Process identifiers and references.

use std::cmp::Ordering;

use crate::Atom;

/// A process identifier.
///
/// Prints as `<0.id.serial>` on the local node and as `<node.id.serial>`
/// elsewhere, with `/creation` before the `>` when the creation is not 0.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pid {
    /// The node the process runs on.
    pub node: Atom,
    /// The process's number.
    pub id: u32,
    /// How often the numbers have wrapped around.
    pub serial: u32,
    /// Which incarnation of the node; 0 when the node is not distributed.
    pub creation: u32,
}

impl Pid {
    /// A process of the local node, `nonode@nohost`.
    ///
    /// ```
    /// assert_eq!(upheaval_term::Pid::local(12, 0).to_string(), "<0.12.0>");
    /// ```
    #[must_use]
    pub const fn local(id: u32, serial: u32) -> Pid {
        Pid {
            node: Atom::LOCAL_NODE,
            id,
            serial,
            creation: 0,
        }
    }
}

/// As Erlang orders pids: by age on their node first, then by node.
impl Ord for Pid {
    fn cmp(&self, other: &Pid) -> Ordering {
        (self.serial, self.id)
            .cmp(&(other.serial, other.id))
            .then_with(|| self.node.cmp(&other.node))
            .then_with(|| self.creation.cmp(&other.creation))
    }
}

impl PartialOrd for Pid {
    fn partial_cmp(&self, other: &Pid) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A reference, as `make_ref/0` makes.
///
/// Prints as `#Ref<0.c.b.a>`, the identifying words last to first, with the
/// node's name in place of the 0 when it is not the local node and with
/// `/creation` before the `>` when the creation is not 0.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Ref {
    /// The node that made the reference.
    pub node: Atom,
    /// Which incarnation of the node; 0 when the node is not distributed.
    pub creation: u32,
    ids: [u32; Ref::MAX_IDS],
    len: u8,
}

impl Ref {
    /// The most words a reference has.
    pub const MAX_IDS: usize = 5;

    /// A reference of identifying words, least significant first. `None` if
    /// there are none or more than [`Ref::MAX_IDS`].
    #[must_use]
    pub fn new(node: Atom, creation: u32, ids: &[u32]) -> Option<Ref> {
        if ids.is_empty() || ids.len() > Ref::MAX_IDS {
            return None;
        }
        // Words past the length stay 0, so that equality may compare them.
        let mut words = [0; Ref::MAX_IDS];
        words[..ids.len()].copy_from_slice(ids);
        Some(Ref {
            node,
            creation,
            ids: words,
            len: ids.len() as u8,
        })
    }

    /// The local node's reference number `n`; different numbers give different
    /// references.
    ///
    /// ```
    /// assert_eq!(upheaval_term::Ref::local(7).to_string(), "#Ref<0.0.0.7>");
    /// ```
    #[must_use]
    pub const fn local(n: u64) -> Ref {
        // Erlang only reads back a first word of at most 18 bits.
        let words = [
            (n & 0x3_FFFF) as u32,
            (n >> 18) as u32,
            (n >> 50) as u32,
            0,
            0,
        ];
        Ref {
            node: Atom::LOCAL_NODE,
            creation: 0,
            ids: words,
            len: 3,
        }
    }

    /// The identifying words, least significant first.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids[..usize::from(self.len)]
    }
}

impl Ord for Ref {
    fn cmp(&self, other: &Ref) -> Ordering {
        let significant_first = |r: &Ref| {
            let mut ids = r.ids;
            ids.reverse();
            ids
        };
        self.node
            .cmp(&other.node)
            .then_with(|| self.creation.cmp(&other.creation))
            .then_with(|| significant_first(self).cmp(&significant_first(other)))
            .then_with(|| self.len.cmp(&other.len))
    }
}

impl PartialOrd for Ref {
    fn partial_cmp(&self, other: &Ref) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_one_to_five_words() {
        assert!(Ref::new(Atom::LOCAL_NODE, 0, &[]).is_none());
        assert!(Ref::new(Atom::LOCAL_NODE, 0, &[0; 6]).is_none());
        let five = Ref::new(Atom::LOCAL_NODE, 0, &[1, 2, 3, 4, 5]).unwrap();
        assert_eq!(five.ids(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn local_references_keep_every_bit_of_their_number() {
        assert_eq!(Ref::local(u64::MAX).ids(), [0x3_FFFF, u32::MAX, 0x3FFF]);
        assert_eq!(Ref::local(1 << 18).ids(), [0, 1, 0]);
    }

    #[test]
    fn later_local_references_are_greater() {
        assert!(Ref::local(0x3_FFFF) < Ref::local(0x4_0000));
    }

    #[test]
    fn pids_are_ordered_by_serial_then_number_then_node() {
        let elsewhere = Pid {
            node: Atom::from_static("a@b"),
            ..Pid::local(2, 0)
        };
        assert!(Pid::local(9, 0) < Pid::local(1, 1));
        assert!(Pid::local(1, 0) < elsewhere);
        assert!(elsewhere < Pid::local(2, 0));
    }
}
