//! Splits a list of run ids into balanced batches.
//!
//! The service's documentation gives the size of a request as 2 to 5 ids, as 3 to 5, and as 1 to 5. `n` ids split into
//! `ceil(n / 5)` batches whose sizes differ by at most one always have 3 to 5 ids where `n` is 3 or more. That satisfies
//! every reading and needs no more requests than batches of 5.

use crate::core::batch::{BATCH_MAX, without_repeats};
use crate::core::run_id::RunId;

/// Splits ids into balanced batches of 3 to 5 wherever the count allows, in their order. Repeats count once.
///
/// ```
/// use translation_results::{RunId, plan_batches};
///
/// let batches = plan_batches((1..=7).filter_map(RunId::new));
/// assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [4, 3]);
/// ```
pub fn plan_batches(ids: impl IntoIterator<Item = RunId>) -> Vec<Vec<RunId>> {
    split(&without_repeats(ids))
}

/// Splits distinct ids, as [`plan_batches`] does.
pub fn split(mut rest: &[RunId]) -> Vec<Vec<RunId>> {
    let mut batches = Vec::new();
    while let Some((batch, others)) = rest.split_at_checked(first_batch(rest.len()))
        && !batch.is_empty()
    {
        batches.push(batch.to_vec());
        rest = others;
    }
    batches
}

/// Returns the size of the first batch of `count` ids. It is the largest batch, and the rest splits in the same way: 7
/// ids become 4 + 3, 11 become 4 + 4 + 3.
pub fn first_batch(count: usize) -> usize {
    count.div_ceil(count.div_ceil(BATCH_MAX).max(1))
}
