//! Numbers: their ranges and how fractions are rounded.

use translation_results::core::options::{CallValues, ClientValues, RequestValues};

use crate::{assert_refused, both, call, client, taken};

const MS: &str = "must be a number of milliseconds from 1 to 2147483647";
const RETRIES: &str = "must be an integer from 0 to 20";
const CONCURRENCY: &str = "must be an integer from 1 to 64";
const BYTES: &str = "must be an integer from 1 to 9007199254740991";

fn timeout(ms: f64) -> RequestValues {
    RequestValues { timeout_ms: Some(ms), ..RequestValues::default() }
}

fn deadline(ms: f64) -> CallValues {
    CallValues { deadline_ms: Some(ms), ..CallValues::default() }
}

fn retries(count: f64) -> RequestValues {
    RequestValues { max_retries: Some(count), ..RequestValues::default() }
}

fn concurrency(count: f64) -> CallValues {
    CallValues { concurrency: Some(count), ..CallValues::default() }
}

fn response_bytes(bytes: f64) -> ClientValues {
    ClientValues { max_response_bytes: Some(bytes), ..ClientValues::default() }
}

const NO_NUMBERS: [f64; 4] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0];

#[test]
fn times_are_from_1_ms_to_what_a_timer_holds_and_fractions_are_rounded_up() {
    for (ms, whole) in [
        (1.0, 1),
        (1.000_001, 2),
        (39.2, 40),
        (60_000.0, 60_000),
        (2_147_483_646.5, i32::MAX as u32),
        (2_147_483_647.0, i32::MAX as u32),
    ] {
        for settings in both(timeout(ms)) {
            assert_eq!(taken(settings).timeout_ms, whole);
        }
        assert_eq!(taken(call(&deadline(ms))).deadline_ms, Some(whole));
    }
    for ms in NO_NUMBERS.into_iter().chain([0.0, -0.0, 0.5, 2_147_483_647.5, 2_147_483_648.0, 1e12]) {
        for settings in both(timeout(ms)) {
            assert_refused(settings, "timeoutMs", MS);
        }
        assert_refused(call(&deadline(ms)), "deadlineMs", MS);
    }
}

#[test]
fn retries_are_an_integer_from_0_to_20() {
    for (count, whole) in [(0.0, 0), (-0.0, 0), (1.0, 1), (20.0, 20)] {
        for settings in both(retries(count)) {
            assert_eq!(taken(settings).max_retries, whole);
        }
    }
    for count in NO_NUMBERS.into_iter().chain([0.5, 1.5, 21.0, 4_294_967_296.0, 1e300]) {
        for settings in both(retries(count)) {
            assert_refused(settings, "maxRetries", RETRIES);
        }
    }
}

#[test]
fn the_concurrency_is_an_integer_from_1_to_64() {
    for (count, whole) in [(1.0, 1), (6.0, 6), (64.0, 64)] {
        assert_eq!(taken(call(&concurrency(count))).concurrency, whole);
    }
    for count in NO_NUMBERS.into_iter().chain([0.0, -0.0, 1.5, 65.0, 4_294_967_297.0]) {
        assert_refused(call(&concurrency(count)), "concurrency", CONCURRENCY);
    }
}

#[test]
fn the_largest_response_is_an_integer_from_1_to_the_largest_safe_one() {
    for (bytes, whole) in [(1.0, 1), (1_000.0, 1_000), (9_007_199_254_740_991.0, (1 << 53) - 1)] {
        assert_eq!(taken(client(&response_bytes(bytes))).max_response_bytes, whole);
    }
    for bytes in NO_NUMBERS.into_iter().chain([0.0, 0.5, 1.5, 9_007_199_254_740_992.0, 1e300]) {
        assert_refused(client(&response_bytes(bytes)), "maxResponseBytes", BYTES);
    }
}
