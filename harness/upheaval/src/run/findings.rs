//! What the cases so far came to, put together in their order.

use super::{
    Breach, Claim, Counts, Executor, Failure, Judged, Progress, Report, Runner, Undecided,
};
use crate::coverage::Leaning;
use crate::history::DigestChain;
use crate::target::TargetError;
use crate::verdict::Tally;

/// Of how many reasons why a case could not be judged a plan is kept: a reason may name the
/// node, and be another one each time.
const MOST_UNDECIDED: usize = 3;

/// What the cases so far came to.
pub(super) struct Findings<'a> {
    runner: &'a Runner,
    leaning: &'a Leaning,
    claims: Vec<Claim>,
    counts: Counts,
    chain: DigestChain,
    tally: Tally,
    failures: Vec<Failure>,
    undecided: Vec<Undecided>,
    /// What has been shrunk already.
    known: Vec<(&'static str, Breach)>,
    progress: Progress,
}

impl<'a> Findings<'a> {
    pub(super) fn new(runner: &'a Runner, leaning: &'a Leaning, is_deterministic: bool) -> Self {
        let claims = runner.claims(is_deterministic);
        Findings {
            runner,
            leaning,
            counts: Counts::default(),
            chain: DigestChain::new(),
            tally: Tally::of(claims.iter().copied()),
            claims,
            failures: Vec::new(),
            undecided: Vec::new(),
            known: Vec::new(),
            progress: Progress {
                cases: 0,
                violated: 0,
            },
        }
    }

    /// Adds the next case; shrinks what is violated for the first time.
    pub(super) fn add(&mut self, executor: &mut dyn Executor, mut judged: Judged) -> Progress {
        self.counts += judged.counts;
        self.chain.push(judged.digest);
        self.leaning.add(&judged.cells);
        let known = &mut self.known;
        let failures =
            self.runner
                .shrink_all(executor, &self.claims, &mut judged, |claim, breach| {
                    let is_known =
                        |(name, known): &(_, Breach)| *name == claim.name && known.is_like(breach);
                    let is_new = !known.iter().any(is_known);
                    if is_new {
                        known.push((claim.name, breach.clone()));
                    }
                    is_new
                });
        self.failures.extend(failures);
        self.keep_undecided(&judged);
        self.tally.add(&judged.judgements);
        self.progress.cases += 1;
        self.progress.violated += u64::from(judged.is_violated());
        self.progress
    }

    /// Keeps the plan of a case that could not be judged: without it nobody could find
    /// out why.
    fn keep_undecided(&mut self, judged: &Judged) {
        let Some(reason) = judged.undecided() else {
            return;
        };
        let is_new = self.undecided.iter().all(|known| known.reason != reason);
        if is_new && self.undecided.len() < MOST_UNDECIDED {
            self.undecided.push(Undecided {
                case_seed: judged.case_seed,
                plan: self.runner.plan(judged.case_seed),
                reason: reason.to_owned(),
            });
        }
    }

    /// The report of a run that ends here; the error alone where there is nothing
    /// to report.
    pub(super) fn cut_short(self, error: TargetError) -> Result<Report, TargetError> {
        if self.progress.cases == 0 && self.failures.is_empty() {
            return Err(error);
        }
        Ok(self.report(Some(error)))
    }

    pub(super) fn report(self, error: Option<TargetError>) -> Report {
        Report {
            cases: self.progress.cases,
            counts: self.counts,
            digest: self.chain.digest(),
            tally: self.tally,
            coverage: self.leaning.coverage(),
            failures: self.failures,
            undecided: self.undecided,
            error,
        }
    }
}

#[cfg(test)]
mod tests;
