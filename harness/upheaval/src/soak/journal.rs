//! What is done, on disk: one JSON object a line, each with a checksum.
//!
//! Lines are only ever added. Whoever is killed while one is written leaves a torn end,
//! which is cut off when the journal is opened again: what it told of is run again. A
//! line that is damaged anywhere else is an error, as what it told of is not known.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::SoakError;
use super::part::Record;

/// Its name in the soak's folder.
const NAME: &str = "journal.jsonl";

/// The format of journals that this writes and reads: with it changes what a seed stands for.
const FORMAT: u32 = 2;

/// The longest line that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Which cases a journal is of: its first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    journal: u32,
    upheaval: String,
    scenarios: Vec<String>,
    seed: String,
    shard: String,
    modules: String,
}

impl Header {
    pub(super) fn new(
        scenarios: Vec<String>,
        seed: u64,
        shard: super::Shard,
        modules: String,
    ) -> Header {
        Header {
            journal: FORMAT,
            upheaval: env!("CARGO_PKG_VERSION").into(),
            scenarios,
            seed: format!("0x{seed:x}"),
            shard: shard.to_string(),
            modules,
        }
    }

    /// In what another one differs: that, what it has, and what this one has.
    fn difference(&self, found: &Header) -> Option<(&'static str, String, String)> {
        let format = |header: &Header| header.journal.to_string();
        let scenarios = |header: &Header| header.scenarios.join(", ");
        [
            ("journal format", format(found), format(self)),
            (
                "upheaval version",
                found.upheaval.clone(),
                self.upheaval.clone(),
            ),
            ("scenario", scenarios(found), scenarios(self)),
            ("seed", found.seed.clone(), self.seed.clone()),
            ("shard", found.shard.clone(), self.shard.clone()),
            ("modules", found.modules.clone(), self.modules.clone()),
        ]
        .into_iter()
        .find(|(_, found, expected)| found != expected)
    }
}

/// A torn end that was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mended {
    pub(super) path: PathBuf,
    /// How many bytes of it are left.
    pub(super) whole: u64,
    /// How many were cut off.
    pub(super) torn: u64,
}

/// The journal of one soak, open at its end.
#[derive(Debug)]
pub(super) struct Journal<F = File> {
    path: PathBuf,
    file: F,
    /// Where the last whole line ends.
    end: u64,
}

impl Journal {
    /// Opens the journal of a folder, or begins one; hands each record that it has to
    /// `known`, which says whether it fits those before.
    pub(super) fn open(
        folder: &Path,
        header: &Header,
        known: impl FnMut(Record) -> bool,
    ) -> Result<(Journal, Option<Mended>), SoakError> {
        let path = folder.join(NAME);
        let file = |action: &'static str| {
            let path = path.clone();
            move |error| SoakError::File {
                action,
                path,
                error,
            }
        };
        let open = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let opened = open.map_err(file("open journal"))?;
        let length = opened.metadata().map_err(file("open journal"))?.len();
        let whole = read(&path, &opened, folder, header, known)?;
        let mut journal = Journal {
            file: opened,
            end: whole,
            path: path.clone(),
        };
        let mended = (whole < length).then(|| Mended {
            path: path.clone(),
            whole,
            torn: length - whole,
        });
        journal.cut().map_err(file("mend journal"))?;
        if whole == 0 {
            journal.line(header)?;
        }
        Ok((journal, mended))
    }
}

impl<F: Write + Cut> Journal<F> {
    /// Adds a record. It is there, or the journal is as it was.
    pub(super) fn add(&mut self, record: &Record) -> Result<(), SoakError> {
        self.line(record)
    }

    fn line(&mut self, content: &impl Serialize) -> Result<(), SoakError> {
        let line = sealed(content);
        let written = self.file.write_all(&line).and_then(|()| self.file.flush());
        match written {
            Ok(()) => {
                self.end += line.len() as u64;
                Ok(())
            }
            Err(error) => {
                // If even that fails, the next one that opens it does it.
                let _ = self.cut();
                Err(SoakError::Write {
                    path: self.path.clone(),
                    error,
                })
            }
        }
    }

    /// Makes the end of the last whole line the end of the file.
    fn cut(&mut self) -> io::Result<()> {
        self.file.cut(self.end)
    }
}

/// What can be made shorter.
pub(super) trait Cut {
    /// Makes it end there, and goes there.
    fn cut(&mut self, end: u64) -> io::Result<()>;
}

impl Cut for File {
    fn cut(&mut self, end: u64) -> io::Result<()> {
        self.set_len(end)?;
        self.seek(SeekFrom::Start(end)).map(|_| ())
    }
}

/// Reads all whole lines; gives where the last of them ends.
fn read(
    path: &Path,
    file: &File,
    folder: &Path,
    expected: &Header,
    mut known: impl FnMut(Record) -> bool,
) -> Result<u64, SoakError> {
    let mut reader = BufReader::new(file);
    let (mut whole, mut number) = (0, 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let mut more = || -> io::Result<(usize, bool)> {
            let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut line)?;
            Ok((read, reader.fill_buf()?.is_empty()))
        };
        let (read, is_last) = more().map_err(|error| SoakError::File {
            action: "read journal",
            path: path.into(),
            error,
        })?;
        if read == 0 {
            return Ok(whole);
        }
        let damaged = |problem| SoakError::Damaged {
            path: path.into(),
            line: number,
            problem,
        };
        let Some(content) = unsealed(&line) else {
            return match is_last {
                true => Ok(whole),
                false => Err(damaged("damaged, and it is not the last one")),
            };
        };
        if number == 1 {
            let found: Header = parse(content).ok_or_else(|| damaged("no header of a journal"))?;
            if let Some((what, found, expected)) = expected.difference(&found) {
                return Err(SoakError::Other {
                    folder: folder.into(),
                    what,
                    found,
                    expected,
                });
            }
        } else {
            let record = parse(content).ok_or_else(|| damaged("no record of cases"))?;
            if !known(record) {
                return Err(damaged("one that does not fit the lines before it"));
            }
        }
        whole += read as u64;
    }
}

fn parse<T: DeserializeOwned>(content: &[u8]) -> Option<T> {
    serde_json::from_slice(content).ok()
}

/// What stands before a line's checksum, and what after it.
const SUM: &str = ",\"sum\":\"";
const END: &str = "\"}\n";

/// The length of a checksum, in hexadecimal digits.
const DIGITS: usize = 16;

/// A line with its checksum as its last field.
fn sealed(content: &impl Serialize) -> Vec<u8> {
    let Ok(mut line) = serde_json::to_vec(content) else {
        unreachable!("a line has no map with keys that are no strings")
    };
    let sum = xxh3_64(&line);
    // The closing brace.
    line.pop();
    line.extend_from_slice(format!("{SUM}{sum:0DIGITS$x}{END}").as_bytes());
    line
}

/// The line again without its checksum, if that is right.
fn unsealed(line: &[u8]) -> Option<&[u8]> {
    let start = line.len().checked_sub(SUM.len() + DIGITS + END.len())?;
    let (content, tail) = line.split_at(start);
    let digits = tail
        .strip_prefix(SUM.as_bytes())?
        .strip_suffix(END.as_bytes())?;
    let sum = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let whole = [content, b"}"].concat();
    (xxh3_64(&whole) == sum).then_some(line)
}

#[cfg(test)]
mod tests;
