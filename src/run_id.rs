//! Run ids and batches: what the endpoint's `run_ids` may hold, checked before anything is sent.

use std::fmt::{self, Display};
use std::ops::Deref;

#[cfg(feature = "client")]
use serde::de::{Deserialize, Deserializer, Error};

use crate::id_set::IdSet;

/// The fewest run ids that one request carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one request carries.
pub const BATCH_MAX: usize = 5;

/// An integer from 1 to 2^53 − 1, the largest that a JavaScript number holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        self.0.fmt(formatter)
    }
}

/// As an answer has it: the name of a member, in decimal.
#[cfg(feature = "client")]
impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let id = name.parse::<u64>().ok().and_then(|number| Self::from_number(number as f64).ok());
        id.ok_or_else(|| Error::custom(format_args!("{name} is no run id")))
    }
}

/// Run ids that one request has room for, five at the most, in the order asked. Without an allocation, as each request
/// has some of these.
#[derive(Clone, Copy)]
pub struct Ids {
    ids: [RunId; BATCH_MAX],
    len: usize,
}

impl Ids {
    /// None.
    pub const NONE: Self = Self { ids: [RunId(0); BATCH_MAX], len: 0 };

    /// As the JavaScript numbers that they were, 0 where there are fewer.
    pub fn numbers(&self) -> [f64; BATCH_MAX] {
        self.ids.map(RunId::as_number)
    }

    /// Those that do not stand at these places.
    pub fn without(&self, places: Places) -> Self {
        let places = self.iter().enumerate().filter(|&(index, _)| !places.has(index));
        places.map(|(_, &id)| id).collect()
    }

    /// Appends an id. There is room for five.
    #[inline(never)]
    pub fn push(&mut self, id: RunId) {
        if let Some(place) = self.ids.get_mut(self.len) {
            *place = id;
            self.len = self.len.wrapping_add(1);
        }
    }
}

impl Deref for Ids {
    type Target = [RunId];

    fn deref(&self) -> &[RunId] {
        self.ids.get(..self.len).unwrap_or_default()
    }
}

impl FromIterator<RunId> for Ids {
    fn from_iter<I: IntoIterator<Item = RunId>>(ids: I) -> Self {
        let mut all = Self::NONE;
        ids.into_iter().for_each(|id| all.push(id));
        all
    }
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

/// Places among the run ids of a request, one bit each: 5 for the first and the third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places(pub u32);

impl Places {
    /// Whether this place is one of them.
    pub fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Adds a place, one of the first five.
    pub fn add(&mut self, index: usize) {
        self.0 |= 1 << index;
    }
}

/// One thing wrong with a list of run ids. Positions count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are what the variants say")]
pub enum Problem {
    /// `not an array`
    NotAnArray,
    /// `1 id where 2 to 5 are needed`
    TooFew { count: usize },
    /// `6 ids where 2 to 5 are needed`
    TooMany { count: usize },
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

    /// Its place among the variants, and its numbers, of which `pkg-template/errors.js` makes the package's
    /// `RunIdProblem`: 6, 3 and 0 are `{ problem: "duplicate", index: 3, firstIndex: 0 }`.
    pub fn numbers(self) -> (u32, usize, usize) {
        match self {
            Self::NotAnArray => (0, 0, 0),
            Self::TooFew { count } => (1, count, BATCH_MIN),
            Self::TooMany { count } => (2, count, BATCH_MAX),
            Self::NotAnInteger { index } => (3, index, 0),
            Self::NotPositive { index } => (4, index, 0),
            Self::TooLarge { index } => (5, index, 0),
            Self::Duplicate { index, first_index } => (6, index, first_index),
        }
    }
}

/// Checks a list of two to five distinct run ids, as `getResults` takes it. The error holds every problem: the list's own
/// first, then by index.
pub fn check_batch(numbers: &[f64]) -> Result<IdSet, Vec<Problem>> {
    let mut problems = Vec::new();
    check(numbers, true, |problem| problems.push(problem)).ok_or(problems)
}

/// Checks a list of any length, drops repeats and keeps the order of first mention.
pub fn distinct(numbers: &[f64]) -> Result<IdSet, Vec<Problem>> {
    let mut problems = Vec::new();
    check(numbers, false, |problem| problems.push(problem)).ok_or(problems)
}

/// Checks a list, as [`check_batch`] does or as [`distinct`], and tells of each problem.
pub fn check(numbers: &[f64], is_batch: bool, mut tell: impl FnMut(Problem)) -> Option<IdSet> {
    let mut ids = IdSet::default();
    let of_list = match numbers.len() {
        _ if !is_batch => None,
        count if count < BATCH_MIN => Some(Problem::TooFew { count }),
        count if count > BATCH_MAX => Some(Problem::TooMany { count }),
        _ => None,
    };
    let of_elements = numbers.iter().enumerate().filter_map(|(index, &number)| match RunId::from_number(number) {
        Err(fault) => Some(Problem::of_element(fault, index)),
        Ok(id) => {
            let before = ids.insert(id).filter(|_| is_batch)?;
            // It stands where it does among the distinct ones, or further on by as many as were none.
            let first_index = (before..index).find(|&at| numbers.get(at) == Some(&number))?;
            Some(Problem::Duplicate { index, first_index })
        }
    });
    let mut is_sound = true;
    for problem in of_list.into_iter().chain(of_elements) {
        is_sound = false;
        tell(problem);
    }
    is_sound.then_some(ids)
}
