//! The client for Rust, in the engines that it is for: Node, Chromium (page and worker), Firefox and WebKit.

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
mod calls;
mod cancel;
mod doubles;
mod errors;
mod events;
mod limits;
mod memory;
mod options;
mod pace;
/// The code in Rust that the demo page shows, in lines as narrow as there.
#[rustfmt::skip]
#[expect(dead_code, clippy::print_stdout, clippy::print_stderr, reason = "it is only compiled")]
mod page_call;
mod results;
mod singles;
mod stops;
mod stream;
mod surface;
