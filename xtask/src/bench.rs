//! `cargo xtask bench`: compares the package with other ways to do the same work. It prints whether each goal was met;
//! a time never makes it fail.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{
    files, npm, pack,
    run::{command, succeeds},
    rust_apps, setup,
};

/// The subject of a measurement.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// A thousand runs by one call and by single calls, with and without a rate limit, and the memory of a long stream
    Bulk,
    /// One call, with answers from 366 B to 12 MB, and over loopback
    Call,
    /// The most memory that an answer of 12 MB takes
    Peak,
    /// The same job from Rust: this client, gloo-net and reqwest
    Rust,
    /// The bytes that a page loads
    Size,
    /// The time from a fresh process to the first request
    Start,
}

/// Where a script runs.
#[derive(Clone, Copy)]
enum Runtime {
    /// The Node on the path.
    Node,
    /// The newest Node with long-term support.
    Node24,
    /// Chromium, driven by the Node on the path.
    Chromium,
}

impl Subject {
    fn scripts(self) -> &'static [(&'static str, Runtime)] {
        match self {
            Self::Bulk => &[("bulk.mjs", Runtime::Node)],
            Self::Call => {
                &[("call.mjs", Runtime::Node), ("call.mjs", Runtime::Node24), ("call-chromium.mjs", Runtime::Chromium)]
            }
            Self::Peak => &[("peak.mjs", Runtime::Node), ("peak.mjs", Runtime::Node24)],
            Self::Rust => &[("rust.mjs", Runtime::Node)],
            Self::Size => &[("size.mjs", Runtime::Node)],
            Self::Start => &[("start.mjs", Runtime::Node), ("start.mjs", Runtime::Node24)],
        }
    }
}

impl Runtime {
    fn node(self) -> Result<Command> {
        Ok(match self {
            Self::Node => npm::node(),
            Self::Node24 => command(setup::for_consumers()?.join("node_modules/node-24/bin/node")),
            Self::Chromium => {
                let mut node = npm::node();
                node.env("CHROMIUM", setup::for_tests()?.chromium);
                node
            }
        })
    }
}

/// Measures one subject, with arguments for its scripts, or measures all and draws the chart.
pub fn run(subject: Option<Subject>, arguments: &[String]) -> Result<()> {
    let subjects = subject.map_or_else(|| Subject::value_variants().to_vec(), |one| vec![one]);
    let (_, tarball) = pack::run()?;
    for subject in subjects {
        for (script, runtime) in subject.scripts() {
            let mut node = runtime.node()?;
            if subject == Subject::Rust {
                node.env("RUST_PEERS", rust_apps::build_peers(&setup::for_build()?)?);
            }
            run_with(node, &Path::new("tests/bench").join(script), arguments, &tarball)?;
        }
    }
    if subject.is_none() {
        run_script(Path::new("tests/bench/chart.mjs"), &[], &tarball)?;
    }
    Ok(())
}

/// Runs a script of `tests/bench/` with the packed package. The process can collect garbage on demand.
pub fn run_script(script: &Path, arguments: &[String], tarball: &Path) -> Result<()> {
    run_with(npm::node(), script, arguments, tarball)
}

fn run_with(mut node: Command, script: &Path, arguments: &[String], tarball: &Path) -> Result<()> {
    setup::for_bench()?;
    node.arg("--expose-gc").arg(files::root().join(script)).args(arguments);
    node.env("TRANSLATION_RESULTS_TGZ", tarball);
    ensure!(succeeds(node, Duration::MAX)?, "{} failed", script.display());
    Ok(())
}
