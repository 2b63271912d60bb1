//! Artifacts: shared objects, checked before they are opened.
//!
//! What was measured stands in ARCHITECTURE.md: rewriting a mapped file in
//! place is SIGBUS, and opening a path that is open already gives the old code.
//! So the file is read once, checked, written under a name of its own, opened
//! there, and the name is given up. Handles stay open for the life of the
//! program and are shared by content, since thousands of cases open the same.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use object::{Architecture, Object, ObjectKind, ObjectSymbol};
use upheaval_module::abi::{ABI_VERSION, ENTRY_SYMBOL, Entry, EntryPoint, MAGIC, Table};

use super::error::{ArtifactError, Problem};
use super::seal::{self, Seal};

/// A function of a module, besides those of its behaviour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedFunction {
    pub(crate) name: &'static str,
    pub(crate) arity: u8,
    /// Whether it can be called by name from outside; else it is the body of funs.
    pub(crate) exported: bool,
    pub(crate) entry: Entry,
}

/// A shared object that has been checked and opened: a version of a module,
/// ready to become current on any node of this program.
#[derive(Clone, Copy, Debug)]
pub struct Artifact {
    table: &'static Table,
    name: &'static str,
    vsn: &'static str,
}

static OPEN: Mutex<Option<HashMap<u128, Artifact>>> = Mutex::new(None);

impl Artifact {
    /// Reads, checks and opens the file at `path`, as it is now: what is copied
    /// over it later is another artifact.
    ///
    /// # Errors
    /// The file is missing, is no sealed shared object for this machine, or
    /// holds no module of this ABI with the name `module`.
    pub fn open(path: &Path, module: &str) -> Result<Artifact, ArtifactError> {
        Artifact::check_and_open(path, module).map_err(|problem| ArtifactError::new(path, problem))
    }

    /// As [`open`](Artifact::open), and the module must have this `vsn`.
    ///
    /// # Errors
    /// Those of `open`, and another version.
    pub fn open_version(path: &Path, module: &str, vsn: &str) -> Result<Artifact, ArtifactError> {
        let artifact = Artifact::open(path, module)?;
        if artifact.vsn != vsn {
            let problem = Problem::OtherVsn {
                found: artifact.vsn.into(),
                expected: vsn.into(),
            };
            return Err(ArtifactError::new(path, problem));
        }
        Ok(artifact)
    }

    /// An artifact that is part of this program instead of a file.
    pub(crate) fn built_in(table: &'static Table) -> Artifact {
        // SAFETY: a table made by `Table::gen_server` or `Table::process` holds
        // the bytes of two `&'static str`.
        let (name, vsn) = unsafe { (table.name.as_slice(), table.vsn.as_slice()) };
        Artifact {
            table,
            name: std::str::from_utf8(name).unwrap_or_default(),
            vsn: std::str::from_utf8(vsn).unwrap_or_default(),
        }
    }

    /// The module's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its `vsn`.
    pub fn vsn(&self) -> &'static str {
        self.vsn
    }

    /// Its functions besides those of its behaviour, in the order in which it lists them.
    pub(crate) fn functions(&self) -> impl Iterator<Item = NamedFunction> + use<> {
        // SAFETY: the library that the table lies in is never closed.
        let functions = unsafe { self.table.functions.as_slice() };
        functions.iter().map(|function| NamedFunction {
            // SAFETY: as above.
            name: std::str::from_utf8(unsafe { function.name.as_slice() }).unwrap_or_default(),
            arity: function.arity,
            exported: function.exported,
            entry: function.entry,
        })
    }

    /// The module's entries, for calling them without a node: a benchmark's
    /// lower bound.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    fn check_and_open(path: &Path, module: &str) -> Result<Artifact, Problem> {
        let file = fs::read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Problem::Missing,
            _ => Problem::Unreadable(error.to_string()),
        })?;
        let content = check(&file)?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.get_or_insert_default();
        let artifact = match open.get(&content) {
            Some(artifact) => *artifact,
            None => {
                let artifact = open_copy(&file)?;
                open.insert(content, artifact);
                artifact
            }
        };
        if artifact.name != module {
            return Err(Problem::OtherName {
                found: artifact.name.into(),
                expected: module.into(),
            });
        }
        Ok(artifact)
    }
}

/// Checks everything about a file that can be known without running any of it,
/// and gives the checksum of its content.
fn check(file: &[u8]) -> Result<u128, Problem> {
    if !file.starts_with(b"\x7fELF") {
        return Err(Problem::NotAnObject);
    }
    let expected = expected_length(file).ok_or(Problem::NotAnObject)?;
    let length = file.len() as u64;
    if length < expected {
        return Err(Problem::Truncated { length, expected });
    }
    let content = match seal::read(file) {
        Seal::Whole(content) => content,
        Seal::Broken => return Err(Problem::Damaged),
        Seal::Missing => return Err(Problem::Unsealed),
    };
    let object = object::File::parse(file).map_err(|_| Problem::NotAnObject)?;
    let found = object.architecture();
    if found != this_machine() || !object.is_64() || !object.is_little_endian() {
        return Err(Problem::OtherMachine {
            found: format!("{found:?}"),
            expected: format!("{:?}", this_machine()),
        });
    }
    if object.kind() != ObjectKind::Dynamic {
        return Err(Problem::NotShared);
    }
    let symbol = ENTRY_SYMBOL;
    object
        .dynamic_symbols()
        .any(|s| s.is_definition() && s.name() == Ok(symbol))
        .then_some(content)
        .ok_or(Problem::NoEntry { symbol })
}

/// How long the header of an ELF file says that it is: up to the end of the
/// section table, which linkers put last.
fn expected_length(file: &[u8]) -> Option<u64> {
    let number = |at: usize, size: usize| -> Option<u64> {
        let bytes = file.get(at..at + size)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |n, byte| n << 8 | u64::from(*byte)),
        )
    };
    // Another class or byte order is another machine, which is said later.
    if file.get(4..6)? != [2, 1] {
        return Some(0);
    }
    let sections = number(0x28, 8)?;
    sections.checked_add(number(0x3a, 2)? * number(0x3c, 2)?)
}

fn this_machine() -> Architecture {
    match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        "riscv64" => Architecture::Riscv64,
        _ => Architecture::Unknown,
    }
}

fn open_copy(file: &[u8]) -> Result<Artifact, Problem> {
    let unopenable = |error: String| Problem::Unopenable(error);
    let copy = tempfile::Builder::new()
        .prefix("upheaval-")
        .suffix(".so")
        .tempfile()
        .map_err(|error| unopenable(error.to_string()))?;
    fs::write(copy.path(), file).map_err(|error| unopenable(error.to_string()))?;
    // SAFETY: opening runs the object's initialisers. They are code that the
    // user asked us to run, and the seal says that it is as it was built.
    let library = unsafe { Library::open(Some(copy.path()), RTLD_NOW | RTLD_LOCAL) }
        .map_err(|error| unopenable(error.to_string()))?;
    let symbol = ENTRY_SYMBOL;
    let table = {
        // SAFETY: a symbol of this name is an entry point, or the object is no
        // module at all, which the magic below tells as well as can be told.
        let entry = unsafe { library.get::<EntryPoint>(symbol.as_bytes()) }
            .map_err(|_| Problem::NoEntry { symbol })?;
        // SAFETY: as above.
        unsafe { (*entry)() }
    };
    // Never closed: versions, states and stacks of any node may still need it.
    std::mem::forget(library);
    check_table(table, symbol)
}

fn check_table(table: *const Table, symbol: &'static str) -> Result<Artifact, Problem> {
    if table.is_null() {
        return Err(Problem::NoTable { symbol });
    }
    // SAFETY: the library stays open, and every version of the ABI begins with
    // the magic, the version and the size; no more is read before these agree.
    let (magic, abi, size) = unsafe {
        (
            std::ptr::addr_of!((*table).magic).read_unaligned(),
            std::ptr::addr_of!((*table).abi_version).read_unaligned(),
            std::ptr::addr_of!((*table).size).read_unaligned(),
        )
    };
    if magic != MAGIC {
        return Err(Problem::NoTable { symbol });
    }
    if abi != ABI_VERSION || size as usize != size_of::<Table>() {
        return Err(Problem::OtherAbi {
            found: abi,
            expected: ABI_VERSION,
        });
    }
    // SAFETY: magic, version and size say that it is a whole table of ours, in
    // a library that is never closed.
    let table: &'static Table = unsafe { &*table };
    Ok(Artifact::built_in(table))
}
