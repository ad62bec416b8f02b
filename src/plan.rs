//! The requests that a list of run ids takes: balanced batches.
//!
//! The service's documentation gives the size of a request as 2 to 5 ids, as 3 to 5, and as 1 to 5. `n` ids split into
//! `ceil(n / 5)` batches whose sizes differ by one at the most are always of 3 to 5 where `n` is 3 or more, so every
//! reading is met, and no request more is made than with batches of 5.

use crate::run_id::{BATCH_MAX, RunId};

/// Splits distinct ids into balanced batches, the larger ones first: 7 ids become 4 + 3, 11 become 4 + 4 + 3.
///
/// One id makes a batch of one and two a batch of two; no ids make no batch.
pub fn batches(ids: &[RunId]) -> Vec<&[RunId]> {
    let mut rest = ids;
    (1..=ids.len().div_ceil(BATCH_MAX))
        .rev()
        .map(|batches_left| {
            let (batch, after) = rest.split_at(rest.len().div_ceil(batches_left));
            rest = after;
            batch
        })
        .collect()
}
