//! Installs Debian's packages, and builds standard libraries for wasm32 from the sources in Debian's Rust.

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
    size,
    toolchain::{HOW_TO_INSTALL, TARGET, is_sysroot, libraries},
};

/// The packages named `-web` are recent versions, which Debian keeps for its browsers.
const RUST_PACKAGES: [&str; 7] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22", "rust-web-clippy", "rustfmt-web"];

const BIN: &str = "/usr/bin";

/// A file in a sysroot of ours, written last. It holds the version of the compiler and the flags of the build: only the
/// same compiler can use the library.
const STAMP: &str = "built-by";

/// Returns whether Debian's Rust is installed or can be.
pub fn can_provide_rust() -> bool {
    missing(&RUST_PACKAGES).is_ok_and(|missing| missing.is_empty() || can_install())
}

/// Returns whether this is Debian and we may install packages.
pub fn can_install() -> bool {
    Path::new("/etc/debian_version").exists()
        && which::which("apt-get").is_ok()
        && quiet(with_arguments("id", ["-u"])).is_ok_and(|user| user.trim() == "0")
}

/// Installs Debian's Rust for wasm32, if it is missing.
pub fn install_rust() -> Result<()> {
    install(&RUST_PACKAGES).context(HOW_TO_INSTALL)
}

/// Installs the packages that are missing.
pub fn install(packages: &[&str]) -> Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    step(format!("setup: apt-get install {}", missing.join(" ")), || {
        quiet(apt_get(["update"]))?;
        let mut install = apt_get(["install", "-y", "--no-install-recommends"]);
        install.args(&missing);
        quiet(install).context("Debian's packages could not be installed: check the network")
    })?;
    Ok(())
}

fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    // An unknown package makes it fail. The output still lists the known ones.
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

/// Returns Debian's `cargo`, without the variables of another toolchain.
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
    // First on the path: otherwise cargo finds rustup's `cargo-clippy`, which cannot use this sysroot.
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([PathBuf::from(BIN)].into_iter().chain(env::split_paths(&path)));
    cargo.env("PATH", path.unwrap_or_else(|_| BIN.into())).env("CARGO_LLVM_COV_SETUP", "no");
    cargo
}

/// A standard library for wasm32 that we build from Debian's sources.
#[derive(Clone, Copy)]
pub enum Std {
    /// Built like Rust's own, for tests and lints: a panic prints its message.
    Ordinary,
    /// Built for size, for the published module: a panic is a trap without a message.
    Small,
}

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

    /// Returns the crate in the sources that depends on the needed parts of the library.
    fn package(self) -> &'static str {
        match self {
            Self::Ordinary => "sysroot",
            Self::Small => "std",
        }
    }

    fn arguments(self) -> Vec<&'static str> {
        match self {
            Self::Ordinary => Vec::new(),
            // wasm-bindgen would drop the debug information.
            Self::Small => [&size::STD[..], &["--config=profile.dist.debug=false"]].concat(),
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Ordinary => &[],
            Self::Small => &size::IMMEDIATE_ABORT,
        }
    }
}

/// Returns a sysroot of ours with a standard library for wasm32. Builds the library if it is missing or outdated.
pub fn wasm_sysroot(std: Std) -> Result<PathBuf> {
    let sysroot = files::target().join(std.folder());
    let _lock = files::lock("wasm-std")?;
    let built_by = format!("{}{:?} {:?}\n", rustc(["-vV"])?, std.arguments(), std.flags());
    let current = fs::read_to_string(sysroot.join(STAMP)).is_ok_and(|stamp| stamp == built_by);
    if !(current && is_sysroot(&sysroot)) {
        let label = format!("setup: {} for {TARGET} from Debian's sources, once", std.folder());
        step(label, || build_std(std, &sysroot))?;
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
