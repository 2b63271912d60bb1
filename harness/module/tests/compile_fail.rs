//! What is no module does not compile, and says why.

// Miri runs no compiler.
#![cfg(not(miri))]

#[test]
fn what_is_no_module_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
