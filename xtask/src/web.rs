//! The wasm tests, in Node and in browsers, with wasm-bindgen's runner.

use std::{ffi::OsString, path::Path, process::Command, time::Duration};

use anyhow::Result;

use crate::{
    browsers::{Browsers, Display},
    isolation::Isolation,
    report::Report,
    run::quiet,
    setup::Tools,
    tally::Tally,
    toolchain::TARGET,
};

/// For each place; they are compiled before.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// For all tests of one place, in seconds: the runner's own limit, which says more than ours where it is reached.
const RUNNER_LIMIT: &str = "120";

/// The runner takes the first driver that it finds one of these for, so all but one must be gone.
const DRIVERS: [&str; 4] = ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"];

pub fn run(report: &mut Report, tools: &Tools, browsers: &Browsers, isolation: &Isolation) {
    let compile = || {
        let mut compile = tests(tools)?;
        compile.arg("--no-run");
        quiet(compile)
    };
    if report.step("web: compile", compile).is_none() {
        return;
    }
    let mut place = |part, variables: &[(&str, &Path)], display: Option<&Display>| {
        let command = tests(tools).map(|mut test| {
            test.arg("--offline").env("WASM_BINDGEN_TEST_TIMEOUT", RUNNER_LIMIT);
            for driver in DRIVERS {
                test.env_remove(driver).env_remove(format!("{driver}_REMOTE"));
            }
            test.envs(variables.iter().copied()).envs(display.map(|display| ("DISPLAY", &display.name)));
            isolation.apply(&test)
        });
        report.tests(part, command, LIMIT, Tally::of_cargo);
    };

    let window = ("WASM_BINDGEN_USE_BROWSER", Path::new("1"));
    let worker = ("WASM_BINDGEN_USE_DEDICATED_WORKER", Path::new("1"));
    let chromium = ("CHROMEDRIVER", browsers.chromedriver.as_path());
    place("web: node", &[], None);
    place("web: chromium", &[window, chromium], None);
    place("web: chromium worker", &[worker, chromium], None);
    place("web: firefox", &[window, ("GECKODRIVER", &browsers.geckodriver)], None);
    match Display::open() {
        Ok(display) => place("web: webkit", &[window, ("SAFARIDRIVER", &browsers.webkit_driver)], Some(&display)),
        Err(error) => drop(report.step("web: webkit", || Err::<(), _>(error))),
    }
}

fn tests(tools: &Tools) -> Result<Command> {
    let mut test = tools.toolchain.cargo();
    // As a list and not in the environment: a path may have spaces.
    let runner = serde_json::to_string(
        &[tools.bindgen.as_os_str(), &OsString::from("test-runner")].map(|word| word.to_string_lossy()),
    )?;
    // Debug information is most of such a module, and the runner reads all of it in every place.
    test.env("CARGO_PROFILE_DEV_DEBUG", "0");
    test.args(["test", "--locked", "--target", TARGET, "--test", "web"])
        .arg("--config")
        .arg(format!("target.{TARGET}.runner={runner}"));
    Ok(test)
}
