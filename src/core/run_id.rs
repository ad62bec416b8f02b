//! Run ids, checked before anything is sent.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use super::invalid_run_ids::RunIdProblem;

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

/// Writes a number. As the key of a JSON object, serializers turn it into decimal text.
impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

/// Reads a number, or decimal text, as in the keys of a JSON object.
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
    /// The value has a fraction, is infinite, or is not a number.
    NotAnInteger,
    /// The value is zero or less.
    NotPositive,
    /// The value is above [`RunId::MAX`]: neighbouring ids could no longer be told apart.
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
