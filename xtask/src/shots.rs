//! `cargo xtask shots`: takes pictures of every state of the demo page.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{browsers, files, npm, run::succeeds, setup, site};

const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Takes all pictures into `target/shots/`.
pub fn run() -> Result<()> {
    let site = site::run()?;
    let browsers = setup::for_tests()?;
    browsers::fonts()?;
    let mut node = npm::node();
    node.arg(files::root().join("tests/page/shots.mjs"))
        .arg(files::target().join("shots"))
        .env("TRANSLATION_RESULTS_SITE", site)
        .env("CHROMIUM", browsers.chromium);
    ensure!(succeeds(node, LIMIT)?, "not every state of the page could be reached");
    Ok(())
}
