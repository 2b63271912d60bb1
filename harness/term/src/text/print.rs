//! Terms to text.

use std::fmt::{self, Debug, Display, Formatter};

use super::atom::write_atom;
use super::float::float;
use super::quoted::{is_printable, write_quoted};
use crate::{Atom, Bits, ExternalFun, LocalFun, Pid, RawTerm, Ref, Term};

/// One line, as `io_lib:format("~0tp", [T])` prints it.
impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Int(value) => write!(f, "{value}"),
            Term::Big(value) => write!(f, "{value}"),
            Term::Float(value) => f.write_str(&float(*value)),
            Term::Atom(atom) => write!(f, "{atom}"),
            Term::Binary(bytes) => binary(bytes, f),
            Term::Bits(bits) => write!(f, "{bits}"),
            Term::Tuple(elements) => {
                f.write_str("{")?;
                separated(elements, f)?;
                f.write_str("}")
            }
            Term::List(elements) => list(elements, f),
            Term::Improper(elements, tail) => {
                f.write_str("[")?;
                separated(elements, f)?;
                write!(f, "|{tail}]")
            }
            Term::Map(map) => {
                f.write_str("#{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{key} => {value}")?;
                }
                f.write_str("}")
            }
            Term::Pid(pid) => write!(f, "{pid}"),
            Term::Ref(reference) => write!(f, "{reference}"),
            Term::Fun(fun) => write!(f, "{fun}"),
            Term::LocalFun(fun) => write!(f, "{fun}"),
        }
    }
}

fn separated<T: Display>(items: impl IntoIterator<Item = T>, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

/// A string if all elements are printable characters.
fn list(elements: &[Term], f: &mut Formatter<'_>) -> fmt::Result {
    let letter = |element: &Term| {
        let code = u32::try_from(element.as_int()?).ok()?;
        char::from_u32(code).filter(|letter| is_printable(*letter))
    };
    if !elements.is_empty() && elements.iter().all(|element| letter(element).is_some()) {
        return write_quoted(elements.iter().filter_map(letter), '"', f);
    }
    f.write_str("[")?;
    separated(elements, f)?;
    f.write_str("]")
}

/// Text if it is printable UTF-8, or printable Latin-1 that is not UTF-8.
fn binary(bytes: &[u8], f: &mut Formatter<'_>) -> fmt::Result {
    let latin1 = || bytes.iter().copied().map(char::from);
    f.write_str("<<")?;
    match std::str::from_utf8(bytes) {
        Ok("") => {}
        Ok(text) if text.chars().all(is_printable) => {
            write_quoted(text.chars(), '"', f)?;
            if !text.is_ascii() {
                f.write_str("/utf8")?;
            }
        }
        Err(_) if latin1().all(is_printable) => write_quoted(latin1(), '"', f)?,
        _ => separated(bytes, f)?,
    }
    f.write_str(">>")
}

impl Display for Bits {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<<")?;
        if let Some((last, whole)) = self.as_bytes().split_last() {
            for byte in whole {
                write!(f, "{byte},")?;
            }
            let used = self.used();
            write!(f, "{}:{used}", last >> (8 - used))?;
        }
        f.write_str(">>")
    }
}

/// In quotes where Erlang needs them.
impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_atom(self.as_str(), f)
    }
}

impl Display for Pid {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<")?;
        node(&self.node, f)?;
        write!(f, ".{}.{}", self.id, self.serial)?;
        creation(self.creation, f)
    }
}

impl Display for Ref {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("#Ref<")?;
        node(&self.node, f)?;
        for id in self.ids().iter().rev() {
            write!(f, ".{id}")?;
        }
        creation(self.creation, f)
    }
}

/// The local node is 0, as Erlang shows it.
fn node(node: &Atom, f: &mut Formatter<'_>) -> fmt::Result {
    if *node == Atom::LOCAL_NODE {
        f.write_str("0")
    } else {
        write!(f, "{node}")
    }
}

fn creation(creation: u32, f: &mut Formatter<'_>) -> fmt::Result {
    match creation {
        0 => f.write_str(">"),
        _ => write!(f, "/{creation}>"),
    }
}

impl Display for ExternalFun {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "fun {}:{}/{}", self.module, self.function, self.arity)
    }
}

impl Display for LocalFun {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let LocalFun {
            module,
            old_index,
            old_uniq,
            ..
        } = self;
        write!(f, "#Fun<{module}.{old_index}.{old_uniq}>")
    }
}

/// Debug output shows terms as Erlang would: failures are read by people.
macro_rules! debug_as_display {
    ($($type:ty)*) => {$(
        impl Debug for $type {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                Display::fmt(self, f)
            }
        }
    )*};
}

debug_as_display!(Term Atom Bits Pid Ref ExternalFun LocalFun);

impl Debug for RawTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.to_term() {
            Ok(term) => write!(f, "RawTerm({term})"),
            Err(_) => write!(f, "RawTerm({:?})", self.as_bytes()),
        }
    }
}
