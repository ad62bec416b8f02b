//! Which cargo builds for wasm32, by one rule: what is there already; else rustup, if it may install; else Debian.
//!
//! Nothing here ever makes rustup download when its user has said `RUSTUP_AUTO_INSTALL=0`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    debian::{self, Std, TRAP},
    files,
    run::{command, quiet, step},
};

pub const TARGET: &str = "wasm32-unknown-unknown";

pub const HOW_TO_INSTALL: &str = "Rust's standard library for wasm32-unknown-unknown is missing: install it with \
    `rustup target add wasm32-unknown-unknown`, or with your system's package of it";

/// The unit separator between the flags of `CARGO_ENCODED_RUSTFLAGS`, which paths with spaces survive.
const FLAG_SEPARATOR: &str = "\x1f";

/// Flags of a stable compiler that make the module smaller, found by trial.
const SMALLER: [&str; 6] = [
    "-Cllvm-args=-inline-threshold=25",
    // What the ends of branches have in common stays where it is, as brotli finds it there.
    "-Cllvm-args=-simplifycfg-sink-common=false",
    // Nothing in the module recurses, so a stack of one page will do: addresses of data are shorter then, and a page of
    // users' needs a megabyte less.
    "-Clink-arg=-zstack-size=65536",
    // It takes and gives numbers only. wasm-bindgen adds a table of JavaScript's values all the same, unless the module
    // says that it was compiled without; the standard library was not, so the linker is told too.
    "-Ctarget-feature=-reference-types",
    "-Clink-arg=--no-check-features",
    "-Clink-arg=--features=bulk-memory,bulk-memory-opt,multivalue,mutable-globals,nontrapping-fptoint,sign-ext",
];

/// The same of an unstable one: inlines early, as builds for speed do, has generic code of the standard library compiled
/// with ours, and leaves out the places of panics, which say nothing there.
const SMALLER_UNSTABLE: [&str; 4] =
    ["-Zinline-mir=yes", "-Zinline-mir-threshold=100", "-Zshare-generics=no", "-Zlocation-detail=none"];

pub enum Toolchain {
    /// The one on the path, whose sysroot has the standard library for wasm32.
    Plain,
    /// Debian's, with the standard libraries that we built from Debian's sources in sysroots of ours: for tests, and
    /// for the package.
    Debian { ordinary: PathBuf, small: PathBuf },
}

impl Toolchain {
    /// The toolchain for wasm32; what is missing for it is installed.
    pub fn ready() -> Result<Self> {
        if has_std()? {
            return Ok(Self::Plain);
        }
        if rustup_may_install() {
            step(format!("setup: rustup target add {TARGET}"), || {
                let mut rustup = command("rustup");
                rustup.args(["target", "add", TARGET]);
                quiet(rustup).context("rustup could not add the target; is the network there?")
            })?;
            if has_std()? {
                return Ok(Self::Plain);
            }
        }
        if debian::can_provide_rust() {
            let [ordinary, small] = [Std::Ordinary, Std::Small].map(debian::wasm_sysroot);
            return Ok(Self::Debian { ordinary: ordinary?, small: small? });
        }
        bail!(HOW_TO_INSTALL)
    }

    /// `cargo` for everything with `--target wasm32-unknown-unknown` but the package.
    ///
    /// It has a target folder of its own: two toolchains in one rebuild each other's work.
    pub fn cargo(&self) -> Command {
        let mut cargo = match self {
            Self::Plain => cargo(),
            Self::Debian { .. } => debian::cargo(),
        };
        let flags = match self {
            Self::Plain => Vec::new(),
            Self::Debian { ordinary, .. } => vec![joined("--sysroot=", ordinary, "")],
        };
        cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(flags)).env("CARGO_TARGET_DIR", files::target().join("wasm"));
        cargo
    }

    /// Whether the package is built on a standard library made small.
    pub fn is_small(&self) -> bool {
        matches!(self, Self::Debian { .. })
    }

    /// `cargo` for the module that users download, and where it builds: as small as this toolchain can make it.
    ///
    /// Unstable flags are given here and not in the manifest, which any stable cargo can build.
    pub fn release_cargo(&self) -> (Command, PathBuf) {
        let mut flags: Vec<OsString> = SMALLER.map(OsString::from).into();
        let mut cargo = self.cargo();
        if let Self::Debian { small, .. } = self {
            debian::unstable(&mut cargo);
            flags.extend(TRAP.into_iter().chain(SMALLER_UNSTABLE).map(OsString::from));
            flags.push(joined("--sysroot=", small, ""));
        }
        // Build scripts ask what the compiler can do, and the answer is another one here.
        let folder = files::target().join("wasm-release");
        cargo.env("CARGO_ENCODED_RUSTFLAGS", encoded(flags)).env("CARGO_TARGET_DIR", &folder);
        (cargo, folder)
    }
}

fn encoded(mut flags: Vec<OsString>) -> OsString {
    if let Some(registry) = cargo_home().map(|home| home.join("registry").join("src")) {
        // Panic messages name source files: where the builder keeps them is nobody's business and costs bytes.
        flags.push(joined("--remap-path-prefix=", &registry, "=crates"));
    }
    flags.join(FLAG_SEPARATOR.as_ref())
}

/// `cargo` for the host: the one on the path.
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

/// Whether a sysroot has the standard library for wasm32.
pub fn is_sysroot(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(libraries(sysroot)) else { return false };
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // With a hash after the name or, where the library is built as a shared one too, without.
    ["libcore", "libstd"].iter().all(|library| {
        names.iter().any(|name| {
            let rest = name.strip_prefix(library).and_then(|rest| rest.strip_suffix(".rlib"));
            rest.is_some_and(|hash| hash.is_empty() || hash.starts_with('-'))
        })
    })
}

/// Where a sysroot keeps the standard library for wasm32.
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
