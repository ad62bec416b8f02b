//! One error over a closed set of kinds.
//!
//! The kind keeps what a caller can act on; what only the platform can hold (the cause that `fetch` gave, the parsed
//! body) stays with the rim, which makes a JavaScript error of both. No kind ever holds the API key.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::run_id::{Problem, RunId};
use crate::text::{push, push_count, push_number};

/// The package's `ErrorCode`, as far as this crate makes them (`WASM_UNAVAILABLE` is of the JavaScript side, which
/// meets it before any of this runs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is one row of `Code::TABLE`, which says what it means")]
pub enum Code {
    InvalidOptions,
    InvalidRunIds,
    BadRequest,
    Unauthorized,
    PaymentRequired,
    Forbidden,
    NotFound,
    Unprocessable,
    RateLimited,
    ServerError,
    UnexpectedStatus,
    Redirected,
    Network,
    Timeout,
    InvalidResponse,
    MissingResult,
}

impl Code {
    /// Every code with its name and the phrase that starts its messages: what happened and, where there is one, the
    /// remedy. In the order of the variants.
    pub const TABLE: [(Self, &str, &str); 16] = [
        (Self::InvalidOptions, "INVALID_OPTIONS", "invalid option"),
        (Self::InvalidRunIds, "INVALID_RUN_IDS", "invalid run ids"),
        (Self::BadRequest, "BAD_REQUEST", "the service refused the request"),
        (Self::Unauthorized, "UNAUTHORIZED", "the service did not accept the API key, see apiKey"),
        (Self::PaymentRequired, "PAYMENT_REQUIRED", "the service asks for payment, see the account's plan"),
        (Self::Forbidden, "FORBIDDEN", "the API key may not read these runs"),
        (Self::NotFound, "NOT_FOUND", "the service found nothing there, check the run ids and baseUrl"),
        (Self::Unprocessable, "UNPROCESSABLE", "the service refused the run ids"),
        (Self::RateLimited, "RATE_LIMITED", "the service asks for fewer requests"),
        (Self::ServerError, "SERVER_ERROR", "the service failed"),
        (Self::UnexpectedStatus, "UNEXPECTED_STATUS", "the service gave an undocumented status"),
        (
            Self::Redirected,
            "REDIRECTED",
            "redirects are not followed, as they would carry the API key along: set baseUrl to the final address",
        ),
        (Self::Network, "NETWORK", "the connection failed before the whole answer was there"),
        (Self::Timeout, "TIMEOUT", "no whole answer within"),
        (Self::InvalidResponse, "INVALID_RESPONSE", "the answer is not as documented"),
        (Self::MissingResult, "MISSING_RESULT", "the answer lacks requested runs"),
    ];

    /// The code as callers see it, `"NOT_FOUND"` for one.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static (Self, &'static str, &'static str) {
        // The table is in the order of the variants (a test walks it), so this always finds its row.
        let [first, ..] = &Self::TABLE;
        Self::TABLE.get(self as usize).unwrap_or(first)
    }
}

/// One step of the way to a fault in an answer; a path of them is serialised as `["12345", "texts", 3]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// A key of an object.
    Key(String),
    /// A position in a list.
    Index(u32),
}

/// What is wrong with an answer, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFault {
    /// The way to the fault; empty where the body as a whole is at fault.
    pub path: Vec<Step>,
    /// What should be there: `an array of strings`.
    pub expected: &'static str,
    /// What is there instead, its type and never its content: `a number`.
    pub received: &'static str,
    /// Requested runs that the answer lacks.
    pub missing: Vec<RunId>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An option of the wrong type, out of range, or unknown.
    Options {
        /// The option's name: `timeoutMs`.
        option: String,
        /// What it must be: `must be an integer from 0 to 20`.
        must: &'static str,
    },
    /// A list of run ids that may not be sent.
    RunIds(Vec<Problem>),
    /// The service answered with a refusal, or pointed elsewhere.
    Status {
        /// [`Code::Redirected`] or what [`crate::retry::refusal`] says of the status.
        code: Code,
        /// The HTTP status; 0 for a redirect that a browser hides.
        status: u16,
        /// What the service said of it, without the key.
        said: Option<String>,
        /// The wait that the service asked for.
        retry_after_ms: Option<u64>,
    },
    /// `fetch` rejected, or the connection broke before the body's end.
    Network,
    /// No whole answer in time.
    Timeout {
        /// The time that was allowed, in milliseconds.
        timeout_ms: u32,
    },
    /// An answer that is not `{"<run id>": {"texts": […]}}`.
    Answer(AnswerFault),
}

/// An error of the package. Its `Display` is the message that callers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

impl Error {
    /// A refusal of an option by name.
    pub fn option(option: impl Into<String>, must: &'static str) -> Self {
        Kind::Options { option: option.into(), must }.into()
    }

    /// A fault of a body as a whole.
    pub fn body(expected: &'static str, received: &'static str) -> Self {
        Kind::Answer(AnswerFault { path: Vec::new(), expected, received, missing: Vec::new() }).into()
    }

    /// The same error for a request for these runs: an answer whose body as a whole is at fault lacks all of them.
    pub fn for_runs(mut self, ids: &[RunId]) -> Self {
        if let Kind::Answer(fault) = &mut self.kind
            && fault.path.is_empty()
        {
            fault.missing = ids.to_vec();
        }
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The code that callers see.
    pub fn code(&self) -> Code {
        match &self.kind {
            Kind::Options { .. } => Code::InvalidOptions,
            Kind::RunIds(_) => Code::InvalidRunIds,
            Kind::Status { code, .. } => *code,
            Kind::Network => Code::Network,
            Kind::Timeout { .. } => Code::Timeout,
            Kind::Answer(fault) if fault.received == ABSENT => Code::MissingResult,
            Kind::Answer(_) => Code::InvalidResponse,
        }
    }
}

/// What an [`AnswerFault`] has `received` where a requested run is not in the answer at all.
pub const ABSENT: &str = "nothing";

impl std::error::Error for Error {}

impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl Error {
    /// The message that callers see.
    pub fn message(&self) -> String {
        let mut message = String::from(self.code().row().2);
        let text = &mut message;
        match &self.kind {
            Kind::Options { option, must } => {
                push(text, " ");
                push(text, option);
                push(text, ": ");
                push(text, must);
            }
            Kind::RunIds(problems) => say_list(text, problems, "; ", |problem, text| problem.say(text)),
            Kind::Status { status, said, .. } => {
                push(text, " (status ");
                push_number(text, u64::from(*status));
                push(text, ")");
                if let Some(said) = said {
                    push(text, ": ");
                    push(text, said);
                }
            }
            Kind::Network => {}
            Kind::Timeout { timeout_ms } => {
                push(text, " ");
                push_number(text, u64::from(*timeout_ms));
                push(text, " ms");
            }
            Kind::Answer(fault) if fault.received == ABSENT => {
                say_list(text, &fault.missing, ", ", |id, text| push_number(text, id.as_integer()));
            }
            Kind::Answer(fault) => say_fault(text, fault),
        }
        message
    }
}

/// Appends a list as it stands in a message: the first few, and how many more.
fn say_list<T: Copy>(text: &mut String, items: &[T], separator: &str, say: impl Fn(T, &mut String)) {
    const SHOWN: usize = 5;
    let mut before = ": ";
    for item in items.iter().take(SHOWN) {
        push(text, before);
        say(*item, text);
        before = separator;
    }
    let more = items.len().saturating_sub(SHOWN);
    if more > 0 {
        push(text, " and ");
        push_count(text, more);
        push(text, " more");
    }
}

fn say_fault(text: &mut String, fault: &AnswerFault) {
    push(text, ": expected ");
    push(text, fault.expected);
    push(text, ", received ");
    push(text, fault.received);
    let mut before = " at ";
    for step in &fault.path {
        push(text, before);
        match step {
            Step::Key(key) => push(text, key),
            Step::Index(index) => push_number(text, u64::from(*index)),
        }
        before = ".";
    }
}
