//! The outcomes of bulk calls.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use crate::core::answer::TranslationResult;
use crate::core::error::Error;
use crate::core::event::BulkProgress;
use crate::core::run_id::RunId;

/// Results by run id.
pub type TranslationResults = BTreeMap<RunId, TranslationResult>;

/// A run that gave no result.
///
/// ```
/// use translation_results::RunFailure;
///
/// fn line(failure: &RunFailure) -> String {
///     format!("{}: {}", failure.run_id, failure.error)
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RunFailure {
    /// The run.
    pub run_id: RunId,
    /// Its error.
    pub error: Error,
}

/// One run as it lands: its result or its error.
///
/// ```
/// use translation_results::StreamItem;
///
/// fn line(item: &StreamItem) -> String {
///     match &item.result {
///         Ok(result) => format!("{}: {}", item.run_id, result.texts.join(" ")),
///         Err(error) => format!("{}: {error}", item.run_id),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StreamItem {
    /// The run.
    pub run_id: RunId,
    /// Its result or its error.
    pub result: Result<TranslationResult, Error>,
}

/// The outcome of a bulk call. Every run id asked for is in `results` or in `failures`.
///
/// ```
/// use translation_results::{BulkOutcome, RunId};
///
/// fn failed(outcome: &BulkOutcome) -> Vec<RunId> {
///     outcome.failures.iter().map(|failure| failure.run_id).collect()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BulkOutcome {
    /// The runs that succeeded.
    pub results: TranslationResults,
    /// The runs that gave no result, in the order asked for.
    pub failures: Vec<RunFailure>,
    /// The statistics of the call.
    pub stats: BulkProgress,
}

/// A bulk call that was stopped early. It keeps the results so far.
///
/// ```
/// use translation_results::{RunId, Stopped, TranslationResults};
///
/// fn keep(stopped: Stopped, results: &mut TranslationResults) -> Vec<RunId> {
///     results.extend(stopped.partial.results);
///     stopped.pending
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stopped {
    /// The cause.
    pub error: Error,
    /// The outcome so far.
    pub partial: BulkOutcome,
    /// The runs without an outcome.
    pub pending: Vec<RunId>,
}

impl Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

// It is shown as its cause, so the cause is no source: a chain of errors would show it twice.
impl std::error::Error for Stopped {}
