//! `cargo xtask mutants`: changes the core in small ways, and looks for a change that no test notices.
//! `.cargo/mutants.toml` lists the files, and the changes that cannot be noticed.

use std::{fs, time::Duration};

use anyhow::{Result, ensure};

use crate::{
    cargo_tool, files,
    run::{command, exit_code},
};

const CARGO_MUTANTS_VERSION: &str = "27.1.0";

/// The exit code of cargo-mutants if a change made a loop endless. The time limit notices such a change.
const TIMED_OUT: i32 = 3;

/// Prints the unnoticed changes, and writes the full results to `target/mutants/`.
pub fn run(arguments: &[String]) -> Result<()> {
    let folder = files::target().join("mutants");
    files::remove(&folder)?;
    let mut mutants = command(cargo_tool::ready("cargo-mutants", CARGO_MUTANTS_VERSION)?);
    mutants
        .args(["mutants", "--dir"])
        .arg(files::root())
        .arg("--output")
        .arg(&folder)
        .args(arguments)
        // Some changes show in one of a thousand schedules only.
        .env("SCHEDULE_COUNT", "5000")
        .env("CARGO_LLVM_COV_SETUP", "no");
    let noticed_all = match exit_code(mutants, Duration::MAX)? {
        Some(0) => true,
        Some(TIMED_OUT) => fs::read_to_string(folder.join("mutants.out/missed.txt"))?.is_empty(),
        _ => false,
    };
    ensure!(
        noticed_all,
        "cargo-mutants failed; if no test notices a change, add one, or explain it in .cargo/mutants.toml"
    );
    Ok(())
}
