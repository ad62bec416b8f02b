//! `cargo xtask site`: the demo page with the package and the sample API, as a web server would serve them.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{build, files};

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
        let name = path.file_name().unwrap_or_default();
        name != "node_modules" && name != "package.json" && name != "package-lock.json"
    })?;
    files::copy_tree(package, &fresh.join("pkg"), &|_| true)?;
    // The page runs the sample API in the browser too, and a browser resolves no bare module names.
    let hono = www.join("node_modules/hono/dist");
    files::copy_tree(&hono, &fresh.join("vendor/hono"), &|path| match path.is_dir() {
        true => !path.ends_with("cjs") && !path.ends_with("types"),
        false => path.extension().is_some_and(|extension| extension == "js"),
    })?;
    files::put_in_place(&site)?;
    Ok(site)
}
