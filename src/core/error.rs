//! Every error as data. [`message`](super::message) writes the messages for Rust and JavaScript.
//!
//! JavaScript values (the error of `fetch`, the parsed body) are kept beside an error, so that it is `Send + Sync`.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::core::answer::{Fault, PathPart};
use crate::core::code::Code;
use crate::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use crate::core::run_id::RunId;

/// An error of a call or of its input. It is one pointer wide.
///
/// Its text is the message that JavaScript users read. Programs tell errors apart by [`code`](Self::code).
///
/// ```
/// use translation_results::{Batch, Code, Error, RunId};
///
/// let run_id = RunId::try_from(12345)?;
/// let error = Error::from(Batch::new([run_id, run_id]).unwrap_err());
/// assert_eq!(error.code(), Code::InvalidRunIds);
/// assert_eq!(error.attempts(), 0);
/// assert_eq!(error.problems().len(), 1);
/// # Ok::<(), translation_results::NotARunId>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    attempts: u32,
    /// Shared by clones: one refusal may fail many runs.
    kind: Arc<Kind>,
}

/// The kind of an error, with its facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// An option is of the wrong type, out of range or unknown.
    InvalidOption {
        /// Its name, as JavaScript callers write it.
        option: String,
        /// The rule that it breaks.
        rule: Cow<'static, str>,
    },
    /// The option does not exist.
    UnknownOption {
        /// Its name, as the caller wrote it.
        option: String,
        /// The known options.
        options: &'static [&'static str],
    },
    /// The run ids cannot be asked for.
    InvalidRunIds(InvalidRunIds),
    /// The service answered with a status other than 2xx.
    Refused(Refusal),
    /// No answer came, or the connection was lost while reading it.
    Network(Lost),
    /// A time limit ran out.
    Timeout {
        /// The limit, in ms.
        ms: u32,
        /// Which limit ran out.
        limit: Limit,
    },
    /// The answer is not as documented, or lacks runs.
    Answer {
        /// The fault, and its path.
        fault: Fault,
        /// The requested runs that the answer lacks.
        missing: Vec<RunId>,
    },
    /// The caller ended the call: by its signal, or by a source that throws.
    Aborted,
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// One attempt, by `timeoutMs`.
    Attempt,
    /// The whole call, by `deadlineMs`.
    Call,
}

/// A connection that was lost or never made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The host of the base URL, with its port.
    pub host: String,
    /// Whether the answer had begun.
    pub while_reading: bool,
    /// The platform's name of the cause: `getaddrinfo ENOTFOUND`.
    pub reason: Option<String>,
    /// Whether a page has sent the request to another origin, which CORS must allow.
    pub is_cross_origin: bool,
}

/// A refusal of the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The code of the status.
    pub code: Code,
    /// The HTTP status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// The runs that the request asked for.
    pub run_ids: Vec<RunId>,
    /// The host, if the client has no key: a proxy that adds it.
    pub proxy: Option<String>,
    /// The service's explanation without the key, at most 200 characters.
    pub said: Option<String>,
    /// The field errors of a 422.
    pub detail: Vec<FieldError>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The wait that the service asks for, in ms.
    pub retry_after_ms: Option<f64>,
}

/// One field error of a 422, as the service documents it.
///
/// ```
/// use translation_results::FieldError;
///
/// fn line(FieldError { loc, msg, .. }: &FieldError) -> String {
///     let path: Vec<String> = loc.iter().map(ToString::to_string).collect();
///     format!("{}: {msg}", path.join("."))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The path to the fault: `["body", "run_ids", 1]`.
    pub loc: Vec<PathPart>,
    /// The fault in words.
    pub msg: String,
    /// The name of the fault.
    pub kind: String,
}

impl Error {
    /// Makes the error of a call after this number of attempts.
    #[doc(hidden)]
    pub fn new(kind: Kind, attempts: u32) -> Self {
        Self(Box::new(Inner { attempts, kind: Arc::new(kind) }))
    }

    /// Makes the error of an option that breaks a rule.
    #[doc(hidden)]
    pub fn invalid_option(option: &str, rule: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::InvalidOption { option: option.to_owned(), rule: rule.into() }, 0)
    }

    /// Makes the error of an option that does not exist.
    #[doc(hidden)]
    pub fn unknown_option(option: &str, options: &'static [&'static str]) -> Self {
        Self::new(Kind::UnknownOption { option: option.to_owned(), options }, 0)
    }

    /// Returns the same error with this number of attempts.
    #[doc(hidden)]
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Returns the same error with the invalid run ids in words, by their positions.
    #[doc(hidden)]
    #[must_use]
    pub fn with_values(self, words: impl Fn(usize) -> String) -> Self {
        match self.kind() {
            Kind::InvalidRunIds(invalid) => Self::from(invalid.clone().with_values(words)),
            _ => self,
        }
    }

    /// Returns the kind with its facts.
    #[doc(hidden)]
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Returns the kind of the error.
    ///
    /// ```
    /// use translation_results::{Code, Error};
    ///
    /// fn may_come_later(error: &Error) -> bool {
    ///     error.code() == Code::MissingResult
    /// }
    /// ```
    pub fn code(&self) -> Code {
        match self.kind() {
            Kind::InvalidOption { .. } | Kind::UnknownOption { .. } => Code::InvalidOptions,
            Kind::InvalidRunIds(_) => Code::InvalidRunIds,
            Kind::Refused(refusal) => refusal.code,
            Kind::Network(_) => Code::Network,
            Kind::Timeout { .. } => Code::Timeout,
            Kind::Answer { fault, .. } if fault.is_missing() => Code::MissingResult,
            Kind::Answer { .. } => Code::InvalidResponse,
            Kind::Aborted => Code::Aborted,
        }
    }

    /// Returns how many attempts were made before giving up; 0 if nothing was sent.
    ///
    /// ```
    /// fn was_sent(error: &translation_results::Error) -> bool {
    ///     error.attempts() > 0
    /// }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    fn refusal(&self) -> Option<&Refusal> {
        match self.kind() {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Returns the HTTP status of a refusal; 0 for a redirect that a browser hides.
    ///
    /// ```
    /// fn is_down(error: &translation_results::Error) -> bool {
    ///     error.status() == Some(503)
    /// }
    /// ```
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.status)
    }

    /// Returns the wait that the service asked for.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// fn wait(error: &translation_results::Error) -> Duration {
    ///     error.retry_after().unwrap_or(Duration::from_secs(1))
    /// }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        let ms = self.refusal()?.retry_after_ms?;
        Some(Duration::from_millis(ms as u64))
    }

    /// Returns the service's id of the request, if there is one: `x-request-id`, else `cf-ray`.
    ///
    /// ```
    /// fn log(error: &translation_results::Error) {
    ///     eprintln!("{error} [{}]", error.request_id().unwrap_or("-"));
    /// }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        self.refusal()?.request_id.as_deref()
    }

    /// Returns the field errors of a 422.
    ///
    /// ```
    /// fn reasons(error: &translation_results::Error) -> Vec<&str> {
    ///     error.detail().iter().map(|field| field.msg.as_str()).collect()
    /// }
    /// ```
    pub fn detail(&self) -> &[FieldError] {
        self.refusal().map_or(&[], |refusal| &refusal.detail)
    }

    /// Returns the problems of the run ids.
    ///
    /// ```
    /// use translation_results::{Batch, Error, RunIdProblem};
    ///
    /// let error = Error::from(Batch::new([]).unwrap_err());
    /// assert_eq!(error.problems(), [RunIdProblem::TooFew { count: 0, min: 2 }]);
    /// ```
    pub fn problems(&self) -> &[RunIdProblem] {
        match self.kind() {
            Kind::InvalidRunIds(invalid) => &invalid.problems,
            _ => &[],
        }
    }

    /// Returns the requested runs that the answer lacks.
    ///
    /// ```
    /// use translation_results::{Error, RunId};
    ///
    /// fn to_ask_later(error: &Error) -> Vec<RunId> {
    ///     error.missing().to_vec()
    /// }
    /// ```
    pub fn missing(&self) -> &[RunId] {
        match self.kind() {
            Kind::Answer { missing, .. } => missing,
            _ => &[],
        }
    }

    /// Returns whether the caller's signal ended the call.
    ///
    /// ```
    /// fn show(error: &translation_results::Error) {
    ///     if !error.is_aborted() {
    ///         eprintln!("{error}");
    ///     }
    /// }
    /// ```
    pub fn is_aborted(&self) -> bool {
        *self.kind() == Kind::Aborted
    }
}

impl From<InvalidRunIds> for Error {
    fn from(invalid: InvalidRunIds) -> Self {
        Self::new(Kind::InvalidRunIds(invalid), 0)
    }
}

impl std::error::Error for Error {}
