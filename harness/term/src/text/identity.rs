//! Pids, references and funs as text.

use super::ParseError;
use super::cursor::Cursor;
use crate::{Atom, ExternalFun, Pid, Ref};

impl Cursor<'_> {
    /// The rest of `<Node.Id.Serial>` or `<Node.Id.Serial/Creation>`.
    pub(super) fn pid(&mut self) -> Result<Pid, ParseError> {
        let node = self.node()?;
        self.expect(".")?;
        let id = self.word("the pid's number")?;
        self.expect(".")?;
        let serial = self.word("the pid's serial")?;
        let creation = self.creation()?;
        Ok(Pid {
            node,
            id,
            serial,
            creation,
        })
    }

    /// The rest of `#Ref<Node.Word...>` or `#Ref<Node.Word.../Creation>`.
    pub(super) fn reference(&mut self) -> Result<Ref, ParseError> {
        let start = self.at();
        let node = self.node()?;
        let mut ids = Vec::new();
        while self.eat(".") {
            ids.push(self.word("a word of the reference")?);
        }
        ids.reverse();
        let creation = self.creation()?;
        Ref::new(node, creation, &ids).ok_or_else(|| {
            let words = ids.len();
            self.error_at(
                start,
                format!("reference of {words} words, expected 1 to 5"),
            )
        })
    }

    /// The rest of `fun module:function/arity`.
    pub(super) fn fun(&mut self) -> Result<ExternalFun, ParseError> {
        self.blank();
        let module = self.atom()?;
        self.expect(":")?;
        self.blank();
        let function = self.atom()?;
        self.expect("/")?;
        self.blank();
        let start = self.at();
        let arity = self.word("an arity")?;
        let arity = u8::try_from(arity)
            .map_err(|_| self.error_at(start, format!("arity {arity}, at most 255")))?;
        Ok(ExternalFun {
            module,
            function,
            arity,
        })
    }

    fn node(&mut self) -> Result<Atom, ParseError> {
        if self.peek() != Some('0') {
            return self.atom();
        }
        self.bump();
        Ok(Atom::LOCAL_NODE)
    }

    /// The creation, 0 if it is left out, and the end.
    fn creation(&mut self) -> Result<u32, ParseError> {
        let creation = match self.eat("/") {
            true => self.word("a creation")?,
            false => 0,
        };
        self.expect(">")?;
        Ok(creation)
    }
}
