//! `cargo xtask build`: the crate and `pkg-template/` become the npm package in `pkg/`.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::{CustomSection, Section};

use crate::{
    entries, files, npm,
    run::{command, joined, quiet, step},
    setup::{self, Tools},
    toolchain::{self, TARGET, Toolchain},
};

/// Files of `pkg-template/` that are published as they are, and under which name.
const AS_THEY_ARE: [(&str, &str); 11] = [
    ("package.json", "package.json"),
    ("index.mjs", "index.mjs"),
    ("slim.mjs", "slim.mjs"),
    ("index.d.ts", "index.d.ts"),
    ("index.d.ts", "index.d.cts"),
    ("slim.d.ts", "slim.d.ts"),
    ("slim.d.ts", "slim.d.cts"),
    ("proxy.d.ts", "proxy.d.ts"),
    ("proxy.d.ts", "proxy.d.cts"),
    ("translation_results.wasm.d.ts", "translation_results.wasm.d.ts"),
    ("translation_results.wasm.d.ts", "translation_results.wasm.d.cts"),
];

/// Files of the project's root that are published.
const DOCUMENTS: [&str; 6] =
    ["README.md", "docs/bench.svg", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The crate, and the name of what wasm-bindgen makes of it.
const CRATE: &str = "translation-results";
const MODULE: &str = "translation_results";

/// What users download may take at the most, in bytes after brotli, so that nothing grows unseen.
struct Most {
    default_entry: u64,
    slim_entry_and_wasm: u64,
}

const MOST_SMALL: Most = Most { default_entry: 12_320, slim_entry_and_wasm: 12_640 };
/// With an ordinary standard library.
const MOST_ORDINARY: Most = Most { default_entry: 16_010, slim_entry_and_wasm: 16_190 };

/// The features are read from the module: with all of them, wasm-opt emits types that Node refuses.
const WASM_OPT: [&str; 8] = [
    // Nothing has an address below 1,024: the stack ends there.
    "--low-memory-unused",
    // What is called from one place goes there, unless it is large: a function of its own packs better then.
    "--one-caller-inline-max-function-size=200",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-target-features",
    // Prints which name became which; see `rename`.
    "--minify-imports-and-exports-and-modules",
];

/// Runs every step, and gives the folder of the package.
pub fn run() -> Result<PathBuf> {
    let tools = setup::for_build()?;
    let _lock = files::lock()?;
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

/// The version in `Cargo.toml`.
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
    let (mut cargo, folder) = tools.toolchain.release_cargo();
    step("build: cargo", || {
        cargo.args(["build", "--release", "--lib", "--locked", "--no-default-features", "--target", TARGET]);
        quiet(cargo)
    })?;
    step("build: wasm-bindgen", || {
        let mut bindgen = command(&tools.bindgen);
        bindgen
            // The target whose glue leaves it to others to make the instance: `pkg-template/instance.js` makes more than one.
            .args(["wasm-bindgen", "--target", "bundler", "--no-typescript"])
            .args(["--remove-name-section", "--remove-producers-section", "--out-name", MODULE, "--out-dir"])
            .arg(stage.join("glue"))
            .arg(folder.join(TARGET).join("release").join(format!("{MODULE}.wasm")));
        quiet(bindgen)
    })?;
    let renamed = step("build: wasm-opt", || {
        let mut optimize = npm::tool("wasm-opt");
        optimize.args(WASM_OPT).arg(stage.join("glue").join(format!("{MODULE}_bg.wasm"))).arg("-o").arg(wasm);
        quiet(optimize)
    })?;
    rename(&stage.join("glue"), &serde_json::from_str(&renamed).context("wasm-opt gave no names")?)
}

/// What wasm-opt says of the names that it shortened.
#[derive(serde::Deserialize)]
struct Renamed {
    /// Module, name, and the new name.
    imports: Vec<(String, String, String)>,
    /// Name, and the new name.
    exports: Vec<(String, String)>,
}

/// Has the glue call the exports as the module names them now, and writes what the module is to import: from the glue, or
/// right from the file that has it, where numbers go to and fro that JavaScript takes as they are.
fn rename(glue: &Path, renamed: &Renamed) -> Result<()> {
    let file = glue.join(format!("{MODULE}_bg.js"));
    let exports: BTreeMap<_, _> = renamed.exports.iter().map(|(name, new)| (name.as_str(), new.as_str())).collect();
    let cache = glue.join("names.json");
    fs::write(&cache, serde_json::to_string(&exports)?)?;
    let any: Vec<_> = exports.keys().copied().collect();
    let mut esbuild = npm::tool("esbuild");
    esbuild
        .arg(&file)
        .args(["--log-level=error", "--allow-overwrite"])
        .arg(format!("--mangle-props=^({})$", any.join("|")))
        .arg(joined("--mangle-cache=", &cache))
        .arg(joined("--outfile=", &file));
    quiet(esbuild)?;

    let mut imports = String::new();
    for (from, name, new) in &renamed.imports {
        writeln!(imports, "import {{ {name} as {new} }} from \"{from}\";")?;
    }
    // wasm-opt has every import come from one module.
    let all: Vec<_> = renamed.imports.iter().map(|(.., new)| new.as_str()).collect();
    writeln!(imports, "export const imports = {{ a: {{ {} }} }};", all.join(", "))?;
    fs::write(glue.join("imports.js"), imports)?;
    Ok(())
}

fn copy_the_rest(package: &Path) -> Result<()> {
    let root = files::root();
    for (source, output) in AS_THEY_ARE {
        files::copy(&root.join("pkg-template").join(source), &package.join(output))?;
    }
    for document in DOCUMENTS {
        files::copy(&root.join(document), &package.join(document))?;
    }
    Ok(())
}

/// The module with the package's version in it, which `pkg-template/load.js` reads: a server or a cache may have the file of
/// another version, whose functions only look like those that the entry calls.
fn with_version(mut module: Vec<u8>, version: &str) -> Vec<u8> {
    let section = CustomSection { name: CRATE.into(), data: version.as_bytes().into() };
    section.append_to(&mut module);
    module
}

/// Says what a user downloads, and fails where it is too much.
fn report(toolchain: &Toolchain, package: &Path) -> Result<()> {
    let mut brotli = npm::node();
    let files = ["index.js", "slim.js", &format!("{MODULE}.wasm")].map(|file| package.join(file));
    brotli.arg(files::root().join("xtask/brotli-size.mjs")).args(files);
    let sizes = quiet(brotli)?;
    let sizes: Vec<u64> = sizes.lines().map(str::parse).collect::<Result<_, _>>().context("no sizes")?;
    let [default, slim, wasm] = sizes[..] else { bail!("expected three sizes, not {sizes:?}") };
    let most = if toolchain.is_small() { MOST_SMALL } else { MOST_ORDINARY };
    println!("build: default entry {default} B with brotli; slim entry {slim} B and .wasm {wasm} B");
    for (what, size, most) in [
        ("default entry takes", default, most.default_entry),
        ("slim entry and the .wasm take", slim + wasm, most.slim_entry_and_wasm),
    ] {
        ensure!(
            size <= most,
            "the {what} {size} B with brotli, and may take {most} B: make it smaller, or, where what was added is worth \
             it, allow more in {}",
            file!()
        );
    }
    Ok(())
}
