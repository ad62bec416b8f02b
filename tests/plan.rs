//! How many requests a list takes, and how its ids are spread over them.

mod util;

use translation_results::plan::{batches, first_batch};
use util::run_ids;

#[track_caller]
fn assert_sizes(count: u32, sizes: &[usize]) {
    let ids = run_ids(&(1..=count).collect::<Vec<_>>());
    assert_eq!(batches(&ids).map(<[_]>::len).collect::<Vec<_>>(), sizes);
}

#[test]
fn balances_the_batches() {
    assert_sizes(0, &[]);
    assert_sizes(1, &[1]);
    assert_sizes(2, &[2]);
    assert_sizes(3, &[3]);
    assert_sizes(5, &[5]);
    assert_sizes(6, &[3, 3]);
    assert_sizes(7, &[4, 3]);
    assert_sizes(10, &[5, 5]);
    assert_sizes(11, &[4, 4, 3]);
    assert_sizes(13, &[5, 4, 4]);
    assert_sizes(16, &[4, 4, 4, 4]);
    assert_sizes(21, &[5, 4, 4, 4, 4]);
}

#[test]
fn every_reading_of_the_documentation_is_met_at_any_length() {
    // Ids in falling order, so that nothing passes that sorts them.
    let ids = run_ids(&(1..=2_000).rev().collect::<Vec<_>>());
    for count in 0..=ids.len() {
        let asked = &ids[..count];
        let plan: Vec<_> = batches(asked).collect();
        let sizes: Vec<_> = plan.iter().map(|batch| batch.len()).collect();

        assert_eq!(plan.concat(), asked, "{count} ids: every one once, in order");
        assert_eq!(plan.len(), count.div_ceil(5), "{count} ids: no request more than with batches of five");
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{count} ids: larger ones first, not {sizes:?}");
        assert!(sizes.first().is_none_or(|most| most - sizes[sizes.len() - 1] <= 1), "{count} ids: {sizes:?}");
        assert!(count < 3 || sizes.iter().all(|size| (3..=5).contains(size)), "{count} ids: {sizes:?}");
    }
}

#[test]
fn the_first_batch_is_that_of_the_plan() {
    let ids = run_ids(&(1..=200).collect::<Vec<_>>());
    for count in 0..=ids.len() {
        let first = batches(&ids[..count]).next().map_or(0, <[_]>::len);
        assert_eq!(first_batch(count), first, "{count} ids");
    }
    assert_eq!(first_batch(usize::MAX), 5);
}
