//! Problems of lists of run ids, and the error that carries them.

use std::fmt::{self, Display};

use serde::Serialize;

use super::run_id::NotARunId;

/// One problem of a list of run ids. `index` is the position of the id at fault, from 0.
///
/// ```
/// use translation_results::{Batch, RunId, RunIdProblem};
///
/// let run_id = RunId::try_from(12345)?;
/// let invalid = Batch::new([run_id, run_id]).unwrap_err();
/// assert_eq!(invalid.problems, [RunIdProblem::Duplicate { index: 1, first_index: 0 }]);
/// # Ok::<(), translation_results::NotARunId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum RunIdProblem {
    /// The value is not a list.
    NotAnArray,
    /// A batch has fewer than two ids.
    TooFew {
        /// The number of ids.
        count: usize,
        /// The fewest ids of a batch.
        min: usize,
    },
    /// A batch has more than five ids.
    TooMany {
        /// The number of ids.
        count: usize,
        /// The most ids of a batch.
        max: usize,
    },
    /// An id has a fraction, is infinite, or is not a number.
    NotAnInteger {
        /// Its position.
        index: usize,
    },
    /// An id is zero or less.
    NotPositive {
        /// Its position.
        index: usize,
    },
    /// An id is above [`RunId::MAX`](super::run_id::RunId::MAX).
    TooLarge {
        /// Its position.
        index: usize,
    },
    /// An id repeats an earlier one of the same batch.
    Duplicate {
        /// Its position.
        index: usize,
        /// The position of the earlier one.
        first_index: usize,
    },
}

impl RunIdProblem {
    /// Returns the position of a value that is not a run id, and the reason.
    fn of_value(&self) -> Option<(usize, NotARunId)> {
        match *self {
            Self::NotAnInteger { index } => Some((index, NotARunId::NotAnInteger)),
            Self::NotPositive { index } => Some((index, NotARunId::NotPositive)),
            Self::TooLarge { index } => Some((index, NotARunId::TooLarge)),
            _ => None,
        }
    }
}

impl Display for RunIdProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((index, why)) = self.of_value() {
            return write!(formatter, "run id at index {index} is {why}");
        }
        match self {
            Self::TooFew { count, .. } | Self::TooMany { count, .. } => {
                write!(formatter, "expected 2 to 5 run ids, received {count}: getAllResults takes any number")
            }
            Self::Duplicate { index, first_index } => {
                write!(formatter, "run id at index {index} repeats the one at index {first_index}")
            }
            _ => formatter.write_str("expected a list of run ids"),
        }
    }
}

/// Every problem of a list of run ids: those of the whole list first, then by index.
///
/// ```
/// let invalid = translation_results::Batch::new([]).unwrap_err();
/// assert_eq!(invalid.to_string(), "expected 2 to 5 run ids, received 0: getAllResults takes any number");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRunIds {
    /// At least one.
    pub problems: Vec<RunIdProblem>,
    /// The values in words, for each problem that a message lists; empty if they are unknown.
    given: Vec<String>,
    /// The expected value: a list, or one run id.
    expected: &'static str,
}

impl InvalidRunIds {
    /// The most problems that a message lists.
    const LISTED: usize = 5;

    /// Makes the error of a value that is not a list. `expected` may be "an array".
    #[doc(hidden)]
    pub fn not_a_list(expected: &'static str, words: String) -> Self {
        Self { problems: vec![RunIdProblem::NotAnArray], given: vec![words], expected }
    }

    /// Makes the error of one value, such as `the string "12345"`, that is not a run id.
    #[doc(hidden)]
    pub fn single(problem: NotARunId, words: String) -> Self {
        Self { problems: vec![problem.at(0)], given: vec![words], expected: Self::SINGLE }
    }

    const SINGLE: &str = "a run id";

    /// Adds the invalid values in words, by their positions. Only values that a message lists are looked up.
    #[doc(hidden)]
    #[must_use]
    pub fn with_values(mut self, words: impl Fn(usize) -> String) -> Self {
        let listed = self.problems.iter().take(Self::LISTED);
        self.given = listed.map(|problem| problem.of_value().map_or_else(String::new, |(at, _)| words(at))).collect();
        self
    }
}

impl Display for InvalidRunIds {
    /// Lists the first five problems.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut given = self.given.iter();
        let mut separator = "";
        for problem in self.problems.iter().take(Self::LISTED) {
            formatter.write_str(separator)?;
            separator = "; ";
            let Some(words) = given.next().filter(|words| !words.is_empty()) else {
                problem.fmt(formatter)?;
                continue;
            };
            let Some((index, _)) = problem.of_value() else {
                write!(formatter, "expected {} of run ids, received {words}", self.expected)?;
                continue;
            };
            formatter.write_str("run id ")?;
            if self.expected != Self::SINGLE {
                write!(formatter, "at index {index} ")?;
            }
            let is_number = words.starts_with("the number");
            let remedy = if is_number { "an integer from 1 to 9007199254740991" } else { "a number" };
            write!(formatter, "is {words}: pass {remedy}")?;
        }
        match self.problems.len().saturating_sub(Self::LISTED) {
            0 => Ok(()),
            more => write!(formatter, "; and {more} more"),
        }
    }
}

impl std::error::Error for InvalidRunIds {}

impl From<RunIdProblem> for InvalidRunIds {
    fn from(problem: RunIdProblem) -> Self {
        Self::from(vec![problem])
    }
}

impl From<Vec<RunIdProblem>> for InvalidRunIds {
    fn from(problems: Vec<RunIdProblem>) -> Self {
        Self { problems, given: vec![], expected: "a list" }
    }
}
