//! When a failed attempt is worth another, and how long to wait before it.
//!
//! The request only reads, so sending it again is safe.

use crate::error::Code;

/// The longest wait that is waited, in ms. A service that asks for more gets a failed call instead of a silent one.
pub const LONGEST_WAIT_MS: f64 = 60_000.0;

const BACKOFF_FIRST_MS: u32 = 500;
/// After so many retries the backoff has doubled from 500 ms to 8 s, and stays there.
const BACKOFF_DOUBLINGS: u32 = 4;

/// What a status other than 2xx means: its code, and whether another attempt may fare better. `None` for 2xx.
pub fn refusal(status: u16) -> Option<(Code, bool)> {
    Some(match status {
        200..=299 => return None,
        0 | 300..=399 => (Code::Redirected, false),
        400 => (Code::BadRequest, false),
        401 => (Code::Unauthorized, false),
        402 => (Code::PaymentRequired, false),
        403 => (Code::Forbidden, false),
        404 => (Code::NotFound, false),
        408 => (Code::UnexpectedStatus, true),
        422 => (Code::Unprocessable, false),
        429 => (Code::RateLimited, true),
        500 | 502..=504 | 520..=529 => (Code::ServerError, true),
        500..=599 => (Code::ServerError, false),
        _ => (Code::UnexpectedStatus, false),
    })
}

/// The wait before the next attempt where the service names none, in ms: full jitter over an exponential backoff.
///
/// `retries` counts those already made; `sample` is random, from 0 up to 1.
pub fn backoff_ms(retries: u32, sample: f64) -> f64 {
    (f64::from(BACKOFF_FIRST_MS << retries.min(BACKOFF_DOUBLINGS)) * sample).floor()
}

/// The waits that a service asks for, as the platform reads them, in ms; NaN where there is none, or none that is written
/// as it should be.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The header `retry-after-ms`.
    pub in_ms: f64,
    /// The header `Retry-After` as a number of seconds, with a fraction or without (RFC 9110 section 10.2.3).
    pub in_seconds: f64,
    /// The header `Retry-After` as an HTTP date (RFC 9110 section 5.6.7): ms since 1970.
    pub until: f64,
}

/// The wait that a service asks for, in ms. The first that there is counts; 0 means at once, as does a date that has
/// passed. `unix_now` is the time of day, in ms since 1970.
pub fn retry_after_ms(asked: Asked, unix_now: f64) -> Option<f64> {
    let until = asked.until - unix_now;
    let until = if until < 0.0 { 0.0 } else { until };
    let first = |wait: f64, other: f64| if wait.is_nan() { other } else { wait };
    let wait = first(asked.in_ms, first(asked.in_seconds, until));
    (!wait.is_nan()).then_some(if wait > LARGEST_MS { LARGEST_MS } else { wait })
}

/// The largest wait that is told apart, in ms: what a JavaScript number holds exactly.
const LARGEST_MS: f64 = 9_007_199_254_740_991.0;
