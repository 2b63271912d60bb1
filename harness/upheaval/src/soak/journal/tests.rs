use std::fs;
use std::io;

use super::*;
use crate::soak::Shard;
use crate::soak::units::Unit;

fn header() -> Header {
    header_of(7, "1/1")
}

fn header_of(seed: u64, shard: &str) -> Header {
    let shard: Shard = shard.parse().expect("a shard");
    Header::new(vec!["default".into()], seed, shard, "modules".into())
}

fn record(unit: u64) -> Record {
    Record {
        unit,
        cases: 100,
        ms: 5,
        ..Record::default()
    }
}

/// Opens a journal; gives its records, too.
fn open(
    folder: &Path,
    header: &Header,
) -> Result<(Journal, Option<Mended>, Vec<Record>), SoakError> {
    let mut records = Vec::new();
    let (journal, mended) = Journal::open(folder, header, |record| {
        records.push(record);
        true
    })?;
    Ok((journal, mended, records))
}

/// The journal's file, with a header and three records.
fn three() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut journal, mended, _) = open(folder.path(), &header()).expect("a journal");
    assert_eq!(mended, None);
    for unit in 0..3 {
        journal.add(&record(unit)).expect("a record");
    }
    let path = folder.path().join(NAME);
    (folder, path)
}

fn units(records: &[Record]) -> Vec<Unit> {
    records.iter().map(Record::unit).collect()
}

#[test]
fn what_was_added_is_there_when_it_is_opened_again() {
    let (folder, _) = three();
    let (_, mended, records) = open(folder.path(), &header()).expect("a journal");
    assert_eq!(mended, None);
    assert_eq!(records, [record(0), record(1), record(2)]);
}

#[test]
fn each_line_is_a_json_object() {
    let (_folder, path) = three();
    let text = fs::read_to_string(path).expect("a journal");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["seed"], "0x7");
    assert_eq!(lines[3]["unit"], 2);
}

#[test]
fn wherever_a_journal_is_torn_the_lines_before_it_are_kept_and_it_can_be_gone_on_with() {
    let (folder, path) = three();
    let whole = fs::read(&path).expect("a journal");
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("a file");
        let (mut journal, mended, records) = open(folder.path(), &header()).expect("a journal");
        let lines = ends.iter().filter(|end| **end < length).count();
        assert_eq!(records.len(), lines.saturating_sub(1), "{length}");
        let is_torn = length > 0 && whole[length - 1] != b'\n';
        assert_eq!(mended.is_some(), is_torn, "{length}");
        journal.add(&record(9)).expect("a record");
        let (_, mended, records) = open(folder.path(), &header()).expect("a journal");
        assert_eq!(
            (mended, records.last()),
            (None, Some(&record(9))),
            "{length}"
        );
    }
}

#[test]
fn a_last_line_that_is_damaged_is_cut_off_and_told() {
    let (folder, path) = three();
    let mut content = fs::read(&path).expect("a journal");
    let length = content.len();
    content[length - 30] ^= 1;
    fs::write(&path, &content).expect("a file");
    let (_, mended, records) = open(folder.path(), &header()).expect("a journal");
    assert_eq!(units(&records), units(&[record(0), record(1)]));
    let mended = mended.expect("it is mended");
    assert_eq!(mended.whole + mended.torn, length as u64);
    assert_eq!(fs::metadata(&path).expect("a file").len(), mended.whole);
}

#[test]
fn a_line_in_the_middle_that_is_damaged_is_an_error_with_its_number_and_a_remedy() {
    let (folder, path) = three();
    let text = fs::read_to_string(&path).expect("a journal");
    let damaged = text.replacen("\"unit\":1", "\"unit\":8", 1);
    fs::write(&path, &damaged).expect("a file");
    let error = open(folder.path(), &header()).expect_err("it is damaged");
    let error = error.to_string();
    for part in ["line 3 is damaged", "journal.jsonl", "move the file away"] {
        assert!(error.contains(part), "no {part} in: {error}");
    }
    // And nothing of it is lost.
    assert_eq!(fs::read_to_string(&path).expect("a journal"), damaged);
}

#[test]
fn a_journal_of_other_cases_is_refused_and_says_in_what_it_differs() {
    let (folder, _) = three();
    let mut version = header();
    version.upheaval = "0.0.1".into();
    let mut scenario = header();
    scenario.scenarios.push("gateway".into());
    let mut modules = header();
    modules.modules = "others".into();
    for (other, words) in [
        (header_of(8, "1/1"), "seed 0x7, and this is seed 0x8"),
        (header_of(7, "1/2"), "shard 1/1, and this is shard 1/2"),
        (version, "and this is upheaval version 0.0.1"),
        (scenario, "and this is scenario default, gateway"),
        (modules, "and this is modules others"),
    ] {
        let error = open(folder.path(), &other)
            .expect_err("another")
            .to_string();
        assert!(error.contains(words), "no {words} in: {error}");
        assert!(
            error.contains("give the same again, or another --out"),
            "{error}"
        );
    }
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(NAME);
    for text in ["hello\nworld\n", "{}\n{}\n"] {
        fs::write(&path, text).expect("a file");
        let error = open(folder.path(), &header()).expect_err("no journal");
        assert!(error.to_string().contains("line 1 is damaged"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), text);
    }
}

/// A disk with room for so many bytes.
struct Small {
    written: Vec<u8>,
    room: usize,
}

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.room - self.written.len() {
            0 => Err(io::ErrorKind::StorageFull.into()),
            room => {
                let some = &bytes[..bytes.len().min(room)];
                self.written.extend_from_slice(some);
                Ok(some.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Cut for Small {
    fn cut(&mut self, end: u64) -> io::Result<()> {
        self.written.truncate(end as usize);
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_with_a_remedy_and_leaves_whole_lines() {
    let line = sealed(&record(0)).len();
    let mut journal = Journal {
        path: "out/journal.jsonl".into(),
        file: Small {
            written: Vec::new(),
            room: 2 * line + line / 2,
        },
        end: 0,
    };
    assert!(journal.add(&record(0)).is_ok());
    assert!(journal.add(&record(1)).is_ok());
    let error = journal.add(&record(2)).expect_err("it is full").to_string();
    for part in [
        "out/journal.jsonl",
        "make room, and run the same command again",
    ] {
        assert!(error.contains(part), "no {part} in: {error}");
    }
    assert_eq!(journal.file.written.len(), 2 * line);
}
