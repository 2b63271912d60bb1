//! Terms to instructions, checked in the order in which OTP checks them, so that of
//! two mistakes the same one is told.

use upheaval_term::text::TermAt;
use upheaval_term::{Atom, Term};

use super::{
    BadInstruction, BadPart, Change, Direction, Instruction, LowLevel, Mfa, ModType, Nodes, Purge,
    StartType, Suspend, Timeout,
};

type Read<T> = Result<T, BadInstruction>;

fn bad<T>(part: BadPart, at: TermAt<'_>) -> Read<T> {
    Err(BadInstruction {
        place: at.place(),
        part,
        term: at.term().clone(),
    })
}

/// One without a place.
impl TryFrom<&Term> for Instruction {
    type Error = BadInstruction;

    fn try_from(term: &Term) -> Read<Instruction> {
        Instruction::read(TermAt::from(term))
    }
}

impl Instruction {
    /// Reads an instruction; what it leaves out is filled in (C3).
    ///
    /// # Errors
    /// It is none; the error says which part is wrong, and where that stands.
    pub fn read(at: TermAt<'_>) -> Read<Instruction> {
        if let Some(name) = at.term().as_atom() {
            return word(name.as_str(), at);
        }
        let Some(parts) = at.as_tuple() else {
            return bad(BadPart::Instruction, at);
        };
        let Some((name, rest)) = parts.split_first() else {
            return bad(BadPart::Instruction, at);
        };
        match (name.term().as_atom().map(Atom::as_str), rest) {
            (Some("update"), rest) => update(at, rest),
            (Some("load_module"), rest) => load_module(at, rest),
            (Some("add_module"), [m]) => Ok(Instruction::AddModule {
                module: atom(BadPart::Module, *m)?,
                dep_mods: Vec::new(),
            }),
            (Some("add_module"), [m, deps]) => Ok(Instruction::AddModule {
                module: atom(BadPart::Module, *m)?,
                dep_mods: atoms(BadPart::Module, *deps)?,
            }),
            (Some("delete_module"), [m]) => Ok(Instruction::DeleteModule {
                module: atom(BadPart::Module, *m)?,
                dep_mods: Vec::new(),
            }),
            (Some("delete_module"), [m, deps]) => Ok(Instruction::DeleteModule {
                module: atom(BadPart::Module, *m)?,
                dep_mods: atoms(BadPart::Module, *deps)?,
            }),
            (Some("add_application"), [a]) => Ok(Instruction::AddApplication {
                application: atom(BadPart::Application, *a)?,
                start: StartType::Permanent,
            }),
            (Some("add_application"), [a, start]) => Ok(Instruction::AddApplication {
                application: atom(BadPart::Application, *a)?,
                start: start_type(*start)?,
            }),
            (Some("remove_application"), [a]) => Ok(Instruction::RemoveApplication {
                application: atom(BadPart::Application, *a)?,
            }),
            (Some("restart_application"), [a]) => Ok(Instruction::RestartApplication {
                application: atom(BadPart::Application, *a)?,
            }),
            (Some(name), rest) => low_level(name, rest, at).map(Instruction::Low),
            (None, _) => bad(BadPart::Instruction, at),
        }
    }
}

fn word(name: &str, at: TermAt<'_>) -> Read<Instruction> {
    Ok(Instruction::Low(match name {
        "point_of_no_return" => LowLevel::PointOfNoReturn,
        "restart_new_emulator" => LowLevel::RestartNewEmulator,
        "restart_emulator" => LowLevel::RestartEmulator,
        "restart" => LowLevel::Restart,
        "reboot" => LowLevel::Reboot,
        "mnesia_backup" => return bad(BadPart::NotYetImplemented, at),
        _ => return bad(BadPart::Instruction, at),
    }))
}

fn update(at: TermAt<'_>, rest: &[TermAt<'_>]) -> Read<Instruction> {
    let (module, mod_type, timeout, change, purges, deps) = match *rest {
        [m] => (m, None, None, None, None, None),
        [m, kind] if kind.term().is_atom("supervisor") => {
            return Ok(Instruction::Update {
                module: atom(BadPart::Module, m)?,
                mod_type: ModType::Static,
                timeout: Timeout::Default,
                change: Change::Advanced(Term::List(Vec::new())),
                pre_purge: Purge::Brutal,
                post_purge: Purge::Brutal,
                dep_mods: Vec::new(),
            });
        }
        [m, change] if is_change(change) => (m, None, None, Some(change), None, None),
        [m, deps] if is_list(deps) => (m, None, None, None, None, Some(deps)),
        [m, change, deps] if is_change(change) && is_list(deps) => {
            (m, None, None, Some(change), None, Some(deps))
        }
        [m, change, pre, post, deps] => {
            (m, None, None, Some(change), Some((pre, post)), Some(deps))
        }
        [m, timeout, change, pre, post, deps] => {
            let purges = Some((pre, post));
            (m, None, Some(timeout), Some(change), purges, Some(deps))
        }
        [m, kind, timeout, change, pre, post, deps] => {
            let purges = Some((pre, post));
            (
                m,
                Some(kind),
                Some(timeout),
                Some(change),
                purges,
                Some(deps),
            )
        }
        _ => return bad(BadPart::Instruction, at),
    };
    Ok(Instruction::Update {
        module: atom(BadPart::Module, module)?,
        mod_type: mod_type.map_or(Ok(ModType::Dynamic), self::mod_type)?,
        timeout: timeout.map_or(Ok(Timeout::Default), self::timeout)?,
        change: change.map_or(Ok(Change::Soft), self::change)?,
        pre_purge: purges.map_or(Ok(Purge::Brutal), |(pre, _)| purge(pre))?,
        post_purge: purges.map_or(Ok(Purge::Brutal), |(_, post)| purge(post))?,
        dep_mods: deps.map_or(Ok(Vec::new()), |deps| atoms(BadPart::Module, deps))?,
    })
}

fn load_module(at: TermAt<'_>, rest: &[TermAt<'_>]) -> Read<Instruction> {
    let (module, purges, deps) = match *rest {
        [m] => (m, None, None),
        [m, deps] if is_list(deps) => (m, None, Some(deps)),
        [m, pre, post, deps] => (m, Some((pre, post)), Some(deps)),
        _ => return bad(BadPart::Instruction, at),
    };
    Ok(Instruction::LoadModule {
        module: atom(BadPart::Module, module)?,
        pre_purge: purges.map_or(Ok(Purge::Brutal), |(pre, _)| purge(pre))?,
        post_purge: purges.map_or(Ok(Purge::Brutal), |(_, post)| purge(post))?,
        dep_mods: deps.map_or(Ok(Vec::new()), |deps| atoms(BadPart::Module, deps))?,
    })
}

fn low_level(name: &str, rest: &[TermAt<'_>], at: TermAt<'_>) -> Read<LowLevel> {
    Ok(match (name, rest) {
        ("load_object_code", [what]) => {
            let Some([lib, vsn, modules]) = three(*what) else {
                return bad(BadPart::Instruction, at);
            };
            LowLevel::LoadObjectCode {
                library: atom(BadPart::Lib, lib)?,
                vsn: string(vsn)?,
                modules: atoms(BadPart::Module, modules)?,
            }
        }
        ("load" | "remove", [what]) => {
            let Some([module, pre, post]) = three(*what) else {
                return bad(BadPart::Instruction, at);
            };
            let module = atom(BadPart::Module, module)?;
            let (pre_purge, post_purge) = (purge(pre)?, purge(post)?);
            if name == "load" {
                LowLevel::Load {
                    module,
                    pre_purge,
                    post_purge,
                }
            } else {
                LowLevel::Remove {
                    module,
                    pre_purge,
                    post_purge,
                }
            }
        }
        ("purge", [modules]) => LowLevel::Purge(atoms(BadPart::Module, *modules)?),
        ("suspend", [modules]) => LowLevel::Suspend(each(*modules, suspend)?),
        ("resume", [modules]) => LowLevel::Resume(atoms(BadPart::Module, *modules)?),
        ("code_change", [modules]) => LowLevel::CodeChange {
            direction: None,
            modules: each(*modules, code_change)?,
        },
        ("code_change", [mode, modules]) => {
            if !is_list(*modules) {
                return bad(BadPart::List, *modules);
            }
            LowLevel::CodeChange {
                direction: Some(direction(*mode)?),
                modules: each(*modules, code_change)?,
            }
        }
        ("stop", [modules]) => LowLevel::Stop(atoms(BadPart::Module, *modules)?),
        ("start", [modules]) => LowLevel::Start(atoms(BadPart::Module, *modules)?),
        ("sync_nodes", [id, nodes]) => LowLevel::SyncNodes {
            id: id.term().clone(),
            nodes: match three(*nodes) {
                Some(parts) => Nodes::Given(mfa(parts)?),
                _ => Nodes::Named(atoms(BadPart::Node, *nodes)?),
            },
        },
        ("apply", [what]) => match three(*what) {
            Some(parts) => LowLevel::Apply(mfa(parts)?),
            _ => return bad(BadPart::Instruction, at),
        },
        _ => return bad(BadPart::Instruction, at),
    })
}

/// The three parts of a tuple that has as many.
fn three(at: TermAt<'_>) -> Option<[TermAt<'_>; 3]> {
    at.as_tuple()?.try_into().ok()
}

/// Whether a part can stand where a change may be left out.
fn is_change(at: TermAt<'_>) -> bool {
    at.term().as_tuple().is_some() || at.term().is_atom("soft")
}

fn is_list(at: TermAt<'_>) -> bool {
    matches!(at.term(), Term::List(_) | Term::Improper(..))
}

fn atom(part: BadPart, at: TermAt<'_>) -> Read<Atom> {
    match at.term() {
        Term::Atom(atom) => Ok(atom.clone()),
        _ => bad(part, at),
    }
}

fn each<T>(at: TermAt<'_>, read: impl Fn(TermAt<'_>) -> Read<T>) -> Read<Vec<T>> {
    match at.as_list() {
        Some(parts) => parts.into_iter().map(read).collect(),
        None => bad(BadPart::List, at),
    }
}

fn atoms(part: BadPart, at: TermAt<'_>) -> Read<Vec<Atom>> {
    each(at, |at| atom(part, at))
}

fn string(at: TermAt<'_>) -> Read<String> {
    match at.term().as_string() {
        Some(text) => Ok(text),
        None => bad(BadPart::LibVsn, at),
    }
}

fn purge(at: TermAt<'_>) -> Read<Purge> {
    [Purge::Soft, Purge::Brutal]
        .into_iter()
        .find(|purge| at.term().is_atom(purge.name()))
        .map_or_else(|| bad(BadPart::PurgeMethod, at), Ok)
}

fn start_type(at: TermAt<'_>) -> Read<StartType> {
    StartType::ALL
        .into_iter()
        .find(|start| at.term().is_atom(start.name()))
        .map_or_else(|| bad(BadPart::StartType, at), Ok)
}

fn mod_type(at: TermAt<'_>) -> Read<ModType> {
    match at.term().as_atom().map(Atom::as_str) {
        Some("static") => Ok(ModType::Static),
        Some("dynamic") => Ok(ModType::Dynamic),
        _ => bad(BadPart::ModType, at),
    }
}

fn direction(at: TermAt<'_>) -> Read<Direction> {
    match at.term().as_atom().map(Atom::as_str) {
        Some("up") => Ok(Direction::Up),
        Some("down") => Ok(Direction::Down),
        _ => bad(BadPart::Mode, at),
    }
}

fn timeout(at: TermAt<'_>) -> Read<Timeout> {
    match at.term() {
        Term::Atom(name) if *name == *"default" => Ok(Timeout::Default),
        Term::Atom(name) if *name == *"infinity" => Ok(Timeout::Infinity),
        Term::Int(ms) if *ms > 0 => Ok(Timeout::Milliseconds(ms.unsigned_abs())),
        _ => bad(BadPart::Timeout, at),
    }
}

fn change(at: TermAt<'_>) -> Read<Change> {
    match at.term() {
        Term::Atom(name) if *name == *"soft" => Ok(Change::Soft),
        Term::Tuple(parts) if parts.len() == 2 && parts[0].is_atom("advanced") => {
            Ok(Change::Advanced(parts[1].clone()))
        }
        _ => bad(BadPart::Change, at),
    }
}

fn suspend(at: TermAt<'_>) -> Read<Suspend> {
    match at.as_tuple().as_deref() {
        Some([module, timeout]) => Ok(Suspend {
            module: atom(BadPart::Module, *module)?,
            timeout: Some(self::timeout(*timeout)?),
        }),
        _ => Ok(Suspend {
            module: atom(BadPart::Module, at)?,
            timeout: None,
        }),
    }
}

fn code_change(at: TermAt<'_>) -> Read<(Atom, Term)> {
    match at.as_tuple().as_deref() {
        Some([module, extra]) => Ok((atom(BadPart::Module, *module)?, extra.term().clone())),
        _ => bad(BadPart::CodeChange, at),
    }
}

fn mfa([module, function, args]: [TermAt<'_>; 3]) -> Read<Mfa> {
    Ok(Mfa {
        module: atom(BadPart::Module, module)?,
        function: atom(BadPart::Func, function)?,
        args: match args.term().as_list() {
            Some(args) => args.to_vec(),
            None => return bad(BadPart::ArgsList, args),
        },
    })
}
