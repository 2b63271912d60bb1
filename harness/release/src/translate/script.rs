//! A translation, stage by stage.

use upheaval_term::Atom;

use super::components::Components;
use super::{TranslateError, applications, check, group, object_code, restarts, split};
use crate::{Application, Direction, Instruction, LowLevel};

/// How scripts are translated.
#[derive(Clone, Debug)]
pub struct Translation<'a> {
    pub(super) direction: Direction,
    /// The applications of the release that runs.
    pub(super) from: &'a [Application],
    /// Those of the release that is gone to.
    pub(super) to: &'a [Application],
    first: &'a [Atom],
}

impl<'a> Translation<'a> {
    /// A translation between the applications of two releases: the one that runs,
    /// and the one that is gone to.
    pub fn new(
        direction: Direction,
        from: &'a [Application],
        to: &'a [Application],
    ) -> Translation<'a> {
        Translation {
            direction,
            from,
            to,
            first: &[],
        }
    }

    /// Modules that are put into this order where their dependencies leave it open.
    ///
    /// Without it that is the order of the instructions. OTP leaves it to the hash
    /// tables of the node that translates: of several scripts that are right, it may
    /// make any.
    #[must_use]
    pub fn in_order_of(self, first: &'a [Atom]) -> Translation<'a> {
        Translation { first, ..self }
    }

    /// The low-level script of several applications' scripts.
    ///
    /// # Errors
    /// OTP's own, the same of several.
    pub fn script(&self, scripts: &[Vec<Instruction>]) -> Result<Vec<LowLevel>, TranslateError> {
        let (mut before, after) = split::merge(scripts)?;
        check::check(&before, &after)?;
        let after = applications::expand(after, self.from, self.to)?;
        let components = Components::of(&after, self.first)?;

        let mut script = Vec::new();
        for (number, instruction) in after.iter().enumerate() {
            match instruction {
                Instruction::Low(low) => script.push(low.clone()),
                // All of a component is done where its first instruction stands.
                _ => {
                    if let Some(members) = components.begun_by(number) {
                        let members: Vec<&Instruction> =
                            members.iter().map(|member| &after[*member]).collect();
                        let group = group::translate(self.direction, &members, self.to)?;
                        before.extend(group.object_code);
                        script.extend(group.script);
                    }
                }
            }
        }
        let before = object_code::merge(before)?;
        Ok(restarts::sort(self.direction, before, script))
    }
}
