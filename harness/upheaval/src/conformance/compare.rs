//! Two runs of a plan, side by side.

use super::{DEVIATIONS, Difference, Line, Moment, moments};
use crate::target::Watched;

/// Compares what was seen of a plan on the embedded node and on a real one; gives
/// the first op after which they differ by something that is no deviation.
pub fn compare(embedded: &Watched, real: &Watched) -> Option<Difference> {
    let (embedded, real) = (moments(embedded), moments(real));
    let ops = embedded.len().max(real.len());
    let nothing = Moment::default();
    (0..ops).find_map(|op| {
        let ours = embedded.get(op).unwrap_or(&nothing);
        let theirs = real.get(op).unwrap_or(&nothing);
        (!agree(ours, theirs)).then(|| Difference {
            op,
            embedded: ours.clone(),
            real: theirs.clone(),
        })
    })
}

fn agree(embedded: &Moment, real: &Moment) -> bool {
    embedded == real || pairs(embedded, real).into_iter().all(is_explained)
}

fn is_explained((embedded, real): (Option<&Line>, Option<&Line>)) -> bool {
    embedded == real
        || DEVIATIONS
            .iter()
            .any(|deviation| (deviation.explains)(embedded, real))
}

/// The lines of both, those of the same thing side by side.
pub(super) fn pairs<'a>(
    embedded: &'a Moment,
    real: &'a Moment,
) -> Vec<(Option<&'a Line>, Option<&'a Line>)> {
    let (mut ours, mut theirs) = (
        embedded.lines.iter().peekable(),
        real.lines.iter().peekable(),
    );
    let mut pairs = Vec::new();
    loop {
        match (ours.peek(), theirs.peek()) {
            (None, None) => return pairs,
            (Some(a), Some(b)) if a.what == b.what => pairs.push((ours.next(), theirs.next())),
            (Some(a), Some(b)) if a.what < b.what => pairs.push((ours.next(), None)),
            (Some(_), None) => pairs.push((ours.next(), None)),
            _ => pairs.push((None, theirs.next())),
        }
    }
}
