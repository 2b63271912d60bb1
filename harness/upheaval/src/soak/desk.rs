//! Who writes down what the threads of a soak find.

use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::books::Books;
use super::journal::Journal;
use super::part::Record;
use super::soaker::{Part, Shared};
use super::{News, Soak, SoakError};
use crate::regression::{Kept, keep};
use crate::run::Failure;

/// Who writes down what the threads find.
pub(super) struct Desk<'a> {
    pub(super) soak: &'a Soak,
    pub(super) books: &'a mut Books,
    pub(super) journal: Journal,
    pub(super) regressions: Option<&'a Path>,
    /// How long the soaks before it took.
    pub(super) before: Duration,
    pub(super) started: Instant,
}

impl Desk<'_> {
    /// Writes down part after part, until there are no more.
    pub(super) fn write_down(
        &mut self,
        parts: Receiver<Part>,
        shared: &Shared,
        say: &mut impl FnMut(News),
    ) -> Result<(), SoakError> {
        for part in parts {
            let digest = part.digests.digest().to_string();
            let mut record = Record::new(part.unit, &part.totals, digest);
            // First the plans: a record says that nothing of its cases is left to do.
            for failure in part.failures {
                self.keep(failure, &mut record, say)?;
            }
            let spent = self.before + self.started.elapsed();
            record.ms = spent.as_millis().try_into().unwrap_or(u64::MAX);
            if record.cases > 0 {
                self.journal.add(&record)?;
                shared.with_units(|units| units.done(part.unit, record.cases));
                let scenario = self.soak.scenario(part.unit.number);
                self.books.count(scenario, &part.totals, &record);
            }
            say(News::Progress {
                cases: self.books.cases(),
                violations: self.books.violations(),
                spent,
            });
            if let Some(error) = part.error {
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn keep(
        &self,
        failure: Failure,
        record: &mut Record,
        say: &mut impl FnMut(News),
    ) -> Result<(), SoakError> {
        if let Some(folder) = self.regressions.filter(|_| failure.repeats()) {
            keep(folder, &failure)?;
        }
        let (Kept::New(path) | Kept::Known(path)) = keep(&self.soak.folder, &failure)?;
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        // A file may be there of which no record tells: of a soak that was killed.
        if !self.books.kept.contains(&name) && !record.kept.contains(&name) {
            record.kept.push(name);
            say(News::Kept {
                failure: Box::new(failure),
                path,
            });
        }
        Ok(())
    }
}
