//! `cargo xtask bench`: what the package costs beside other ways to do the same work. It measures and says whether each
//! goal was met; nothing fails by a time.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{files, npm, pack, run::Group, setup};

/// What is measured.
#[derive(Clone, Copy, ValueEnum)]
pub enum Subject {
    /// A thousand runs at a time, with and without a rate limit, and the memory of a long stream
    Bulk,
}

impl Subject {
    fn script(self) -> &'static Path {
        Path::new(match self {
            Self::Bulk => "tests/bench/bulk.mjs",
        })
    }
}

/// Measures, with further arguments for the script.
pub fn run(subject: Subject, arguments: &[String]) -> Result<()> {
    let (_, tarball): (PathBuf, PathBuf) = pack::run()?;
    setup::for_bench()?;
    let mut node = npm::node();
    node.arg("--expose-gc").arg(files::root().join(subject.script())).args(arguments);
    node.env("TRANSLATION_RESULTS_TGZ", tarball);
    let status = Group::spawn(node)?.wait(Duration::MAX)?;
    ensure!(status.is_some_and(|status| status.success()), "the bench did not come to its end");
    Ok(())
}
