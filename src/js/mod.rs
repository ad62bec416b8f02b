//! The rim: everything that knows JavaScript.
//!
//! Whatever may throw is imported with `catch`, or called from JavaScript that catches, a caller's callbacks and test
//! doubles first of all: an exception that passed through Rust would leave a promise that never settles, and others with
//! it. No text comes in: what is asked of one is asked of JavaScript, so that no decoder is part of the module.

mod calls;
mod client;
mod error;
mod options;
mod platform;
mod reply;
mod run;
mod sink;
mod wire;

pub use calls::{connect, wake};
pub use client::{Client, check_run_ids, plan_batches};
pub use platform::Direct;
pub use sink::Sink;

/// Smaller by 2 kB of the package than the standard library's, and it gives memory back to later calls just the same.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
