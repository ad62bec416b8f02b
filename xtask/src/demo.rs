//! `cargo xtask demo`: serves the page on loopback, with the sample API or, given a key, the real service.

use std::{
    env,
    io::{self, BufRead, BufReader},
    process::Stdio,
    time::Duration,
};

use anyhow::{Result, ensure};

use crate::{files, npm, run::Group, site};

/// The server prints this before its address once it listens.
const LISTENING: &str = "listening on ";

/// Serves until the user stops it.
pub fn run(port: u16) -> Result<()> {
    let site = site::run()?;
    let (reader, writer) = io::pipe()?;
    let mut serve = npm::node();
    serve.arg(files::root().join("www/serve.mjs")).arg("--port").arg(port.to_string()).arg("--root").arg(&site);
    // With the user's key, the page uses the real service.
    if env::var_os("CAMB_API_KEY").is_some_and(|key| !key.is_empty()) {
        serve.arg("--proxy").arg(site.join("pkg/proxy.js"));
    }
    serve.stdin(Stdio::null()).stdout(writer);
    let server = Group::spawn(serve)?;
    for line in BufReader::new(reader).lines() {
        let line = line?;
        match line.strip_prefix(LISTENING) {
            Some(address) => println!("\ndemo: open {address} in a browser; Ctrl-C stops it\n"),
            None => println!("{line}"),
        }
    }
    let status = server.wait(Duration::MAX)?;
    ensure!(
        status.is_some_and(|status| status.success()),
        "the server stopped: if its port is taken, choose another with --port"
    );
    Ok(())
}
