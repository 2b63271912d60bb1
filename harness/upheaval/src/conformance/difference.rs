//! A difference, as a person reads it.

use std::fmt;

use super::Moment;
use super::compare::pairs;

/// The first op after which the two targets differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its index in the plan, from 0.
    pub op: usize,
    /// What the embedded node showed.
    pub embedded: Moment,
    /// What the real one showed.
    pub real: Moment,
}

/// Side by side, what differs marked with `>`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "after op {}:", self.op + 1)?;
        for (embedded, real) in pairs(&self.embedded, &self.real) {
            let what = embedded.or(real).map_or("", |line| &line.what);
            let value = |line: Option<&super::Line>| match line {
                Some(line) => line.value.clone(),
                None => "(nothing)".into(),
            };
            if embedded == real {
                writeln!(f, "    {what}: {}", value(real))?;
            } else {
                writeln!(f, "  > {what}")?;
                writeln!(f, "      embedded: {}", value(embedded))?;
                writeln!(f, "      real:     {}", value(real))?;
            }
        }
        Ok(())
    }
}
