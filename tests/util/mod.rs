//! What several of the native tests need.

use translation_results::run_id::RunId;

/// Run ids of numbers that are known to be some.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "outside a test function clippy does not see that this is a test")]
pub fn run_ids(numbers: &[u32]) -> Vec<RunId> {
    numbers.iter().map(|&number| RunId::from_number(f64::from(number)).unwrap()).collect()
}
