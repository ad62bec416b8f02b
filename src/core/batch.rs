//! Batches of run ids, checked before anything is sent.

use std::collections::{BTreeMap, BTreeSet};

use super::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use super::run_id::RunId;

/// The fewest run ids that one POST carries.
pub const BATCH_MIN: usize = 2;
/// The most run ids that one POST carries.
pub const BATCH_MAX: usize = 5;

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
    /// Makes a batch. Checks the number of ids and that they are distinct.
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

    /// Makes a batch of JavaScript numbers. Pass NaN for a value that is not a number.
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

/// The treatment of an id that repeats an earlier one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeats {
    Dropped,
    Refused,
}

/// Returns the distinct ids of a list in their order, and the problems of the list.
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
    /// Notes an id at an index. Returns the id's first index.
    pub fn first_index(&mut self, id: RunId, index: usize) -> usize {
        *self.0.entry(id).or_insert(index)
    }
}
