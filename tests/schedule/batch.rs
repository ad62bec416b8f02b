//! One batch that succeeds or fails as a whole.

use proptest::prelude::*;
use translation_results::core::pace::Pace;
use translation_results::core::schedule::{Limits, Outcome, Step, Verdict};

use crate::script::{LIMITS, Script, answered, assert_asks_for, refused, told_to_wait};

use Outcome::{Lost, TimedOut};

const WITHIN_600: Limits = Limits { deadline_ms: 600.0, ..LIMITS };

/// Returns the verdict of a call for one batch whose first request ends at this time.
#[track_caller]
fn verdict(limits: Limits, ms: f64, outcome: Outcome) -> Verdict {
    let mut call = Script::batch(limits, 3);
    let request = call.send();
    call.at(ms).handle(request, outcome)
}

#[test]
fn only_the_runs_of_a_batch_are_wanted_as_a_whole() {
    assert!(Script::batch(LIMITS, 3).schedule.is_whole_batch());
    assert!(!Script::list(LIMITS, 3).schedule.is_whole_batch());
}

#[test]
fn a_batch_succeeds_if_every_run_is_in_the_answer() {
    let mut call = Script::batch(LIMITS, 5);
    let request = call.send();
    assert_asks_for(&request, &[1, 2, 3, 4, 5]);
    assert_eq!(call.wait(), f64::INFINITY);
    call.at(50.0).succeeds(request);
    call.has(5, 5, 0);
    call.is_done();
}

#[test]
fn a_transient_failure_is_retried_until_no_retry_is_left() {
    for outcome in [refused(500), refused(408), refused(429), refused(503), Lost, TimedOut] {
        let mut call = Script::batch(LIMITS, 3);
        let mut request = call.send();
        for (attempts, wait) in [(1, 250.0), (2, 500.0)] {
            assert_eq!(request.attempts, attempts);
            call.after(10.0).again(request, outcome.clone(), wait);
            request = call.send_after(wait);
            assert_asks_for(&request, &[1, 2, 3]);
        }
        for last in [outcome, told_to_wait(500, 0)] {
            call.clone().stops(request.clone(), last);
        }
    }
}

#[test]
fn a_permanent_failure_is_not_retried() {
    for status in [0, 302, 400, 401, 402, 403, 404, 409, 410, 413, 418, 422, 501, 599] {
        assert_eq!(verdict(LIMITS, 10.0, refused(status)), Verdict::Stop, "{status}");
        assert_eq!(verdict(LIMITS, 10.0, told_to_wait(status, 1)), Verdict::Stop, "{status}");
    }
    for sound in [&[][..], &[1], &[2, 3]] {
        assert_eq!(verdict(LIMITS, 10.0, answered(sound)), Verdict::Stop, "an answer with {sound:?} only");
    }
}

#[test]
fn nothing_is_retried_if_no_retries_are_allowed() {
    let no_retries = Limits { max_retries: 0, ..LIMITS };
    for outcome in [refused(500), told_to_wait(429, 0), Lost, TimedOut] {
        assert_eq!(verdict(no_retries, 10.0, outcome), Verdict::Stop);
    }
}

#[test]
fn a_wait_of_up_to_a_minute_is_as_long_as_the_service_asks() {
    for status in [429, 500, 503] {
        for ms in [0, 1, 60_000] {
            let mut call = Script::batch(LIMITS, 3);
            let request = call.send();
            call.at(10.0).again(request, told_to_wait(status, ms), ms as f64);
            call.after(ms as f64).send();
        }
        for ms in [60_001, 1 << 32, u64::MAX] {
            assert_eq!(verdict(LIMITS, 10.0, told_to_wait(status, ms)), Verdict::Stop, "{ms} ms");
        }
    }
}

#[test]
fn a_wait_that_reaches_the_deadline_ends_the_call_at_once() {
    assert_eq!(verdict(WITHIN_600, 100.0, told_to_wait(429, 499)), Verdict::Again(499.0));
    assert_eq!(verdict(WITHIN_600, 100.0, told_to_wait(429, 500)), Verdict::Stop);
    assert_eq!(verdict(WITHIN_600, 100.5, told_to_wait(429, 500)), Verdict::Stop);
    assert_eq!(verdict(WITHIN_600, 99.5, told_to_wait(429, 500)), Verdict::Again(500.0));
    assert_eq!(verdict(WITHIN_600, 350.0, refused(500)), Verdict::Stop);
    assert_eq!(verdict(WITHIN_600, 600.0, told_to_wait(429, 0)), Verdict::Stop);
    assert_eq!(verdict(WITHIN_600, 9_999.0, told_to_wait(429, 0)), Verdict::Stop);
}

#[test]
fn a_request_in_flight_is_given_up_at_the_deadline() {
    let mut call = Script::batch(WITHIN_600, 3);
    let request = call.send();
    assert_eq!(call.at(599.5).wait(), 0.5);
    assert_eq!(call.at(600.0).step(), Step::Expire);
    assert_eq!(call.expire(), [request]);
}

#[test]
fn a_retry_whose_timer_fires_after_the_deadline_is_not_sent() {
    let mut call = Script::batch(WITHIN_600, 3);
    let request = call.send();
    call.at(100.0).again(request.clone(), told_to_wait(429, 499), 499.0);
    let mut late = call.clone();
    assert_eq!(late.at(600.0).step(), Step::Expire);
    assert_eq!(late.expire(), [request]);
    call.at(599.5).send();
}

#[test]
fn nothing_is_sent_or_read_after_the_end() {
    for outcome in [refused(404), answered(&[]), answered(&[1, 2, 3]), told_to_wait(429, 60_001)] {
        let mut call = Script::batch(LIMITS, 3);
        let request = call.send();
        call.at(10.0).handle(request, outcome);
        for ms in [0.0, 1.0, 100_000.0] {
            let step = call.after(ms).step();
            assert!(!matches!(step, Step::Send(_) | Step::Read(_)), "{step:?}");
        }
        call.has_sent(1, 0);
    }
}

#[test]
fn a_batch_waits_at_the_gate_that_another_call_has_shut() {
    let mut bulk = Script::list(LIMITS, 50);
    let request = bulk.send();
    bulk.after(50.0).again(request, told_to_wait(429, 2_000), 2_000.0);
    let mut call = Script::batch(LIMITS, 3);
    call.pace = bulk.pace;
    call.at(60.0);
    let request = call.send_after(1_990.0);
    call.after(50.0).succeeds(request);
    assert_eq!(call.pace.episodes(), 0, "its answer ends the row of refusals");
}

#[test]
fn a_refused_batch_shuts_the_gate_for_other_calls() {
    for (outcome, wait) in [(told_to_wait(429, 2_000), 2_000.0), (told_to_wait(503, 0), 0.0), (refused(429), 250.0)] {
        let mut call = Script::batch(LIMITS, 3);
        let request = call.send();
        call.after(50.0).again(request, outcome, wait);
        let mut other = Script::list(LIMITS, 50);
        other.pace = call.pace.clone();
        if wait > 0.0 {
            assert_eq!(other.at(50.0).wait(), wait);
        }
        other.at(50.0 + wait).send();
        assert_eq!(other.pace.episodes(), 1);
    }
}

#[test]
fn a_gate_that_is_shut_for_longer_than_its_own_wait_holds_it() {
    let mut call = Script::batch(LIMITS, 3);
    let mut bulk = Script::list(LIMITS, 50);
    let request = call.send();
    bulk.pace = call.pace.clone();
    let other = bulk.after(1.0).send();
    bulk.at(40.0).again(other, told_to_wait(429, 3_000), 3_000.0);
    call.pace = bulk.pace;
    call.at(50.0).again(request, told_to_wait(429, 100), 2_990.0);
    call.send_after(2_990.0);
}

#[test]
fn only_the_end_of_another_call_makes_room() {
    let mut bulk = Script::list(Limits { concurrency: 64, ..LIMITS }, 500);
    bulk.sends();
    assert_eq!(bulk.wait(), f64::INFINITY, "the first volley is in flight");
    let mut call = Script::batch(LIMITS, 3);
    call.pace = bulk.pace.clone();
    assert_eq!(call.wait(), f64::INFINITY);
    call.cancel();
    bulk.pace = call.pace;
    let mut other = Script::batch(LIMITS, 5);
    other.pace = bulk.pace.clone();
    assert_eq!(other.wait(), f64::INFINITY);
    bulk.cancel();
    other.pace = bulk.pace;
    other.send();
}

/// One attempt of a random call.
#[derive(Clone, Debug)]
struct Attempt {
    outcome: Outcome,
    takes_ms: f64,
    /// How late the timer of the wait after it fires.
    late_by_ms: f64,
    sample: f64,
}

fn limits() -> impl Strategy<Value = Limits> {
    let whole = prop_oneof![1..100_u32, 1..200_000_u32, Just(i32::MAX as u32)];
    let deadline_ms = prop_oneof![4 => whole.prop_map(f64::from), 1 => Just(f64::INFINITY)];
    let parts = (0..=20_u32, deadline_ms);
    parts.prop_map(|(max_retries, deadline_ms)| Limits { concurrency: 1, max_retries, deadline_ms })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let asked = prop_oneof![Just(0), 0..50_u64, 0..70_000_u64, any::<u64>()];
    let outcome = prop_oneof![
        3 => prop::sample::select(vec![Lost, TimedOut, refused(500), refused(429)]),
        4 => (prop::sample::select(vec![429, 500, 503]), asked).prop_map(|(status, ms)| told_to_wait(status, ms)),
        1 => prop::sample::select(vec![refused(404), answered(&[1])]),
    ];
    // Eighths are exact in binary, so the test can compare times without tolerance.
    let eighths = || prop_oneof![Just(0), 0..80_u32, 0..400_000_u32].prop_map(|eighths| f64::from(eighths) / 8.0);
    let parts = (outcome, eighths(), eighths(), 0.0..1.0_f64);
    parts.prop_map(|(outcome, takes_ms, late_by_ms, sample)| Attempt { outcome, takes_ms, late_by_ms, sample })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_random_call_keeps_to_its_limits(limits in limits(), attempts in prop::collection::vec(attempt(), 21)) {
        let deadline = limits.deadline_ms;
        let mut call = Script::batch(limits, 3);
        let mut sends = 0;
        // The limits allow 21 attempts at most. A call that has not ended by then never would.
        for Attempt { outcome, takes_ms, late_by_ms, sample } in attempts {
            let step = call.step();
            if call.now() >= deadline {
                prop_assert_eq!(step, Step::Expire);
                return Ok(());
            }
            let Step::Send(request) = step else { panic!("{step:?} at {}", call.now()) };
            sends += 1;
            prop_assert_eq!(request.attempts, sends);
            prop_assert_eq!(request.run_ids.len(), 3);
            prop_assert_eq!(call.wait(), deadline - call.now());
            call.after(takes_ms).sample = sample;
            let (asked, retryable) = match outcome {
                Outcome::Refused { retry_after_ms, retryable, .. } => (retry_after_ms, retryable),
                Outcome::Answered(_) => (None, false),
                Lost | TimedOut => (None, true),
            };
            // A service that says "at once" and refuses again has named no wait.
            let asked = asked.filter(|&ms| ms > 0.0 || sends == 1);
            let most = 8_000.0_f64.min(500.0 * f64::from(1 << (sends - 1).min(8)));
            match call.handle(request, outcome) {
                Verdict::Again(wait) => {
                    // The waits of the pace are tested by themselves.
                    call.pace = Pace::default();
                    prop_assert!(retryable && sends <= limits.max_retries);
                    prop_assert!(asked.map_or(wait <= most, |asked| wait == asked && asked <= 60_000.0));
                    prop_assert!(call.now() + wait < deadline);
                    if wait > 0.0 {
                        prop_assert_eq!(call.wait(), wait);
                    }
                    call.after(wait + late_by_ms);
                }
                verdict => {
                    prop_assert_eq!(verdict, Verdict::Stop);
                    let wait = asked.unwrap_or((most * sample).floor());
                    let is_waited = wait <= 60_000.0 && call.now() + wait < deadline;
                    prop_assert!(!(retryable && sends <= limits.max_retries && is_waited), "given up too soon");
                    return Ok(());
                }
            }
        }
        prop_assert!(false, "the call does not end");
    }
}
