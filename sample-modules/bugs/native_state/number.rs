//! A number in memory that comes from the system, as a native library has it.

use std::ffi::{c_int, c_long, c_void};
use std::ptr;

use upheaval_module::prelude::*;

/// A page.
const SIZE: usize = 4096;

/// To be read and written.
const PROTECTION: c_int = 3;

/// Private and anonymous.
const FLAGS: c_int = 0x22;

/// `MAP_FIXED_NOREPLACE`.
const THERE: c_int = 0x10_0000;

unsafe extern "C" {
    fn mmap(
        at: *mut c_void,
        length: usize,
        protection: c_int,
        flags: c_int,
        file: c_int,
        offset: c_long,
    ) -> *mut c_void;

    fn munmap(at: *mut c_void, length: usize) -> c_int;
}

/// A number in memory of its own, which goes with it.
pub(crate) struct Number(pub(crate) *mut i64);

impl Number {
    /// Maps memory for a number at that address; wherever the system likes for 0.
    pub(crate) fn map(address: usize, value: i64) -> Number {
        let there = if address == 0 { 0 } else { THERE };
        let at = ptr::without_provenance_mut(address);
        // SAFETY: it asks for new memory, and to replace none.
        let at = unsafe { mmap(at, SIZE, PROTECTION, FLAGS | there, -1, 0) };
        // `MAP_FAILED`.
        if at.addr() == usize::MAX {
            upheaval_module::error(Term::atom("enomem"));
        }
        let mut number = Number(at.cast());
        number.set(value);
        number
    }

    /// The number.
    pub(crate) fn get(&self) -> i64 {
        // SAFETY: it is mapped as long as this lives, says whoever made this.
        unsafe { self.0.read_volatile() }
    }

    /// Makes it another.
    pub(crate) fn set(&mut self, value: i64) {
        // SAFETY: as for `get`.
        unsafe { self.0.write_volatile(value) }
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // SAFETY: whoever made this has given it away. That it is not mapped any more is
        // no error.
        unsafe { munmap(self.0.cast(), SIZE) };
    }
}
