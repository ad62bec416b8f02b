//! When a failed attempt is worth another, and how long to wait before it.
//!
//! The request only reads, so sending it again is safe.

use std::ops::RangeInclusive;
use std::time::{Duration, UNIX_EPOCH};

use httpdate::parse_http_date;

use crate::error::Code;

/// The longest wait that is waited, in ms. A service that asks for more gets a failed call instead of a silent one.
pub const LONGEST_WAIT_MS: u64 = 60_000;

const BACKOFF_FIRST_MS: u64 = 500;
const BACKOFF_MOST_MS: u64 = 8_000;

/// Every status but 2xx: its code, and whether another attempt may fare better. The first row that holds
/// the status counts.
pub const REFUSALS: [(RangeInclusive<u16>, Code, bool); 15] = [
    (0..=0, Code::Redirected, false),
    (300..=399, Code::Redirected, false),
    (400..=400, Code::BadRequest, false),
    (401..=401, Code::Unauthorized, false),
    (402..=402, Code::PaymentRequired, false),
    (403..=403, Code::Forbidden, false),
    (404..=404, Code::NotFound, false),
    (408..=408, Code::UnexpectedStatus, true),
    (422..=422, Code::Unprocessable, false),
    (429..=429, Code::RateLimited, true),
    (500..=500, Code::ServerError, true),
    (502..=504, Code::ServerError, true),
    (520..=529, Code::ServerError, true),
    (500..=599, Code::ServerError, false),
    (0..=u16::MAX, Code::UnexpectedStatus, false),
];

/// What a status other than 2xx means: its code, and whether it is worth another attempt. `None` for 2xx.
pub fn refusal(status: u16) -> Option<(Code, bool)> {
    if (200..=299).contains(&status) {
        return None;
    }
    REFUSALS.iter().find(|(statuses, ..)| statuses.contains(&status)).map(|&(_, code, again)| (code, again))
}

/// The wait before the next attempt where the service names none, in ms: full jitter over an exponential backoff.
///
/// `retries` counts those already made; `sample` is random, from 0 up to 1.
pub fn backoff_ms(retries: u32, sample: f64) -> u64 {
    let ceiling = BACKOFF_FIRST_MS.saturating_mul(2_u64.saturating_pow(retries)).min(BACKOFF_MOST_MS);
    (ceiling as f64 * sample) as u64
}

/// The wait that a service asks for, in ms, from the headers `retry-after-ms` and `Retry-After`. The first that parses
/// strictly counts; 0 means at once, and anything else is as if it were not there.
///
/// `Retry-After` is of seconds, with a fraction or without, or an HTTP date (RFC 9110, sections 5.6.7 and 10.2.3; a date
/// that has passed means at once). `unix_now_ms` is the time of day, in ms since 1970.
pub fn retry_after_ms(retry_after_ms: Option<&str>, retry_after: Option<&str>, unix_now_ms: u64) -> Option<u64> {
    let in_ms = retry_after_ms.and_then(|text| decimal(text, 1));
    let wait = in_ms.or_else(|| {
        let text = retry_after?;
        decimal(text, 1_000).or_else(|| until(text, unix_now_ms))
    });
    wait.map(|ms| ms.min(LARGEST_MS))
}

/// The largest wait that is told apart, in ms: what a JavaScript number holds exactly.
const LARGEST_MS: u64 = (1 << 53) - 1;

/// The ms from now to an HTTP date.
fn until(date: &str, unix_now_ms: u64) -> Option<u64> {
    let at = parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
    let wait = at.saturating_sub(Duration::from_millis(unix_now_ms));
    u64::try_from(wait.as_millis()).ok()
}

/// Digits with or without a fraction, times `unit` (a power of ten), rounded up: a wait may be longer than asked for,
/// not shorter. Written by hand, as the standard library's reader of floats would be a tenth of the module.
fn decimal(text: &str, unit: u64) -> Option<u64> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // Only digits are left, so the one way to fail is to be too large.
    let whole: u64 = whole.parse().unwrap_or(u64::MAX);
    let mut value = whole.saturating_mul(unit);
    let mut weight = unit;
    let mut remainder = false;
    for digit in fraction.bytes().map(|byte| u64::from(byte.saturating_sub(b'0'))) {
        weight /= 10;
        value = value.saturating_add(digit.saturating_mul(weight));
        remainder |= weight == 0 && digit > 0;
    }
    Some(value.saturating_add(u64::from(remainder)))
}
