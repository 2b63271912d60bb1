//! Which ops later cases have more of, so that what is seldom reached is.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::{Coverage, Deed, Reached};

/// How many cases are looked at together.
const EPOCH: u64 = 1024;

/// Which ops the cases of a run lean towards.
///
/// The cases of an epoch lean by what those of all epochs but the last before it have
/// reached: which cases those are does not depend on how many threads there are, and hardly
/// ever has one of them to wait. Every other case leans; the first two epochs do not.
#[derive(Debug)]
pub(crate) struct Leaning {
    /// What can be leaned towards, with its number.
    offers: Vec<(u8, Deed)>,
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    coverage: Coverage,
    cases: u64,
    /// For each epoch from the third on.
    favours: Vec<Arc<[u8]>>,
    /// Whether there will be no more.
    is_over: bool,
}

impl Leaning {
    pub(crate) fn new(offers: Vec<(u8, Deed)>) -> Leaning {
        Leaning {
            offers,
            known: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Adds what the next case, in the order of their numbers, has reached.
    pub(crate) fn add(&self, cells: &[Reached]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.coverage.add(cells);
        known.cases += 1;
        if known.cases.is_multiple_of(EPOCH) {
            let favours = self.favours(&known.coverage, known.cases / EPOCH);
            known.favours.push(favours);
            self.changed.notify_all();
        }
    }

    /// What has been reached so far.
    pub(crate) fn coverage(&self) -> Coverage {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.coverage.clone()
    }

    /// What the case of that number favours; 0 for nothing. Waits until that is known.
    pub(crate) fn favour(&self, case: u64) -> u8 {
        let (Some(epoch), 1) = ((case / EPOCH).checked_sub(2), case % 2) else {
            return 0;
        };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_awaited = |known: &mut Known| !known.is_over && known.favours.len() as u64 <= epoch;
        let known = self.changed.wait_while(known, is_awaited);
        let known = known.unwrap_or_else(PoisonError::into_inner);
        match known.favours.get(epoch as usize) {
            Some(favours) if !favours.is_empty() => {
                favours[(case / 2 % favours.len() as u64) as usize]
            }
            _ => 0,
        }
    }

    /// Nobody need wait any more once this is dropped.
    pub(crate) fn end_on_drop(&self) -> End<'_> {
        End {
            leaning: self,
            is_for_panics: false,
        }
    }

    /// The same where the thread panics.
    pub(crate) fn end_on_panic(&self) -> End<'_> {
        End {
            leaning: self,
            is_for_panics: true,
        }
    }

    fn end(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.is_over = true;
        self.changed.notify_all();
    }

    /// What is done in cells that were reached less than once in an epoch.
    fn favours(&self, coverage: &Coverage, epochs: u64) -> Arc<[u8]> {
        let seldom = coverage.seldom(epochs);
        let is_seldom = |deed: Deed| seldom.iter().any(|cell| cell.deed == deed);
        let offers = self.offers.iter().filter(|(_, deed)| is_seldom(*deed));
        offers.map(|(number, _)| *number).collect()
    }
}

/// Ends the waiting of all.
pub(crate) struct End<'a> {
    leaning: &'a Leaning,
    is_for_panics: bool,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        if !self.is_for_panics || std::thread::panicking() {
            self.leaning.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{Cell, Doing, Kind, Outcome};

    fn cell(doing: Doing, deed: Deed, outcome: Outcome) -> Reached {
        let cell = Cell {
            behaviour: Kind::GenServer,
            doing,
            deed,
            outcome,
        };
        Reached {
            subject: 0,
            cell: cell.index(),
        }
    }

    /// After epochs in which a kill met somebody idle each time, and a suspend somebody
    /// suspended once.
    fn after(epochs: u64) -> Leaning {
        let leaning = Leaning::new(vec![(1, Deed::Kill), (2, Deed::Suspend)]);
        for case in 0..epochs * EPOCH {
            let kill = cell(Doing::Idle, Deed::Kill, Outcome::Ended);
            let resume = cell(Doing::Suspended, Deed::Suspend, Outcome::Ok);
            let suspended = cell(Doing::Suspended, Deed::Kill, Outcome::Ended);
            leaning.add(&[kill, suspended]);
            if case == 0 {
                leaning.add(&[resume]);
            }
        }
        leaning
    }

    #[test]
    fn the_first_two_epochs_lean_towards_nothing() {
        let leaning = after(0);
        assert!((0..2 * EPOCH).all(|case| leaning.favour(case) == 0));
    }

    #[test]
    fn every_other_case_after_them_leans_towards_what_was_seldom_reached() {
        let leaning = after(2);
        for case in 2 * EPOCH..3 * EPOCH {
            assert_eq!(leaning.favour(case), if case % 2 == 1 { 2 } else { 0 });
        }
    }

    #[test]
    fn who_waits_for_an_epoch_goes_on_when_the_run_is_over() {
        let leaning = after(0);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| leaning.favour(2 * EPOCH + 1));
            leaning.end();
            assert_eq!(waits.join().ok(), Some(0));
        });
    }
}
