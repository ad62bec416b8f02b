//! `bindgen wasm-bindgen …` and `bindgen test-runner …`: the two programs of `wasm-bindgen-cli` behind one name.
//!
//! They are a dependency and not a `cargo install`, so that `Cargo.lock` keeps the crate and its command line at one
//! version; a mismatch fails at run time only. A crate of its own, so that `cargo xtask` starts without building it.

use std::env::args_os;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let mut args = args_os().skip(1).peekable();
    match args.peek().and_then(|name| name.to_str()) {
        Some("wasm-bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args),
        Some("test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args),
        _ => bail!("the first argument is wasm-bindgen or test-runner"),
    }
}
