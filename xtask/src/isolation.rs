//! Runs tests in a network that has only the loopback interface.
//!
//! Browsers look up their makers' hosts when they start, whatever their flags say.

use std::process::{Command, Stdio};

use crate::run::command;

/// Raises the loopback interface, then becomes the command.
const SCRIPT: &str = "ip link set lo up && exec \"$@\"";

/// How commands are shut off from the network, if this system can do it.
pub enum Isolation {
    /// `unshare` with these options.
    Namespace(&'static [&'static str]),
    None,
}

impl Isolation {
    pub fn find() -> Self {
        let ways: [&'static [&'static str]; 2] = [&["--net"], &["--net", "--map-root-user"]];
        for way in ways {
            let mut trial = Self::Namespace(way).apply(&command("true"));
            trial.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if trial.status().is_ok_and(|status| status.success()) {
                return Self::Namespace(way);
            }
        }
        println!("test: no network namespaces here, so the browsers may look up their makers' hosts");
        Self::None
    }

    /// Returns the same command without a network.
    pub fn apply(&self, inner: &Command) -> Command {
        let mut outer = match self {
            Self::Namespace(options) => {
                let mut outer = Command::new("unshare");
                outer.args(*options).args(["--", "sh", "-c", SCRIPT, "sh"]).arg(inner.get_program());
                outer
            }
            Self::None => Command::new(inner.get_program()),
        };
        outer.args(inner.get_args());
        if let Some(folder) = inner.get_current_dir() {
            outer.current_dir(folder);
        }
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => outer.env(name, value),
                None => outer.env_remove(name),
            };
        }
        outer
    }
}
