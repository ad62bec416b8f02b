//! npm's packages, one manifest a folder: `xtask` has the tools of the build, `www` of the demo, `tests` of the tests,
//! `tests/bench` of the bench, and `tests/consumers` the tools of users.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    files,
    run::{command, quiet, step},
};

/// The oldest Node that the package supports: its major and minor version.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// A copy of the lock file that `node_modules` was made from.
const STAMP: &str = "node_modules/.made-from";

/// Installs the packages of the folder's lock file, if they differ.
pub fn install(folder: &str) -> Result<()> {
    install_into(&files::root().join(folder), folder)
}

/// Installs into a folder of this name in `target/`, where applications find the packages like users' do.
pub fn install_in_target(folder: &str) -> Result<PathBuf> {
    let source = files::root().join(folder);
    let place = files::target().join(source.file_name().unwrap_or_default());
    for file in ["package.json", "package-lock.json"] {
        files::copy(&source.join(file), &place.join(file))?;
    }
    install_into(&place, folder)?;
    Ok(place)
}

fn install_into(place: &Path, folder: &str) -> Result<()> {
    let lock = place.join("package-lock.json");
    let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    if fs::read_to_string(place.join(STAMP)).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    step(format!("setup: npm ci for {folder}/"), || {
        // A registry drops a connection now and then.
        npm_ci(place).or_else(|_| npm_ci(place)).context("npm could not install: check the network")
    })?;
    fs::write(place.join(STAMP), lock).context("cannot write into node_modules")
}

fn npm_ci(place: &Path) -> Result<String> {
    let mut ci = npm();
    ci.args(["ci", "--no-audit", "--no-fund"]).current_dir(place);
    quiet(ci)
}

/// Fails if Node is missing or too old. Every system has its own way to install it.
pub fn require_node() -> Result<()> {
    let mut node = node();
    node.arg("--version");
    let version = quiet(node).context("install Node.js, https://nodejs.org")?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let (major, minor) = OLDEST_NODE;
    ensure!(
        parts.next().zip(parts.next()) >= Some(OLDEST_NODE),
        "Node.js is {}, but {major}.{minor} is the oldest supported one: https://nodejs.org",
        version.trim()
    );
    Ok(())
}

pub fn npm() -> Command {
    command(script("npm"))
}

pub fn node() -> Command {
    command("node")
}

/// Returns a program of the build's tools in `xtask/node_modules`.
pub fn tool(name: &str) -> Command {
    command(files::root().join("xtask/node_modules/.bin").join(script(name)))
}

/// Returns the name of npm's program, a script on Windows.
fn script(name: &str) -> PathBuf {
    if cfg!(windows) { format!("{name}.cmd").into() } else { name.into() }
}
