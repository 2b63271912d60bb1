//! The name that was meant.

/// How far a name may be off to be suggested.
const NEAR: usize = 4;

/// The nearest of some names, if one is near.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = NEAR.min(name.chars().count() / 2);
    names
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= near)
        .min()
        .map(|(_, name)| name)
}
