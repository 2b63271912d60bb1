//! Instructions as the terms that OTP has for them.

use std::fmt::{self, Display, Formatter};

use upheaval_term::{Atom, Term};

use super::{
    Change, Direction, Instruction, LowLevel, Mfa, ModType, Nodes, Purge, Suspend, Timeout,
};

fn tagged(tag: &'static str, rest: impl IntoIterator<Item = Term>) -> Term {
    Term::Tuple(std::iter::once(Term::atom(tag)).chain(rest).collect())
}

fn atoms(atoms: &[Atom]) -> Term {
    Term::list(atoms.iter().cloned())
}

fn atom(atom: &Atom) -> Term {
    Term::Atom(atom.clone())
}

impl From<Purge> for Term {
    fn from(purge: Purge) -> Term {
        Term::atom(purge.name())
    }
}

impl From<Timeout> for Term {
    fn from(timeout: Timeout) -> Term {
        match timeout {
            Timeout::Default => Term::atom("default"),
            Timeout::Infinity => Term::atom("infinity"),
            Timeout::Milliseconds(ms) => Term::from(ms),
        }
    }
}

impl From<&Change> for Term {
    fn from(change: &Change) -> Term {
        match change {
            Change::Soft => Term::atom("soft"),
            Change::Advanced(extra) => tagged("advanced", [extra.clone()]),
        }
    }
}

impl From<Direction> for Term {
    fn from(direction: Direction) -> Term {
        Term::atom(match direction {
            Direction::Up => "up",
            Direction::Down => "down",
        })
    }
}

impl From<&Mfa> for Term {
    fn from(mfa: &Mfa) -> Term {
        let args = Term::List(mfa.args.clone());
        Term::Tuple(vec![atom(&mfa.module), atom(&mfa.function), args])
    }
}

impl From<&Suspend> for Term {
    fn from(suspend: &Suspend) -> Term {
        let module = atom(&suspend.module);
        match suspend.timeout {
            Some(timeout) => Term::tuple([module, timeout.into()]),
            None => module,
        }
    }
}

/// An instruction with everything filled in.
impl From<&Instruction> for Term {
    fn from(instruction: &Instruction) -> Term {
        match instruction {
            Instruction::Update {
                module,
                mod_type,
                timeout,
                change,
                pre_purge,
                post_purge,
                dep_mods,
            } => {
                let mod_type = Term::atom(match mod_type {
                    ModType::Static => "static",
                    ModType::Dynamic => "dynamic",
                });
                tagged(
                    "update",
                    [
                        atom(module),
                        mod_type,
                        (*timeout).into(),
                        change.into(),
                        (*pre_purge).into(),
                        (*post_purge).into(),
                        atoms(dep_mods),
                    ],
                )
            }
            Instruction::LoadModule {
                module,
                pre_purge,
                post_purge,
                dep_mods,
            } => tagged(
                "load_module",
                [
                    atom(module),
                    (*pre_purge).into(),
                    (*post_purge).into(),
                    atoms(dep_mods),
                ],
            ),
            Instruction::AddModule { module, dep_mods } => {
                tagged("add_module", [atom(module), atoms(dep_mods)])
            }
            Instruction::DeleteModule { module, dep_mods } => {
                tagged("delete_module", [atom(module), atoms(dep_mods)])
            }
            Instruction::AddApplication { application, start } => tagged(
                "add_application",
                [atom(application), Term::atom(start.name())],
            ),
            Instruction::RemoveApplication { application } => {
                tagged("remove_application", [atom(application)])
            }
            Instruction::RestartApplication { application } => {
                tagged("restart_application", [atom(application)])
            }
            Instruction::Low(low) => low.into(),
        }
    }
}

impl From<&LowLevel> for Term {
    fn from(instruction: &LowLevel) -> Term {
        match instruction {
            LowLevel::LoadObjectCode {
                library,
                vsn,
                modules,
            } => {
                let parts = vec![atom(library), Term::string(vsn), atoms(modules)];
                tagged("load_object_code", [Term::Tuple(parts)])
            }
            LowLevel::PointOfNoReturn => Term::atom("point_of_no_return"),
            LowLevel::Load {
                module,
                pre_purge,
                post_purge,
            } => tagged("load", [code(module, *pre_purge, *post_purge)]),
            LowLevel::Remove {
                module,
                pre_purge,
                post_purge,
            } => tagged("remove", [code(module, *pre_purge, *post_purge)]),
            LowLevel::Purge(modules) => tagged("purge", [atoms(modules)]),
            LowLevel::Suspend(modules) => tagged(
                "suspend",
                [Term::List(modules.iter().map(Term::from).collect())],
            ),
            LowLevel::Resume(modules) => tagged("resume", [atoms(modules)]),
            LowLevel::CodeChange { direction, modules } => {
                let modules = modules
                    .iter()
                    .map(|(module, extra)| Term::tuple([atom(module), extra.clone()]));
                let modules = Term::List(modules.collect());
                match direction {
                    Some(direction) => tagged("code_change", [(*direction).into(), modules]),
                    None => tagged("code_change", [modules]),
                }
            }
            LowLevel::Stop(modules) => tagged("stop", [atoms(modules)]),
            LowLevel::Start(modules) => tagged("start", [atoms(modules)]),
            LowLevel::SyncNodes { id, nodes } => {
                let nodes = match nodes {
                    Nodes::Named(nodes) => atoms(nodes),
                    Nodes::Given(mfa) => mfa.into(),
                };
                tagged("sync_nodes", [id.clone(), nodes])
            }
            LowLevel::Apply(mfa) => tagged("apply", [mfa.into()]),
            LowLevel::RestartNewEmulator => Term::atom("restart_new_emulator"),
            LowLevel::RestartEmulator => Term::atom("restart_emulator"),
            LowLevel::Restart => Term::atom("restart"),
            LowLevel::Reboot => Term::atom("reboot"),
        }
    }
}

fn code(module: &Atom, pre_purge: Purge, post_purge: Purge) -> Term {
    Term::tuple([atom(module), pre_purge.into(), post_purge.into()])
}

/// As Erlang prints it.
impl Display for Instruction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Term::from(self).fmt(f)
    }
}

/// As Erlang prints it.
impl Display for LowLevel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Term::from(self).fmt(f)
    }
}
