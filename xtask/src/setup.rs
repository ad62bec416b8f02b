//! Everything that building and testing need and a clone does not have.

use std::{env, path::PathBuf, time::Instant};

use anyhow::{Context, Result};

use crate::{
    browsers::Browsers,
    files, npm,
    run::{quiet, seconds, step},
    toolchain::{self, Toolchain},
};

/// `cargo xtask setup`.
pub fn all() -> Result<()> {
    let start = Instant::now();
    for_build()?;
    for_tests()?;
    for_consumers()?;
    println!("setup: all there, {}", seconds(start.elapsed()));
    Ok(())
}

/// What turns the crate into the package and the demo page.
pub struct Tools {
    pub toolchain: Toolchain,
    /// The wasm-bindgen command line, see `xtask/bindgen`.
    pub bindgen: PathBuf,
}

pub fn for_build() -> Result<Tools> {
    let _lock = files::lock()?;
    npm::require_node()?;
    npm::install("xtask")?;
    npm::install("www")?;
    Ok(Tools { toolchain: Toolchain::ready()?, bindgen: bindgen()? })
}

/// The tests' own tools, beside those of the build.
pub fn for_tests() -> Result<Browsers> {
    let _lock = files::lock()?;
    npm::install("tests")?;
    Browsers::ready()
}

/// What users run the package with, and the folder that it is in.
pub fn for_consumers() -> Result<PathBuf> {
    let _lock = files::lock()?;
    npm::install_in_target("tests/consumers")
}

/// What the bench measures beside.
pub fn for_bench() -> Result<()> {
    let _lock = files::lock()?;
    npm::install("tests/bench")
}

fn bindgen() -> Result<PathBuf> {
    let program = files::target().join("debug").join(format!("bindgen{}", env::consts::EXE_SUFFIX));
    let mut build = toolchain::cargo();
    build.args(["build", "--quiet", "--locked", "--package", "bindgen"]);
    let build = || quiet(build).context("the wasm-bindgen command line could not be built");
    if program.exists() {
        build()?
    } else {
        step("setup: the wasm-bindgen command line, once", build)?
    };
    Ok(program)
}
