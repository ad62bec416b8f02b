//! `cargo xtask audit`: checks advisories and licences of everything in the lock files. It needs the databases of both
//! registries, so it is not among the tests, which run offline.

use anyhow::{Result, bail};

use crate::{
    cargo_tool, files, npm,
    run::{command, quiet, step},
};

const CARGO_DENY_VERSION: &str = "0.20.2";

/// The folders with a `Cargo.lock`.
const WORKSPACES: [&str; 5] =
    ["", "docs/examples/node", "docs/examples/worker", "docs/examples/yew", "tests/bench/rust"];

/// The folders with a `package-lock.json`.
const FOLDERS: [&str; 5] = ["xtask", "www", "tests", "tests/bench", "tests/consumers"];

/// Runs every check. Fails if a check fails or cannot run.
pub fn run() -> Result<()> {
    let mut checks = vec![("npm licences".to_owned(), licences())];
    let cargo_deny = cargo_tool::ready("cargo-deny", CARGO_DENY_VERSION)?;
    for folder in WORKSPACES {
        let mut deny = command(&cargo_deny);
        deny.arg("--config").arg(files::root().join("deny.toml"));
        deny.arg("--manifest-path").arg(files::root().join(folder).join("Cargo.toml"));
        deny.args(["check", "--hide-inclusion-graph"]);
        checks.push((format!("crates, {folder}/"), deny));
    }
    for folder in FOLDERS {
        let mut audit = npm::npm();
        audit.arg("audit").current_dir(files::root().join(folder));
        checks.push((format!("npm advisories, {folder}/"), audit));
    }
    let mut failed = Vec::new();
    for (name, check) in checks {
        if let Err(error) = step(format!("audit: {name}"), || quiet(check)) {
            println!("{error:#}\n");
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("failed checks: {}", failed.join("; ")) }
}

/// Returns the check of the licences in npm's lock files.
pub fn licences() -> std::process::Command {
    let mut node = npm::node();
    node.arg(files::root().join("xtask/licences.mjs"));
    node.args(FOLDERS.map(|folder| files::root().join(folder).join("package-lock.json")));
    node
}
