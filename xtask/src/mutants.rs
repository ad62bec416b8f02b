//! `cargo xtask mutants`: changes the core in small ways, and looks for a change that no test notices.
//! `.cargo/mutants.toml` lists the files.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    cargo_tool, files,
    run::{command, succeeds},
};

const CARGO_MUTANTS_VERSION: &str = "27.1.0";

/// Prints the unnoticed changes, and writes the full results to `target/mutants/`.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut mutants = command(cargo_tool::ready("cargo-mutants", CARGO_MUTANTS_VERSION)?);
    mutants
        .args(["mutants", "--dir"])
        .arg(files::root())
        .arg("--output")
        .arg(files::target().join("mutants"))
        .args(arguments)
        // Some changes show in one of a thousand schedules only.
        .env("SCHEDULE_COUNT", "5000")
        .env("CARGO_LLVM_COV_SETUP", "no");
    ensure!(
        succeeds(mutants, Duration::MAX)?,
        "no test noticed a change: add a test, or explain the change in docs/mutants.md"
    );
    Ok(())
}
