//! The rim: everything that knows JavaScript.
//!
//! Numbers go to and fro, and lists of run ids; no text does, so that neither an encoder nor a decoder is part of the module.
//! What is called of JavaScript catches what a caller's callbacks and test doubles throw: an exception that passed through
//! Rust would leave a promise that never settles, and others with it.

mod call;
mod client;
mod error;
mod handles;
mod platform;
mod reply;
mod run;
mod rust;

pub use rust::Client;

/// Smaller by 2 kB of the package than the standard library's, and it gives memory back to later calls just the same.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
