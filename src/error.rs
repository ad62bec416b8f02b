//! What can go wrong, as callers see it.
//!
//! The core decides which of these it was. What is said of it, and the facts that only the platform can hold (the cause
//! that `fetch` gave, the parsed body), are put together in `pkg-template/errors.js`.

/// The package's `ErrorCode`, as far as this crate decides on them (`WASM_UNAVAILABLE` is of the JavaScript side, which
/// meets it before any of this runs). `pkg-template/errors.js` has a row for each, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
// As it is told to JavaScript: smaller ones go with bytes between, which are copied too.
#[repr(u32)]
pub enum Code {
    /// An option of the wrong type, out of range, or unknown.
    InvalidOptions,
    /// A list of run ids that may not be sent.
    InvalidRunIds,
    /// 400.
    BadRequest,
    /// 401.
    Unauthorized,
    /// 402.
    PaymentRequired,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 422.
    Unprocessable,
    /// 429.
    RateLimited,
    /// 5xx.
    ServerError,
    /// Every other status.
    UnexpectedStatus,
    /// 3xx, or what a browser hides behind status 0.
    Redirected,
    /// `fetch` rejected, or the connection broke before the body's end.
    Network,
    /// No whole answer in time.
    Timeout,
    /// An answer that is not `{"<run id>": {"texts": […]}}`.
    InvalidResponse,
    /// An answer that lacks runs which were asked for.
    MissingResult,
}
