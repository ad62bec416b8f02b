//! Chooses the cargo that builds for wasm32: an installed one; else rustup's, if rustup may install; else Debian's.
//!
//! With `RUSTUP_AUTO_INSTALL=0` nothing here makes rustup download.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    debian::{self, Std},
    files,
    run::{command, quiet, step},
    size,
};

pub const TARGET: &str = "wasm32-unknown-unknown";

pub const HOW_TO_INSTALL: &str = "Rust's standard library for wasm32-unknown-unknown is missing: install it with \
    `rustup target add wasm32-unknown-unknown`, or with your system's package of it";

/// Separates the flags in `CARGO_ENCODED_RUSTFLAGS`, so that paths may have spaces.
const FLAG_SEPARATOR: &str = "\x1f";

pub enum Toolchain {
    /// The cargo on the path. Its sysroot has the standard library for wasm32.
    Plain,
    /// Debian's cargo. We build the standard libraries from Debian's sources, each when a command first needs it.
    Debian,
}

impl Toolchain {
    /// Finds the toolchain for wasm32, and installs missing parts.
    pub fn ready() -> Result<Self> {
        if has_std()? {
            return Ok(Self::Plain);
        }
        if rustup_may_install() {
            step(format!("setup: rustup target add {TARGET}"), || {
                let mut rustup = command("rustup");
                rustup.args(["target", "add", TARGET]);
                quiet(rustup).context("rustup could not add the target: check the network")
            })?;
            if has_std()? {
                return Ok(Self::Plain);
            }
        }
        if debian::can_provide_rust() {
            debian::install_rust()?;
            return Ok(Self::Debian);
        }
        bail!(HOW_TO_INSTALL)
    }

    /// Builds the standard libraries that are missing.
    pub fn build_standard_libraries(&self) -> Result<()> {
        match self {
            Self::Plain => {}
            Self::Debian => {
                debian::wasm_sysroot(Std::Ordinary)?;
                debian::wasm_sysroot(Std::Small)?;
            }
        }
        Ok(())
    }

    /// Returns `cargo` for tests, lints and documentation with `--target wasm32-unknown-unknown`. Documentation with a warning
    /// fails.
    ///
    /// It has a target folder of its own: two toolchains in one rebuild each other's work.
    pub fn cargo(&self) -> Result<Command> {
        let (mut cargo, flags) = match self {
            Self::Plain => (cargo(), Vec::new()),
            Self::Debian => (debian::cargo(), vec![sysroot(Std::Ordinary)?]),
        };
        cargo.env(
            "CARGO_ENCODED_RUSTDOCFLAGS",
            [&[OsString::from("-Dwarnings")], &flags[..]].concat().join(FLAG_SEPARATOR.as_ref()),
        );
        cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(flags)).env("CARGO_TARGET_DIR", files::target().join("wasm"));
        Ok(cargo)
    }

    /// Returns whether the published module is built with the small standard library.
    pub fn is_small(&self) -> bool {
        matches!(self, Self::Debian)
    }

    /// Returns `cargo` for the published module, and its target folder.
    ///
    /// Unstable flags are given here and not in the manifest, so that any stable cargo can build the crate.
    pub fn release_cargo(&self) -> Result<(Command, PathBuf)> {
        let mut flags: Vec<OsString> = size::RUSTC.map(OsString::from).into();
        let mut cargo = match self {
            Self::Plain => cargo(),
            Self::Debian => {
                flags.extend(size::IMMEDIATE_ABORT.into_iter().chain(size::RUSTC_UNSTABLE).map(OsString::from));
                flags.push(sysroot(Std::Small)?);
                let mut cargo = debian::cargo();
                debian::unstable(&mut cargo);
                cargo
            }
        };
        // Build scripts ask for the compiler's abilities. The answer differs from the one for tests.
        let folder = files::target().join("wasm-release");
        cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(flags)).env("CARGO_TARGET_DIR", &folder);
        Ok((cargo, folder))
    }
}

/// Returns the flag that selects a standard library of ours.
fn sysroot(std: Std) -> Result<OsString> {
    Ok(joined("--sysroot=", &debian::wasm_sysroot(std)?, ""))
}

fn encoded(mut flags: Vec<OsString>) -> OsString {
    if let Some(registry) = cargo_home().map(|home| home.join("registry").join("src")) {
        // Panic messages name source files. The builder's own paths are private, cost bytes and differ between builds.
        flags.push(joined("--remap-path-prefix=", &registry, "=crates"));
    }
    flags.join(FLAG_SEPARATOR.as_ref())
}

/// Returns `cargo` for the host: the one on the path.
pub fn cargo() -> Command {
    let mut cargo = command("cargo");
    cargo.env("CARGO_TARGET_DIR", files::target()).env("CARGO_LLVM_COV_SETUP", "no");
    cargo
}

fn has_std() -> Result<bool> {
    let mut rustc = command("rustc");
    rustc.args(["--print", "sysroot"]);
    let sysroot = PathBuf::from(quiet(rustc)?.trim());
    Ok(is_sysroot(&sysroot))
}

/// Returns whether a sysroot has the standard library for wasm32.
pub fn is_sysroot(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(libraries(sysroot)) else { return false };
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // The name ends with a hash, except for a library that is built as a shared one too.
    ["libcore", "libstd"].iter().all(|library| {
        names.iter().any(|name| {
            let rest = name.strip_prefix(library).and_then(|rest| rest.strip_suffix(".rlib"));
            rest.is_some_and(|hash| hash.is_empty() || hash.starts_with('-'))
        })
    })
}

/// Returns the folder of the standard library for wasm32 in a sysroot.
pub fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn rustup_may_install() -> bool {
    env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0") && which::which("rustup").is_ok()
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

fn joined(before: &str, path: &Path, after: &str) -> OsString {
    let mut joined = OsString::from(before);
    joined.push(path);
    joined.push(after);
    joined
}
