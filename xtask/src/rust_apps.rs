//! The applications in `docs/examples/`, built as their readers build them: with cargo and the wasm-bindgen command line.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    files,
    run::{command, quiet, step},
    setup::Tools,
    toolchain::TARGET,
};

/// An application, and the targets of wasm-bindgen that it is linked for.
const APPS: [(&str, &[&str]); 2] = [("node", &["web", "bundler", "nodejs", "no-modules"]), ("yew", &["web"])];

/// Builds every application, and returns the folder with `<application>/<target>/`.
pub fn build(tools: &Tools) -> Result<PathBuf> {
    let folder = files::target().join("rust-apps");
    for (app, targets) in APPS {
        step(format!("build: docs/examples/{app}"), || {
            let mut cargo = tools.toolchain.cargo()?;
            // The tests' own build has the same dependencies without debug information.
            cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
            cargo.current_dir(files::root().join("docs/examples").join(app));
            cargo.args(["build", "--locked", "--target", TARGET]);
            quiet(cargo)?;
            for target in targets {
                let out = folder.join(app).join(target);
                files::empty(&out)?;
                let mut bindgen = command(&tools.bindgen);
                bindgen.args(["wasm-bindgen", "--no-typescript", "--target", target, "--out-name", app, "--out-dir"]);
                bindgen
                    .arg(out)
                    .arg(files::target().join("wasm").join(TARGET).join(format!("debug/{app}_example.wasm")));
                quiet(bindgen)?;
            }
            Ok(())
        })?;
    }
    Ok(folder)
}
