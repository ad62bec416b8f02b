//! `cargo xtask build`: makes the npm package in `pkg/` from the crate and `pkg-template/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{CustomSection, Section};

use crate::{
    entries, files, npm,
    run::{command, quiet, step},
    setup::{self, Tools},
    size,
    toolchain::{self, TARGET, Toolchain},
};

/// The files of `pkg-template/` that are published unchanged, and their published names.
const COPIED_FILES: [(&str, &str); 11] = [
    ("package.json", "package.json"),
    ("index.d.ts", "index.d.ts"),
    ("index.d.ts", "index.d.cts"),
    ("slim.d.ts", "slim.d.ts"),
    ("slim.d.ts", "slim.d.cts"),
    ("proxy.d.ts", "proxy.d.ts"),
    ("proxy.d.ts", "proxy.d.cts"),
    ("testing.d.ts", "testing.d.ts"),
    ("testing.d.ts", "testing.d.cts"),
    ("translation_results.wasm.d.ts", "translation_results.wasm.d.ts"),
    ("translation_results.wasm.d.ts", "translation_results.wasm.d.cts"),
];

/// The published documents: the README, and the files that it links to. npm loads its pictures from the repository.
const DOCUMENTS: [&str; 20] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "docs/bench.svg",
    "docs/bulk.md",
    "docs/bundlers.md",
    "docs/command-line.md",
    "docs/costs.md",
    "docs/errors.md",
    "docs/options.md",
    "docs/platforms.md",
    "docs/proxy.md",
    "docs/queue.md",
    "docs/rust.md",
    "docs/security.md",
    "docs/single-runs.md",
    "docs/testing.md",
];

const CRATE: &str = "translation-results";
/// The name of the files that wasm-bindgen makes from the crate.
pub const MODULE: &str = "translation_results";

/// The feature of the crate that exports the JavaScript classes.
pub const FEATURE: &str = "npm";

/// The largest sizes of the files that users download, in bytes after brotli.
struct Budget {
    default_entry: u64,
    slim_entry: u64,
    wasm: u64,
}

/// The sizes with the small standard library.
const SMALL_STD: Budget = Budget { default_entry: 66_800, slim_entry: 6_950, wasm: 58_500 };
const ORDINARY_STD: Budget = Budget { default_entry: 73_400, slim_entry: 6_950, wasm: 65_050 };

/// Builds the package, and returns its folder.
pub fn run() -> Result<PathBuf> {
    let tools = setup::for_build()?;
    let _lock = files::lock("xtask")?;
    let version = version()?;
    same_version(&version)?;
    let stage = files::target().join("npm").join("stage");
    files::empty(&stage)?;
    let wasm = stage.join(format!("{MODULE}.wasm"));
    make_wasm(&tools, &stage, &wasm)?;

    let package = files::root().join("pkg");
    let fresh = files::fresh_beside(&package)?;
    step("build: entries", || entries::bundle_all(&stage, &wasm, &version, &fresh))?;
    fs::write(fresh.join(format!("{MODULE}.wasm")), with_version(fs::read(&wasm)?, &version))?;
    copy_the_rest(&fresh)?;
    report(&tools.toolchain, &fresh)?;
    files::put_in_place(&package)?;
    Ok(package)
}

/// Returns the version in `Cargo.toml`.
pub fn version() -> Result<String> {
    let mut metadata = toolchain::cargo();
    metadata.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let metadata = metadata.output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).context("cargo metadata failed")?;
    let package = metadata["packages"].as_array().and_then(|all| all.iter().find(|package| package["name"] == CRATE));
    let version = package.and_then(|package| package["version"].as_str());
    Ok(version.with_context(|| format!("Cargo.toml has no package {CRATE}"))?.to_owned())
}

fn same_version(version: &str) -> Result<()> {
    let manifest = fs::read(files::root().join("pkg-template/package.json"))?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest)?;
    let package = &manifest["version"];
    ensure!(
        package == version,
        "pkg-template/package.json says version {package} and Cargo.toml says \"{version}\": make them the same"
    );
    Ok(())
}

fn make_wasm(tools: &Tools, stage: &Path, wasm: &Path) -> Result<()> {
    let (mut cargo, folder) = tools.toolchain.release_cargo()?;
    step("build: cargo", || {
        cargo.args(["build", "--release", "--lib", "--locked", "--features", FEATURE, "--target", TARGET]);
        quiet(cargo)
    })?;
    let glue = stage.join("glue");
    step("build: wasm-bindgen", || {
        let mut bindgen = command(&tools.bindgen);
        bindgen
            // The glue of this target does not make the instance; see `pkg-template/instance.js`.
            .args(["wasm-bindgen", "--target", "bundler", "--no-typescript", "--out-name", MODULE, "--out-dir"])
            .arg(&glue)
            .arg(folder.join(TARGET).join("release").join(format!("{MODULE}.wasm")));
        quiet(bindgen)
    })?;
    ensure!(
        !glue.join("snippets").exists(),
        "the crate or a dependency brings JavaScript of its own: see {}",
        glue.display()
    );
    step("build: wasm-opt", || {
        let mut optimize = npm::tool("wasm-opt");
        optimize.args(size::WASM_OPT).arg(glue.join(format!("{MODULE}_bg.wasm"))).arg("-o").arg(wasm);
        quiet(optimize)
    })?;
    Ok(())
}

fn copy_the_rest(package: &Path) -> Result<()> {
    let root = files::root();
    for (source, output) in COPIED_FILES {
        files::copy(&root.join("pkg-template").join(source), &package.join(output))?;
    }
    for document in DOCUMENTS {
        files::copy(&root.join(document), &package.join(document))?;
    }
    Ok(())
}

/// Adds the package's version to the module. A server or a cache may hold the module of another version, so
/// `pkg-template/load.js` compares the version with its own.
fn with_version(mut module: Vec<u8>, version: &str) -> Vec<u8> {
    let section = CustomSection { name: CRATE.into(), data: version.as_bytes().into() };
    section.append_to(&mut module);
    module
}

/// Prints the sizes of the files that users download, and fails if one is over its budget.
fn report(toolchain: &Toolchain, package: &Path) -> Result<()> {
    let mut brotli = npm::node();
    let files = ["index.js", "slim.js", &format!("{MODULE}.wasm")].map(|file| package.join(file));
    brotli.arg(files::root().join("xtask/brotli-size.mjs")).args(files);
    let sizes = quiet(brotli)?;
    let sizes: Vec<u64> = sizes.lines().map(str::parse).collect::<Result<_, _>>().context("no sizes")?;
    let [default, slim, wasm] = sizes[..] else { bail!("expected three sizes, not {sizes:?}") };
    let budget = if toolchain.is_small() { SMALL_STD } else { ORDINARY_STD };
    println!("build: default entry {default} B with brotli; slim entry {slim} B and .wasm {wasm} B");
    for (file, size, most) in [
        ("default entry", default, budget.default_entry),
        ("slim entry", slim, budget.slim_entry),
        (".wasm", wasm, budget.wasm),
    ] {
        ensure!(
            size <= most,
            "the {file} takes {size} B with brotli, and may take {most} B: make it smaller, or, if the addition is worth \
             it, allow more in {}",
            file!()
        );
    }
    Ok(())
}
