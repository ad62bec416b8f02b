//! Runs of a call, known by their places.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]

use proptest::prelude::*;
use translation_results::runs::{Places, Runs};

fn places(runs: Runs) -> Vec<usize> {
    runs.places.iter().collect()
}

#[test]
fn a_batch_has_the_first_places() {
    for count in 0..=5 {
        let runs = Runs::from(40, count);
        assert_eq!((runs.first, runs.len(), runs.is_empty()), (40, count, count == 0));
        assert_eq!(places(runs), Vec::from_iter(0..count));
    }
}

#[test]
fn places_are_added_one_by_one() {
    let mut places = Places::default();
    places.add(2);
    places.add(0);
    places.add(2);
    assert_eq!(places, Places(0b101));
    assert_eq!([0, 1, 2, 3, 31].map(|place| places.has(place)), [true, false, true, false, false]);
}

proptest! {
    #[test]
    fn every_run_is_among_those_at_some_places_or_the_others(all in 0..32_u32, some in any::<u32>()) {
        let (runs, some) = (Runs { first: 7, places: Places(all) }, Places(some));
        let (only, without) = (runs.only(some), runs.without(some));
        prop_assert_eq!([only.first, without.first], [7, 7]);
        for place in 0..32 {
            prop_assert_eq!(only.places.has(place), runs.places.has(place) && some.has(place));
            prop_assert_eq!(without.places.has(place), runs.places.has(place) && !some.has(place));
        }
        prop_assert_eq!(only.len() + without.len(), runs.len());
        prop_assert_eq!(runs.len(), places(runs).len());
        prop_assert_eq!(runs.is_empty(), places(runs).is_empty());
    }
}
