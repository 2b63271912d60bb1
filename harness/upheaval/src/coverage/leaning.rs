//! Which ops later cases have more of, so that what is seldom reached is.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::{Coverage, Deed, Reached};
use crate::plan::Favoured;

/// How many cases are looked at together.
const EPOCH: u64 = 1024;

/// An op that a case can have more of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What seeds call it.
    pub(crate) number: u8,
    /// What it does.
    pub(crate) deed: Deed,
    /// To which subjects; none for all.
    pub(crate) subjects: Vec<u8>,
}

/// Which ops the cases of a run lean towards.
///
/// The cases of an epoch lean by what those of all epochs but the last before it have
/// reached: which cases those are does not depend on how many threads there are, and hardly
/// ever has one of them to wait. Every other case leans; the first two epochs do not.
#[derive(Debug)]
pub(crate) struct Leaning {
    offers: Vec<Offer>,
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    coverage: Coverage,
    cases: u64,
    /// For each epoch from the third on.
    favours: Vec<Arc<[Favoured]>>,
    /// Whether there will be no more.
    is_over: bool,
}

impl Leaning {
    pub(crate) fn new(offers: Vec<Offer>) -> Leaning {
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

    /// What the case of that number favours, if anything. Waits until that is known.
    pub(crate) fn favour(&self, case: u64) -> Option<Favoured> {
        let (Some(epoch), 1) = ((case / EPOCH).checked_sub(2), case % 2) else {
            return None;
        };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_awaited = |known: &mut Known| !known.is_over && known.favours.len() as u64 <= epoch;
        let known = self.changed.wait_while(known, is_awaited);
        let known = known.unwrap_or_else(PoisonError::into_inner);
        match known.favours.get(epoch as usize) {
            Some(favours) if !favours.is_empty() => {
                Some(favours[(case / 2 % favours.len() as u64) as usize])
            }
            _ => None,
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

    /// For each cell that was reached less than once in an epoch: an op of those that it may
    /// be of, each time another, and what it has to meet a process doing.
    fn favours(&self, coverage: &Coverage, epochs: u64) -> Arc<[Favoured]> {
        // What was never reached is looked for twice as often.
        let seldom = coverage.seldom(epochs).into_iter();
        let seldom = seldom.chain(coverage.missed());
        let favours = (epochs as usize..).zip(seldom).filter_map(|(turn, cell)| {
            let is_of =
                |offer: &&Offer| offer.deed == cell.deed && coverage.expects(&offer.subjects, cell);
            let offers = self.offers.iter().filter(is_of);
            let offer = offers.clone().nth(turn % offers.count().max(1))?;
            Some(Favoured {
                number: offer.number,
                doing: cell.doing,
            })
        });
        favours.collect()
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
        let offer = |number, deed| Offer {
            number,
            deed,
            subjects: vec![0],
        };
        let leaning = Leaning::new(vec![offer(1, Deed::Kill), offer(2, Deed::Suspend)]);
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
        assert!((0..2 * EPOCH).all(|case| leaning.favour(case).is_none()));
    }

    #[test]
    fn every_other_case_after_them_leans_towards_what_was_seldom_reached() {
        let leaning = after(2);
        for case in 2 * EPOCH..3 * EPOCH {
            let favoured = leaning.favour(case).map(|favoured| favoured.number);
            assert_eq!(favoured, (case % 2 == 1).then_some(2));
        }
    }

    #[test]
    fn who_waits_for_an_epoch_goes_on_when_the_run_is_over() {
        let leaning = after(0);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| leaning.favour(2 * EPOCH + 1));
            leaning.end();
            assert_eq!(waits.join().ok(), Some(None));
        });
    }
}
