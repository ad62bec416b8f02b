//! Run ids and batches: what the endpoint's `run_ids` may hold, checked before anything is sent.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use serde::Serialize;

/// The fewest run ids that one request carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one request carries.
pub const BATCH_MAX: usize = 5;

/// An integer from 1 to 2^53 − 1, the largest that a JavaScript number holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RunId(u64);

/// Why a number is no run id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A fraction, an infinity or no number at all (which callers pass as NaN).
    NotAnInteger,
    /// Zero or less.
    NotPositive,
    /// Above [`RunId::MAX`]: neighbouring ids could no longer be told apart.
    TooLarge,
}

impl RunId {
    /// The largest run id, `Number.MAX_SAFE_INTEGER`.
    pub const MAX: u64 = (1 << 53) - 1;

    /// Reads a JavaScript number. What is not of type number is passed as NaN.
    pub fn from_number(number: f64) -> Result<Self, Fault> {
        if number.fract() != 0.0 {
            // NaN and the infinities have a NaN for a fraction, so they end here too.
            Err(Fault::NotAnInteger)
        } else if number < 1.0 {
            Err(Fault::NotPositive)
        } else if number > Self::MAX as f64 {
            Err(Fault::TooLarge)
        } else {
            Ok(Self(number as u64))
        }
    }

    /// The id as the JavaScript number that it was, exactly.
    pub fn as_number(self) -> f64 {
        self.0 as f64
    }
}

impl Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, formatter)
    }
}

/// One thing wrong with a list of run ids. Positions count from 0.
///
/// Serialised as the package's `RunIdProblem`: `{ problem: "duplicate", index: 3, firstIndex: 0 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[allow(missing_docs, reason = "the fields are what the variants say")]
pub enum Problem {
    /// `not an array`
    NotAnArray,
    /// `1 id where 2 to 5 are needed`
    TooFew { count: usize, min: usize },
    /// `6 ids where 2 to 5 are needed`
    TooMany { count: usize, max: usize },
    /// `the id at index 1 is not an integer`
    NotAnInteger { index: usize },
    /// `the id at index 1 is not positive`
    NotPositive { index: usize },
    /// `the id at index 1 is above 9007199254740991`
    TooLarge { index: usize },
    /// `the id at index 3 repeats the one at index 0`
    Duplicate { index: usize, first_index: usize },
}

impl Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let element = |formatter: &mut fmt::Formatter<'_>, index: usize, what: &str| {
            write!(formatter, "the id at index {index} {what}")
        };
        match *self {
            Self::NotAnArray => formatter.write_str("not an array"),
            Self::TooFew { count, .. } | Self::TooMany { count, .. } => {
                let ids = if count == 1 { "id" } else { "ids" };
                write!(formatter, "{count} {ids} where {BATCH_MIN} to {BATCH_MAX} are needed")
            }
            Self::NotAnInteger { index } => element(formatter, index, "is not an integer"),
            Self::NotPositive { index } => element(formatter, index, "is not positive"),
            Self::TooLarge { index } => {
                element(formatter, index, "is above ")?;
                Display::fmt(&RunId::MAX, formatter)
            }
            Self::Duplicate { index, first_index } => {
                element(formatter, index, "repeats the one at index ")?;
                Display::fmt(&first_index, formatter)
            }
        }
    }
}

/// What one request asks for: two to five distinct run ids, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch(Vec<RunId>);

impl Batch {
    /// Checks a list as `getResults` takes it. The error holds every problem: the list's own first, then by index.
    pub fn check(numbers: &[f64]) -> Result<Self, Vec<Problem>> {
        let (ids, mut problems) = scan(numbers);
        let count = numbers.len();
        if count < BATCH_MIN {
            problems.insert(0, Problem::TooFew { count, min: BATCH_MIN });
        } else if count > BATCH_MAX {
            problems.insert(0, Problem::TooMany { count, max: BATCH_MAX });
        }
        if problems.is_empty() { Ok(Self(ids)) } else { Err(problems) }
    }

    /// The ids, in the order asked.
    pub fn ids(&self) -> &[RunId] {
        &self.0
    }
}

/// Checks a list of any length, drops repeats and keeps the order of first mention.
pub fn distinct(numbers: &[f64]) -> Result<Vec<RunId>, Vec<Problem>> {
    let (ids, mut problems) = scan(numbers);
    problems.retain(|problem| !matches!(problem, Problem::Duplicate { .. }));
    if problems.is_empty() { Ok(ids) } else { Err(problems) }
}

/// The distinct ids of a list in order, and what is wrong with its elements, at most one problem for each.
fn scan(numbers: &[f64]) -> (Vec<RunId>, Vec<Problem>) {
    let mut first_seen = BTreeMap::new();
    let mut ids = Vec::with_capacity(numbers.len());
    let mut problems = Vec::new();
    for (index, &number) in numbers.iter().enumerate() {
        match RunId::from_number(number) {
            Ok(id) => {
                let first_index = *first_seen.entry(id).or_insert(index);
                if first_index == index {
                    ids.push(id);
                } else {
                    problems.push(Problem::Duplicate { index, first_index });
                }
            }
            Err(Fault::NotAnInteger) => problems.push(Problem::NotAnInteger { index }),
            Err(Fault::NotPositive) => problems.push(Problem::NotPositive { index }),
            Err(Fault::TooLarge) => problems.push(Problem::TooLarge { index }),
        }
    }
    (ids, problems)
}
