//! The requests that a list of run ids takes: balanced batches.
//!
//! The service's documentation gives the size of a request as 2 to 5 ids, as 3 to 5, and as 1 to 5. `n` ids split into
//! `ceil(n / 5)` batches whose sizes differ by one at the most are always of 3 to 5 where `n` is 3 or more, so every
//! reading is met, and no request more is made than with batches of 5.

use crate::run_id::BATCH_MAX;

/// How many of so many ids the first of their batches has. It is the largest, and what is left splits as it would have: 7 ids
/// become 4 + 3, 11 become 4 + 4 + 3.
#[inline(never)]
pub fn first_batch(count: usize) -> usize {
    count.div_ceil(count.div_ceil(BATCH_MAX).max(1))
}
