//! The rim: everything that knows JavaScript.
//!
//! Only numbers go to and fro: no text, so that neither an encoder nor a decoder is part of the package, and no object, so that
//! there is no table of those. Of clients and calls each side has its part, by a number that both know.
//! What is called of JavaScript catches what a caller's callbacks and test doubles throw: an exception that passed through
//! Rust would leave a promise that never settles, and others with it.

mod call;
mod client;
mod error;
mod platform;
mod reply;
mod run;
#[cfg(feature = "client")]
mod rust;
mod table;

#[cfg(not(feature = "client"))]
use lol_alloc::{LeakingAllocator, LockedAllocator};
#[cfg(feature = "client")]
pub use rust::{Client, Results, RunResult};

/// One that never frees, and takes next to no room: all that the package has in memory are the tables of `table.rs`, which only
/// grow, and leave behind what they grow out of: as much again, at the most.
#[cfg(not(feature = "client"))]
#[global_allocator]
static ALLOCATOR: LockedAllocator<LeakingAllocator> = LockedAllocator::new(LeakingAllocator::new());
