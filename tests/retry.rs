//! What is tried again, and after how long.

use proptest::prelude::*;
use translation_results::error::Code;
use translation_results::retry::{Asked, backoff_ms, refusal, retry_after_ms};

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the example of RFC 9110, in ms since 1970.
const EXAMPLE_MS: f64 = 784_111_777_000.0;
const LARGEST_MS: f64 = 9_007_199_254_740_991.0;

/// What the platform could not read.
const NONE: f64 = f64::NAN;

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
fn assert_wait(in_ms: f64, in_seconds: f64, until: f64, wait: Option<f64>) {
    let asked = Asked { in_ms, in_seconds, until };
    assert_eq!(retry_after_ms(asked, EXAMPLE_MS), wait, "{asked:?}");
}

#[test]
fn every_status_becomes_what_the_table_says() {
    for status in (0..=1_000).chain([u16::MAX]) {
        assert_eq!(refusal(status), expected_refusal(status), "status {status}");
    }
}

#[test]
fn the_first_wait_that_is_there_counts() {
    const UNTIL: f64 = EXAMPLE_MS + 7_000.0;
    assert_wait(NONE, NONE, NONE, None);
    assert_wait(250.0, NONE, NONE, Some(250.0));
    assert_wait(250.0, 5_000.0, UNTIL, Some(250.0));
    assert_wait(NONE, 5_000.0, NONE, Some(5_000.0));
    assert_wait(NONE, 5_000.0, UNTIL, Some(5_000.0));
    assert_wait(250.0, NONE, UNTIL, Some(250.0));
    assert_wait(NONE, NONE, UNTIL, Some(7_000.0));
    // One that asks for nothing is there all the same.
    assert_wait(0.0, 5_000.0, UNTIL, Some(0.0));
    assert_wait(NONE, 0.0, UNTIL, Some(0.0));
}

#[test]
fn a_date_is_waited_for_and_a_past_one_is_at_once() {
    assert_wait(NONE, NONE, EXAMPLE_MS + 5_000.0, Some(5_000.0));
    assert_wait(NONE, NONE, EXAMPLE_MS + 1.0, Some(1.0));
    assert_wait(NONE, NONE, EXAMPLE_MS, Some(0.0));
    assert_wait(NONE, NONE, EXAMPLE_MS - 1_000.0, Some(0.0));
    assert_wait(NONE, NONE, 0.0, Some(0.0));
}

#[test]
fn no_wait_is_longer_than_what_a_number_holds_exactly() {
    for wait in [LARGEST_MS, LARGEST_MS + 1.0, 18_446_744_073_709_551_615.0, 1e32, f64::MAX, f64::INFINITY] {
        assert_wait(wait, NONE, NONE, Some(LARGEST_MS));
        assert_wait(NONE, wait, NONE, Some(LARGEST_MS));
        let in_time = retry_after_ms(Asked { in_ms: NONE, in_seconds: NONE, until: wait }, 0.0);
        assert_eq!(in_time, Some(LARGEST_MS), "until {wait}");
    }
    assert_wait(LARGEST_MS - 1.0, NONE, NONE, Some(LARGEST_MS - 1.0));
    assert_wait(NONE, LARGEST_MS - 1.0, NONE, Some(LARGEST_MS - 1.0));
}

/// A time in ms, where there is one.
fn time() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![Just(None), (0..=1_u64 << 53).prop_map(|ms| Some(ms as f64))]
}

proptest! {
    #[test]
    fn a_wait_is_what_the_service_asks_for(
        in_ms in time(), in_seconds in time(), until in time(), from_then in prop_oneof![-100_000..100_000_i32, Just(0)],
        anywhen in 0..=1_u64 << 53,
    ) {
        let number = |time: Option<f64>| time.unwrap_or(NONE);
        for now in [anywhen as f64, until.unwrap_or_default() + f64::from(from_then), 0.0] {
            let asked = Asked { in_ms: number(in_ms), in_seconds: number(in_seconds), until: number(until) };
            let expected = in_ms.or(in_seconds).or(until.map(|until| (until - now).max(0.0)));
            prop_assert_eq!(retry_after_ms(asked, now), expected.map(|wait| wait.min(LARGEST_MS)), "at {}", now);
        }
    }

    #[test]
    fn the_backoff_doubles_up_to_its_most(retries in prop_oneof![0..8_u32, any::<u32>()], sample in 0.0..1.0_f64) {
        let most = match retries { 0 => 500.0, 1 => 1_000.0, 2 => 2_000.0, 3 => 4_000.0, _ => 8_000.0 };
        prop_assert_eq!(backoff_ms(retries, sample), (most * sample).floor());
        prop_assert_eq!(backoff_ms(retries, 0.0), 0.0);
        prop_assert_eq!(backoff_ms(retries, 1.0_f64.next_down()), most - 1.0);
    }
}
