//! What is said between a run and its workers, one JSON object a line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::coverage::Reached;
use crate::history::Digest;
use crate::invariant::{Judgement, Violation};
use crate::run::{Breach, Counts, Judged, Replayed};

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// To open the modules of a scenario: the first request, and only that.
    Begin {
        scenario: String,
        /// Module, version, and the file that holds it.
        files: Vec<(String, String, PathBuf)>,
    },
    /// To run the case of a seed.
    Case { seed: u64, twice: bool },
    /// To run a plan, given as text, and tell how it breaks a claim.
    Breach { claim: String, plan: String },
    /// To run a plan, given as text, and tell all about it.
    Replay { plan: String },
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Ready,
    Case(CaseSaid),
    Breach(Option<BreachSaid>),
    Replay(CaseSaid, Vec<String>),
    /// It could not be done, in the error's words.
    Failed(String),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CaseSaid {
    seed: u64,
    counts: Counts,
    digest: u128,
    judgements: Vec<JudgementSaid>,
    cells: Vec<Reached>,
}

#[derive(Debug, Serialize, Deserialize)]
enum JudgementSaid {
    Held(u64),
    Violated {
        message: String,
        at: usize,
        evidence: Vec<usize>,
    },
    Inconclusive(String),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BreachSaid {
    message: String,
    excerpt: String,
    op: Option<u32>,
}

impl From<Judged> for CaseSaid {
    fn from(judged: Judged) -> Self {
        CaseSaid {
            seed: judged.case_seed,
            counts: judged.counts,
            digest: judged.digest.0,
            judgements: judged.judgements.into_iter().map(said).collect(),
            cells: judged.cells,
        }
    }
}

impl From<CaseSaid> for Judged {
    fn from(said: CaseSaid) -> Self {
        Judged {
            case_seed: said.seed,
            counts: said.counts,
            digest: Digest(said.digest),
            judgements: said.judgements.into_iter().map(meant).collect(),
            cells: said.cells,
            death: None,
        }
    }
}

fn said(judgement: Judgement) -> JudgementSaid {
    match judgement {
        Judgement::Held { checked } => JudgementSaid::Held(checked),
        Judgement::Violated(Violation {
            message,
            at,
            evidence,
        }) => JudgementSaid::Violated {
            message,
            at,
            evidence,
        },
        Judgement::Inconclusive { reason } => JudgementSaid::Inconclusive(reason),
    }
}

fn meant(said: JudgementSaid) -> Judgement {
    match said {
        JudgementSaid::Held(checked) => Judgement::Held { checked },
        JudgementSaid::Violated {
            message,
            at,
            evidence,
        } => Judgement::Violated(Violation {
            message,
            at,
            evidence,
        }),
        JudgementSaid::Inconclusive(reason) => Judgement::Inconclusive { reason },
    }
}

impl From<Breach> for BreachSaid {
    fn from(breach: Breach) -> Self {
        BreachSaid {
            message: breach.message,
            excerpt: breach.excerpt,
            op: breach.op,
        }
    }
}

impl From<BreachSaid> for Breach {
    fn from(said: BreachSaid) -> Self {
        Breach {
            message: said.message,
            excerpt: said.excerpt,
            op: said.op,
            death: None,
        }
    }
}

impl Answer {
    pub(super) fn replayed(replayed: Replayed) -> Answer {
        Answer::Replay(replayed.judged.into(), replayed.excerpts)
    }
}
