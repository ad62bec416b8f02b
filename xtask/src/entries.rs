//! The package's entries: what users import, each one file, as small as it gets.

use std::{fs, path::Path, process::Command};

use anyhow::Result;

use crate::{
    files, js_text, npm,
    run::{joined, quiet},
};

/// What users load: the module in `pkg-template/`, and the file in `pkg/` that it is bundled into.
struct Entry {
    source: &'static str,
    output: &'static str,
    format: &'static str,
    /// Carries the module's bytes; the others get a `WebAssembly.Module` or an address.
    inline: bool,
}

const ENTRIES: [Entry; 6] = [
    Entry { source: "index.js", output: "index.js", format: "esm", inline: true },
    Entry { source: "index.js", output: "index.cjs", format: "cjs", inline: true },
    Entry { source: "slim.js", output: "slim.js", format: "esm", inline: false },
    Entry { source: "slim.js", output: "slim.cjs", format: "cjs", inline: false },
    Entry { source: "workerd.js", output: "workerd.js", format: "esm", inline: false },
    Entry { source: "edge-light.js", output: "edge-light.js", format: "esm", inline: false },
];

/// Where the package's JavaScript is.
const SOURCES: [&str; 2] = ["pkg-template", "src/js"];

/// The oldest JavaScript that the entries may be run by: Node 20 and the browsers of its time know all of it.
const LANGUAGE: &str = "es2022";

/// What terser does, beside what it does by itself: no function of ours or of the glue is called with `new` or has a `this`
/// that an arrow function would not have. Functions stay where they are, and statements apart: esbuild joins them in turn.
const COMPRESS: &str = "passes=5,ecma=2022,unsafe_arrows=true,unsafe_methods=true,reduce_funcs=false,sequences=false";

/// Names of members that only the package's own files use, and nothing of a platform's has: they become shorter.
const OURS: [&str; 49] = [
    "alone",
    "asked",
    "batch",
    "begin",
    "blame",
    "carryOut",
    "clear",
    "close",
    "deliver",
    "end",
    "enter",
    "expire",
    "giveBack",
    "happened",
    "hasLeft",
    "keep",
    "kind",
    "landed",
    "left",
    "lose",
    "mask",
    "mostBytes",
    "number",
    "outcome",
    "progress",
    "refusal",
    "refusalBody",
    "responseTo",
    "retry",
    "send",
    "settle",
    "shape",
    "sound",
    "stir",
    "stop",
    "stopped",
    "tell",
    "tellLimit",
    "tellRequest",
    "tellRetry",
    "timer",
    "undelivered",
    "unwrap",
    "urlOf",
    "use",
    "wait",
    "wake",
    "what",
    "wrapped",
];

/// Bundles every entry of the modules in `stage`, where the glue is too, into the package.
pub fn bundle_all(stage: &Path, wasm: &Path, version: &str, package: &Path) -> Result<()> {
    // As in the project, so that what the glue imports and what the entries do is one and the same.
    for folder in SOURCES {
        files::copy_tree(&files::root().join(folder), &stage.join(folder), &|path| path.is_dir() || is_module(path))?;
    }
    share_sources(stage)?;
    let template = &stage.join("pkg-template");
    fs::write(template.join("wasm-text.js"), format!("export default {};\n", js_text::literal(&fs::read(wasm)?)))?;
    for entry in ENTRIES {
        bundle(&template.join(entry.source), &package.join(entry.output), entry.format, version)?;
    }
    for (source, output, format) in
        [("cli/main.js", "cli.js", "esm"), ("proxy.js", "proxy.js", "esm"), ("proxy.js", "proxy.cjs", "cjs")]
    {
        bundle_for_servers(template, source, &package.join(output), format, version)?;
    }
    same_bytes(package, wasm)
}

/// Has the glue import the sources in `stage` where it would import wasm-bindgen's copies of them: esbuild takes a file that
/// is linked to for the one that it is.
fn share_sources(stage: &Path) -> Result<()> {
    let snippets = stage.join("glue").join("snippets");
    for copies in fs::read_dir(snippets)? {
        let copies = copies?.path();
        for folder in SOURCES {
            let copy = copies.join(folder);
            // It is made where wasm-bindgen copied nothing, so that there is a place for the link.
            files::empty(&copy)?;
            files::remove(&copy)?;
            files::link(&stage.join(folder), &copy)?;
        }
    }
    Ok(())
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js")
}

/// Makes one file of a module and all that it imports, as small as it gets.
///
/// terser finds more to leave out than esbuild does, and esbuild writes the module's bytes shorter: it has the last word.
fn bundle(entry: &Path, output: &Path, format: &str, version: &str) -> Result<()> {
    let [whole, mangled] = ["whole.js", "mangled.js"].map(|name| entry.with_file_name(name));
    let mut bundle = bundler(entry, &whole, format, version);
    // The file beside the entry, which a user's bundler or platform turns into a module.
    bundle.args(["--platform=neutral", "--external:*.wasm", "--external:*.wasm?module"]);
    quiet(bundle)?;
    let mut mangle = npm::tool("terser");
    mangle.arg(&whole).args(["--compress", COMPRESS, "--mangle", "--toplevel", "--output"]).arg(&mangled);
    quiet(mangle)?;
    let mut print = esbuild(&mangled, output, format);
    print.args(["--platform=neutral", "--minify"]).arg(format!("--mangle-props=^({})$", OURS.join("|")));
    if format == "cjs" {
        // Node shows the line that an error comes from which nobody catches: not all of the package.
        print.arg("--line-limit=160");
    }
    quiet(print)?;
    Ok(())
}

/// Makes one file of what uses the package as every other program does, and is loaded from a disk: it may stay readable.
fn bundle_for_servers(stage: &Path, main: &str, output: &Path, format: &str, version: &str) -> Result<()> {
    let mut bundle = bundler(&stage.join(main), output, format, version);
    bundle.args(["--platform=neutral", "--external:translation-results", "--external:node:*"]);
    // It notes where each part comes from, as seen from here.
    bundle.current_dir(stage);
    quiet(bundle)?;
    Ok(())
}

/// Makes one script and one style sheet of the page's, and further scripts of what it imports later. It loads the package
/// as any page does.
pub fn bundle_page(www: &Path, site: &Path) -> Result<()> {
    let mut bundle = npm::tool("esbuild");
    bundle
        .args(["app.js", "page.css"].map(|name| www.join(name)))
        .args(["--bundle", "--minify", "--splitting", "--format=esm", "--log-level=error", "--legal-comments=none"])
        .args(["--external:./pkg/index.js", "--chunk-names=[name]-[hash]"])
        .arg(joined("--outdir=", site));
    quiet(bundle)?;
    Ok(())
}

fn bundler(from: &Path, to: &Path, format: &str, version: &str) -> Command {
    let mut bundler = esbuild(from, to, format);
    bundler.arg("--bundle").arg(format!("--define:PACKAGE_VERSION=\"{version}\""));
    bundler
}

fn esbuild(from: &Path, to: &Path, format: &str) -> Command {
    let mut esbuild = npm::tool("esbuild");
    esbuild
        .arg(from)
        .args(["--legal-comments=none", "--log-level=error"])
        .arg(format!("--target={LANGUAGE}"))
        .arg(format!("--format={format}"))
        .arg(joined("--outfile=", to));
    esbuild
}

/// Fails where a bundle's string is not the module's bytes: a bundler writes strings its own way.
fn same_bytes(package: &Path, wasm: &Path) -> Result<()> {
    let mut check = npm::node();
    check.arg(files::root().join("xtask/same-bytes.mjs")).arg(wasm);
    check.args(ENTRIES.iter().filter(|entry| entry.inline).map(|entry| package.join(entry.output)));
    quiet(check)?;
    Ok(())
}
