//! What the cases so far came to, put together in their order.

use super::{Breach, Claim, Counts, DETERMINISM, Executor, Failure, Judged, Progress, Report};
use super::{Runner, SURVIVAL};
use crate::history::DigestChain;
use crate::invariant::{Judgement, Violation};
use crate::target::TargetError;
use crate::verdict::Tally;

/// What the cases so far came to.
pub(super) struct Findings<'a> {
    runner: &'a Runner,
    claims: Vec<Claim>,
    counts: Counts,
    chain: DigestChain,
    tally: Tally,
    failures: Vec<Failure>,
    /// What has been shrunk already.
    known: Vec<(&'static str, Breach)>,
    progress: Progress,
}

impl<'a> Findings<'a> {
    pub(super) fn new(runner: &'a Runner, is_deterministic: bool) -> Self {
        let claims = runner.claims(is_deterministic);
        Findings {
            runner,
            counts: Counts::default(),
            chain: DigestChain::new(),
            tally: Tally::of(claims.iter().copied()),
            claims,
            failures: Vec::new(),
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
        for place in 0..self.claims.len() {
            let claim = self.claims[place];
            let Some(breach) = judged.breach(claim, place) else {
                continue;
            };
            let is_known =
                |(name, known): &(_, Breach)| *name == claim.name && known.is_like(&breach);
            if self.known.iter().any(is_known) {
                continue;
            }
            let plan = self.runner.plan(judged.case_seed);
            let failure = self.runner.shrink(executor, claim, &plan, breach.clone());
            if failure.is_unrepeatable() && !Claim::is_of_the_run(claim.name) {
                judged.is_not_deterministic(&self.claims, claim);
            }
            self.known.push((claim.name, breach));
            self.failures.push(failure);
        }
        self.tally.add(&judged.judgements);
        self.progress.cases += 1;
        self.progress.violated += u64::from(judged.is_violated());
        self.progress
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
            failures: self.failures,
            error,
        }
    }
}

impl Judged {
    /// How it broke the claim at that place among all.
    pub(crate) fn breach(&self, claim: Claim, place: usize) -> Option<Breach> {
        match (&self.judgements[place], self.death) {
            (Judgement::Violated(_), Some(death)) if claim == SURVIVAL => {
                Some(Breach::death(death))
            }
            (Judgement::Violated(violation), _) => Some(Breach::without_history(violation)),
            _ => None,
        }
    }

    /// A claim was violated, and was not when the plan was run again.
    pub(crate) fn is_not_deterministic(&mut self, claims: &[Claim], violated: Claim) {
        let place = claims.iter().position(|claim| *claim == DETERMINISM);
        if let Some(place) = place
            && !matches!(self.judgements[place], Judgement::Violated(_))
        {
            self.judgements[place] = Judgement::Violated(Violation {
                message: format!(
                    "case 0x{:016x} violated {}, and did not when it was run again: a module is \
                     not deterministic; look for clocks, addresses, threads and statics in it",
                    self.case_seed, violated.name
                ),
                at: 0,
                evidence: Vec::new(),
            });
        }
    }
}
