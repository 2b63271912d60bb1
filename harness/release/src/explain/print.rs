//! An explanation as text.

use std::fmt::{self, Display, Formatter};

use super::words::list;
use super::{Explanation, Line, Warning};
use crate::Direction;

/// How long a line may be.
const WIDTH: usize = 88;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let upgrade = &self.upgrade;
        let way = match upgrade.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        };
        write!(
            f,
            "{} {way} from {} to {}, by the clause for {}",
            upgrade.name, self.from, self.to, upgrade.clause.version
        )?;
        match upgrade.clause.place {
            Some(place) => writeln!(f, " at {place}")?,
            None => writeln!(f)?,
        }
        if let Some(new) = upgrade.new_version() {
            let has = format!("{}-{} has {}", new.name, new.vsn, list(&new.modules));
            wrap(f, "modules: ", "         ", &has)?;
        }
        for assumed in &upgrade.assumed {
            wrap(f, "assumed: ", "         ", assumed)?;
        }
        writeln!(f)?;
        let digits = self.lines.len().to_string().len();
        for (number, line) in (1..).zip(&self.lines) {
            self.line(f, number, digits, line)?;
        }
        for warning in &self.warnings {
            writeln!(f)?;
            say(f, "", warning)?;
        }
        Ok(())
    }
}

impl Explanation {
    fn line(
        &self,
        f: &mut Formatter<'_>,
        number: usize,
        digits: usize,
        line: &Line,
    ) -> fmt::Result {
        writeln!(f, "{number:>digits$}. {}", line.instruction)?;
        let indent = " ".repeat(digits + 2 + 2);
        wrap(f, &indent, &indent, &line.effect)?;
        for warning in &line.warnings {
            say(f, &indent, warning)?;
        }
        Ok(())
    }
}

fn say(f: &mut Formatter<'_>, indent: &str, warning: &Warning) -> fmt::Result {
    let first = format!("{indent}! {}: ", warning.rule);
    let rest = format!("{indent}  ");
    wrap(f, &first, &rest, &warning.message)
}

/// Writes words in lines that are not too long, if the words are not.
fn wrap(f: &mut Formatter<'_>, first: &str, rest: &str, text: &str) -> fmt::Result {
    let mut line = String::from(first);
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(f, "{}", line.trim_end())?;
            line = rest.into();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(f, "{}", line.trim_end())
}
