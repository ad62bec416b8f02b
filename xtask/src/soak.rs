//! `cargo xtask soak`: makes hundreds of thousands of calls with faults, and watches the memory; kills the command line
//! many times, and gives it a million run ids.

use std::path::Path;

use anyhow::Result;

use crate::{bench, pack};

/// Prints the figures. Fails if memory grows or a run is lost. The command line's part has no arguments.
pub fn run(command_line: bool, arguments: &[String]) -> Result<()> {
    let (_, tarball) = pack::run()?;
    if !command_line {
        bench::run_script(Path::new("tests/bench/soak.mjs"), arguments, &tarball)?;
    }
    bench::run_script(Path::new("tests/bench/soak-cli.mjs"), &[], &tarball)
}
