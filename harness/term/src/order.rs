//! Erlang's term order, and equality and hashing in line with it.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};

use crate::{Bits, Term};

impl Ord for Term {
    fn cmp(&self, other: &Term) -> Ordering {
        use Term::*;
        match (self, other) {
            (Int(a), Int(b)) => a.cmp(b),
            (Big(a), Big(b)) => a.cmp(b),
            (Int(_), Big(b)) => sign_order(b).reverse(),
            (Big(a), Int(_)) => sign_order(a),
            (Float(a), Float(b)) => a.total_cmp(b),
            (Int(a), Float(b)) => small_to_float(*a, *b).then(Ordering::Less),
            (Float(a), Int(b)) => small_to_float(*b, *a).reverse().then(Ordering::Greater),
            (Big(a), Float(b)) => big_to_float(a, *b).then(Ordering::Less),
            (Float(a), Big(b)) => big_to_float(b, *a).reverse().then(Ordering::Greater),
            (Atom(a), Atom(b)) => a.cmp(b),
            (Ref(a), Ref(b)) => a.cmp(b),
            (Fun(a), Fun(b)) => a.cmp(b),
            (LocalFun(a), LocalFun(b)) => a.cmp(b),
            (Pid(a), Pid(b)) => a.cmp(b),
            (Tuple(a), Tuple(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Map(a), Map(b)) => a
                .len()
                .cmp(&b.len())
                .then_with(|| a.keys().cmp(b.keys()))
                .then_with(|| a.values().cmp(b.values())),
            (Binary(a), Binary(b)) => a.cmp(b),
            (Bits(a), Bits(b)) => bits_order((a.as_bytes(), a.used()), (b.as_bytes(), b.used())),
            (Binary(a), Bits(b)) => bits_order((a, 8), (b.as_bytes(), b.used())),
            (Bits(a), Binary(b)) => bits_order((a.as_bytes(), a.used()), (b, 8)),
            (List(_) | Improper(..), List(_) | Improper(..)) => lists_order(self, other),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl Term {
    /// Where the term's type stands in the order of types.
    fn rank(&self) -> u8 {
        match self {
            Term::Int(_) | Term::Big(_) | Term::Float(_) => 0,
            Term::Atom(_) => 1,
            Term::Ref(_) => 2,
            Term::LocalFun(_) => 3,
            Term::Fun(_) => 4,
            Term::Pid(_) => 5,
            Term::Tuple(_) => 6,
            Term::Map(_) => 7,
            Term::List(elements) if elements.is_empty() => 8,
            Term::List(_) | Term::Improper(..) => 9,
            Term::Binary(_) | Term::Bits(_) => 10,
        }
    }

    /// A list's elements and the tail that ends it, `None` for `[]`.
    fn cells(&self) -> (&[Term], Option<&Term>) {
        match self {
            Term::List(elements) => (elements, None),
            Term::Improper(elements, tail) => (elements, Some(tail)),
            _ => (&[], Some(self)),
        }
    }
}

/// How a big integer, too large for 64 bits, stands to all that fit.
fn sign_order(big: &BigInt) -> Ordering {
    match big.sign() {
        Sign::Minus => Ordering::Less,
        _ => Ordering::Greater,
    }
}

/// Exact: converting the integer to a float would round it.
fn small_to_float(int: i64, float: f64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float >= LIMIT || float.is_nan() {
        return Ordering::Less;
    }
    if float < -LIMIT {
        return Ordering::Greater;
    }
    let whole = float.trunc();
    int.cmp(&(whole as i64))
        .then_with(|| 0.0f64.total_cmp(&(float - whole + 0.0)))
}

fn big_to_float(big: &BigInt, float: f64) -> Ordering {
    if float.abs() < 9_007_199_254_740_992.0 || !float.is_finite() {
        return if float.is_finite() {
            sign_order(big)
        } else {
            0.0f64.total_cmp(&float)
        };
    }
    // From 2^53 on a float is an integer: mantissa times a power of two.
    let bits = float.to_bits();
    let mantissa = BigInt::from((bits & ((1 << 52) - 1)) | (1 << 52));
    let exponent = ((bits >> 52) & 0x7FF) - 1075;
    let magnitude = mantissa << exponent;
    big.cmp(&if float < 0.0 { -magnitude } else { magnitude })
}

/// Compares bitstrings given as bytes and the used bits of the last byte. The
/// unused ones are zero, so the bytes decide before the lengths do.
fn bits_order((a, a_used): (&[u8], u8), (b, b_used): (&[u8], u8)) -> Ordering {
    a.cmp(b).then_with(|| a_used.cmp(&b_used))
}

/// Element by element; where one list ends its tail is compared with what is
/// left of the other.
fn lists_order(a: &Term, b: &Term) -> Ordering {
    const NIL: &Term = &Term::List(Vec::new());
    let ((a, a_tail), (b, b_tail)) = (a.cells(), b.cells());
    let common = a.len().min(b.len());
    a[..common].cmp(&b[..common]).then_with(|| {
        let rank = |left: &[Term], tail: Option<&Term>| match left {
            [] => tail.unwrap_or(NIL).rank(),
            _ => 9,
        };
        match (&a[common..], &b[common..]) {
            ([], []) => a_tail.unwrap_or(NIL).cmp_tail(b_tail.unwrap_or(NIL)),
            (a, b) => rank(a, a_tail).cmp(&rank(b, b_tail)),
        }
    })
}

impl Term {
    /// Compares two tails, `[]` or no list at all.
    fn cmp_tail(&self, other: &Term) -> Ordering {
        match (self, other) {
            (Term::List(_), Term::List(_)) => Ordering::Equal,
            _ => self.cmp(other),
        }
    }
}

impl PartialOrd for Term {
    fn partial_cmp(&self, other: &Term) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Term {}

impl Hash for Term {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Term::Int(value) => value.hash(state),
            Term::Big(value) => value.hash(state),
            Term::Float(value) => value.to_bits().hash(state),
            Term::Atom(atom) => atom.hash(state),
            Term::Binary(bytes) => bytes.hash(state),
            Term::Bits(bits) => bits.hash(state),
            Term::Tuple(elements) | Term::List(elements) => elements.hash(state),
            Term::Improper(elements, tail) => (elements, tail).hash(state),
            Term::Map(map) => map.hash(state),
            Term::Pid(pid) => pid.hash(state),
            Term::Ref(reference) => reference.hash(state),
            Term::Fun(fun) => fun.hash(state),
            Term::LocalFun(fun) => fun.hash(state),
        }
    }
}

/// As bitstrings in terms.
impl Ord for Bits {
    fn cmp(&self, other: &Bits) -> Ordering {
        bits_order(
            (self.as_bytes(), self.used()),
            (other.as_bytes(), other.used()),
        )
    }
}

impl PartialOrd for Bits {
    fn partial_cmp(&self, other: &Bits) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
