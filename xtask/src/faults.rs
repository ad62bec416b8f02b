//! `cargo xtask faults`: runs the table of faults in `tests/faults/` on the package in Node, or also on its peers.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};

use crate::{bench, files, npm, pack, run::succeeds, setup};

const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Runs every case and the fuzzer. With `peers`, counts the cases that each client passes; `all` lists failures.
pub fn run(peers: bool, all: bool) -> Result<()> {
    let (_, tarball) = pack::run()?;
    if peers {
        let arguments: Vec<_> = all.then(|| "--all".to_owned()).into_iter().collect();
        return bench::run_script(Path::new("tests/bench/faults.mjs"), &arguments, &tarball);
    }
    setup::for_tests()?;
    let mut node = npm::node();
    node.args(["--test", "--test-reporter=spec"])
        .args(["faults", "fuzz"].map(|name| files::root().join(format!("tests/faults/{name}.test.mjs"))))
        .env("TRANSLATION_RESULTS_TGZ", tarball);
    ensure!(succeeds(node, LIMIT)?, "the package does not get every case right");
    Ok(())
}
