//! Counts tests in the output of the test runners.

use std::{fmt, ops::AddAssign};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// Adds up `test result: ok. 3 passed; 1 failed; …` of each test binary, for cargo's and wasm-bindgen's runner.
    pub fn of_cargo(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
            let count = |what: &str| {
                let (before, _) = line.split_once(&format!(" {what};"))?;
                before.rsplit(' ').next()?.parse().ok()
            };
            tally += Self { passed: count("passed").unwrap_or(0), failed: count("failed").unwrap_or(0) };
        }
        tally
    }

    /// Reads `ℹ pass 3`, `ℹ fail 1` and `ℹ cancelled 0` at the end of the output of Node's runner.
    pub fn of_node(output: &str) -> Self {
        let count = |what: &str| -> u32 {
            let mut counts =
                output.lines().filter_map(|line| line.strip_prefix(&format!("ℹ {what} "))?.trim().parse().ok());
            counts.next_back().unwrap_or(0)
        };
        Self { passed: count("pass"), failed: count("fail") + count("cancelled") }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn cargo_counts_are_added_up() {
        let output = "\
running 2 tests
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests translation_results
test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
";
        assert_eq!(Tally::of_cargo(output), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn wasm_bindgen_counts_are_read() {
        let output = "test result: ok. 7 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.03s\n";
        assert_eq!(Tally::of_cargo(output), Tally { passed: 7, failed: 0 });
    }

    #[test]
    fn node_counts_are_read() {
        let output = "✔ one (1ms)\nℹ tests 6\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 2\nℹ skipped 0\nℹ todo 0\n";
        assert_eq!(Tally::of_node(output), Tally { passed: 3, failed: 3 });
    }

    #[test]
    fn output_without_counts_is_no_test() {
        assert_eq!(Tally::of_cargo("no tests to run!\n"), Tally::default());
        assert_eq!(Tally::of_node("pass 3\n"), Tally::default());
    }
}
