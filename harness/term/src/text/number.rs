//! Numbers as text.

use num_bigint::BigInt;

use super::ParseError;
use super::cursor::Cursor;
use crate::Term;

impl Cursor<'_> {
    /// A number, maybe with a sign.
    pub(super) fn number(&mut self) -> Result<Term, ParseError> {
        let start = self.at();
        let negative = self.eat("-");
        if !negative {
            self.eat("+");
        }
        self.blank();
        if self.eat("$") {
            let code = i64::from(self.letter()?);
            return Ok(Term::Int(if negative { -code } else { code }));
        }
        let digits = self.digits(10)?;
        if self.eat("#") {
            return self.radix(start, &digits, negative);
        }
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|next| next.is_ascii_digit()) {
            return self.float(start, digits, negative);
        }
        Ok(signed(integer(&digits, 10), negative))
    }

    /// What `$` and this stand for: a character, or an escape.
    fn letter(&mut self) -> Result<u32, ParseError> {
        match self.bump() {
            Some('\\') => self.escape().map(u32::from),
            Some(letter) => Ok(letter.into()),
            None => Err(self.expected("a character after $")),
        }
    }

    /// Digits with single underscores between them, which are left out.
    fn digits(&mut self, radix: u32) -> Result<String, ParseError> {
        let mut digits = String::new();
        loop {
            let group = self.take_while(|letter| letter.is_digit(radix));
            if group.is_empty() {
                return Err(self.expected("a digit"));
            }
            digits.push_str(group);
            if !self.eat("_") {
                return Ok(digits);
            }
        }
    }

    /// The rest of `Radix#Digits`.
    fn radix(&mut self, start: usize, radix: &str, negative: bool) -> Result<Term, ParseError> {
        match radix.parse() {
            Ok(radix @ 2..=36) => {
                let digits = self.digits(radix)?;
                Ok(signed(integer(&digits, radix), negative))
            }
            _ => Err(self.error_at(start, "expected a radix from 2 to 36 before #")),
        }
    }

    /// The rest of a float from its decimal point on.
    fn float(
        &mut self,
        start: usize,
        mut text: String,
        negative: bool,
    ) -> Result<Term, ParseError> {
        self.bump();
        text.push('.');
        text.push_str(&self.digits(10)?);
        if matches!(self.peek(), Some('e' | 'E')) {
            self.bump();
            text.push('e');
            if self.eat("-") {
                text.push('-');
            } else {
                self.eat("+");
            }
            text.push_str(&self.digits(10)?);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => {
                Ok(Term::Float(if negative { -value } else { value }))
            }
            _ => Err(self.error_at(
                start,
                "float that is too large: at most 1.7976931348623157e308",
            )),
        }
    }

    /// An integer of at most 32 bits, all digits, within a pid, a reference, a
    /// fun or a size.
    pub(super) fn word(&mut self, what: &str) -> Result<u32, ParseError> {
        let start = self.at();
        let digits = self.take_while(|letter| letter.is_ascii_digit());
        if digits.is_empty() {
            return Err(self.expected(what));
        }
        digits
            .parse()
            .map_err(|_| self.error_at(start, format!("expected {what}, at most {}", u32::MAX)))
    }
}

fn integer(digits: &str, radix: u32) -> BigInt {
    BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default()
}

fn signed(value: BigInt, negative: bool) -> Term {
    Term::from(if negative { -value } else { value })
}
