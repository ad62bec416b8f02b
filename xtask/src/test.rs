//! `cargo xtask test`: runs every part, even after a failure, and prints a summary.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Result, ensure};
use clap::ValueEnum;

use crate::{
    browsers::{Browsers, Display},
    check, files,
    isolation::Isolation,
    npm, pack,
    report::Report,
    run::command,
    rust_apps, setup, site,
    tally::Tally,
    toolchain::cargo,
    web,
};

/// The parts, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The crate's tests on the host, doc tests included, and the tests of the tasks
    Native,
    /// The checks of `cargo xtask check`
    Check,
    /// The wasm tests in Node, Chromium, a worker of Chromium's, Firefox and WebKit
    Web,
    /// The sample API, the packed package in Node against it, and the recipes of docs/
    E2e,
    /// The demo page in a browser
    Page,
    /// The packed package in every runtime, browser, bundler, framework and compiler that it supports
    Consumers,
}

/// Includes compiling, which takes longest the first time.
const NATIVE_LIMIT: Duration = Duration::from_secs(20 * 60);
const NODE_LIMIT: Duration = Duration::from_secs(15 * 60);
const CONSUMERS_LIMIT: Duration = Duration::from_secs(20 * 60);

/// Runs the named parts, or all.
pub fn run(parts: &[Part]) -> Result<ExitCode> {
    let wanted = |part: Part| parts.is_empty() || parts.contains(&part);
    let tools = setup::for_build()?;
    let browsers = setup::for_tests()?;
    let isolation = Isolation::find();
    let mut report = Report::default();

    if wanted(Part::Native) {
        let mut test = cargo();
        test.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
        report.tests("native", Ok(test), NATIVE_LIMIT, Tally::of_cargo);
    }
    let packed = if [Part::Check, Part::E2e, Part::Page, Part::Consumers].into_iter().any(wanted) {
        report.step("build and pack", Packed::make)
    } else {
        None
    };
    if let (true, Some(packed)) = (wanted(Part::Check), &packed) {
        report.step("check", || check::all(&tools.toolchain, &packed.package, &packed.tarball));
    }
    if wanted(Part::Web) {
        web::run(&mut report, &tools, &browsers, &isolation);
    }
    for (part, name, folders, at_once) in [
        // These tests mostly wait for timers.
        (Part::E2e, "e2e", &["tests/sample-api", "tests/e2e", "tests/faults", "tests/queue"][..], 2),
        (Part::Page, "page", &["tests/page"], 1),
    ] {
        if let (true, Some(packed)) = (wanted(part), &packed) {
            let command = node_tests(folders, at_once).map(|mut node| {
                node.env("TRANSLATION_RESULTS_TGZ", &packed.tarball)
                    .env("TRANSLATION_RESULTS_SITE", &packed.site)
                    .env("CHROMIUM", &browsers.chromium)
                    .env("REDIS", &browsers.redis);
                isolation.apply(&node)
            });
            report.tests(name, command, NODE_LIMIT, Tally::of_node);
        }
    }
    if let (true, Some(packed)) = (wanted(Part::Consumers), &packed) {
        // One browser has no headless mode.
        let display = report.step("consumers: display", Display::open);
        let users = report.step("consumers: tools of users", setup::for_consumers);
        if let (Some(display), Some(users)) = (display, users) {
            // Browsers and tools of users leave files behind.
            let temporary = tempfile::tempdir()?;
            let apps = report.step("consumers: Rust applications", || rust_apps::build_examples(&tools));
            // The table of faults has time limits, so it runs alone.
            let faults = files::root().join("tests/consumers/faults.test.mjs");
            let others = test_files("tests/consumers")?.into_iter().filter(|file| *file != faults).collect();
            for (name, files, at_once) in [("consumers: faults", vec![faults], 1), ("consumers", others, 2)] {
                let mut node = consumers(&users, packed, &browsers, &display);
                node.arg(format!("--test-concurrency={at_once}"))
                    .args(files)
                    .env("TMPDIR", temporary.path())
                    .envs(apps.as_ref().map(|apps| ("RUST_APPS", apps)));
                report.tests(name, Ok(isolation.apply(&node)), CONSUMERS_LIMIT, Tally::of_node);
            }
        }
    }
    Ok(report.finish())
}

/// Runs environments of users, by a Node that all their tools support. `users` is the folder of these tools.
fn consumers(users: &Path, packed: &Packed, browsers: &Browsers, display: &Display) -> Command {
    let mut node = command(users.join("node_modules/node-24/bin/node"));
    node.args(["--test", "--test-reporter=./tests/consumers/support/table.mjs"])
        .env("TRANSLATION_RESULTS_TGZ", &packed.tarball)
        .env("TRANSLATION_RESULTS_SITE", &packed.site)
        .env("CHROMIUM", &browsers.chromium)
        .env("CHROMEDRIVER", &browsers.chromedriver)
        .env("GECKODRIVER", &browsers.geckodriver)
        .env("WEBKIT_DRIVER", &browsers.webkit_driver)
        .env("DISPLAY", &display.name);
    node
}

/// The package and the page as they would be published, for the package's lints and all tests in JavaScript.
struct Packed {
    package: PathBuf,
    tarball: PathBuf,
    site: PathBuf,
}

impl Packed {
    fn make() -> Result<Self> {
        let (package, tarball) = pack::run()?;
        let site = site::assemble(&package)?;
        Ok(Self { package, tarball, site })
    }
}

/// Runs every test file below the folders with Node, `at_once` of them at a time.
fn node_tests(folders: &[&str], at_once: u8) -> Result<Command> {
    let mut node = npm::node();
    node.args(["--test", "--test-reporter=spec"]).arg(format!("--test-concurrency={at_once}"));
    for folder in folders {
        node.args(test_files(folder)?);
    }
    Ok(node)
}

/// Lists the test files, as versions of Node's runner treat folders differently.
fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let is_test = |path: &Path| path.is_dir() || path.to_string_lossy().ends_with(".test.mjs");
    let tests = files::files_below(&files::root().join(folder), &is_test)?;
    ensure!(!tests.is_empty(), "{folder}/ has no test");
    Ok(tests)
}
