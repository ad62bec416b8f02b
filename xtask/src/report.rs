//! Records the parts that ran, their results and times, and prints the summary.

use std::{
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    run::{Ran, seconds, watch},
    tally::Tally,
};

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    part: &'static str,
    time: Duration,
    tally: Tally,
    failure: Option<String>,
}

/// Counts the tests in the output of a command.
pub type Count = fn(&str) -> Tally;

impl Report {
    /// Runs a step that is not a test. Its failure counts as a failed test.
    pub fn step<T>(&mut self, part: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n== {part}");
        let start = Instant::now();
        let result = work();
        let mut row = Row { part, time: start.elapsed(), tally: Tally::default(), failure: None };
        let value = result.map_err(|error| row.fail(format!("{error:#}"))).ok();
        self.rows.push(row);
        value
    }

    /// Runs tests for at most `limit`. No test at all is a failure too.
    pub fn tests(&mut self, part: &'static str, command: Result<Command>, limit: Duration, count: Count) {
        println!("\n== {part}");
        let start = Instant::now();
        let ran = command.and_then(|command| watch(command, limit));
        let mut row = Row { part, time: start.elapsed(), tally: Tally::default(), failure: None };
        match ran {
            Err(error) => row.fail(format!("{error:#}")),
            Ok(ran) => {
                row.tally = count(&ran.output);
                if let Some(failure) = judge(&ran, row.tally) {
                    row.fail(failure);
                }
            }
        }
        self.rows.push(row);
    }

    /// Prints the summary. The last line has only the total.
    pub fn finish(self) -> ExitCode {
        println!("\n== summary");
        let mut total = Tally::default();
        for row in &self.rows {
            let tally = if row.tally == Tally::default() { String::new() } else { format!("  {}", row.tally) };
            println!("{:24} {:>9}{tally}", row.part, seconds(row.time));
            total += row.tally;
        }
        for row in &self.rows {
            if let Some(failure) = &row.failure {
                println!("\n{} failed: {failure}", row.part);
                // A part whose tests could not be counted is a failure too.
                total.failed += u32::from(row.tally.failed == 0);
            }
        }
        println!("\n{total}");
        self.exit_code()
    }

    fn exit_code(&self) -> ExitCode {
        if self.rows.iter().all(|row| row.failure.is_none()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Returns why a run of tests failed, if it did.
fn judge(ran: &Ran, tally: Tally) -> Option<String> {
    if ran.failure.is_some() {
        ran.failure.clone()
    } else if tally.failed > 0 {
        Some("tests failed".to_owned())
    } else if tally.passed == 0 {
        Some("no test ran".to_owned())
    } else {
        None
    }
}

impl Row {
    fn fail(&mut self, failure: String) {
        println!("{} failed: {failure}", self.part);
        self.failure = Some(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(failure: Option<&str>, passed: u32, failed: u32, expected: Option<&str>) {
        let ran = Ran { output: String::new(), failure: failure.map(str::to_owned) };
        assert_eq!(judge(&ran, Tally { passed, failed }).as_deref(), expected);
    }

    #[test]
    fn tests_that_pass_are_a_success() {
        case(None, 1, 0, None);
    }

    #[test]
    fn no_test_is_a_failure() {
        case(None, 0, 0, Some("no test ran"));
    }

    #[test]
    fn a_failed_test_is_a_failure_whatever_the_runner_says() {
        case(None, 2, 1, Some("tests failed"));
    }

    #[test]
    fn a_failed_runner_is_a_failure_whatever_passed() {
        case(Some("exit status: 101"), 2, 0, Some("exit status: 101"));
    }

    #[test]
    fn one_failed_part_makes_the_exit_code_a_failure() {
        let mut report = Report::default();
        assert_eq!(report.step("good", || Ok(1)), Some(1));
        assert_eq!(report.exit_code(), ExitCode::SUCCESS);
        assert_eq!(report.step("bad", || Err::<(), _>(anyhow::anyhow!("no"))), None);
        report.step("good again", || Ok(()));
        assert_eq!(report.exit_code(), ExitCode::FAILURE);
    }
}
