//! The project's folders, locks, and replacing a whole folder at once.

use std::{
    env,
    fs::{self, File, TryLockError},
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The variable that names another copy of the workspace to work on; see [`crate::reproduce`].
pub const ROOT: &str = "TRANSLATION_RESULTS_ROOT";

/// Returns the folder of the workspace.
pub fn root() -> PathBuf {
    if let Some(root) = env::var_os(ROOT) {
        return root.into();
    }
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Returns the folder for all output but `pkg/`, whatever `CARGO_TARGET_DIR` says.
pub fn target() -> PathBuf {
    root().join("target")
}

/// Takes the lock of this name until the file is dropped, so that no other `cargo xtask` writes the same folders.
///
/// A process that takes a lock twice deadlocks.
pub fn lock(name: &str) -> Result<File> {
    let path = target().join(format!("{name}.lock"));
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

/// Makes an empty folder for the new content of `place`; see [`put_in_place`].
pub fn fresh_beside(place: &Path) -> Result<PathBuf> {
    let fresh = beside(place, "new");
    empty(&fresh)?;
    Ok(fresh)
}

/// Replaces `place` with the folder of [`fresh_beside`]. A reader sees the whole old folder or the whole new one.
pub fn put_in_place(place: &Path) -> Result<()> {
    let old = beside(place, "old");
    remove(&old)?;
    if place.exists() {
        fs::rename(place, &old)?;
    }
    fs::rename(beside(place, "new"), place).with_context(|| format!("cannot put {} in place", place.display()))?;
    remove(&old)
}

/// Returns a folder in `target/`, so that an interrupted build leaves nothing among the sources.
fn beside(place: &Path, suffix: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    target().join(format!("{name}.{suffix}"))
}

/// Makes the folder, or empties it if it exists.
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

/// Copies one file, and makes the folders above it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

/// Copies the files below a folder that [`files_below`] returns.
pub fn copy_tree(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<()> {
    for path in files_below(from, wanted)? {
        copy(&path, &to.join(path.strip_prefix(from)?))?;
    }
    Ok(())
}

/// Makes a symbolic link to a folder.
#[cfg(unix)]
pub fn link(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(to, from)?)
}

/// Makes a symbolic link to a folder.
#[cfg(windows)]
pub fn link(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::windows::fs::symlink_dir(to, from)?)
}

/// Returns every file below a folder, sorted, without the folders and files for which `wanted` returns false.
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
