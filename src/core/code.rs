//! The kinds of errors.

use serde::{Serialize, Serializer};

/// The kind of an error, for programs.
///
/// ```
/// use translation_results::{Code, Error};
///
/// fn is_of_the_key(error: &Error) -> bool {
///     matches!(error.code(), Code::Unauthorized | Code::Forbidden)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An option is of the wrong type, out of range or unknown. Nothing was sent.
    InvalidOptions,
    /// The run ids cannot be asked for. Nothing was sent.
    InvalidRunIds,
    /// HTTP status 400.
    BadRequest,
    /// HTTP status 401.
    Unauthorized,
    /// HTTP status 402.
    PaymentRequired,
    /// HTTP status 403.
    Forbidden,
    /// HTTP status 404.
    NotFound,
    /// HTTP status 422.
    Unprocessable,
    /// HTTP status 429.
    RateLimited,
    /// HTTP status 500 to 599.
    ServerError,
    /// Any other HTTP status.
    UnexpectedStatus,
    /// HTTP status 300 to 399, or the status 0 behind which a browser hides a redirect.
    Redirected,
    /// `fetch` rejected, or the connection was lost before the end of the body.
    Network,
    /// No complete answer came in time.
    Timeout,
    /// The answer is not as the service documents it.
    InvalidResponse,
    /// The answer lacks a run that was asked for.
    MissingResult,
    /// The caller's signal ended the call. JavaScript callers get the signal's reason instead of an error with this code.
    Aborted,
}

impl Code {
    /// Returns the code as in TypeScript's `ErrorCode`.
    ///
    /// ```
    /// assert_eq!(translation_results::Code::RateLimited.as_str(), "RATE_LIMITED");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidOptions => "INVALID_OPTIONS",
            Self::InvalidRunIds => "INVALID_RUN_IDS",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::PaymentRequired => "PAYMENT_REQUIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::Unprocessable => "UNPROCESSABLE",
            Self::RateLimited => "RATE_LIMITED",
            Self::ServerError => "SERVER_ERROR",
            Self::UnexpectedStatus => "UNEXPECTED_STATUS",
            Self::Redirected => "REDIRECTED",
            Self::Network => "NETWORK",
            Self::Timeout => "TIMEOUT",
            Self::InvalidResponse => "INVALID_RESPONSE",
            Self::MissingResult => "MISSING_RESULT",
            Self::Aborted => "ABORTED",
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
