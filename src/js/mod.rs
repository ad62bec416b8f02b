//! The rim: everything that knows JavaScript.
//!
//! Whatever may throw is imported with `catch`, or called from JavaScript that catches, a caller's callbacks and test
//! doubles first of all: an exception that passed through Rust would leave a promise that never settles, and others with
//! it.

mod client;
mod connection;
mod error;
mod options;
mod pace;
mod platform;
mod record;
mod reply;
mod run;
mod sink;
mod wire;

pub use client::{Client, check_run_ids, plan_batches};

/// Smaller by 2 kB of the package than the standard library's, and it gives memory back to later calls just the same.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
