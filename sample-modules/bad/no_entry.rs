//! A shared object that is no module: it lacks the entry function, which
//! `export!` would have made.

/// A function of some other name.
#[unsafe(no_mangle)]
pub extern "C" fn some_other_function() -> u32 {
    1
}
