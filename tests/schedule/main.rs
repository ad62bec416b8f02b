//! Calls, step by step: what is sent and when, what is retried, what fails, and which runs fail with it.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

mod batch;
mod calls;
mod content;
mod deadline;
mod outage;
mod plan;
mod refusals;
mod retries;
mod script;
mod source;
mod stops;
