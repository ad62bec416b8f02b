//! `cargo xtask soak`: hundreds of thousands of calls with faults among them, and what is left of them in memory; the command
//! line, killed again and again, and with a million run ids.

use std::path::Path;

use anyhow::Result;

use crate::{bench, pack};

/// Prints the figures, and fails where something grows or is lost. The command line's part has no arguments.
pub fn run(command_line: bool, arguments: &[String]) -> Result<()> {
    let (_, tarball) = pack::run()?;
    if !command_line {
        bench::run_script(Path::new("tests/bench/soak.mjs"), arguments, &tarball)?;
    }
    bench::run_script(Path::new("tests/bench/soak-cli.mjs"), &[], &tarball)
}
