//! When a failed attempt is worth another, and how long to wait before it.
//!
//! The request only reads, so sending it again is safe.

use std::ops::RangeInclusive;

use crate::error::Code;
use crate::http_date::unix_seconds;

/// The longest wait that is waited, in ms. A service that asks for more gets a failed call instead of a silent one.
pub const LONGEST_WAIT_MS: u64 = 60_000;

const BACKOFF_FIRST_MS: u32 = 500;
/// After so many retries the backoff has doubled from 500 ms to 8 s, and stays there.
const BACKOFF_DOUBLINGS: u32 = 4;

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
    (f64::from(BACKOFF_FIRST_MS << retries.min(BACKOFF_DOUBLINGS)) * sample) as u64
}

/// The wait that a service asks for, in ms, from the headers `retry-after-ms` and `Retry-After`. The first that parses
/// strictly counts; 0 means at once, and anything else is as if it were not there.
///
/// `Retry-After` is of seconds, with a fraction or without, or an HTTP date (RFC 9110, sections 5.6.7 and 10.2.3; a date
/// that has passed means at once). `unix_now_ms` is the time of day, in ms since 1970.
pub fn retry_after_ms(retry_after_ms: Option<&str>, retry_after: Option<&str>, unix_now_ms: u64) -> Option<u64> {
    let in_ms = retry_after_ms.and_then(|text| decimal(text, 0));
    let wait = in_ms.or_else(|| {
        let text = retry_after?;
        decimal(text, 3).or_else(|| Some((unix_seconds(text)? * 1_000.0 - unix_now_ms as f64).max(0.0)))
    });
    wait.map(|ms| ms.min(LARGEST_MS) as u64)
}

/// The largest wait that is told apart, in ms: what a JavaScript number holds exactly.
const LARGEST_MS: f64 = 9_007_199_254_740_991.0;

/// Digits with or without a fraction, times ten to the power of `places`, rounded up: a wait may be longer than asked
/// for, not shorter. Exact up to [`LARGEST_MS`], and never below that for what is more.
fn decimal(text: &str, places: u32) -> Option<f64> {
    let mut value = 0.0;
    let mut remainder = false;
    // Of the fraction, once there is one: how many more digits count.
    let mut left = None;
    let mut after_digit = false;
    for byte in text.bytes() {
        if byte == b'.' && after_digit && left.is_none() {
            left = Some(places);
            after_digit = false;
            continue;
        }
        let digit = char::from(byte).to_digit(10)?;
        after_digit = true;
        if left == Some(0) {
            remainder |= digit > 0;
        } else {
            value = value * 10.0 + f64::from(digit);
            left = left.map(|left| left.saturating_sub(1));
        }
    }
    for _ in 0..left.unwrap_or(places) {
        value *= 10.0;
    }
    after_digit.then_some(if remainder { value + 1.0 } else { value })
}
