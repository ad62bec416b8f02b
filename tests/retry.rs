//! Which failures are retried, and how long to wait before a retry.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow or a missing value fails the test")]

use proptest::prelude::*;
use translation_results::core::code::Code;
use translation_results::core::retry::{Meaning, RetryHeaders, backoff_ms, meaning, named_wait, retry_after_ms};

/// The time of day in these tests: `Sun, 06 Nov 1994 08:49:37 GMT`, the example of RFC 9110, in ms since 1970.
const NOW: f64 = 784_111_777_000.0;
/// Seven seconds later.
const SOON: &str = "Sun, 06 Nov 1994 08:49:44 GMT";
const LARGEST_MS: f64 = 9_007_199_254_740_991.0;

/* Statuses. */

fn expected_meaning(status: u16) -> Option<(Code, bool)> {
    match status {
        200..=299 => None,
        // A browser hides a redirect that is not followed behind the status 0.
        0 | 300..=399 => Some((Code::Redirected, false)),
        400 => Some((Code::BadRequest, false)),
        401 => Some((Code::Unauthorized, false)),
        402 => Some((Code::PaymentRequired, false)),
        403 => Some((Code::Forbidden, false)),
        404 => Some((Code::NotFound, false)),
        422 => Some((Code::Unprocessable, false)),
        429 => Some((Code::RateLimited, true)),
        500 | 502 | 503 | 504 | 520..=529 => Some((Code::ServerError, true)),
        501 | 505..=519 | 530..=599 => Some((Code::ServerError, false)),
        _ => Some((Code::UnexpectedStatus, status == 408)),
    }
}

#[test]
fn every_status_has_its_code_and_is_retried_or_not() {
    for status in (0..=1_000).chain([u16::MAX]) {
        let expected = expected_meaning(status).map(|(code, retryable)| Meaning { code, retryable });
        assert_eq!(meaning(status), expected, "status {status}");
    }
}

/* Waits that the service asks for. */

/// Returns the wait that an answer without a `Date` names.
fn wait(in_ms: Option<&str>, retry_after: Option<&str>, unix_now: f64) -> Option<f64> {
    retry_after_ms(&RetryHeaders { retry_after_ms: in_ms, retry_after, date: None }, unix_now)
}

#[track_caller]
fn assert_wait(in_ms: Option<&str>, retry_after: Option<&str>, expected: Option<f64>) {
    assert_eq!(wait(in_ms, retry_after, NOW), expected, "{in_ms:?} and {retry_after:?}");
}

#[track_caller]
fn assert_seconds(retry_after: &str, wait: f64) {
    assert_wait(None, Some(retry_after), Some(wait));
}

#[test]
fn seconds_may_have_a_fraction() {
    for (text, ms) in [("0", 0.0), ("0.0", 0.0), ("5", 5_000.0), ("007", 7_000.0), ("1.5", 1_500.0), ("0.25", 250.0)] {
        assert_seconds(text, ms);
    }
    assert_seconds("2.0000", 2_000.0);
    assert_seconds("86400", 86_400_000.0);
}

#[test]
fn a_fraction_of_a_millisecond_is_rounded_up_so_that_no_request_is_early() {
    for text in ["0.001", "0.0001", "0.00000000000000000000000000001"] {
        assert_seconds(text, 1.0);
    }
    assert_seconds("1.9991", 2_000.0);
    assert_seconds("4.0351", 4_036.0);
    assert_wait(Some("1.5"), None, Some(2.0));
    assert_wait(Some("1.0"), None, Some(1.0));
}

#[test]
fn seconds_are_read_exactly() {
    // As floating-point numbers, these times 1000 are a little more than a whole number.
    assert_seconds("1.001", 1_001.0);
    assert_seconds("4.035", 4_035.0);
    assert_seconds("8.115", 8_115.0);
}

#[test]
fn no_wait_is_longer_than_a_javascript_number_holds_exactly() {
    let nines = "9".repeat(400);
    for text in [
        "9007199254740.991",
        "9007199254740.992",
        "18446744073709552",
        "18446744073709551615",
        "99999999999999999999999999999999.9",
        &nines,
    ] {
        assert_seconds(text, LARGEST_MS);
    }
    assert_seconds("9007199254740.990", LARGEST_MS - 1.0);
    for text in ["9007199254740991", "9007199254740992", "18446744073709551615", "99999999999999999999999999999999"] {
        assert_wait(Some(text), None, Some(LARGEST_MS));
    }
    assert_wait(Some("9007199254740990"), None, Some(LARGEST_MS - 1.0));
}

#[test]
fn a_date_is_waited_for_and_a_past_one_is_a_wait_of_0() {
    for (text, ms) in [
        ("Sun, 06 Nov 1994 08:49:42 GMT", 5_000.0),
        ("Sunday, 06-Nov-94 08:49:42 GMT", 5_000.0),
        ("Sun Nov  6 08:49:42 1994", 5_000.0),
        ("Mon, 07 Nov 1994 08:49:37 GMT", 86_400_000.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 0.0),
        ("Sunday, 06-Nov-94 08:49:36 GMT", 0.0),
        ("Sun Nov  6 08:49:36 1994", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ] {
        assert_seconds(text, ms);
    }
    assert_eq!(wait(None, Some(SOON), NOW + 6_999.0), Some(1.0));
    assert_eq!(wait(None, Some(SOON), NOW + 0.25), Some(6_999.75));
    assert_eq!(wait(None, Some("Fri, 31 Dec 9999 23:59:59 GMT"), 0.0), Some(253_402_300_799_000.0));
}

#[test]
fn a_date_is_compared_with_the_date_of_the_answer() {
    let wait = |date, unix_now| {
        retry_after_ms(&RetryHeaders { retry_after: Some(SOON), date: Some(date), ..RetryHeaders::default() }, unix_now)
    };
    // A clock here that is an hour behind, right, or an hour ahead.
    for unix_now in [NOW - 3_600_000.0, NOW, NOW + 3_600_000.0] {
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:42 GMT", unix_now), Some(2_000.0));
        assert_eq!(wait("Sunday, 06-Nov-94 08:49:42 GMT", unix_now), Some(2_000.0));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:45 GMT", unix_now), Some(0.0));
    }
    for no_date in ["", "0", "Mon, 06 Nov 1994 08:49:42 GMT", "1994-11-06T08:49:42Z"] {
        assert_eq!(wait(no_date, NOW), Some(7_000.0), "{no_date:?}");
    }
}

#[test]
fn a_number_does_not_depend_on_the_date_of_the_answer() {
    let headers = |retry_after_ms, retry_after| RetryHeaders { retry_after_ms, retry_after, date: Some(SOON) };
    assert_eq!(retry_after_ms(&headers(None, Some("3")), NOW), Some(3_000.0));
    assert_eq!(retry_after_ms(&headers(Some("250"), Some(SOON)), NOW), Some(250.0));
    assert_eq!(retry_after_ms(&headers(None, None), NOW), None);
}

#[test]
fn a_wait_of_0_counts_at_the_first_refusal_only() {
    assert_eq!(named_wait(Some(0.0), 0), Some(0.0));
    assert_eq!(named_wait(Some(0.0), 1), None);
    for refusals in [0, 1, 20] {
        assert_eq!(named_wait(Some(0.25), refusals), Some(0.25));
        assert_eq!(named_wait(None, refusals), None);
    }
}

#[test]
fn the_header_in_ms_goes_first_and_then_seconds_and_then_a_date() {
    assert_wait(None, None, None);
    assert_wait(Some("250"), None, Some(250.0));
    assert_wait(Some("250"), Some("5"), Some(250.0));
    assert_wait(Some("250"), Some(SOON), Some(250.0));
    assert_wait(None, Some("5"), Some(5_000.0));
    assert_wait(None, Some(SOON), Some(7_000.0));
    // A wait of 0 is a wait.
    assert_wait(Some("0"), Some("5"), Some(0.0));
    assert_wait(None, Some("0"), Some(0.0));
}

#[test]
fn a_header_in_ms_that_is_not_a_number_counts_as_absent() {
    assert_wait(Some("soon"), Some("5"), Some(5_000.0));
    assert_wait(Some("soon"), Some(SOON), Some(7_000.0));
    assert_wait(Some("soon"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0.0));
    // A date is not a number of ms.
    assert_wait(Some(SOON), None, None);
    assert_wait(Some("Thu, 01 Jan 1970 00:00:00 GMT"), None, None);
}

/// Texts that are not numbers. A platform's `Headers` trims spaces, but a double of `fetch` may not.
const NOT_NUMBERS: [&str; 33] = [
    "", "+5", "-1", "-0", "1e3", "0x10", "5.", ".5", ".", "1.2.3", "1,2", "1, 2", "1_000", "1 000", "5s", "5 s", "5;",
    "NaN", "Infinity", "inf", "null", "soon", "\u{b2}", " ", " 5", "5 ", "5\0", "5\n", "\n5", "\u{665}", "５", "5\n6",
    "1, 1",
];

/// Texts that are not HTTP dates: a wrong weekday, form, month, day, time, zone or space.
const NOT_DATES: [&str; 33] = [
    "Mon, 06 Nov 1994 08:49:42 GMT",
    "Sun, 06 Nov 1994 08:49:42 UTC",
    "Sun, 06 Nov 1994 08:49:42 +0000",
    "Sun, 06 Nov 1994 08:49:42",
    "Sun, 6 Nov 1994 08:49:42 GMT",
    "sun, 06 nov 1994 08:49:42 gmt",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:00 GMT",
    "Wed, 31 Feb 1994 08:49:42 GMT",
    "Sun, 06 Nov 94 08:49:42 GMT",
    "Sun, 06 Nov 1994  08:49:42 GMT",
    "06 Nov 1994 08:49:42 GMT",
    "Sun, 06 Nov 1994",
    "1994-11-06T08:49:42Z",
    "1994-11-06",
    "Sun, 06-Nov-94 08:49:42 GMT",
    "Sunday, 06-Nov-1994 08:49:42 GMT",
    "Monday, 06-Nov-94 08:49:42 GMT",
    "Sunday, 6-Nov-94 08:49:42 GMT",
    "Sunday, 06-Nov-94 08:49:42",
    "Sunday, 06-Nov-x4 08:49:42 GMT",
    "Mon Nov  6 08:49:42 1994",
    "Sun Nov 6 08:49:42 1994",
    "Sun Nov  6 08:49:42 1994 GMT",
    "Sun Nov  6 08:49:42 94",
    "Sun Feb 31 08:49:42 1994",
    "Sun, 06 Nov 1994 08:49:42 GMT, 1",
    "Sun, 06 Nov 1994 08:49:60 GMT",
    "Wed, 31 Dec 1969 23:59:59 GMT",
    "Wed, 29 Feb 1995 08:49:42 GMT",
    "Sun, 00 Nov 1994 08:49:42 GMT",
    "Sun, 06 Nov +994 08:49:42 GMT",
    "Sun, +6 Nov 1994 08:49:42 GMT",
];

#[test]
fn a_malformed_header_counts_as_absent() {
    for text in NOT_NUMBERS.into_iter().chain(NOT_DATES) {
        assert_wait(None, Some(text), None);
        assert_wait(Some(text), None, None);
        assert_wait(Some(text), Some("2"), Some(2_000.0));
        assert_wait(Some("2"), Some(text), Some(2.0));
    }
}

/// Digits before and after the point.
fn decimal() -> impl Strategy<Value = (u64, String)> {
    (prop_oneof![0..10_u64, any::<u64>()], "[0-9]{0,12}")
}

/// Returns the number times ten to the power of `shift`, rounded up, and at most [`LARGEST_MS`].
fn slowly(whole: u64, fraction: &str, shift: u32) -> f64 {
    let digits = fraction.len() as u32;
    let part = fraction.parse::<u128>().unwrap_or_default();
    let scaled = (u128::from(whole) * 10_u128.pow(digits) + part) * 10_u128.pow(shift);
    (scaled.div_ceil(10_u128.pow(digits)) as f64).min(LARGEST_MS)
}

proptest! {
    #[test]
    fn a_wait_is_the_number_that_is_written((whole, fraction) in decimal(), zeros in 0..3_usize) {
        let point = if fraction.is_empty() { "" } else { "." };
        let text = format!("{}{whole}{point}{fraction}", "0".repeat(zeros));
        prop_assert_eq!(wait(Some(&text), None, NOW), Some(slowly(whole, &fraction, 0)));
        prop_assert_eq!(wait(None, Some(&text), NOW), Some(slowly(whole, &fraction, 3)));
    }

    #[test]
    fn a_text_of_other_characters_is_not_a_wait(text in "[0-9]{0,3}[^0-9.][0-9.]{0,3}") {
        prop_assert_eq!(wait(Some(&text), Some(&text), NOW), None);
    }

    #[test]
    fn the_backoff_doubles_up_to_8_seconds(retries in prop_oneof![0..8_u32, any::<u32>()], sample in 0.0..1.0_f64) {
        let most = match retries { 0 => 500.0, 1 => 1_000.0, 2 => 2_000.0, 3 => 4_000.0, _ => 8_000.0 };
        prop_assert_eq!(backoff_ms(retries, sample), (most * sample).floor());
        prop_assert_eq!(backoff_ms(retries, 0.0), 0.0);
        prop_assert_eq!(backoff_ms(retries, 1.0_f64.next_down()), most - 1.0);
    }
}
