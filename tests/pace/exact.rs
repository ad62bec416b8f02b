//! The pace step by step, with figures computed by hand: a simulation does not notice a rate that is off by a little.

use translation_results::core::pace::{Next, Pace};

/// Sends `count` requests at the same time.
fn volley(pace: &mut Pace, count: usize, at: f64) {
    (0..count).for_each(|_| pace.sent(at));
}

/// Returns a pace after ten of eleven requests were accepted. A burst is guessed to stand for 250 ms, so the rate is
/// one request in 25 ms.
fn one_in_25_ms(retry_after_ms: f64) -> Pace {
    let mut pace = Pace::default();
    volley(&mut pace, 11, 0.0);
    (0..10).for_each(|_| pace.accepted(100.0, 0.0));
    assert_eq!(pace.refused(100.0, 0.0, Some(retry_after_ms), 0.5), retry_after_ms);
    pace
}

#[track_caller]
fn assert_due(pace: &Pace, now: f64, due: f64) {
    match pace.next(now, 64) {
        Next::At(at) => assert!((at - due).abs() < 1e-6, "due at {at} and not at {due}"),
        next => panic!("{next:?}"),
    }
}

#[test]
fn nothing_is_sent_before_the_gate_opens() {
    let pace = one_in_25_ms(1_000.0);
    assert_eq!(pace.next(1_099.0, 64), Next::At(1_100.0));
    assert_eq!(pace.next(1_100.0, 64), Next::Now);
}

#[test]
fn the_wait_is_exactly_the_one_asked_for() {
    // At any time of the clock: `now + wait - now` may differ from `wait` by rounding.
    for tenths in 0..1_000 {
        let now = f64::from(tenths) / 10.0;
        let mut pace = Pace::default();
        volley(&mut pace, 2, now);
        for _ in 0..2 {
            assert_eq!(pace.refused(now, now, Some(20.0), 0.5), 20.0, "at {now}");
        }
    }
}

#[test]
fn after_one_refusal_requests_are_spaced_by_the_rate() {
    let mut pace = one_in_25_ms(1_000.0);
    pace.sent(1_100.0);
    // The next request does not make up for a delay of more than 2 ms.
    assert_due(&pace, 1_100.0, 1_098.0 + 25.0);
    // It makes up for a shorter one.
    pace.sent(1_124.0);
    assert_due(&pace, 1_124.0, 1_123.0 + 25.0);
}

#[test]
fn after_two_refusals_in_a_row_one_request_is_sent_at_a_time() {
    let mut pace = one_in_25_ms(1_000.0);
    pace.sent(1_100.0);
    pace.refused(1_200.0, 1_100.0, Some(0.0), 0.5);
    assert_eq!(pace.next(1_200.0, 64), Next::Now);
    pace.sent(1_200.0);
    assert_eq!(pace.next(1_300.0, 64), Next::AfterAnAnswer);
}

#[test]
fn if_nothing_was_accepted_yet_the_next_request_waits_a_second_for_those_in_flight() {
    let mut pace = Pace::default();
    volley(&mut pace, 3, 0.0);
    pace.refused(50.0, 0.0, Some(0.0), 0.5);
    assert_eq!(pace.next(60.0, 64), Next::At(1_050.0));
    assert_eq!(pace.next(1_050.0, 64), Next::Now);
}

/// Sends one request each 25 ms from the first time to the last. Each is accepted after 100 ms.
fn accepted(pace: &mut Pace, first: f64, last: f64) {
    let mut at = first;
    while at <= last {
        pace.sent(at);
        pace.accepted(at + 100.0, at);
        at += 25.0;
    }
}

/// Refuses a request sent at this time. Expects that the next ones are `ms` apart.
#[track_caller]
fn assert_spaced_by(pace: &mut Pace, sent_at: f64, ms: f64) {
    pace.sent(sent_at);
    let now = sent_at + 100.0;
    pace.refused(now, sent_at, Some(0.0), 0.5);
    pace.sent(now);
    assert_due(pace, now, now - 2.0 + ms);
}

#[test]
fn the_next_refusal_measures_the_rate_and_halves_the_weight_of_the_guess() {
    let mut pace = one_in_25_ms(0.0);
    accepted(&mut pace, 125.0, 350.0);
    // Ten requests in the 375 ms since the first refusal, and four of the guess's eight in 100 ms.
    assert_spaced_by(&mut pace, 375.0, (375.0 + 100.0) / 14.0);
}

/// Returns the gap after a refusal that leaves seven tenths of the speed, which had grown with ten accepted requests.
fn least_ms() -> f64 {
    25.0 / (0.7 * (1.0 + (10.0_f64 * 32.0 / (448.0 * 8.0)).powi(2)))
}

#[test]
fn a_lost_request_is_measured_like_an_accepted_one() {
    let mut pace = one_in_25_ms(0.0);
    accepted(&mut pace, 125.0, 225.0);
    for sent_at in [250.0, 275.0, 300.0, 325.0, 350.0] {
        pace.sent(sent_at);
        pace.ended(sent_at);
    }
    assert_spaced_by(&mut pace, 375.0, (375.0 + 100.0) / 14.0);
}

#[test]
fn a_request_that_was_lost_before_the_rate_was_measured_does_not_count() {
    let mut pace = Pace::default();
    volley(&mut pace, 12, 0.0);
    pace.sent(5.0);
    pace.ended(5.0);
    (0..10).for_each(|_| pace.accepted(100.0, 0.0));
    pace.refused(100.0, 0.0, Some(0.0), 0.5);
    pace.ended(0.0);
    pace.sent(100.0);
    // Ten requests in the 250 ms of a burst.
    assert_due(&pace, 100.0, 98.0 + 25.0);
}

#[test]
fn at_a_high_rate_the_wait_after_a_refusal_is_worth_up_to_four_requests() {
    let mut pace = Pace::default();
    volley(&mut pace, 51, 0.0);
    (0..50).for_each(|_| pace.accepted(100.0, 0.0));
    // At most 100 ms before anything is known; then one request in 5 ms.
    assert_eq!(pace.refused(100.0, 0.0, None, 0.5), 50.0);
    pace.sent(150.0);
    pace.accepted(250.0, 150.0);
    pace.sent(250.0);
    assert_eq!(pace.refused(350.0, 250.0, None, 0.5), 10.0);
}

#[test]
fn a_pause_of_the_caller_does_not_lower_the_measured_rate() {
    let mut pace = one_in_25_ms(0.0);
    accepted(&mut pace, 125.0, 225.0);
    // The last answer came at 325.
    accepted(&mut pace, 2_225.0, 2_325.0);
    assert_spaced_by(&mut pace, 2_350.0, least_ms());
}

#[test]
fn a_pause_of_one_second_still_counts() {
    let mut pace = one_in_25_ms(0.0);
    accepted(&mut pace, 125.0, 225.0);
    accepted(&mut pace, 1_325.0, 1_425.0);
    // Ten requests in 1,450 ms. The speed counts as at most four times that, and seven tenths of it are left.
    assert_spaced_by(&mut pace, 1_450.0, 1_450.0 / (10.0 * 4.0 * 0.7));
}

#[test]
fn the_limit_is_the_number_of_requests_sent_while_one_is_answered() {
    let mut pace = Pace::default();
    volley(&mut pace, 20, 1_000.0);
    (0..18).for_each(|_| pace.accepted(1_100.0, 1_000.0));
    // One answer that takes 800 ms longer raises the smoothed latency by an eighth of that, to 200 ms.
    pace.accepted(1_900.0, 1_000.0);
    assert_eq!(pace.limit(64), 64, "nothing was refused");
    pace.refused(1_900.0, 1_000.0, Some(0.0), 0.5);
    // 19 requests in 250 ms, and a little more, as the speed grows with accepted requests.
    assert_eq!(pace.limit(64), 16);
    assert_eq!(pace.limit(6), 6);
}

#[test]
fn a_late_refusal_of_the_same_episode_keeps_the_requests_accepted_since() {
    let mut pace = Pace::default();
    volley(&mut pace, 2, 0.0);
    pace.accepted(50.0, 0.0);
    volley(&mut pace, 2, 100.0);
    pace.sent(120.0);
    // One request in the 100 ms so far and the 250 ms of a burst.
    pace.refused(150.0, 100.0, Some(0.0), 0.5);
    pace.accepted(160.0, 120.0);
    pace.refused(170.0, 100.0, Some(0.0), 0.5);
    let grown = 1.0 + (32.0_f64 / (448.0 * 8.0)).powi(2);
    // The request of 120 ms was sent before the first refusal was known, so the guess has two in 120 and 250 ms.
    assert_due(&pace, 200.0, 120.0 + 370.0 / 2.0 / grown);
}

#[test]
fn requests_are_counted_from_the_latest_refused_one_of_an_episode() {
    let mut pace = Pace::default();
    volley(&mut pace, 2, 0.0);
    pace.sent(50.0);
    pace.sent(60.0);
    pace.accepted(100.0, 0.0);
    pace.refused(100.0, 0.0, Some(0.0), 0.5);
    pace.accepted(150.0, 50.0);
    pace.refused(160.0, 60.0, Some(0.0), 0.5);
    pace.sent(200.0);
    // The guess has two requests in 50 and 250 ms. None was sent after the refused one, so the speed has not grown.
    assert_due(&pace, 200.0, 200.0 + 300.0 / 2.0);
}

#[test]
fn requests_sent_before_the_first_refusal_is_known_belong_to_the_first_burst() {
    let mut pace = Pace::default();
    volley(&mut pace, 2, 0.0);
    volley(&mut pace, 10, 5.0);
    pace.accepted(50.0, 0.0);
    pace.refused(50.0, 0.0, Some(0.0), 0.5);
    (0..10).for_each(|_| pace.accepted(55.0, 5.0));
    // Eleven in 5 and 250 ms. The ten that were sent after the refused one raise the speed, too.
    let grown = 1.0 + (10.0_f64 * 32.0 / (448.0 * 8.0)).powi(2);
    pace.sent(100.0);
    assert_due(&pace, 100.0, 98.0 + 255.0 / 11.0 / grown);
}

#[test]
fn a_call_of_one_request_is_part_of_no_volley() {
    let mut pace = Pace::default();
    for _ in 0..12 {
        assert_eq!(pace.next_single(0.0), Next::Now);
        pace.sent(0.0);
    }
    assert_eq!(pace.next_single(0.0), Next::AfterAnAnswer);
    pace.accepted(50.0, 0.0);
    assert_eq!(pace.next(50.0, 64), Next::At(56.0));
    assert_eq!(pace.next_single(50.0), Next::Now);
}

#[test]
fn a_call_of_one_request_keeps_to_the_gate_and_to_the_rate() {
    let mut pace = one_in_25_ms(1_000.0);
    pace.sent(1_100.0);
    assert_eq!(pace.next_single(1_100.0), pace.next(1_100.0, 64));
    pace.refused(1_200.0, 1_100.0, Some(500.0), 0.5);
    assert_eq!(pace.next_single(1_300.0), Next::At(1_700.0));
}
