//! Decides which failures are retried, and how long to wait before a retry.
//!
//! The requests only read data, so a retry is safe.

use crate::core::code::Code;
use crate::core::http_date;

/// The longest wait before another attempt, in ms. A call fails if the service asks for more.
pub const MAX_WAIT_MS: f64 = 60_000.0;

/// The largest wait that is reported, in ms: the largest safe integer of JavaScript.
const LARGEST_MS: u64 = (1 << 53) - 1;

const BACKOFF_FIRST_MS: u32 = 500;
/// After four doublings the backoff is 8 s, and stays there.
const BACKOFF_DOUBLINGS: u32 = 4;

/// What an HTTP status other than 2xx means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The code of the error.
    pub code: Code,
    /// Whether another attempt may succeed.
    pub retryable: bool,
}

/// The headers of a refusal that name a wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct RetryHeaders<'a> {
    /// `retry-after-ms`
    pub retry_after_ms: Option<&'a str>,
    /// `Retry-After`
    pub retry_after: Option<&'a str>,
    /// `Date`: when the answer was made, by the service's clock.
    pub date: Option<&'a str>,
}

/// Returns what a status means, or `None` for 2xx.
pub fn meaning(status: u16) -> Option<Meaning> {
    let (code, retryable) = match status {
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
    };
    Some(Meaning { code, retryable })
}

/// Returns the wait before the next attempt if the service names none, in ms: full jitter over an exponential backoff.
///
/// `retries` counts those already made; `sample` is random, from 0 up to 1.
pub fn backoff_ms(retries: u32, sample: f64) -> f64 {
    (f64::from(BACKOFF_FIRST_MS << retries.min(BACKOFF_DOUBLINGS)) * sample).floor()
}

/// Returns the wait that a refusal asks for, in ms, rounded up. The header `retry-after-ms` goes before `Retry-After`,
/// which is a number of seconds or an HTTP date. A malformed header counts as absent. A date that has passed is a wait
/// of 0.
///
/// A date is compared with the answer's own `Date`, so a wrong local clock does no harm. Without one, it is compared
/// with `unix_now`, the time of the local clock in ms since 1970.
pub fn retry_after_ms(headers: &RetryHeaders<'_>, unix_now: f64) -> Option<f64> {
    let RetryHeaders { retry_after_ms, retry_after, date } = *headers;
    let in_ms = retry_after_ms.and_then(|text| decimal(text, 0));
    let wait = in_ms.or_else(|| decimal(retry_after?, 3));
    if let Some(wait) = wait {
        return Some(wait as f64);
    }
    let until = http_date::parse(retry_after?)? as f64;
    let now = date.and_then(http_date::parse).map_or(unix_now, |date| date as f64);
    Some((until - now).max(0.0))
}

/// Returns the wait that a service names, in ms. From the second refusal in a row on, a wait of 0 counts as none: the
/// service says "at once" but refuses again.
pub fn named_wait(retry_after_ms: Option<f64>, refusals_before: u32) -> Option<f64> {
    retry_after_ms.filter(|&ms| ms > 0.0 || refusals_before == 0)
}

/// Parses a decimal number. Returns it times ten to the power of `shift`, rounded up; at most [`LARGEST_MS`].
fn decimal(text: &str, shift: usize) -> Option<u64> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at_checked(digits(text))?;
    let fraction = rest.strip_prefix(".");
    let is_decimal = match fraction {
        Some(fraction) => !fraction.is_empty() && digits(fraction) == fraction.len(),
        None => rest.is_empty(),
    };
    if whole.is_empty() || !is_decimal {
        return None;
    }
    let fraction = fraction.unwrap_or_default().as_bytes();
    let shifted = (0..shift).map(|place| fraction.get(place).copied().unwrap_or(b'0'));
    let number = whole
        .bytes()
        .chain(shifted)
        .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0'))));
    let has_more = fraction.iter().skip(shift).any(|&digit| digit != b'0');
    Some(number.saturating_add(u64::from(has_more)).min(LARGEST_MS))
}
