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
    /// Install the missing tools for building and testing
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
    /// Check format, lints, types, documentation, spelling and the package
    Check,
    /// Run all tests, or the named parts
    Test { parts: Vec<test::Part> },
    /// Run the table of faults with the package in Node
    Faults {
        /// Compare with the service's own SDK, ky and bare fetch: count the cases that each passes
        #[arg(long)]
        peers: bool,
        /// List the cases that each fails
        #[arg(long, requires = "peers")]
        all: bool,
    },
    /// Check the advisories and licences of everything in the lock files
    Audit,
    /// Change the core in every way that cargo-mutants knows, and see whether a test fails; takes hours
    Mutants {
        /// Arguments for cargo-mutants, after `--`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Make 200,000 calls and 1,000 bulk calls with faults, kill the command line 100 times, and give it a million run
    /// ids; fails if memory grows or a run is lost; takes 20 minutes
    Soak {
        /// Test only the command line
        #[arg(long)]
        command_line: bool,
        /// Arguments for the soak, after `--`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Open the CSV of the command line with LibreOffice, and fail if it evaluates a text
    Spreadsheet,
    /// Compare times and sizes with other ways to do the same work
    Bench {
        /// The subject to measure; all by default
        subject: Option<bench::Subject>,
        /// Arguments for its scripts, after `--`
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
