//! The seeds of cases, and what they say.

use crate::coverage::Doing;

/// The increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// After so many cases of a run they are small again.
const RAMP: u64 = 32;

/// The byte of a case's seed that says how large the case is.
const SIZE: u64 = 0xff;

/// The byte that says what it favours.
const FAVOUR: u64 = 0xff00;

/// The byte that says, where it favours something, what that has to meet a process doing.
const DOING: u64 = 0xff_0000;

/// What a case favours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Favoured {
    /// The number of an op, with a process or module; not 0.
    pub(crate) number: u8,
    /// What it is to meet a process doing.
    pub(crate) doing: Doing,
}

/// The seed of a run's case, counted from 0.
///
/// All of the case follows from it: any case can be run again without the ones before it.
/// Two runs whose seeds are neighbours share no case. Its last byte is the case's size,
/// which follows from the case's number: the first is the smallest that there is, the
/// thirty-second as large as the scenario says, and so again and again. A third of that is
/// the average. So what a small case can show is shown at once. The byte before it is 0:
/// the case favours no op. In a run, later cases favour those that [cells](crate::coverage)
/// seldom reached are of, and have their number there, and in the byte before that one what
/// the process of the cell was doing.
///
/// ```
/// use upheaval::plan::case_seed;
///
/// assert_eq!(case_seed(1_234_567, 0), 0x599e_d017_fb08_0000);
/// assert_eq!(case_seed(1_234_567, 31) & 0xff, 0xff);
/// assert_eq!(case_seed(1_234_567, 32) & 0xff, 0x00);
/// ```
pub fn case_seed(run_seed: u64, case: u64) -> u64 {
    let size = case % RAMP * SIZE / (RAMP - 1);
    output(run_seed, case) & !(SIZE | FAVOUR) | size
}

/// A case's seed with what it favours.
pub(crate) fn favouring(seed: u64, favoured: Option<Favoured>) -> u64 {
    match favoured {
        None => seed & !FAVOUR,
        Some(Favoured { number, doing }) => {
            seed & !(FAVOUR | DOING) | u64::from(number) << 8 | (doing as u64) << 16
        }
    }
}

/// What a seed's case favours, if anything: the number of an op, and what it is to meet a
/// process doing, if that is said.
pub(super) fn favour(seed: u64) -> Option<(u8, Option<Doing>)> {
    let number = ((seed & FAVOUR) >> 8) as u8;
    let doing = ((seed & DOING) >> 16) as usize;
    (number > 0).then(|| (number, Doing::ALL.get(doing).copied()))
}

/// The seed of a case that is as large as its scenario says, and else as that of `seed`.
pub(crate) fn largest(seed: u64) -> u64 {
    seed | SIZE
}

/// The size of a seed's case, where the largest has so many.
pub(super) fn size(seed: u64, most: u32) -> u32 {
    let size = seed & SIZE;
    // By the square: one and a third of the largest on the average.
    let more = u64::from(most.saturating_sub(1)) * (size * size) / (SIZE * SIZE);
    most.min(1 + more as u32)
}

/// The output number `n`, counted from 0, of SplitMix64 seeded with `seed`.
pub(crate) fn output(seed: u64, n: u64) -> u64 {
    let z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(GOLDEN));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outputs_are_those_of_splitmix64() {
        let outputs = [0, 1, 2, 3, 4].map(|n| output(1_234_567, n));
        assert_eq!(
            outputs,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn the_sizes_of_a_runs_cases_go_up_from_one_to_the_most_and_begin_again() {
        let sizes: Vec<u32> = (0..64).map(|case| size(case_seed(7, case), 200)).collect();
        assert_eq!((sizes[0], sizes[31]), (1, 200));
        assert!(sizes[..32].is_sorted());
        assert_eq!(sizes[..32], sizes[32..]);
    }

    #[test]
    fn a_case_has_a_third_of_the_most_on_the_average() {
        let sum: u32 = (0..3200).map(|case| size(case_seed(7, case), 200)).sum();
        assert!((63..=70).contains(&(sum / 3200)), "{sum}");
    }

    #[test]
    fn a_size_is_one_at_least_unless_there_is_nothing() {
        let sizes = |most| [0, 100, 255].map(|seed| size(seed, most));
        assert_eq!(sizes(0), [0, 0, 0]);
        assert_eq!(sizes(1), [1, 1, 1]);
        assert_eq!(sizes(u32::MAX)[2], u32::MAX);
    }

    #[test]
    fn a_seed_says_what_its_case_favours_and_what_that_is_to_meet() {
        let seed = case_seed(7, 31);
        assert_eq!(favour(seed), None);
        let favoured = Favoured {
            number: 200,
            doing: Doing::Frozen,
        };
        let leaning = favouring(seed, Some(favoured));
        assert_eq!(favour(leaning), Some((200, Some(Doing::Frozen))));
        assert_eq!(size(leaning, 200), size(seed, 200));
        assert_eq!(favouring(seed, None), seed);
    }

    #[test]
    fn cases_of_one_size_have_seeds_of_their_own() {
        let mut seeds: Vec<u64> = (0..1000).map(|turn| case_seed(7, RAMP * turn)).collect();
        seeds.sort();
        seeds.dedup();
        assert_eq!(seeds.len(), 1000);
    }
}
