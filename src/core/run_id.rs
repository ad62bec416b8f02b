//! Run ids and batches, checked before anything is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The fewest run ids that one POST carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one POST carries.
pub const BATCH_MAX: usize = 5;

/// The id of a run: an integer from 1 to 2^53 − 1, the largest that a JavaScript number holds exactly.
///
/// ```
/// use translation_results::{NotARunId, RunId};
///
/// let run_id: RunId = "12345".parse()?;
/// assert_eq!(run_id.get(), 12345);
/// assert_eq!(RunId::new(0), None);
/// assert_eq!(RunId::try_from(RunId::MAX + 1), Err(NotARunId::TooLarge));
/// # Ok::<(), NotARunId>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u64);

impl RunId {
    /// The largest run id, `Number.MAX_SAFE_INTEGER`.
    pub const MAX: u64 = (1 << 53) - 1;

    /// Returns the run id, or `None` if the number is 0 or above [`RunId::MAX`].
    ///
    /// ```
    /// use translation_results::RunId;
    ///
    /// assert_eq!((1..=3).filter_map(RunId::new).count(), 3);
    /// ```
    pub fn new(id: u64) -> Option<Self> {
        (1..=Self::MAX).contains(&id).then_some(Self(id))
    }

    /// Returns the id as an integer.
    ///
    /// ```
    /// assert_eq!(translation_results::RunId::try_from(12345)?.get(), 12345);
    /// # Ok::<(), translation_results::NotARunId>(())
    /// ```
    pub fn get(self) -> u64 {
        self.0
    }

    /// Reads a JavaScript number. Pass NaN for a value that is not a number.
    #[doc(hidden)]
    pub fn from_number(number: f64) -> Result<Self, NotARunId> {
        if number.fract() != 0.0 {
            // The fraction of NaN and of the infinities is NaN, so they end here too.
            Err(NotARunId::NotAnInteger)
        } else if number < 1.0 {
            Err(NotARunId::NotPositive)
        } else if number > Self::MAX as f64 {
            Err(NotARunId::TooLarge)
        } else {
            Ok(Self(number as u64))
        }
    }

    /// Returns the id as a JavaScript number, exactly.
    #[doc(hidden)]
    pub fn as_number(self) -> f64 {
        self.0 as f64
    }
}

impl Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl TryFrom<u64> for RunId {
    type Error = NotARunId;

    fn try_from(id: u64) -> Result<Self, NotARunId> {
        Self::new(id).ok_or(if id == 0 { NotARunId::NotPositive } else { NotARunId::TooLarge })
    }
}

/// Parses decimal digits without a sign.
impl FromStr for RunId {
    type Err = NotARunId;

    fn from_str(text: &str) -> Result<Self, NotARunId> {
        if text.starts_with('+') {
            return Err(NotARunId::NotAnInteger);
        }
        Self::try_from(text.parse::<u64>().map_err(|_| NotARunId::NotAnInteger)?)
    }
}

/// As a number; as the key of a JSON object, serializers turn it into decimal text.
impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// From a number, or from decimal text, which is how the keys of a JSON object name it.
impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl Visitor<'_> for Visit {
            type Value = RunId;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a run id, an integer from 1 to 2^53 - 1")
            }

            fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<RunId, E> {
                RunId::try_from(id).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, id: i64) -> Result<RunId, E> {
                RunId::from_number(id as f64).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, id: f64) -> Result<RunId, E> {
                RunId::from_number(id).map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<RunId, E> {
                id.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visit)
    }
}

/// Why a value is not a run id.
///
/// ```
/// use translation_results::{NotARunId, RunId};
///
/// assert_eq!(RunId::try_from(0), Err(NotARunId::NotPositive));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotARunId {
    /// It has a fraction, is infinite, or is not a number.
    NotAnInteger,
    /// It is zero or less.
    NotPositive,
    /// It is above [`RunId::MAX`]: neighbouring ids could no longer be told apart.
    TooLarge,
}

impl NotARunId {
    /// Returns the problem of a list that has this value at `index`.
    #[doc(hidden)]
    pub fn at(self, index: usize) -> RunIdProblem {
        match self {
            Self::NotAnInteger => RunIdProblem::NotAnInteger { index },
            Self::NotPositive => RunIdProblem::NotPositive { index },
            Self::TooLarge => RunIdProblem::TooLarge { index },
        }
    }
}

impl Display for NotARunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAnInteger => "not an integer",
            Self::NotPositive => "not positive",
            Self::TooLarge => "above 9007199254740991",
        })
    }
}

impl std::error::Error for NotARunId {}

/// What is wrong with a list of run ids. `index` is the position of the id at fault, from 0.
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
        /// How many it has.
        count: usize,
        /// How many it needs.
        min: usize,
    },
    /// A batch has more than five ids.
    TooMany {
        /// How many it has.
        count: usize,
        /// How many it may have.
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
    /// An id is above [`RunId::MAX`].
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
    /// Returns the position of a value that is not a run id, and why it is not.
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

/// A list of run ids that cannot be asked for, with every problem: those of the whole list first, then by index.
///
/// ```
/// let invalid = translation_results::Batch::new([]).unwrap_err();
/// assert_eq!(invalid.to_string(), "expected 2 to 5 run ids, received 0: getAllResults takes any number");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRunIds {
    /// At least one.
    pub problems: Vec<RunIdProblem>,
    /// What JavaScript callers gave, in words, for each problem that a message lists; empty where that is not known.
    given: Vec<String>,
    /// What they should have given: a list, or one run id.
    expected: &'static str,
}

impl InvalidRunIds {
    /// A message lists so many problems.
    const LISTED: usize = 5;

    /// Makes the error of a value that is not a list: "an array" was expected, for one.
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

    /// Adds the values at fault in words, by their positions. Only those that a message has room for are looked up.
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

/// Two to five distinct run ids: what one POST carries.
///
/// ```
/// use translation_results::{Batch, RunId, RunIdProblem};
///
/// let [one, two] = [RunId::try_from(12345)?, RunId::try_from(6789)?];
/// let batch = Batch::try_from([one, two])?;
/// assert_eq!(batch.as_ref(), [one, two]);
///
/// let invalid = Batch::new([one]).unwrap_err();
/// assert_eq!(invalid.problems, [RunIdProblem::TooFew { count: 1, min: 2 }]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch(Vec<RunId>);

impl Batch {
    /// Checks the number of ids and that none repeats another.
    ///
    /// # Errors
    ///
    /// Fails with every problem of the list.
    ///
    /// ```
    /// use translation_results::{Batch, RunId};
    ///
    /// assert!(Batch::new((1..=5).filter_map(RunId::new)).is_ok());
    /// assert!(Batch::new((1..=6).filter_map(RunId::new)).is_err());
    /// ```
    pub fn new(ids: impl IntoIterator<Item = RunId>) -> Result<Self, InvalidRunIds> {
        Self::from_numbers(ids.into_iter().map(RunId::as_number))
    }

    /// Checks JavaScript numbers, NaN for every value that is not a number.
    #[doc(hidden)]
    pub fn from_numbers(numbers: impl IntoIterator<Item = f64>) -> Result<Self, InvalidRunIds> {
        let (ids, mut problems) = read(&mut numbers.into_iter(), Repeats::Refused);
        let count = ids.len().saturating_add(problems.len());
        if count < BATCH_MIN {
            problems.insert(0, RunIdProblem::TooFew { count, min: BATCH_MIN });
        } else if count > BATCH_MAX {
            problems.insert(0, RunIdProblem::TooMany { count, max: BATCH_MAX });
        }
        if problems.is_empty() { Ok(Self(ids)) } else { Err(problems.into()) }
    }

    /// Returns the ids, in the order given.
    ///
    /// ```
    /// use translation_results::{Batch, RunId};
    ///
    /// let run_ids = [RunId::try_from(6789)?, RunId::try_from(12345)?];
    /// assert_eq!(Batch::try_from(run_ids)?.into_ids(), run_ids);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_ids(self) -> Vec<RunId> {
        self.0
    }
}

impl AsRef<[RunId]> for Batch {
    fn as_ref(&self) -> &[RunId] {
        &self.0
    }
}

impl TryFrom<Vec<RunId>> for Batch {
    type Error = InvalidRunIds;

    fn try_from(ids: Vec<RunId>) -> Result<Self, InvalidRunIds> {
        Self::new(ids)
    }
}

impl<const N: usize> TryFrom<[RunId; N]> for Batch {
    type Error = InvalidRunIds;

    fn try_from(ids: [RunId; N]) -> Result<Self, InvalidRunIds> {
        Self::new(ids)
    }
}

/// Returns the distinct ids of a list of any length in their order, or every problem of the list. Pass NaN for a value that
/// is not a number.
pub fn distinct(numbers: impl IntoIterator<Item = f64>) -> Result<Vec<RunId>, InvalidRunIds> {
    let (ids, problems) = read(&mut numbers.into_iter(), Repeats::Dropped);
    if problems.is_empty() { Ok(ids) } else { Err(problems.into()) }
}

/// Returns each of these ids once, in their order.
pub fn without_repeats(ids: impl IntoIterator<Item = RunId>) -> Vec<RunId> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|&id| seen.insert(id)).collect()
}

/// What becomes of an id that repeats an earlier one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeats {
    Dropped,
    Refused,
}

/// Returns the distinct ids of a list in their order, and what is wrong with every other element.
fn read(numbers: &mut dyn Iterator<Item = f64>, repeats: Repeats) -> (Vec<RunId>, Vec<RunIdProblem>) {
    let mut seen = Seen::default();
    let mut ids = Vec::new();
    let mut problems = Vec::new();
    for (index, number) in numbers.enumerate() {
        match RunId::from_number(number) {
            Err(problem) => problems.push(problem.at(index)),
            Ok(id) => match seen.first_index(id, index) {
                first_index if first_index == index => ids.push(id),
                first_index if repeats == Repeats::Refused => {
                    problems.push(RunIdProblem::Duplicate { index, first_index });
                }
                _ => {}
            },
        }
    }
    (ids, problems)
}

/// The run ids that a list or a stream has given so far, with the index of each.
#[derive(Clone, Debug, Default)]
pub struct Seen(BTreeMap<RunId, usize>);

impl Seen {
    /// Notes an id at an index. Returns the index at which it came first.
    pub fn first_index(&mut self, id: RunId, index: usize) -> usize {
        *self.0.entry(id).or_insert(index)
    }
}
