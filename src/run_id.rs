//! Run ids and batches: what the endpoint's `run_ids` may hold, checked before anything is sent.

use std::fmt::{self, Display};

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::text::{key_of, push, push_count};

/// The fewest run ids that one request carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one request carries.
pub const BATCH_MAX: usize = 5;

/// An integer from 1 to 2^53 − 1, the largest that a JavaScript number holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
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

    /// The id as an integer.
    pub fn as_integer(self) -> u64 {
        self.0
    }
}

impl Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&key_of(*self))
    }
}

/// One thing wrong with a list of run ids. Positions count from 0.
///
/// Serialised as the package's `RunIdProblem`: `{ problem: "duplicate", index: 3, firstIndex: 0 }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Problem {
    /// What is wrong with the element at an index.
    pub fn of_element(fault: Fault, index: usize) -> Self {
        match fault {
            Fault::NotAnInteger => Self::NotAnInteger { index },
            Fault::NotPositive => Self::NotPositive { index },
            Fault::TooLarge => Self::TooLarge { index },
        }
    }

    /// The name that callers see, and the numbers that belong to it by theirs.
    fn fields(self) -> (&'static str, [Option<(&'static str, usize)>; 2]) {
        let index_only = |index| [Some(("index", index)), None];
        match self {
            Self::NotAnArray => ("not_an_array", [None, None]),
            Self::TooFew { count, min } => ("too_few", [Some(("count", count)), Some(("min", min))]),
            Self::TooMany { count, max } => ("too_many", [Some(("count", count)), Some(("max", max))]),
            Self::NotAnInteger { index } => ("not_an_integer", index_only(index)),
            Self::NotPositive { index } => ("not_positive", index_only(index)),
            Self::TooLarge { index } => ("too_large", index_only(index)),
            Self::Duplicate { index, first_index } => {
                ("duplicate", [Some(("index", index)), Some(("firstIndex", first_index))])
            }
        }
    }

    /// Appends what is wrong, in words.
    pub fn say(self, text: &mut String) {
        let (index, what, repeated) = match self {
            Self::NotAnArray => return push(text, "not an array"),
            Self::TooFew { count, .. } | Self::TooMany { count, .. } => {
                push_count(text, count);
                push(text, if count == 1 { " id" } else { " ids" });
                return push(text, " where 2 to 5 are needed");
            }
            Self::NotAnInteger { index } => (index, " is not an integer", None),
            Self::NotPositive { index } => (index, " is not positive", None),
            Self::TooLarge { index } => (index, " is above 9007199254740991", None),
            Self::Duplicate { index, first_index } => (index, " repeats the one at index ", Some(first_index)),
        };
        push(text, "the id at index ");
        push_count(text, index);
        push(text, what);
        if let Some(index) = repeated {
            push_count(text, index);
        }
    }
}

/// By hand, as a map: what serde derives for as many variants is larger.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, fields) = self.fields();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("problem", name)?;
        for (name, number) in fields.into_iter().flatten() {
            map.serialize_entry(name, &(number as u32))?;
        }
        map.end()
    }
}

impl Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.say(&mut text);
        formatter.write_str(&text)
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

    /// The ids, in the order asked.
    pub fn into_ids(self) -> Vec<RunId> {
        self.0
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
    let first_mentions = first_mentions(numbers);
    let mut ids = Vec::with_capacity(numbers.len());
    let mut problems = Vec::new();
    for ((index, &number), first_index) in numbers.iter().enumerate().zip(first_mentions) {
        problems.push(match RunId::from_number(number) {
            Ok(id) if first_index == index => {
                ids.push(id);
                continue;
            }
            Ok(_) => Problem::Duplicate { index, first_index },
            Err(fault) => Problem::of_element(fault, index),
        });
    }
    (ids, problems)
}

/// For each number of a list, the index at which it stands first.
///
/// By sorting, which takes a list of any length, and less code than a map would.
fn first_mentions(numbers: &[f64]) -> Vec<usize> {
    let mut sorted: Vec<(u64, usize)> = numbers.iter().map(|number| number.to_bits()).zip(0..).collect();
    sorted.sort_unstable();
    let mut first_mentions = vec![0; numbers.len()];
    let mut first = None;
    for (bits, index) in sorted {
        let (_, first_index) = *first.take_if(|(first, _)| *first == bits).get_or_insert((bits, index));
        first = Some((bits, first_index));
        if let Some(mention) = first_mentions.get_mut(index) {
            *mention = first_index;
        }
    }
    first_mentions
}
