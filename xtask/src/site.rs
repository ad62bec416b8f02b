//! `cargo xtask site`: assembles the demo page with the package and the sample API, for a web server.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{build, entries, files};

/// The files of `www/` that are served as they are. The others are bundled, or for servers.
const COPIED_FILES: [&str; 3] = ["index.html", "theme.js", "favicon.svg"];

/// Builds and assembles. Returns the folder.
pub fn run() -> Result<PathBuf> {
    let package = build::run()?;
    assemble(&package)
}

/// Puts the page and the built package together in `target/site/`.
pub fn assemble(package: &Path) -> Result<PathBuf> {
    let _lock = files::lock("xtask")?;
    let site = files::target().join("site");
    let fresh = files::fresh_beside(&site)?;
    let www = files::root().join("www");
    for file in COPIED_FILES {
        files::copy(&www.join(file), &fresh.join(file))?;
    }
    files::copy_tree(package, &fresh.join("pkg"), &|_| true)?;
    entries::bundle_page(&www, &fresh)?;
    files::put_in_place(&site)?;
    Ok(site)
}
