//! Installs the tools for building and testing.

use std::{env, path::PathBuf, time::Instant};

use anyhow::{Context, Result};

use crate::{
    browsers::Browsers,
    files, npm,
    run::{quiet, seconds, step},
    toolchain::{self, Toolchain},
};

/// Runs `cargo xtask setup`.
pub fn all() -> Result<()> {
    let start = Instant::now();
    for_build()?.toolchain.build_standard_libraries()?;
    for_tests()?;
    for_consumers()?;
    println!("setup: complete, {}", seconds(start.elapsed()));
    Ok(())
}

/// The tools that turn the crate into the package and the demo page.
pub struct Tools {
    pub toolchain: Toolchain,
    /// The wasm-bindgen command line, see `xtask/bindgen`.
    pub bindgen: PathBuf,
}

/// Installs the tools of the build. The standard libraries for wasm32 are built later, each when a command needs it.
pub fn for_build() -> Result<Tools> {
    let _lock = files::lock("xtask")?;
    npm::require_node()?;
    npm::install("xtask")?;
    npm::install("www")?;
    Ok(Tools { toolchain: Toolchain::ready()?, bindgen: bindgen()? })
}

/// Installs the tests' own tools.
pub fn for_tests() -> Result<Browsers> {
    let _lock = files::lock("xtask")?;
    npm::install("tests")?;
    Browsers::ready()
}

/// Installs the runtimes and bundlers of the package's users, and returns their folder.
pub fn for_consumers() -> Result<PathBuf> {
    let _lock = files::lock("xtask")?;
    npm::install_in_target("tests/consumers")
}

/// Installs the packages that the bench compares with.
pub fn for_bench() -> Result<()> {
    let _lock = files::lock("xtask")?;
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
