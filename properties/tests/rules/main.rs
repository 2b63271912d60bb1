//! OTP's rules, one test a rule, on both targets from the same text. The rules
//! themselves stand in `docs/otp-rules.md`.

mod applications;
mod appups;
mod behaviours;
mod code;
mod faults;
mod leaks;
mod releases;
mod shutdown;
mod signals;
mod significant;
mod supervisors;
mod sys;
mod trees;
