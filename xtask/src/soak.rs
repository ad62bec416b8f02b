//! `cargo xtask soak`: hundreds of thousands of calls with faults among them, and what is left of them in memory.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{files, npm, pack, run::Group, setup};

const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Prints the figures, and fails where something grows.
pub fn run(arguments: &[String]) -> Result<()> {
    let (_, tarball) = pack::run()?;
    setup::for_bench()?;
    let mut node = npm::node();
    node.arg("--expose-gc").arg(files::root().join("tests/bench/soak.mjs")).args(arguments);
    node.env("TRANSLATION_RESULTS_TGZ", tarball);
    let status = Group::spawn(node)?.wait(LIMIT)?;
    ensure!(status.is_some_and(|status| status.success()), "something grew, or was lost");
    Ok(())
}
