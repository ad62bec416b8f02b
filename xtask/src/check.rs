//! `cargo xtask check`: everything that can be said about the sources and the package without running them.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{
    audit, docs, npm, pack, reproduce,
    run::{quiet, step},
    setup,
    toolchain::{TARGET, Toolchain, cargo},
};

/// Sets up, packs what the package's lints read, and checks.
pub fn run() -> Result<()> {
    let tools = setup::for_build()?;
    npm::install("tests")?;
    let (package, tarball) = pack::run()?;
    all(&tools.toolchain, &package, &tarball)
}

/// Runs every check, and fails where one has failed.
pub fn all(toolchain: &Toolchain, package: &Path, tarball: &Path) -> Result<()> {
    let mut fmt = cargo();
    fmt.args(["fmt", "--all", "--check"]);
    let mut host = cargo();
    host.args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    let mut wasm = toolchain.cargo();
    wasm.args(["clippy", "--target", TARGET, "--lib", "--test", "web", "--locked", "--", "-D", "warnings"]);
    let mut as_packed = toolchain.cargo();
    as_packed.args([
        "clippy",
        "--target",
        TARGET,
        "--lib",
        "--no-default-features",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]);
    let checks = [
        ("format", fmt),
        ("clippy", host),
        ("clippy for wasm32", wasm),
        ("clippy for the package", as_packed),
        ("types", script("types", tarball)),
        ("documentation", docs::typedoc()),
        ("package", script("lint:package", tarball)),
        ("npm licences", audit::licences()),
    ];

    let mut failed = Vec::new();
    for (name, command) in checks {
        if let Err(error) = step(format!("check: {name}"), || quiet(command)) {
            println!("{error:#}\n");
            failed.push(name);
        }
    }
    if let Err(error) = step("check: reproducible build", || reproduce::check(package, tarball)) {
        println!("{error:#}\n");
        failed.push("reproducible build");
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed checks: {}", failed.join(", ")) }
}

fn script(name: &str, tarball: &Path) -> Command {
    let mut npm = npm::npm();
    npm.args(["--prefix", "tests", "run", name]).env("TRANSLATION_RESULTS_TGZ", tarball);
    npm
}
