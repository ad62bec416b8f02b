//! `cargo xtask pack`: makes the tarball that npm would publish.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    build, files, npm,
    run::{quiet, step},
};

/// Builds and packs. Returns the package's folder and the tarball.
pub fn run() -> Result<(PathBuf, PathBuf)> {
    let package = build::run()?;
    let folder = files::target().join("npm");
    // npm gives every file the same date, so the same files make the same tarball.
    let tarball = folder.join(format!("translation-results-{}.tgz", build::version()?));
    step("pack: npm pack", || {
        let mut pack = npm::npm();
        pack.args(["pack", "--ignore-scripts", "--pack-destination"]).arg(&folder).current_dir(&package);
        quiet(pack)
    })?;
    let size = fs::metadata(&tarball).with_context(|| format!("npm made no {}", tarball.display()))?.len();
    println!("pack: {} ({size} B)", tarball.display());
    Ok((package, tarball))
}
