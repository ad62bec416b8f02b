//! `cargo xtask site`: the demo page with the package and the sample API, as a web server would serve them.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{build, entries, files};

/// What is in `www/` for servers only, or bundled.
const LEFT_OUT: [&str; 6] =
    ["node_modules", "package.json", "package-lock.json", "real-service.mjs", "serve.mjs", "validation.js"];

/// Modules that the page imports as well as the sample API does.
const SHARED: [&str; 3] = ["faults.js", "generated.js", "runs.js"];

/// Builds and assembles, and gives the folder.
pub fn run() -> Result<PathBuf> {
    let package = build::run()?;
    assemble(&package)
}

/// Puts the page and the built package together in `target/site/`.
pub fn assemble(package: &Path) -> Result<PathBuf> {
    let _lock = files::lock()?;
    let site = files::target().join("site");
    let fresh = files::fresh_beside(&site)?;
    let www = files::root().join("www");
    files::copy_tree(&www, &fresh, &|path| {
        !LEFT_OUT.iter().any(|name| path.file_name().is_some_and(|file| file == *name))
    })?;
    files::copy_tree(package, &fresh.join("pkg"), &|_| true)?;
    // What is downloaded is what the command line writes.
    files::copy(&files::root().join("pkg-template/cli/formats.js"), &fresh.join("formats.js"))?;
    // The page runs the sample API in the browser too, and a browser resolves no bare module names.
    entries::bundle_for_page(&www.join("sample-api/app.js"), &fresh.join("sample-api/app.js"), &SHARED)?;
    files::put_in_place(&site)?;
    Ok(site)
}
