//! `cargo xtask faults`: the table of faults in `tests/faults/`, with the package in Node, and beside it with its peers.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{files, npm, pack, run::Group, setup};

const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Runs every case; with `peers`, prints who gets how many right, and with `all` what each got wrong.
pub fn run(peers: bool, all: bool) -> Result<()> {
    let (_, tarball) = pack::run()?;
    let mut node = npm::node();
    if peers {
        setup::for_bench()?;
        node.arg(files::root().join("tests/bench/faults.mjs")).args(all.then_some("--all"));
    } else {
        node.args(["--test", "--test-reporter=spec"]);
        node.args(["faults", "fuzz"].map(|name| files::root().join(format!("tests/faults/{name}.test.mjs"))));
    }
    node.env("TRANSLATION_RESULTS_TGZ", tarball);
    let status = Group::spawn(node)?.wait(LIMIT)?;
    ensure!(status.is_some_and(|status| status.success()), "the package does not get every case right");
    Ok(())
}
