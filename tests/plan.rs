//! How a list of run ids is split into batches.

#![expect(clippy::unwrap_used, reason = "an overflow or a missing value fails the test")]

use std::collections::HashSet;

use proptest::prelude::*;
use translation_results::core::batch::Batch;
use translation_results::core::plan::{first_batch, plan_batches};
use translation_results::core::run_id::RunId;

fn run_ids(ids: impl IntoIterator<Item = u64>) -> Vec<RunId> {
    ids.into_iter().map(|id| RunId::new(id).unwrap()).collect()
}

/// Returns the sizes of the batches of `count` ids.
fn sizes(count: usize) -> Vec<usize> {
    plan_batches(run_ids(1..=count as u64)).iter().map(Vec::len).collect()
}

#[track_caller]
fn assert_sizes(count: usize, expected: &[usize]) {
    assert_eq!(sizes(count), expected);
}

#[test]
fn batches_are_balanced() {
    assert_sizes(0, &[]);
    assert_sizes(1, &[1]);
    assert_sizes(2, &[2]);
    assert_sizes(3, &[3]);
    assert_sizes(5, &[5]);
    assert_sizes(6, &[3, 3]);
    assert_sizes(7, &[4, 3]);
    assert_sizes(8, &[4, 4]);
    assert_sizes(9, &[5, 4]);
    assert_sizes(10, &[5, 5]);
    assert_sizes(11, &[4, 4, 3]);
    assert_sizes(12, &[4, 4, 4]);
    assert_sizes(13, &[5, 4, 4]);
    assert_sizes(16, &[4, 4, 4, 4]);
    assert_sizes(21, &[5, 4, 4, 4, 4]);
}

#[test]
fn batches_satisfy_every_reading_of_the_documentation_at_any_length() {
    for count in 0..=2_000 {
        let sizes = sizes(count);
        assert_eq!(sizes.iter().sum::<usize>(), count, "{count} ids: each one once");
        assert_eq!(sizes.len(), count.div_ceil(5), "{count} ids: no more requests than with batches of five");
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{count} ids: larger ones first, not {sizes:?}");
        assert!(sizes.first().is_none_or(|most| most - sizes[sizes.len() - 1] <= 1), "{count} ids: {sizes:?}");
        assert!(count < 3 || sizes.iter().all(|size| (3..=5).contains(size)), "{count} ids: {sizes:?}");
    }
}

#[test]
fn the_first_batch_is_one_of_the_balanced_ones() {
    for count in 1..=2_000 {
        assert_eq!(first_batch(count), sizes(count)[0], "{count} ids");
    }
    assert_eq!(first_batch(0), 0);
    assert_eq!(first_batch(usize::MAX), 5);
}

#[test]
fn a_request_may_carry_every_batch() {
    for count in 2..60 {
        for batch in plan_batches(run_ids(1..=count)) {
            assert!(Batch::new(batch.clone()).is_ok(), "{batch:?}");
        }
    }
}

#[test]
fn repeats_count_once() {
    let planned = plan_batches(run_ids([7, 1, 7, 2, 3, 1, 4, 5, 6]));
    assert_eq!(planned, [run_ids([7, 1, 2, 3]), run_ids([4, 5, 6])]);
}

proptest! {
    #[test]
    fn each_id_is_in_one_batch_once_in_the_order_given(ids in prop::collection::vec(1..400_u64, 0..300)) {
        let mut seen = HashSet::new();
        let distinct = run_ids(ids.iter().copied().filter(|&id| seen.insert(id)));
        let batches = plan_batches(run_ids(ids));
        prop_assert_eq!(batches.concat(), distinct.clone());
        prop_assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), sizes(distinct.len()));
    }
}
