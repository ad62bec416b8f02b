//! Builds Rust applications that depend on the crate: `docs/examples/` as users build them, and `tests/bench/rust/`,
//! the same job by this client and by others, with the flags of the published module.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    files, npm,
    run::{command, quiet, step},
    setup::Tools,
    size,
    toolchain::TARGET,
};

/// The examples, and the targets of wasm-bindgen that each is linked for.
const EXAMPLES: [(&str, &[&str]); 3] =
    [("node", &["web", "bundler", "nodejs", "no-modules"]), ("yew", &["web"]), ("worker", &["bundler"])];

/// The clients that are compared, and the modules that call them.
const PEERS: [(&str, &str); 3] =
    [("translation-results", "bench_ours"), ("gloo-net", "bench_gloo_net"), ("reqwest", "bench_reqwest")];

/// Builds every example, and returns the folder with `<example>/<target>/`.
pub fn build_examples(tools: &Tools) -> Result<PathBuf> {
    let folder = files::target().join("rust-apps");
    for (example, targets) in EXAMPLES {
        step(format!("build: docs/examples/{example}"), || {
            let mut cargo = tools.toolchain.cargo()?;
            // The tests' own build has the same dependencies without debug information.
            cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
            cargo.current_dir(files::root().join("docs/examples").join(example));
            cargo.args(["build", "--locked", "--target", TARGET]);
            quiet(cargo)?;
            let module = files::target().join("wasm").join(TARGET).join(format!("debug/{example}_example.wasm"));
            targets
                .iter()
                .try_for_each(|target| link(tools, &module, target, example, &folder.join(example).join(target)))
        })?;
    }
    Ok(folder)
}

/// Builds every peer, and returns the folder with `<peer>/glue.js`, `glue.min.js` and `glue_bg.wasm`.
pub fn build_peers(tools: &Tools) -> Result<PathBuf> {
    let folder = files::target().join("rust-peers");
    let (mut cargo, _) = tools.toolchain.release_cargo()?;
    // A separate folder: a dependency's module has the name of the package's module, and no classes.
    let target = files::target().join("rust-peers-build");
    cargo.env("CARGO_TARGET_DIR", &target);
    step("build: tests/bench/rust", || {
        cargo.current_dir(files::root().join("tests/bench/rust"));
        cargo.args(["build", "--release", "--locked", "--workspace", "--target", TARGET]);
        quiet(cargo)
    })?;
    for (peer, module) in PEERS {
        let out = folder.join(peer);
        link(tools, &target.join(TARGET).join("release").join(format!("{module}.wasm")), "web", "glue", &out)?;
        let wasm = out.join("glue_bg.wasm");
        let mut optimize = npm::tool("wasm-opt");
        optimize.args(size::WASM_OPT).arg(&wasm).arg("-o").arg(&wasm);
        quiet(optimize)?;
        let mut minify = npm::tool("esbuild");
        minify.args(size::ESBUILD).args(["--format=esm", "--log-level=error"]).arg(out.join("glue.js"));
        minify.arg(format!("--outfile={}", out.join("glue.min.js").display()));
        quiet(minify)?;
    }
    Ok(folder)
}

/// Runs the wasm-bindgen command line on a module.
fn link(tools: &Tools, module: &Path, target: &str, name: &str, out: &Path) -> Result<()> {
    files::empty(out)?;
    let mut bindgen = command(&tools.bindgen);
    bindgen.args(["wasm-bindgen", "--no-typescript", "--target", target, "--out-name", name, "--out-dir"]);
    bindgen.arg(out).arg(module);
    quiet(bindgen)?;
    Ok(())
}
