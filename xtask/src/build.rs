//! `cargo xtask build`: the crate and `pkg-template/` become the npm package in `pkg/`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    files, js_text, npm,
    run::{command, quiet, step},
    setup::{self, Tools},
    toolchain::{self, TARGET, Toolchain},
};

/// What users load: the module in `pkg-template/`, the file in `pkg/` that it is bundled into, and its module format.
const ENTRIES: [(&str, &str, &str); 2] = [("index.js", "index.js", "esm"), ("index.js", "index.cjs", "cjs")];

/// Files of `pkg-template/` that are published as they are, and under which name.
const AS_THEY_ARE: [(&str, &str); 4] = [
    ("package.json", "package.json"),
    ("node.mjs", "node.mjs"),
    ("index.d.ts", "index.d.ts"),
    ("index.d.ts", "index.d.cts"),
];

/// Files of the project's root that are published.
const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The crate, and the name of what wasm-bindgen makes of it.
const CRATE: &str = "translation-results";
const MODULE: &str = "translation_results";

/// The oldest JavaScript that the entries may be run by: Node 20 and the browsers of its time know all of it.
const LANGUAGE: &str = "es2022";

/// What the default entry may take at the most, in bytes after brotli, so that nothing grows unseen: with the small
/// standard library, and with an ordinary one.
const MOST_SMALL: u64 = 20_300;
const MOST_ORDINARY: u64 = 26_000;

/// The features are read from the module: with all of them, wasm-opt emits types that Node refuses.
const WASM_OPT: [&str; 7] = [
    // Larger functions stay as they are though they have one caller: brotli finds more in them.
    "--one-caller-inline-max-function-size=40",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--strip-target-features",
    // Prints which name became which; see `rename`.
    "--minify-imports-and-exports-and-modules",
];

/// What terser does, beside what it does by itself: no function of ours or of the glue is called with `new` or has a `this`
/// that an arrow function would not have.
const COMPRESS: &str = "passes=5,ecma=2022,unsafe_arrows=true,unsafe_methods=true,reduce_funcs=false,inline=1";

/// Names of members that only the package's own files use, and nothing of a platform's has: they become shorter.
const OURS: [&str; 23] = [
    "__destroy_into_raw",
    "__wbg_ptr",
    "_wbg_cb_unref",
    "carryOut",
    "hasRuns",
    "inBrowser",
    "inMs",
    "inSeconds",
    "landed",
    "matchesAt",
    "merged",
    "mostBytes",
    "numberAt",
    "numberOf",
    "refusalBody",
    "tellLimit",
    "tellRequest",
    "tellRetry",
    "typeAt",
    "undelivered",
    "unwrap",
    "urlOf",
    "wrapped",
];

/// Runs every step, and gives the folder of the package.
pub fn run() -> Result<PathBuf> {
    let tools = setup::for_build()?;
    let _lock = files::lock()?;
    same_version()?;
    let stage = files::target().join("npm").join("stage");
    files::empty(&stage)?;

    let wasm = stage.join(format!("{MODULE}.wasm"));
    make_wasm(&tools, &stage, &wasm)?;
    let bytes = fs::read(&wasm)?;
    fs::write(stage.join("wasm-text.js"), format!("export default {};\n", js_text::literal(&bytes)))?;

    let package = files::root().join("pkg");
    let fresh = files::fresh_beside(&package)?;
    step("build: entries", || {
        let template = files::root().join("pkg-template");
        files::copy_tree(&template, &stage, &|path| path.is_dir() || is_module(path))?;
        for (source, output, format) in ENTRIES {
            bundle(&stage.join(source), &fresh.join(output), format)?;
        }
        Ok(())
    })?;
    copy_the_rest(&fresh)?;
    same_bytes(&fresh, &wasm)?;
    report(&tools.toolchain, &stage, &fresh, &wasm)?;
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

fn same_version() -> Result<()> {
    let manifest = fs::read(files::root().join("pkg-template/package.json"))?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest)?;
    let (package, version) = (&manifest["version"], version()?);
    ensure!(
        *package == version,
        "pkg-template/package.json says version {package} and Cargo.toml says \"{version}\": make them the same"
    );
    Ok(())
}

fn make_wasm(tools: &Tools, stage: &Path, wasm: &Path) -> Result<()> {
    let (mut cargo, folder) = tools.toolchain.release_cargo();
    step("build: cargo", || {
        cargo.args(["build", "--release", "--lib", "--locked", "--target", TARGET]);
        quiet(cargo)
    })?;
    step("build: wasm-bindgen", || {
        let mut bindgen = command(&tools.bindgen);
        bindgen
            .args(["wasm-bindgen", "--target", "web", "--omit-default-module-path", "--no-typescript"])
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

/// The module that wasm-opt has every import come from.
const ONE_MODULE: &str = "a";

/// Has the glue call imports and exports as the module does now.
fn rename(glue: &Path, renamed: &Renamed) -> Result<()> {
    let modules: BTreeSet<_> = renamed.imports.iter().map(|(module, ..)| module).collect();
    ensure!(
        modules.len() == 1,
        "the module imports from {modules:?}: give the functions of all but the first a js_namespace, so that \
         wasm-bindgen puts them there too"
    );
    let modules = modules.into_iter().map(|module| (module.as_str(), ONE_MODULE));
    let imports = renamed.imports.iter().map(|(_, name, new)| (name.as_str(), new.as_str()));
    let exports = renamed.exports.iter().map(|(name, new)| (name.as_str(), new.as_str()));
    let names: BTreeMap<_, _> = modules.chain(imports).chain(exports).collect();

    let cache = glue.join("names.json");
    fs::write(&cache, serde_json::to_string(&names)?)?;
    let any: Vec<_> = names.keys().map(|name| name.replace('.', "\\.")).collect();
    let file = glue.join(format!("{MODULE}.js"));
    let mut esbuild = npm::tool("esbuild");
    esbuild
        .arg(&file)
        .args(["--log-level=error", "--allow-overwrite", "--mangle-quoted"])
        .arg(format!("--mangle-props=^({})$", any.join("|")))
        .arg(joined("--mangle-cache=", &cache))
        .arg(joined("--outfile=", &file));
    quiet(esbuild)?;
    Ok(())
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js" || extension == "mjs")
}

/// Makes one file of a module and all that it imports, as small as it gets.
///
/// terser finds more to leave out than esbuild does, and esbuild writes the module's bytes shorter: it has the last word.
fn bundle(entry: &Path, output: &Path, format: &str) -> Result<()> {
    let [whole, mangled] = ["whole.js", "mangled.js"].map(|name| entry.with_file_name(name));
    let esbuild = |from: &Path, to: &Path| {
        let mut esbuild = npm::tool("esbuild");
        esbuild
            .arg(from)
            .args(["--platform=neutral", "--legal-comments=none", "--log-level=error"])
            .arg(format!("--target={LANGUAGE}"))
            .arg(format!("--format={format}"))
            .arg(joined("--outfile=", to));
        esbuild
    };
    let mut bundle = esbuild(entry, &whole);
    bundle.arg("--bundle");
    quiet(bundle)?;
    let mut mangle = npm::tool("terser");
    mangle.arg(&whole).args(["--compress", COMPRESS, "--mangle", "--toplevel", "--output"]).arg(&mangled);
    quiet(mangle)?;
    let mut print = esbuild(&mangled, output);
    print.arg("--minify").arg(format!("--mangle-props=^({})$", OURS.join("|")));
    quiet(print)?;
    Ok(())
}

fn joined(option: &str, path: &Path) -> OsString {
    let mut joined = OsString::from(option);
    joined.push(path);
    joined
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

/// Fails where a bundle's string is not the module's bytes: a bundler writes strings its own way.
fn same_bytes(package: &Path, wasm: &Path) -> Result<()> {
    let mut check = npm::node();
    check.arg(files::root().join("xtask/same-bytes.mjs")).arg(wasm);
    check.args(ENTRIES.map(|(_, output, _)| package.join(output)));
    quiet(check)?;
    Ok(())
}

/// Says what a user downloads, and fails where it is too much.
fn report(toolchain: &Toolchain, stage: &Path, package: &Path, wasm: &Path) -> Result<()> {
    let glue = stage.join("glue.min.js");
    bundle(&stage.join("glue").join(format!("{MODULE}.js")), &glue, "esm")?;
    let mut brotli = npm::node();
    brotli.arg(files::root().join("xtask/brotli-size.mjs")).args([&package.join("index.js"), &glue, wasm]);
    let sizes = quiet(brotli)?;
    let sizes: Vec<u64> = sizes.lines().map(str::parse).collect::<Result<_, _>>().context("no sizes")?;
    let [entry, glue, wasm] = sizes[..] else { bail!("expected three sizes, not {sizes:?}") };
    println!(
        "build: default entry {entry} B with brotli; glue {glue} B and .wasm {wasm} B, together {} B",
        glue + wasm
    );
    let most = if toolchain.is_small() { MOST_SMALL } else { MOST_ORDINARY };
    ensure!(
        entry <= most,
        "the default entry takes {entry} B with brotli, and may take {most} B: make it smaller, or, where what was \
         added is worth it, allow more in {}",
        file!()
    );
    Ok(())
}
