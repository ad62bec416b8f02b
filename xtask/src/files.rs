//! Where things are, and whole folders put in place at once.

use std::{
    env,
    fs::{self, File, TryLockError},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Names another copy of the workspace to work on; see [`crate::reproduce`].
pub const ROOT: &str = "TRANSLATION_RESULTS_ROOT";

/// The folder of the workspace.
pub fn root() -> PathBuf {
    if let Some(root) = env::var_os(ROOT) {
        return root.into();
    }
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Everything that is made goes here, whatever `CARGO_TARGET_DIR` says, and `pkg/`.
pub fn target() -> PathBuf {
    root().join("target")
}

/// Held while folders are made that another `cargo xtask` would make too.
pub fn lock() -> Result<File> {
    let path = target().join("xtask.lock");
    fs::create_dir_all(target())?;
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            println!("waiting for another `cargo xtask` …");
            file.lock()?;
        }
        other => other?,
    }
    Ok(file)
}

/// An empty folder beside `place`, to be filled and put there with [`put_in_place`].
pub fn fresh_beside(place: &Path) -> Result<PathBuf> {
    let fresh = beside(place, "new");
    empty(&fresh)?;
    Ok(fresh)
}

/// Puts the folder that [`fresh_beside`] gave in its place: whoever looks sees the old one or the new one, whole.
pub fn put_in_place(place: &Path) -> Result<()> {
    let old = beside(place, "old");
    remove(&old)?;
    if place.exists() {
        fs::rename(place, &old)?;
    }
    fs::rename(beside(place, "new"), place).with_context(|| format!("cannot put {} in place", place.display()))?;
    remove(&old)
}

/// In `target/`, so that a build that was interrupted leaves nothing among the sources.
fn beside(place: &Path, suffix: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    target().join(format!("{name}.{suffix}"))
}

/// Makes the folder, and empties it if it is there.
pub fn empty(folder: &Path) -> Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Copies one file, with the folders that it needs.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

/// Copies every file of a tree whose path below it is wanted; a folder that is not wanted is not entered.
pub fn copy_tree(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    for path in files_below(from, wanted)? {
        copy(&path, &to.join(path.strip_prefix(from)?))?;
    }
    Ok(())
}

/// Has a folder stand at another place too.
#[cfg(unix)]
pub fn link(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(to, from)?)
}

/// Has a folder stand at another place too.
#[cfg(windows)]
pub fn link(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::windows::fs::symlink_dir(to, from)?)
}

/// Every file below a folder, in order; folders and files for which `wanted` says no are left out.
pub fn files_below(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if !wanted(&path) {
            continue;
        }
        if path.is_dir() {
            files.extend(files_below(&path, wanted)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
