//! Erlang terms for a harness that tests hot code upgrades.
//!
//! Three views of the same values:
//!
//! * [`Term`], the value itself, in Erlang's term order;
//! * the external term format, the bytes Erlang's `term_to_binary/1` writes:
//!   [`encode`] and [`decode`] for terms, [`to_vec`] and [`from_slice`] for any
//!   serde type, straight to and from the bytes;
//! * the text form, one line as `io_lib:format("~0tp", [T])` prints it:
//!   [`Term`]'s `Display` and `FromStr`.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use upheaval_term::{Term, decode, from_slice, to_vec};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! enum Request {
//!     GetAll,
//!     Deposit(String, i64),
//! }
//!
//! let bytes = to_vec(&Request::Deposit("a".into(), 5))?;
//! assert_eq!(decode(&bytes)?.to_string(), r#"{deposit,<<"a">>,5}"#);
//! assert_eq!(from_slice::<Request>(&bytes)?, Request::Deposit("a".into(), 5));
//!
//! let term: Term = "get_all".parse()?;
//! assert_eq!(upheaval_term::from_term::<Request>(&term)?, Request::GetAll);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Serde mapping
//!
//! | Rust | Erlang |
//! |------|--------|
//! | `bool` | `true`, `false` |
//! | integers up to 128 bits | integer |
//! | `f32`, `f64` | float; not finite is an error |
//! | `char` | integer, the code point |
//! | `str`, `String` | binary, UTF-8 |
//! | serde bytes | binary |
//! | `Option` | `None` is `undefined`, `Some(x)` is `x` |
//! | `()` | `ok` |
//! | unit struct | atom, the name in snake case |
//! | newtype struct | what it holds |
//! | sequence | list |
//! | tuple, tuple struct, array | tuple |
//! | map | map |
//! | struct | map with atom keys, in declaration order |
//! | unit variant | atom, the tag |
//! | newtype variant | `{tag, V}` |
//! | tuple variant | `{tag, A, B}` |
//! | struct variant | `{tag, #{..}}` |
//!
//! A tag is the variant's name in snake case as serde's own
//! `rename_all = "snake_case"` would put it; a name that does not start with an
//! upper-case letter is taken as is, so `#[serde(rename = "getAll")]` works.
//! `Err` of `Result` is tagged `error`.
//!
//! Decoding is the inverse and strict: types are not converted, arities must
//! match, unknown fields and variants are errors that say where. Three things
//! serde keeps from this crate:
//!
//! * a *missing* field of type `Option` decodes to `None`, as with any serde
//!   format, because telling it from a `#[serde(default)]` field is not
//!   possible; use [`required`] to insist on it;
//! * what serde buffers (`untagged`, internally tagged and flattened types) is
//!   seen as plain data: an atom is its text, a pid is its printed form, and an
//!   enum within is tagged the way serde's own buffer expects;
//! * a struct with flattened fields is to serde a map of texts: its keys are
//!   binaries.
#![forbid(unsafe_code)]

mod access;
mod atom;
mod bits;
mod codec;
mod etf;
mod fun;
mod ids;
mod order;
mod term;
pub mod text;

pub use atom::{Atom, AtomTooLong};
pub use bits::Bits;
pub use codec::{
    DeError, RawTerm, SerError, from_slice, from_term, required, to_buf, to_term, to_vec,
};
pub use etf::{
    DecodeError, DecodeErrorKind, MAX_DEPTH, decode, decode_prefix, encode, encode_into,
};
pub use fun::{ExternalFun, LocalFun};
pub use ids::{Pid, Ref};
pub use num_bigint::BigInt;
pub use term::Term;
pub use text::ParseError;
