//! `cargo xtask mutants`: whether the tests of the core notice when it is changed. `.cargo/mutants.toml` says what is changed.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{cargo_tool, files, run::Group, run::command};

const CARGO_MUTANTS_VERSION: &str = "27.1.0";

/// Prints those that nobody notices, and leaves all of it in `target/mutants/`.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut mutants = command(cargo_tool::ready("cargo-mutants", CARGO_MUTANTS_VERSION)?);
    mutants
        .args(["mutants", "--dir"])
        .arg(files::root())
        .arg("--output")
        .arg(files::target().join("mutants"))
        .args(arguments)
        // Enough to notice what others do not.
        .env("BULK_SCHEDULES", "5000")
        .env("CARGO_LLVM_COV_SETUP", "no");
    let status = Group::spawn(mutants)?.wait(Duration::MAX)?;
    ensure!(
        status.is_some_and(|status| status.success()),
        "a change was not noticed: kill it, or explain it in docs/mutants.md"
    );
    Ok(())
}
