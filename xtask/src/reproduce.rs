//! Checks that a build is reproducible: the same commit, built in another folder, gives the same bytes.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    files::{self, ROOT},
    run::{command, quiet},
};

/// Installed folders, which the clone links to. The compiler gets the path of `target/` in the clone.
const INSTALLED: [&str; 3] = ["target", "xtask/node_modules", "www/node_modules"];

/// Builds and packs again in another folder. Fails if the files differ.
pub fn check(package: &Path, tarball: &Path) -> Result<()> {
    let elsewhere = tempfile::Builder::new().prefix("another folder ").tempdir()?;
    let clone = elsewhere.path().join("of-another-name");
    clone_into(&clone)?;
    // Read first: the clone shares `target/`, and replaces the files in it.
    let here = read_all(package, tarball)?;
    let mut pack = command(env::current_exe()?);
    pack.arg("pack").env(ROOT, &clone).current_dir(&clone);
    quiet(pack)?;
    let there = read_all(&clone.join("pkg"), tarball)?;
    for ((name, here), (_, there)) in here.iter().zip(&there) {
        ensure!(here == there, "{name} differs if it is built in another folder");
    }
    ensure!(here.len() == there.len(), "another folder gives a different number of files");
    Ok(())
}

/// Reads every published file, and the tarball.
fn read_all(package: &Path, tarball: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut paths = files::files_below(package, &|_| true)?;
    paths.push(tarball.to_owned());
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| Ok((name(path), fs::read(path)?))).collect()
}

/// Copies the files that git does not ignore, and links the others.
fn clone_into(clone: &Path) -> Result<()> {
    let mut list = command("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(files::root());
    let listed = quiet(list).context("git could not list the files")?;
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let source = files::root().join(path);
        if source.is_file() {
            files::copy(&source, &clone.join(path))?;
        }
    }
    for folder in INSTALLED {
        files::link(&files::root().join(folder), &clone.join(folder))?;
    }
    Ok(())
}
