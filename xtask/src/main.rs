//! `cargo xtask <command>`: the tasks of this project, one file for each command.

mod audit;
mod bench;
mod browsers;
mod build;
mod cargo_tool;
mod check;
mod debian;
mod demo;
mod docs;
mod entries;
mod faults;
mod files;
mod isolation;
mod js_text;
mod mutants;
mod npm;
mod pack;
mod report;
mod reproduce;
mod run;
mod rust_apps;
mod setup;
mod shots;
mod site;
mod size;
mod soak;
mod spreadsheet;
mod tally;
mod test;
mod toolchain;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};

/// The project's tasks
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Get what is missing to build and to test; does nothing where all is there
    Setup,
    /// Build the npm package into pkg/
    Build,
    /// Build, then pack pkg/ into the tarball that npm would publish
    Pack,
    /// Build, then assemble the demo page in target/site/
    Site,
    /// Build, then serve the demo page with the sample API until Ctrl-C
    Demo {
        /// The port on the loopback interface; 0 takes any free one
        #[arg(long, default_value_t = 8787)]
        port: u16,
    },
    /// Build, then take pictures of every state of the demo page into target/shots/
    Shots,
    /// Build, then make the package's API documentation in target/docs/
    Docs,
    /// Format, lints, types, documentation and the package's own lints
    Check,
    /// Run the tests, all of them or the parts named
    Test { parts: Vec<test::Part> },
    /// Run the table of faults with the package in Node
    Faults {
        /// Beside the service's own SDK, ky and bare fetch, as a table of who gets how many right
        #[arg(long)]
        peers: bool,
        /// With what each got wrong
        #[arg(long, requires = "peers")]
        all: bool,
    },
    /// Advisories and licences of all that the lock files name
    Audit,
    /// Change the core in every way that cargo-mutants knows, and see whether a test fails; some hours
    Mutants {
        /// For cargo-mutants, after `--`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// 200,000 calls and 1,000 bulk calls with faults among them, and the command line, killed 100 times and with a million
    /// run ids; some twenty minutes: fails where memory grows or a run is lost
    Soak {
        /// Only the command line
        #[arg(long)]
        command_line: bool,
        /// For the soak itself, after `--`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Open the CSV of the command line with LibreOffice, and fail where it evaluates a text
    Spreadsheet,
    /// Measure beside other ways to do the same work
    Bench {
        /// All of them, where none is named
        subject: Option<bench::Subject>,
        /// For the bench of one subject, after `--`
        #[arg(last = true, requires = "subject")]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run::stop_children_on_ctrl_c().and_then(|()| perform(Cli::parse().task)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Option<Task>) -> Result<ExitCode> {
    match task {
        None => Cli::command().print_help()?,
        Some(Task::Setup) => setup::all()?,
        Some(Task::Build) => drop(build::run()?),
        Some(Task::Pack) => drop(pack::run()?),
        Some(Task::Site) => drop(site::run()?),
        Some(Task::Demo { port }) => demo::run(port)?,
        Some(Task::Shots) => shots::run()?,
        Some(Task::Docs) => docs::run()?,
        Some(Task::Check) => check::run()?,
        Some(Task::Test { parts }) => return test::run(&parts),
        Some(Task::Faults { peers, all }) => faults::run(peers, all)?,
        Some(Task::Audit) => audit::run()?,
        Some(Task::Mutants { arguments }) => mutants::run(&arguments)?,
        Some(Task::Soak { command_line, arguments }) => soak::run(command_line, &arguments)?,
        Some(Task::Spreadsheet) => spreadsheet::run()?,
        Some(Task::Bench { subject, arguments }) => bench::run(subject, &arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
