//! `cargo xtask docs`: makes the API documentation of the package's types with TypeDoc.

use std::process::Command;

use anyhow::Result;

use crate::{build, files, npm, run::quiet};

/// Builds the package and documents it.
pub fn run() -> Result<()> {
    build::run()?;
    quiet(typedoc())?;
    println!("docs: {}", files::target().join("docs/index.html").display());
    Ok(())
}

/// Documents the types in `pkg/`. Fails on a warning: a broken link, a type that is not exported, a name without documentation.
pub fn typedoc() -> Command {
    let mut typedoc = npm::tool("typedoc");
    typedoc.arg("--tsconfig").arg(files::root().join("xtask/typedoc.tsconfig.json"));
    typedoc
}
