//! Runs other programs: prints one line a step and the output of failures, limits the time, and leaves no process.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    fmt::Display,
    io::{self, Read, Write},
    path::Path,
    process::{Command, ExitStatus, Stdio, exit},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::files;

/// No step of a set-up or a build takes nearly as long, not even on a slow network.
const SILENT_LIMIT: Duration = Duration::from_secs(30 * 60);

/// The number of lines shown of a failed program's output.
const TAIL_LINES: usize = 60;

/// Runs a step. Prints its label before, and its duration after.
pub fn step<T>(label: impl Display, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("{label} … ");
    io::stdout().flush()?;
    let start = Instant::now();
    let result = work();
    let failed = if result.is_err() { "failed after " } else { "" };
    println!("{failed}{}", seconds(start.elapsed()));
    result
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// Returns a command in the project's root, without the variables that `cargo run` set for this program.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(files::root());
    for (name, _) in env::vars_os() {
        let own = name.to_str().is_some_and(|name| {
            matches!(name, "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR")
                || name.starts_with("CARGO_MANIFEST_")
                || name.starts_with("CARGO_PKG_")
        });
        if own {
            command.env_remove(name);
        }
    }
    if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
        let toolchain = env::var_os("CARGO").and_then(|cargo| Some(Path::new(&cargo).parent()?.parent()?.to_owned()));
        let own = |path: &Path| {
            path.starts_with(files::target()) || toolchain.as_ref().is_some_and(|toolchain| path.starts_with(toolchain))
        };
        let kept: Vec<_> = env::split_paths(&paths).filter(|path| !own(path)).collect();
        match env::join_paths(&kept) {
            Ok(kept) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", kept),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// Runs a command without printing. Returns the output; an error has the end of it.
pub fn quiet(command: Command) -> Result<String> {
    let shown = shown(&command);
    let ran = run(command, SILENT_LIMIT, false)?;
    match ran.failure {
        None => Ok(ran.output),
        Some(failure) => bail!("`{shown}` failed ({failure})\n{}", tail(&ran.output)),
    }
}

/// Runs a program in the terminal for at most `limit`. Returns whether it succeeded.
pub fn succeeds(command: Command, limit: Duration) -> Result<bool> {
    Ok(exit_code(command, limit)? == Some(0))
}

/// Runs a program in the terminal for at most `limit`. Returns its exit code, unless it was stopped.
pub fn exit_code(command: Command, limit: Duration) -> Result<Option<i32>> {
    Ok(Group::spawn(command)?.wait(limit)?.and_then(|status| status.code()))
}

/// The output of a program, and why it failed, if it did.
pub struct Ran {
    pub output: String,
    pub failure: Option<String>,
}

/// Runs for at most `limit`, and prints the output.
pub fn watch(command: Command, limit: Duration) -> Result<Ran> {
    run(command, limit, true)
}

fn run(mut command: Command, limit: Duration, echo: bool) -> Result<Ran> {
    let (mut reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let group = Group::spawn(command)?;

    let output = Arc::new(Mutex::new(Vec::new()));
    let (at_end, ended) = mpsc::channel::<()>();
    let sink = Arc::clone(&output);
    thread::spawn(move || {
        let _at_end = at_end;
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let read = buffer.get(..count).unwrap_or_default();
            if echo {
                // A closed terminal is no reason to stop reading: the child would block.
                let _ = io::stdout().write_all(read).and_then(|()| io::stdout().flush());
            }
            locked(&sink).extend_from_slice(read);
        }
    });
    let status = group.wait(limit)?;
    drop(group);
    // A process that outlives the group may hold the pipe open for ever.
    let _ = ended.recv_timeout(Duration::from_secs(2));

    let failure = match status {
        None => Some(format!("stopped after {}", seconds(limit))),
        Some(status) if status.success() => None,
        Some(status) => Some(status.to_string()),
    };
    let output = String::from_utf8_lossy(&locked(&output)).into_owned();
    Ok(Ran { output, failure })
}

/// A child and its descendants. They end when this is dropped, or the user stops the task.
pub struct Group(u32);

static RUNNING: Mutex<BTreeMap<u32, Box<dyn ChildWrapper>>> = Mutex::new(BTreeMap::new());

impl Group {
    pub fn spawn(command: Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::std::JobObject);
        let mut running = locked(&RUNNING);
        let child = command.spawn().with_context(|| format!("cannot start `{program}`: is it installed?"))?;
        let id = child.id();
        running.insert(id, child);
        Ok(Self(id))
    }

    /// Waits for the child. Returns `None` if the time is up.
    pub fn wait(&self, limit: Duration) -> Result<Option<ExitStatus>> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(child) = locked(&RUNNING).get_mut(&self.0)
                && let Some(status) = child.try_wait()?
            {
                return Ok(Some(status));
            }
            if start.elapsed() >= limit {
                return Ok(None);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(mut child) = locked(&RUNNING).remove(&self.0) {
            // An error means that it has ended.
            let _ = child.start_kill();
            let _ = child.wait();
        }
    }
}

/// Stops the children on Ctrl-C, which does not reach their process groups.
pub fn stop_children_on_ctrl_c() -> Result<()> {
    ctrlc::set_handler(|| {
        // Held to the end, so that no stopped child is reported as failed.
        let mut running = locked(&RUNNING);
        for child in running.values_mut() {
            let _ = child.start_kill();
        }
        println!();
        exit(130);
    })
    .context("cannot listen for Ctrl-C")
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns an option and its value as one word, for some programs.
pub fn joined(option: &str, path: &Path) -> OsString {
    let mut joined = OsString::from(option);
    joined.push(path);
    joined
}

fn shown(command: &Command) -> String {
    let words: Vec<_> =
        [command.get_program()].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

fn tail(output: &str) -> String {
    let lines: Vec<_> = output.trim_end().lines().collect();
    lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_keeps_the_last_lines() {
        let lines: Vec<_> = (0..100).map(|line| line.to_string()).collect();
        assert_eq!(tail(&lines.join("\n")), lines[40..].join("\n"));
        assert_eq!(tail("one\n"), "one");
    }

    #[cfg(unix)]
    fn shell(script: &str) -> Command {
        let mut shell = command("sh");
        shell.args(["-c", script]);
        shell
    }

    #[cfg(unix)]
    #[test]
    fn both_streams_are_read_in_order_and_a_failure_is_reported() -> Result<()> {
        let ran = run(shell("echo one; echo two >&2; echo three; exit 3"), SILENT_LIMIT, false)?;
        assert_eq!(ran.output, "one\ntwo\nthree\n");
        assert_eq!(ran.failure.as_deref(), Some("exit status: 3"));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_slow_command_is_stopped_with_its_children() -> Result<()> {
        let start = Instant::now();
        // The background process holds the pipe open until it ends.
        let ran = run(shell("sleep 60 & echo started; sleep 60"), Duration::from_millis(300), false)?;
        assert_eq!(ran.failure.as_deref(), Some("stopped after 0.3 s"));
        assert_eq!(ran.output, "started\n");
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        Ok(())
    }
}
