//! Runs the wasm tests of the Rust client and the JavaScript classes in Node and browsers, with wasm-bindgen's runner.

use std::{ffi::OsString, path::Path, process::Command, time::Duration};

use anyhow::Result;

use crate::{
    browsers::{Browsers, Display},
    build,
    isolation::Isolation,
    report::Report,
    run::quiet,
    setup::Tools,
    tally::Tally,
    toolchain::TARGET,
};

/// Cargo's arguments for the tests of the client for Rust, and for those of the JavaScript classes.
const SUITES: [&[&str]; 2] = [&["--test", "web"], &["--features", build::FEATURE, "--test", "web_npm"]];

/// Cargo's arguments for the examples in the documentation. They are only compiled: the runner would pass any of them.
const EXAMPLES: &[&str] = &["--package", "translation-results", "--doc"];

/// The time for each suite in each place, without compiling.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// The runner's limit for a suite in one place, in seconds. Its error says more than ours.
const RUNNER_LIMIT: &str = "120";

/// The runner takes the first driver whose variable is set, so only one may be set.
const DRIVERS: [&str; 4] = ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"];

pub fn run(report: &mut Report, tools: &Tools, browsers: &Browsers, isolation: &Isolation) {
    let compile = || {
        SUITES.iter().try_for_each(|suite| {
            let mut compile = tests(tools, suite)?;
            compile.arg("--no-run");
            quiet(compile).map(drop)
        })
    };
    if report.step("web: compile", compile).is_none() {
        return;
    }
    let examples = || quiet(tests(tools, EXAMPLES)?);
    report.step("web: compile the examples of the documentation", examples);
    let mut place = |parts: [&'static str; 2], variables: &[(&str, &Path)], display: Option<&Display>| {
        for (part, suite) in parts.into_iter().zip(SUITES) {
            let command = tests(tools, suite).map(|mut test| {
                test.arg("--offline").env("WASM_BINDGEN_TEST_TIMEOUT", RUNNER_LIMIT);
                for driver in DRIVERS {
                    test.env_remove(driver).env_remove(format!("{driver}_REMOTE"));
                }
                test.envs(variables.iter().copied()).envs(display.map(|display| ("DISPLAY", &display.name)));
                isolation.apply(&test)
            });
            report.tests(part, command, LIMIT, Tally::of_cargo);
        }
    };

    let window = ("WASM_BINDGEN_USE_BROWSER", Path::new("1"));
    let worker = ("WASM_BINDGEN_USE_DEDICATED_WORKER", Path::new("1"));
    let chromium = ("CHROMEDRIVER", browsers.chromedriver.as_path());
    place(["web: node", "web npm: node"], &[], None);
    place(["web: chromium", "web npm: chromium"], &[window, chromium], None);
    place(["web: chromium worker", "web npm: chromium worker"], &[worker, chromium], None);
    place(["web: firefox", "web npm: firefox"], &[window, ("GECKODRIVER", &browsers.geckodriver)], None);
    match Display::open() {
        Ok(display) => place(
            ["web: webkit", "web npm: webkit"],
            &[window, ("SAFARIDRIVER", &browsers.webkit_driver)],
            Some(&display),
        ),
        Err(error) => drop(report.step("web: webkit", || Err::<(), _>(error))),
    }
}

/// Returns `cargo test` with these arguments and wasm-bindgen's runner.
fn tests(tools: &Tools, arguments: &[&str]) -> Result<Command> {
    let mut test = tools.toolchain.cargo()?;
    // As a list and not in the environment: a path may have spaces.
    let runner = serde_json::to_string(
        &[tools.bindgen.as_os_str(), &OsString::from("test-runner")].map(|word| word.to_string_lossy()),
    )?;
    // Debug information is most of such a module, and the runner reads all of it in every place.
    test.env("CARGO_PROFILE_DEV_DEBUG", "0");
    test.args(["test", "--locked", "--target", TARGET])
        .args(arguments)
        .arg("--config")
        .arg(format!("target.{TARGET}.runner={runner}"));
    Ok(test)
}
