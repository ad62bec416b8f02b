//! `cargo xtask soak`: hundreds of thousands of calls with faults among them, and what is left of them in memory.

use std::path::Path;

use anyhow::Result;

use crate::{bench, pack};

/// Prints the figures, and fails where something grows.
pub fn run(arguments: &[String]) -> Result<()> {
    let (_, tarball) = pack::run()?;
    bench::run_script(Path::new("tests/bench/soak.mjs"), arguments, &tarball)
}
