//! `cargo xtask spreadsheet`: checks that a spreadsheet program takes no text in the command line's CSV for a formula.
//!
//! LibreOffice takes 90 MB to download, so this is not among the tests.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{debian, files, npm, pack, run::succeeds, setup};

const PACKAGE: &str = "libreoffice-calc-nogui";
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Installs LibreOffice if it is missing, and runs the tests in `tests/spreadsheet/`.
pub fn run() -> Result<()> {
    let (_, tarball) = pack::run()?;
    setup::for_tests()?;
    if which::which("soffice").is_err() {
        ensure!(debian::can_install(), "install LibreOffice: its program `soffice` must be on the path");
        debian::install(&[PACKAGE])?;
    }
    let mut node = npm::node();
    node.args(["--test", "--test-reporter=spec"])
        .arg(files::root().join("tests/spreadsheet/spreadsheet.test.mjs"))
        .env("TRANSLATION_RESULTS_TGZ", tarball);
    ensure!(succeeds(node, LIMIT)?, "a spreadsheet does not show every text as it is");
    Ok(())
}
