//! Programs that `cargo install` makes, kept in `target/tools/`.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    files,
    run::{quiet, step},
    toolchain,
};

/// Returns the program, and installs it if it is missing. Keeps a program of another version.
pub fn ready(name: &str, version: &str) -> Result<PathBuf> {
    let tools = files::target().join("tools");
    let program = tools.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        step(format!("setup: cargo install {name} {version}"), || install(name, version, &tools))?;
    }
    Ok(program)
}

fn install(name: &str, version: &str, tools: &Path) -> Result<()> {
    let work = tools.join("build");
    let mut install = toolchain::cargo();
    install
        .args(["install", name, "--version", version, "--locked", "--root"])
        .arg(tools)
        .env("CARGO_TARGET_DIR", &work)
        // Builds in a third of the time. The speed of these programs does not matter.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    quiet(install).with_context(|| format!("{name} could not be built"))?;
    files::remove(&work)
}
