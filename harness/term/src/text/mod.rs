//! The text form of terms: `Display` and `FromStr` of [`Term`](crate::Term).
//!
//! Terms print on one line, as `io_lib:format("~0tp", [T])` does in a node
//! started with `+pc unicode`. Two things differ: the keys of a map are in the
//! order of [`Term`](crate::Term), where Erlang puts all integers before all
//! floats, and the names in a fun are quoted only as other atoms are. Whatever is
//! printed is read back as the same term. Reading takes Erlang's syntax for
//! terms beyond that: white space, `%` comments, `16#ff`, `1_000`, `$a`, escapes
//! and adjacent strings.

mod atom;
mod bitstring;
mod consult;
mod cursor;
mod error;
mod float;
mod identity;
mod number;
mod parse;
mod place;
mod print;
mod quoted;

pub use consult::consult;
pub use error::ParseError;
pub use parse::parse_prefix;
pub use place::{Located, Place, TermAt};
