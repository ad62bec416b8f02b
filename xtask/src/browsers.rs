//! The browsers that the tests run in, their drivers, and the display that one of them needs.

use std::{
    env,
    io::{self, BufRead, BufReader},
    path::PathBuf,
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    cargo_tool, debian,
    run::{Group, command, quiet},
};

/// Debian has no package of it. A geckodriver on the path is used, too.
const GECKODRIVER_VERSION: &str = "0.37.1";

/// A program that tests need: its names, and its package.
struct Program {
    /// The variable with its path, if it is set; wasm-bindgen's runner knows those of the drivers.
    variable: Option<&'static str>,
    names: &'static [&'static str],
    debian_package: &'static str,
}

const CHROMIUM: Program = Program {
    variable: Some("CHROMIUM"),
    names: &["chromium", "chromium-browser", "google-chrome"],
    debian_package: "chromium",
};
const CHROMEDRIVER: Program =
    Program { variable: Some("CHROMEDRIVER"), names: &["chromedriver"], debian_package: "chromium-driver" };
const FIREFOX: Program = Program { variable: None, names: &["firefox", "firefox-esr"], debian_package: "firefox-esr" };
const WEBKIT_DRIVER: Program =
    Program { variable: Some("SAFARIDRIVER"), names: &["WebKitWebDriver"], debian_package: "webkit2gtk-driver" };
/// For [`crate::isolation`].
const IP: Program = Program { variable: None, names: &["ip"], debian_package: "iproute2" };
/// `redis-tools` has the server under another name. The server's own package would start it.
const REDIS: Program =
    Program { variable: None, names: &["redis-server", "redis-check-rdb"], debian_package: "redis-tools" };
const XVFB: Program = Program { variable: None, names: &["Xvfb"], debian_package: "xvfb" };

impl Program {
    fn find(&self) -> Option<PathBuf> {
        match self.variable.and_then(env::var_os) {
            Some(path) => Some(path.into()),
            None => self.names.iter().find_map(|name| which::which(name).ok()),
        }
    }

    fn path(&self) -> Result<PathBuf> {
        self.find().with_context(|| format!("{} is still missing", self.names.join(" or ")))
    }
}

pub struct Browsers {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    pub geckodriver: PathBuf,
    pub webkit_driver: PathBuf,
    /// Not a browser, but installed like one.
    pub redis: PathBuf,
}

impl Browsers {
    /// Finds all of them. Installs missing ones on Debian.
    pub fn ready() -> Result<Self> {
        let missing: Vec<_> = [CHROMIUM, CHROMEDRIVER, FIREFOX, WEBKIT_DRIVER, XVFB, IP, REDIS]
            .into_iter()
            .filter(|program| program.find().is_none())
            .collect();
        if !missing.is_empty() {
            let packages: Vec<_> = missing.iter().map(|program| program.debian_package).collect();
            if !debian::can_install() {
                bail!("programs are missing: install the packages that Debian calls {}", packages.join(", "));
            }
            debian::install(&packages)?;
        }
        Ok(Self {
            chromium: CHROMIUM.path()?,
            chromedriver: CHROMEDRIVER.path()?,
            geckodriver: geckodriver()?,
            webkit_driver: WEBKIT_DRIVER.path()?,
            redis: REDIS.path()?,
        })
    }
}

/// Installs fonts for the scripts of the sample runs, on Debian. Without them, pictures show boxes.
pub fn fonts() -> Result<()> {
    const SCRIPTS: [(&str, &str); 2] = [("ja", "fonts-noto-cjk"), ("hi", "fonts-noto-core")];
    let mut missing = Vec::new();
    for (language, package) in SCRIPTS {
        let mut list = command("fc-list");
        list.arg(format!(":lang={language}"));
        if quiet(list).is_ok_and(|fonts| fonts.trim().is_empty()) {
            missing.push(package);
        }
    }
    if !missing.is_empty() && debian::can_install() {
        debian::install(&missing)?;
    }
    Ok(())
}

fn geckodriver() -> Result<PathBuf> {
    let there = env::var_os("GECKODRIVER").map(PathBuf::from).or_else(|| which::which("geckodriver").ok());
    there.map_or_else(|| cargo_tool::ready("geckodriver", GECKODRIVER_VERSION), Ok)
}

/// An X server without a screen, for the browser that has no headless mode. Dropping it ends the server.
pub struct Display {
    pub name: String,
    _server: Group,
}

impl Display {
    pub fn open() -> Result<Self> {
        let (reader, writer) = io::pipe()?;
        let mut server = command(XVFB.path()?);
        server
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::null());
        let server = Group::spawn(server)?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut number = String::new();
            let _ = BufReader::new(reader).read_line(&mut number);
            let _ = sender.send(number);
        });
        match receiver.recv_timeout(Duration::from_secs(20)) {
            Ok(number) if !number.trim().is_empty() => {
                Ok(Self { name: format!(":{}", number.trim()), _server: server })
            }
            _ => bail!("Xvfb did not start"),
        }
    }
}
