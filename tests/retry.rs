//! What is tried again, and after how long.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow here fails the test")]

use std::time::{Duration, UNIX_EPOCH};

use httpdate::fmt_http_date;
use proptest::prelude::*;
use translation_results::error::Code;
use translation_results::retry::{REFUSALS, backoff_ms, refusal, retry_after_ms};

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the example of RFC 9110, in ms since 1970.
const EXAMPLE_MS: u64 = 784_111_777_000;
const LARGEST_MS: u64 = 9_007_199_254_740_991;

/// The table of what came back and what it becomes.
fn expected_refusal(status: u16) -> Option<(Code, bool)> {
    match status {
        200..=299 => None,
        // A browser hides a redirect that is not followed behind a status of 0.
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

#[track_caller]
fn assert_wait(in_ms: Option<&str>, retry_after: Option<&str>, wait: Option<u64>) {
    assert_eq!(retry_after_ms(in_ms, retry_after, EXAMPLE_MS), wait, "{in_ms:?} {retry_after:?}");
}

#[track_caller]
fn assert_seconds(retry_after: &str, wait: u64) {
    assert_wait(None, Some(retry_after), Some(wait));
}

#[track_caller]
fn assert_ignored(text: &str) {
    assert_wait(None, Some(text), None);
    assert_wait(Some(text), None, None);
    assert_wait(Some(text), Some("2"), Some(2_000));
}

#[test]
fn every_status_becomes_what_the_table_says() {
    for status in (0..=1_000).chain([u16::MAX]) {
        assert_eq!(refusal(status), expected_refusal(status), "status {status}");
    }
}

#[test]
fn every_row_decides_for_some_status() {
    let mut deciding: Vec<_> = (0..=1_000)
        .filter(|status| !(200..=299).contains(status))
        .filter_map(|status| REFUSALS.iter().position(|(statuses, ..)| statuses.contains(&status)))
        .collect();
    deciding.sort_unstable();
    deciding.dedup();
    assert_eq!(deciding, (0..REFUSALS.len()).collect::<Vec<_>>());
}

#[test]
fn seconds_may_have_a_fraction_and_are_rounded_up() {
    assert_seconds("0", 0);
    assert_seconds("0.0", 0);
    assert_seconds("5", 5_000);
    assert_seconds("007", 7_000);
    assert_seconds("1.5", 1_500);
    assert_seconds("0.25", 250);
    assert_seconds("0.001", 1);
    assert_seconds("0.0001", 1);
    assert_seconds("0.00000000000000000000000000001", 1);
    assert_seconds("1.9991", 2_000);
    assert_seconds("2.0000", 2_000);
    assert_seconds("9007199254740.991", LARGEST_MS);
    assert_seconds("9007199254740.992", LARGEST_MS);
    assert_seconds("18446744073709551615", LARGEST_MS);
    // Just too large for its product with 1000 to fit 64 bits.
    assert_seconds("18446744073709552", LARGEST_MS);
    assert_seconds("99999999999999999999999999999999.9", LARGEST_MS);
}

#[test]
fn milliseconds_come_first_where_they_parse() {
    assert_wait(None, None, None);
    assert_wait(Some("250"), None, Some(250));
    assert_wait(Some("250"), Some("5"), Some(250));
    assert_wait(Some("0"), Some("5"), Some(0));
    assert_wait(Some("1.5"), None, Some(2));
    assert_wait(Some("1.0"), None, Some(1));
    assert_wait(Some("soon"), Some("5"), Some(5_000));
    assert_wait(Some("99999999999999999999999999999999"), None, Some(LARGEST_MS));
    // A date says nothing as a number of milliseconds.
    assert_wait(Some("Sun, 06 Nov 1994 08:49:38 GMT"), None, None);
}

#[test]
fn all_three_forms_of_a_date_are_read() {
    assert_seconds("Sun, 06 Nov 1994 08:49:42 GMT", 5_000);
    assert_seconds("Sunday, 06-Nov-94 08:49:42 GMT", 5_000);
    assert_seconds("Sun Nov  6 08:49:42 1994", 5_000);
    assert_seconds("Sun, 06 Nov 1994 08:49:37 GMT", 0);
    assert_seconds("Sun, 06 Nov 1994 08:49:36 GMT", 0);
    assert_seconds("Thu, 01 Jan 1970 00:00:00 GMT", 0);
}

#[test]
fn junk_is_as_if_it_were_not_there() {
    let no_numbers = ["", " ", " 5", "5 ", "+5", "-1", "-0", "1e3", "0x10", "5.", ".5", ".", "1.2.3", "1,2", "1_000"];
    no_numbers.iter().for_each(|text| assert_ignored(text));
    let no_words = ["NaN", "Infinity", "inf", "null", "soon", "5s", "5 s", "\u{665}", "５", "5\0", "5\n"];
    no_words.iter().for_each(|text| assert_ignored(text));

    assert_ignored("Mon, 06 Nov 1994 08:49:42 GMT");
    assert_ignored("Sun, 06 Nov 1994 08:49:42 UTC");
    assert_ignored("Sun, 06 Nov 1994 08:49:42 +0000");
    assert_ignored("Sun, 06 Nov 1994 08:49:42");
    assert_ignored("Sun, 6 Nov 1994 08:49:42 GMT");
    assert_ignored("sun, 06 nov 1994 08:49:42 gmt");
    assert_ignored("Sun, 06 Nov 1994 24:00:00 GMT");
    assert_ignored("Wed, 31 Feb 1994 08:49:42 GMT");
    assert_ignored("1994-11-06T08:49:42Z");
}

proptest! {
    #[test]
    fn every_decimal_is_rounded_up_to_whole_ms(whole in 0..10_000_000_000_u64, fraction in "[0-9]{1,15}") {
        let digits: u128 = fraction.parse().unwrap();
        let one = 10_u128.pow(fraction.len() as u32);
        let text = format!("{whole}.{fraction}");
        let seconds = u128::from(whole) * 1_000 + (digits * 1_000).div_ceil(one);
        prop_assert_eq!(retry_after_ms(None, Some(&text), 0).map(u128::from), Some(seconds));
        let ms = u128::from(whole) + digits.div_ceil(one);
        prop_assert_eq!(retry_after_ms(Some(&text), None, 0).map(u128::from), Some(ms));
    }

    #[test]
    fn only_a_plain_decimal_is_a_number(text in "[0-9]{0,3}[0-9.,eE+x_ -]{0,3}[0-9]{0,3}") {
        let digit = |char: char| char.is_ascii_digit();
        let plain = text.starts_with(digit) && text.ends_with(digit) && !text.contains(['e', 'E']);
        let plain = plain && text.parse::<f64>().is_ok();
        prop_assert_eq!(retry_after_ms(Some(&text), None, 0).is_some(), plain);
        prop_assert_eq!(retry_after_ms(None, Some(&text), 0).is_some(), plain);
    }

    #[test]
    fn a_date_is_waited_for_and_a_past_one_is_at_once(
        seconds in 0..253_402_300_800_u64, from_then in -100_000..100_000_i64, anywhen in 0..=LARGEST_MS,
    ) {
        let date = fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        let at = seconds * 1_000;
        for now in [at.saturating_add_signed(from_then), at, anywhen, 0] {
            prop_assert_eq!(retry_after_ms(None, Some(&date), now), Some(at.saturating_sub(now).min(LARGEST_MS)));
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}", now in any::<u64>()) {
        let wait = retry_after_ms(Some(&text), Some(&text), now);
        prop_assert!(wait.is_none_or(|wait| wait <= LARGEST_MS));
    }

    #[test]
    fn no_damaged_date_panics(form in 0..3_usize, position in 0..30_usize, with in "\\PC{0,3}", now in any::<u64>()) {
        let forms = ["Sun, 06 Nov 1994 08:49:42 GMT", "Sunday, 06-Nov-94 08:49:42 GMT", "Sun Nov  6 08:49:42 1994"];
        let mut text = forms[form].to_owned();
        let position = position % text.len();
        text.replace_range(position..position + 1, &with);
        let wait = retry_after_ms(None, Some(&text), now);
        prop_assert!(wait.is_none_or(|wait| wait <= LARGEST_MS));
    }

    #[test]
    fn the_backoff_doubles_up_to_its_most(retries in prop_oneof![0..8_u32, any::<u32>()], sample in 0.0..1.0_f64) {
        let most = match retries { 0 => 500, 1 => 1_000, 2 => 2_000, 3 => 4_000, _ => 8_000 };
        prop_assert_eq!(backoff_ms(retries, sample), (most as f64 * sample).floor() as u64);
        prop_assert_eq!(backoff_ms(retries, 0.0), 0);
        prop_assert_eq!(backoff_ms(retries, 1.0_f64.next_down()), most - 1);
    }
}
