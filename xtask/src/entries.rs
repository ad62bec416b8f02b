//! Bundles the package's entries: each file that a user imports or runs has no imports of ours.
//!
//! Some also contain libraries, see [`BUNDLED`], so that the package has no dependencies.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    build::MODULE,
    files, js_text, npm,
    run::{joined, quiet},
    size,
};

/// A file that users load, and the module that it is bundled from.
struct Entry {
    /// From the project's root.
    source: &'static str,
    output: &'static str,
    /// Carries the bytes of the WebAssembly module.
    inline: bool,
    /// Pages and edge functions load it over the network.
    ///
    /// The other entries are loaded from a disk, and keep their names and line breaks. Node prints the whole line that threw
    /// an uncaught error, and the code of a minified entry is one line.
    ///
    /// The output's extension decides the kind of module: `.cjs` is for tools that cannot load ES modules by `require`.
    /// An ES module never imports a `.cjs` file, as bundlers indent, rename and inline them.
    minified: bool,
}

const ENTRIES: [Entry; 13] = [
    Entry { source: "pkg-template/index.js", output: "index.js", inline: true, minified: true },
    Entry { source: "pkg-template/index.js", output: "index.mjs", inline: true, minified: false },
    Entry { source: "pkg-template/index.js", output: "index.cjs", inline: true, minified: false },
    Entry { source: "pkg-template/slim.js", output: "slim.js", inline: false, minified: true },
    Entry { source: "pkg-template/slim.js", output: "slim.mjs", inline: false, minified: false },
    Entry { source: "pkg-template/slim.js", output: "slim.cjs", inline: false, minified: false },
    Entry { source: "pkg-template/workerd.js", output: "workerd.js", inline: false, minified: true },
    Entry { source: "pkg-template/edge-light.js", output: "edge-light.js", inline: false, minified: true },
    Entry { source: "pkg-template/cli/main.js", output: "cli.js", inline: false, minified: false },
    Entry { source: "pkg-template/proxy.js", output: "proxy.js", inline: false, minified: false },
    Entry { source: "pkg-template/proxy.js", output: "proxy.cjs", inline: false, minified: false },
    Entry { source: "www/sample-api/fetch.js", output: "testing.js", inline: false, minified: false },
    Entry { source: "www/sample-api/fetch.js", output: "testing.cjs", inline: false, minified: false },
];

/// The packages in an entry, and the published file with their licences, which ask for notices in copies.
struct Bundled {
    entry: &'static str,
    notices: &'static str,
    /// Below one of the folders that [`libraries`] gives.
    libraries: &'static [&'static str],
}

const BUNDLED: [Bundled; 2] = [
    Bundled { entry: "cli.js", notices: "cli.LICENSES.txt", libraries: &["csv-parse", "csv-stringify", "leven"] },
    Bundled { entry: "testing.js and testing.cjs", notices: "testing.LICENSES.txt", libraries: &["hono"] },
];

/// The oldest JavaScript that must run the entries. Node 20 and the browsers of its time support all of it.
const LANGUAGE: &str = "es2022";

/// Makes every entry in the package from `pkg-template/`, the sample API and the glue in `stage`.
pub fn bundle_all(stage: &Path, wasm: &Path, version: &str, package: &Path) -> Result<()> {
    let template = stage.join("pkg-template");
    files::copy_tree(&files::root().join("pkg-template"), &template, &|path| path.is_dir() || is_module(path))?;
    let sample_api = "www/sample-api";
    files::copy_tree(&files::root().join(sample_api), &stage.join(sample_api), &is_module)?;
    wrap_glue(stage)?;
    fs::write(template.join("wasm-text.js"), format!("export default {};\n", js_text::literal(&fs::read(wasm)?)))?;
    for entry in &ENTRIES {
        bundle(stage, entry, version, package)?;
    }
    for bundled in &BUNDLED {
        write_notices(package, bundled)?;
    }
    same_bytes(package, wasm)
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "js")
}

/// Makes `glue.js` from wasm-bindgen's glue: a module that exports `createGlue`.
///
/// The glue keeps its state in variables of its module: the exports of the instance, views of its memory, caches. Every
/// instance needs a state of its own. So esbuild makes one expression of the glue, and each call of `createGlue` evaluates
/// it anew. `createGlue` returns all exports of the glue.
///
/// The imports shadow the globals of the same name, which some environments lack or replace.
fn wrap_glue(stage: &Path) -> Result<()> {
    const BANNER: &str = "\
        import { TextDecoder, TextEncoder, queueMicrotask } from \"./platform.js\";\n\
        export function createGlue() {";
    const FOOTER: &str = "return glue;\n}";
    let mut wrap = esbuild(stage, &format!("glue/{MODULE}_bg.js"), &stage.join("pkg-template/glue.js"));
    wrap.args(["--bundle", "--format=iife", "--global-name=glue"])
        .arg(format!("--banner:js={BANNER}"))
        .arg(format!("--footer:js={FOOTER}"));
    quiet(wrap)?;
    Ok(())
}

/// Makes one file of a module and its imports.
fn bundle(stage: &Path, entry: &Entry, version: &str, package: &Path) -> Result<()> {
    let mut bundle = esbuild(stage, entry.source, &package.join(entry.output));
    bundle
        .args(["--bundle", if entry.output.ends_with(".cjs") { "--format=cjs" } else { "--format=esm" }])
        .arg(format!("--define:PACKAGE_VERSION=\"{version}\""))
        // The command line and the proxy use the package like any other program.
        .args(["--external:translation-results", "--external:node:*", "--alias:stream=node:stream"])
        .env("NODE_PATH", env::join_paths(libraries())?)
        // The user's bundler or platform turns the file beside the entry into a module.
        .args(["--external:*.wasm", "--external:*.wasm?module"]);
    if entry.minified {
        bundle.args(size::ESBUILD);
    }
    quiet(bundle)?;
    Ok(())
}

/// Returns the folders of the packages that entries hold: the command line's, and the sample API's.
fn libraries() -> [PathBuf; 2] {
    ["xtask", "www"].map(|folder| files::root().join(folder).join("node_modules"))
}

/// Copies the licences of an entry's libraries into one file.
fn write_notices(package: &Path, bundled: &Bundled) -> Result<()> {
    let mut notices = format!("Code from these packages is in {}:\n", bundled.entry);
    for library in bundled.libraries {
        let folder = libraries().map(|folder| folder.join(library)).into_iter().find(|folder| folder.exists());
        let folder = folder.with_context(|| format!("{library} is not installed"))?;
        let is_licence = |path: &Path| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("license"));
        let files = files::files_below(&folder, &is_licence)?;
        let [licence] = &files[..] else { bail!("{library} has {} files LICENSE", files.len()) };
        notices += &format!("\n--- {library}\n\n{}\n", fs::read_to_string(licence)?.trim());
    }
    fs::write(package.join(bundled.notices), notices)?;
    Ok(())
}

/// Makes the scripts and the style sheet of the demo page. The page loads the package as any page does.
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

/// Returns esbuild for one file. Comments and names in the output depend on the path of the source, so the path is relative
/// to `stage`, which is the same in every build.
fn esbuild(stage: &Path, from: &str, to: &Path) -> Command {
    let mut esbuild = npm::tool("esbuild");
    esbuild
        .current_dir(stage)
        .arg(from)
        .args(["--platform=neutral", "--legal-comments=none", "--log-level=error"])
        .arg(format!("--target={LANGUAGE}"))
        // esbuild writes a line break in a template literal as it is, and bundlers of users indent it.
        .arg("--supported:template-literal=false")
        .arg(joined("--outfile=", to));
    esbuild
}

/// Fails if an entry carries other bytes than the module: a bundler writes strings its own way.
fn same_bytes(package: &Path, wasm: &Path) -> Result<()> {
    let mut check = npm::node();
    check.arg(files::root().join("xtask/same-bytes.mjs")).arg(wasm);
    check.args(ENTRIES.iter().filter(|entry| entry.inline).map(|entry| package.join(entry.output)));
    quiet(check)?;
    Ok(())
}
