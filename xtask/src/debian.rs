//! What Debian has: its packages, and its Rust with standard libraries for wasm32 built once from its sources.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    files,
    run::{command, quiet, step},
    toolchain::{HOW_TO_INSTALL, TARGET, is_sysroot, libraries},
};

/// `-web` are the recent versions that Debian keeps for its browsers.
const RUST_PACKAGES: [&str; 7] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22", "rust-web-clippy", "rustfmt-web"];

const BIN: &str = "/usr/bin";

/// Written last, and with the compiler's version in it: a standard library is of use to that compiler only. The flags
/// that it was built with are there too.
const STAMP: &str = "built-by";

/// Whether these packages are there, or can be installed.
pub fn can_provide_rust() -> bool {
    missing(&RUST_PACKAGES).is_ok_and(|missing| missing.is_empty() || can_install())
}

/// Debian, and allowed to install.
pub fn can_install() -> bool {
    Path::new("/etc/debian_version").exists()
        && which::which("apt-get").is_ok()
        && quiet(with_arguments("id", ["-u"])).is_ok_and(|user| user.trim() == "0")
}

/// Installs those of the packages that are not there.
pub fn install(packages: &[&str]) -> Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    step(format!("setup: apt-get install {}", missing.join(" ")), || {
        quiet(apt_get(["update"]))?;
        let mut install = apt_get(["install", "-y", "--no-install-recommends"]);
        install.args(&missing);
        quiet(install).context("Debian's packages could not be installed; is the network there?")
    })?;
    Ok(())
}

fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    // It fails where it does not know a package; what it knows is in its output all the same.
    let output =
        with_arguments("dpkg-query", ["-W", "-f", "${db:Status-Status} ${Package}\n"]).args(packages).output()?;
    let known = String::from_utf8_lossy(&output.stdout);
    let there = |package: &str| known.lines().any(|line| line == format!("installed {package}"));
    Ok(packages.iter().copied().filter(|package| !there(package)).collect())
}

fn apt_get<const N: usize>(arguments: [&str; N]) -> Command {
    let mut apt = with_arguments("apt-get", ["-o", "DPkg::Lock::Timeout=120"]);
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// Debian's `cargo`, for our sysroot or for building it: nothing of another toolchain's reaches it.
pub fn cargo() -> Command {
    let mut cargo = command(Path::new(BIN).join("cargo"));
    for (name, _) in env::vars_os() {
        let other = name.to_str().is_some_and(|name| {
            ["RUSTC", "RUSTDOC", "RUSTFLAGS", "RUSTUP_", "CARGO_BUILD_", "CARGO_TARGET_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        });
        if other {
            cargo.env_remove(name);
        }
    }
    // First on the path: cargo would find rustup's `cargo-clippy` otherwise, which knows nothing of this sysroot.
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([PathBuf::from(BIN)].into_iter().chain(env::split_paths(&path)));
    cargo.env("PATH", path.unwrap_or_else(|_| BIN.into())).env("CARGO_LLVM_COV_SETUP", "no");
    cargo
}

/// A standard library for wasm32 that we build from Debian's sources.
#[derive(Clone, Copy)]
pub enum Std {
    /// As Rust's own: a panic says what happened. For tests and lints.
    Ordinary,
    /// As small as it gets, for what users download: a panic is a trap and says nothing.
    Small,
}

/// Makes a panic a trap, without the text that it would say. Unstable: see [`unstable`].
pub const TRAP: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// Lets a stable compiler take unstable flags.
pub fn unstable(command: &mut Command) {
    command.env("RUSTC_BOOTSTRAP", "1");
}

impl Std {
    fn folder(self) -> &'static str {
        match self {
            Self::Ordinary => "wasm-std",
            Self::Small => "wasm-std-small",
        }
    }

    /// The crate of the library's sources that has all of it below.
    fn package(self) -> &'static str {
        match self {
            Self::Ordinary => "sysroot",
            Self::Small => "std",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &[],
            Self::Small => &[
                "--no-default-features",
                "--features=optimize_for_size",
                "--config=profile.dist.opt-level=\"z\"",
                "--config=profile.dist.debug=false",
            ],
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &[],
            Self::Small => &TRAP,
        }
    }
}

/// A sysroot of ours with a standard library for wasm32; Debian's compiler and the library are got if need be.
pub fn wasm_sysroot(std: Std) -> Result<PathBuf> {
    install(&RUST_PACKAGES).context(HOW_TO_INSTALL)?;
    let sysroot = files::target().join(std.folder());
    let built_by = format!("{}{:?} {:?}\n", rustc(["-vV"])?, std.arguments(), std.flags());
    let current = fs::read_to_string(sysroot.join(STAMP)).is_ok_and(|stamp| stamp == built_by);
    if !(current && is_sysroot(&sysroot)) {
        let what = format!("setup: {} for {TARGET} from Debian's sources, once", std.folder());
        step(what, || build_std(std, &sysroot))?;
        fs::write(sysroot.join(STAMP), built_by)?;
    }
    Ok(sysroot)
}

fn build_std(std: Std, sysroot: &Path) -> Result<()> {
    let library = Path::new(rustc(["--print", "sysroot"])?.trim()).join("lib/rustlib/src/rust/library");
    let library = fs::canonicalize(&library).with_context(|| format!("no sources in {}", library.display()))?;
    let work = files::target().join("wasm-std-build");
    files::empty(&work)?;

    let vendor = library.join("vendor");
    let flags = format!("-Zforce-unstable-if-unmarked --remap-path-prefix={}=std", library.display());
    let mut build = cargo();
    unstable(&mut build);
    build
        .args(["build", "--offline", "--locked", "-Zavoid-dev-deps", "--profile", "dist", "--target", TARGET])
        .args(std.arguments())
        .arg("--manifest-path")
        .arg(library.join(std.package()).join("Cargo.toml"))
        .args(["--config", "source.crates-io.replace-with=\"vendored\""])
        .args(["--config", &format!("source.vendored.directory={:?}", vendor.display().to_string())])
        .env("RUSTC", Path::new(BIN).join("rustc"))
        .env("RUSTFLAGS", [&[flags.as_str()], std.flags()].concat().join(" "))
        .env("CARGO_TARGET_DIR", &work);
    quiet(build)?;

    let fresh = files::fresh_beside(sysroot)?;
    for built in files::files_below(&work.join(TARGET).join("dist/deps"), &|_| true)? {
        if let (Some(name), Some("rlib")) = (built.file_name(), built.extension().and_then(OsStr::to_str)) {
            files::copy(&built, &libraries(&fresh).join(name))?;
        }
    }
    ensure!(is_sysroot(&fresh), "the build made no standard library");
    files::put_in_place(sysroot)?;
    files::remove(&work)
}

fn rustc<const N: usize>(arguments: [&str; N]) -> Result<String> {
    quiet(with_arguments(Path::new(BIN).join("rustc"), arguments))
}

fn with_arguments<const N: usize>(program: impl AsRef<OsStr>, arguments: [&str; N]) -> Command {
    let mut command = command(program);
    command.args(arguments);
    command
}
