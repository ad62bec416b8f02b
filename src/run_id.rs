//! Run ids and batches: what the endpoint's `run_ids` may hold, checked before anything is sent.

use std::fmt::{self, Display};

#[cfg(feature = "client")]
use serde::de::{Deserialize, Deserializer, Error};

/// The fewest run ids that one request carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one request carries.
pub const BATCH_MAX: usize = 5;

/// An integer from 1 to 2^53 − 1, the largest that a JavaScript number holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u64);

impl RunId {
    /// The largest run id, `Number.MAX_SAFE_INTEGER`.
    pub const MAX: u64 = (1 << 53) - 1;

    /// Reads a JavaScript number. What is not of type number is passed as NaN.
    pub fn from_number(number: f64) -> Result<Self, Problem> {
        if number.fract() != 0.0 {
            // NaN and the infinities have a NaN for a fraction, so they end here too.
            Err(Problem::NotAnInteger)
        } else if number < 1.0 {
            Err(Problem::NotPositive)
        } else if number > Self::MAX as f64 {
            Err(Problem::TooLarge)
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

/// What can be wrong with a list of run ids. `pkg-template/errors.js` has a row for each, in the same order, and knows the
/// positions and counts that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No list at all, which JavaScript sees by itself.
    NotAnArray = 1,
    /// A batch of fewer than [`BATCH_MIN`].
    TooFew,
    /// A batch of more than [`BATCH_MAX`].
    TooMany,
    /// A fraction, an infinity or no number at all (which callers pass as NaN).
    NotAnInteger,
    /// Zero or less.
    NotPositive,
    /// Above [`RunId::MAX`]: neighbouring ids could no longer be told apart.
    TooLarge,
    /// One that stands further up in the same batch.
    Duplicate,
}

/// What is wrong with a batch of so many run ids.
pub fn problem_of_batch(count: usize) -> Option<Problem> {
    match count {
        ..BATCH_MIN => Some(Problem::TooFew),
        BATCH_MIN..=BATCH_MAX => None,
        _ => Some(Problem::TooMany),
    }
}

/// What is wrong with an element of a list, which may have stood there before.
#[inline(never)]
pub fn problem_of_element(number: f64, is_repeat: bool) -> Option<Problem> {
    match RunId::from_number(number) {
        Err(problem) => Some(problem),
        Ok(_) if is_repeat => Some(Problem::Duplicate),
        Ok(_) => None,
    }
}
