//! `cargo xtask check`: checks the sources and the package without running them.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{
    audit, build, docs, npm, pack, reproduce,
    run::{quiet, step},
    setup,
    toolchain::{TARGET, Toolchain, cargo},
};

/// Sets up, builds and packs the package, and runs every check.
pub fn run() -> Result<()> {
    let tools = setup::for_build()?;
    npm::install("tests")?;
    let (package, tarball) = pack::run()?;
    all(&tools.toolchain, &package, &tarball)
}

/// Runs every check, and fails if one of them fails.
pub fn all(toolchain: &Toolchain, package: &Path, tarball: &Path) -> Result<()> {
    let mut fmt = cargo();
    fmt.args(["fmt", "--all", "--check"]);
    let clippy = |mut cargo: Command, selection: &[&str], deny: &[&str]| {
        cargo.args(["clippy", "--locked"]).args(selection).args(["--", "-D", "warnings"]).args(deny);
        cargo
    };
    let host = clippy(cargo(), &["--workspace", "--all-targets"], &[]);
    let wasm = clippy(toolchain.cargo()?, &["--target", TARGET, "--lib", "--test", "web"], &[]);
    let classes = ["--target", TARGET, "--features", build::FEATURE, "--test", "web_npm"];
    let classes = clippy(toolchain.cargo()?, &classes, &[]);
    // The shipped module must use every crate that the manifest names.
    let shipped = ["--target", TARGET, "--lib", "--features", build::FEATURE];
    let shipped = clippy(toolchain.cargo()?, &shipped, &["-D", "unused-crate-dependencies"]);
    let checks = [
        ("format", fmt),
        ("clippy", host),
        ("clippy for wasm32", wasm),
        ("clippy for the tests of the classes", classes),
        ("clippy for the package", shipped),
        ("documentation of the crate", document(cargo(), &[])),
        ("documentation of the crate for wasm32", document(toolchain.cargo()?, &["--target", TARGET])),
        ("the crate as it would be published", publishable()),
        ("the crate is the client", script("crate-is-the-client", tarball)),
        ("types", script("types", tarball)),
        ("documentation", docs::typedoc()),
        ("Markdown and its links", npm::tool("markdownlint-cli2")),
        ("spelling", spelling()),
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

/// Documents the crate. Fails on a warning: a broken link, or an undocumented item.
fn document(mut cargo: Command, target: &[&str]) -> Command {
    cargo.args(["doc", "--locked", "--no-deps", "--lib", "--package", "translation-results"]).args(target);
    if target.is_empty() {
        cargo.env("RUSTDOCFLAGS", "-Dwarnings");
    }
    cargo
}

/// Packs the crate and compiles what is in the package. `--allow-dirty`, as tests run before a commit too.
fn publishable() -> Command {
    let mut package = cargo();
    package.args(["package", "--locked", "--allow-dirty", "--package", "translation-results"]);
    package
}

/// Checks the words of everything that a person reads.
fn spelling() -> Command {
    let mut cspell = npm::tool("cspell");
    cspell.args(["lint", "--no-progress", "--unique", "."]);
    cspell
}

fn script(name: &str, tarball: &Path) -> Command {
    let mut npm = npm::npm();
    npm.args(["--prefix", "tests", "run", name]).env("TRANSLATION_RESULTS_TGZ", tarball);
    npm
}
