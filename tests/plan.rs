//! How many requests a list takes, and how its ids are spread over them.

use translation_results::plan::first_batch;

/// One batch after the other.
fn sizes(count: usize) -> Vec<usize> {
    let left_after = |&left: &usize| left.checked_sub(first_batch(left));
    let lefts = std::iter::successors(Some(count), left_after).take_while(|&left| left > 0);
    lefts.map(first_batch).collect()
}

#[track_caller]
fn assert_sizes(count: usize, expected: &[usize]) {
    assert_eq!(sizes(count), expected);
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
    for count in 0..=2_000 {
        let sizes = sizes(count);
        assert_eq!(sizes.iter().sum::<usize>(), count, "{count} ids: every one once");
        assert_eq!(sizes.len(), count.div_ceil(5), "{count} ids: no request more than with batches of five");
        assert!(sizes.is_sorted_by(|before, after| before >= after), "{count} ids: larger ones first, not {sizes:?}");
        assert!(sizes.first().is_none_or(|most| most - sizes[sizes.len() - 1] <= 1), "{count} ids: {sizes:?}");
        assert!(count < 3 || sizes.iter().all(|size| (3..=5).contains(size)), "{count} ids: {sizes:?}");
    }
    assert_eq!(first_batch(0), 0);
    assert_eq!(first_batch(usize::MAX), 5);
}
