//! Events of a client and the progress of a call, as listeners get them.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use crate::core::code::Code;
use crate::core::run_id::RunId;

/// An event that a client reports to its listener. It never holds the API key.
///
/// ```
/// use translation_results::ClientEvent;
///
/// fn log(event: &ClientEvent) {
///     if let ClientEvent::End { run_ids, code, duration_ms, .. } = event {
///         println!("{run_ids:?} took {duration_ms} ms: {}", code.map_or("ok", |code| code.as_str()));
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum ClientEvent {
    /// A request is about to be sent.
    Request {
        /// The runs that it asks for.
        run_ids: Vec<RunId>,
        /// The attempt, from 1.
        attempt: u32,
        /// The URL without the key.
        url: String,
    },
    /// The headers of an answer have arrived.
    Response {
        /// The runs that were asked for.
        run_ids: Vec<RunId>,
        /// The attempt, from 1.
        attempt: u32,
        /// The HTTP status; `NaN` if `fetch` gave a value without one.
        status: f64,
        /// Time since the request, in ms.
        duration_ms: f64,
        /// The request id of the service.
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
    },
    /// A failed request is sent again after a wait.
    Retry {
        /// The runs that it asks for.
        run_ids: Vec<RunId>,
        /// The attempt that failed.
        attempt: u32,
        /// The wait, in ms.
        delay_ms: f64,
        /// The code of the failure.
        code: Code,
    },
    /// A request has ended. Each `Request` event has one `End` event.
    End {
        /// The runs that were asked for.
        run_ids: Vec<RunId>,
        /// The attempt, from 1.
        attempt: u32,
        /// How the request ended.
        outcome: RequestOutcome,
        /// The code of the failure. The answer may still have some of the runs.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<Code>,
        /// Time since the request, in ms.
        duration_ms: f64,
    },
    /// The limit of requests in flight has changed.
    Concurrency {
        /// The most requests in flight.
        limit: u32,
    },
}

/// How a request ended.
///
/// ```
/// use translation_results::{ClientEvent, RequestOutcome};
///
/// fn has_failed(event: &ClientEvent) -> bool {
///     matches!(event, ClientEvent::End { outcome: RequestOutcome::Failed, .. })
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestOutcome {
    /// Every requested run has come.
    Ok,
    /// The request failed, or its answer lacked runs.
    Failed,
    /// The request was cancelled.
    Cancelled,
}

/// The progress of a bulk call, and its statistics at the end.
///
/// ```
/// use translation_results::BulkProgress;
///
/// fn share(progress: &BulkProgress) -> f64 {
///     (progress.succeeded + progress.failed) as f64 / progress.total.max(1) as f64
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BulkProgress {
    /// Distinct run ids; for a stream, the ids read so far.
    pub total: usize,
    /// Runs with a result.
    pub succeeded: usize,
    /// Runs that failed.
    pub failed: usize,
    /// Requests sent, further attempts included.
    pub requests: usize,
    /// Further attempts among the requests.
    pub retries: usize,
    /// Time since the call began, in ms.
    pub elapsed_ms: f64,
}

/// An optional function that gets facts.
#[derive(Clone)]
pub struct Listener<T>(Option<Function<T>>);

type Function<T> = Rc<dyn Fn(&T)>;

impl<T> Listener<T> {
    /// Wraps a function.
    pub fn new(listener: impl Fn(&T) + 'static) -> Self {
        Self(Some(Rc::new(listener)))
    }

    /// Calls the listener, if there is one. Only then is the fact made.
    ///
    /// Call it only while nothing is borrowed: the listener may call back.
    pub fn notify(&self, fact: impl FnOnce() -> T) {
        if let Some(listener) = &self.0 {
            listener(&fact());
        }
    }
}

impl<T> Default for Listener<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> fmt::Debug for Listener<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "a listener" } else { "none" })
    }
}
