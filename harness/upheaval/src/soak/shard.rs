//! One of several soaks that share the cases of a seed.

use std::fmt;
use std::str::FromStr;

/// Which share of a seed's cases a soak runs: the `index`th of `count`.
///
/// ```
/// use upheaval::soak::Shard;
///
/// assert_eq!("2/3".parse::<Shard>().unwrap().to_string(), "2/3");
/// assert_eq!(
///     "3/2".parse::<Shard>().unwrap_err().to_string(),
///     "there is no shard 3 of 2; give I/N with I from 1 to N, like 1/2"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

/// Why a text is no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; give I/N with I from 1 to N, like 1/2")]
pub struct ShardError {
    problem: String,
}

impl Default for Shard {
    /// All of them.
    fn default() -> Self {
        Shard { index: 1, count: 1 }
    }
}

impl Shard {
    /// The blocks of cases that are its own, by their number among its own.
    pub(super) fn block(self, number: u64) -> u64 {
        number * u64::from(self.count) + u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let numbers = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if 1 <= index && index <= count => Ok(Shard { index, count }),
            Some((index, count)) => Err(ShardError {
                problem: format!("there is no shard {index} of {count}"),
            }),
            None => Err(ShardError {
                problem: format!("`{text}` is no shard"),
            }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_shards_share_all_blocks_and_none_twice() {
        let shards: Vec<Shard> = (1..=3).map(|index| Shard { index, count: 3 }).collect();
        let blocks: Vec<u64> = shards
            .iter()
            .flat_map(|shard| (0..10).map(|number| shard.block(number)))
            .collect();
        assert_eq!(blocks.len(), 30);
        let blocks: BTreeSet<u64> = blocks.into_iter().collect();
        assert_eq!(blocks, (0..30).collect());
    }

    #[test]
    fn what_is_no_shard_is_refused_with_what_one_looks_like() {
        for text in ["3/2", "0/2", "0/0", "2", "a/b", "-1/2", "1/2/3", ""] {
            let error = text.parse::<Shard>().expect_err(text).to_string();
            assert!(error.ends_with("with I from 1 to N, like 1/2"), "{error}");
        }
    }
}
