//! The JavaScript classes, in the engines that they are for: Node, Chromium (page and worker), Firefox and WebKit.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure of a test is a panic; clippy knows the tests of #[test] only"
)]

mod abort;
mod bulk;
#[path = "../web/doubles.rs"]
mod doubles;
mod errors;
mod inputs;
mod listeners;
mod memory;
mod stream;
mod values;
