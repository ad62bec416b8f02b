//! `cargo xtask bench`: what the package costs beside other ways to do the same work. It measures and says whether each
//! goal was met; nothing fails by a time.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{files, npm, pack, run::Group, setup};

/// What is measured.
#[derive(Clone, Copy, ValueEnum)]
pub enum Subject {
    /// A thousand runs at a time, with and without a rate limit, and the memory of a long stream
    Bulk,
    /// One call, with answers from 366 B to 12 MB
    Call,
    /// What a page loads
    Size,
    /// From a fresh process to the first request
    Start,
}

impl Subject {
    fn script(self) -> &'static Path {
        Path::new(match self {
            Self::Bulk => "tests/bench/bulk.mjs",
            Self::Call => "tests/bench/call.mjs",
            Self::Size => "tests/bench/size.mjs",
            Self::Start => "tests/bench/start.mjs",
        })
    }
}

/// Measures one subject, with further arguments for its script, or all of them.
pub fn run(subject: Option<Subject>, arguments: &[String]) -> Result<()> {
    let subjects = subject.map_or_else(|| Subject::value_variants().to_vec(), |one| vec![one]);
    let (_, tarball) = pack::run()?;
    for subject in subjects {
        run_script(subject.script(), arguments, &tarball)?;
    }
    Ok(())
}

/// Runs a script of `tests/bench/` with the packed package. A process of its own, in which garbage can be collected.
pub fn run_script(script: &Path, arguments: &[String], tarball: &Path) -> Result<()> {
    setup::for_bench()?;
    let mut node = npm::node();
    node.arg("--expose-gc").arg(files::root().join(script)).args(arguments);
    node.env("TRANSLATION_RESULTS_TGZ", tarball);
    let status = Group::spawn(node)?.wait(Duration::MAX)?;
    ensure!(status.is_some_and(|status| status.success()), "{} says that all is not well", script.display());
    Ok(())
}
