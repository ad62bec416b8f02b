//! Refusals for pace: they close the gate for every batch, and no run fails by them.

use translation_results::core::schedule::{Limits, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, assert_asks_for, refused, told_to_wait};

const NO_RETRIES: Limits = Limits { max_retries: 0, ..LIMITS };

/// Refuses a request for pace nine times in a row, each time after 50 ms with a wait of 100 ms. Returns the tenth attempt.
#[track_caller]
fn refused_nine_times(call: &mut Script, mut request: Request) -> Request {
    for _ in 1..10 {
        call.after(50.0).again(request, told_to_wait(429, 100), 100.0);
        request = call.send_after(100.0);
    }
    request
}

#[test]
fn a_refusal_for_pace_closes_the_gate_for_every_batch() {
    for status in [429, 503] {
        let mut call = Script::list(LIMITS, 50);
        let mut requests = call.sends();
        call.at(50.0).again(requests.remove(0), told_to_wait(status, 2_000), 2_000.0);
        assert_eq!(call.wait(), 2_000.0);
        call.at(60.0).succeeds(requests.remove(0));
        call.at(100.0).succeeds(requests.remove(0));
        assert_asks(&[call.send_after(1_950.0)], &[&[1, 2, 3, 4, 5]]);
    }
}

#[test]
fn retries_and_runs_of_a_batch_taken_apart_wait_for_the_gate_too() {
    let mut call = Script::list(LIMITS, 15);
    let mut requests = call.sends();
    call.at(40.0).again(requests.remove(0), refused(500), 250.0);
    call.at(50.0).is_taken_apart(requests.remove(0), refused(404));
    call.at(50.0).again(requests.remove(0), told_to_wait(429, 1_000), 1_000.0);
    assert_eq!(call.wait(), 1_000.0);
    assert_eq!(call.at(400.0).wait(), 650.0);
    assert_eq!(call.at(1_049.0).wait(), 1.0);
    let next = call.at(1_050.0).sends_within(1_000.0);
    assert_asks(&next[..2], &[&[11, 12, 13, 14, 15], &[6]]);
}

#[test]
fn a_refusal_for_pace_does_not_use_up_a_retry() {
    for status in [429, 503] {
        let mut call = Script::list(NO_RETRIES, 5);
        let mut request = call.send();
        for attempt in 1..9 {
            assert_eq!(request.attempts, attempt);
            call.after(50.0).again(request, told_to_wait(status, 100), 100.0);
            request = call.send_after(100.0);
        }
        call.succeeds(request);
        call.is_done();
        call.has_sent(9, 8);
    }
}

#[test]
fn other_failures_use_up_retries_between_refusals_for_pace() {
    let mut call = Script::list(Limits { max_retries: 1, ..LIMITS }, 5);
    let mut request = call.send();
    for _ in 0..3 {
        call.after(50.0).again(request, told_to_wait(429, 100), 100.0);
        request = call.send_after(100.0);
    }
    call.after(50.0).again(request, refused(500), 250.0);
    request = call.send_after(250.0);
    call.after(50.0).again(request, told_to_wait(429, 100), 100.0);
    request = call.sends_within(5_000.0).remove(0);
    call.fails(request, refused(500), &[1, 2, 3, 4, 5]);
}

#[test]
fn a_429_that_names_no_wait_closes_the_gate_for_a_backoff() {
    let mut call = Script::list(NO_RETRIES, 10);
    let mut requests = call.sends();
    // The first wait is shorter than after other failures. Later ones are at least half of the backoff.
    call.at(50.0).succeeds(requests.remove(0));
    call.again(requests.remove(0), refused(429), 50.0);
    assert_eq!(call.sends_within(49.0).len(), 0);
    let mut request = call.sends_within(1_000.0).remove(0);
    for wait in [750.0, 1_500.0, 3_000.0, 6_000.0, 6_000.0] {
        call.after(50.0).again(request, refused(429), wait);
        let refused_at = call.now();
        request = call.sends_within(10_000.0).remove(0);
        assert!(call.now() >= refused_at + wait);
    }
    call.succeeds(request);
    call.has(10, 10, 0);
}

#[test]
fn a_503_that_names_no_wait_closes_the_gate_and_uses_up_a_retry() {
    let mut call = Script::list(Limits { max_retries: 1, ..LIMITS }, 15);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), refused(503), 50.0);
    assert_eq!(call.wait(), 50.0);
    call.succeeds(requests.remove(0));
    call.succeeds(requests.remove(0));
    let request = call.send_after(50.0);
    assert_asks_for(&request, &[1, 2, 3, 4, 5]);
    // Other batches have succeeded since.
    call.is_taken_apart(request, refused(503));

    let mut call = Script::list(NO_RETRIES, 5);
    let request = call.send();
    call.at(50.0).fails(request, refused(503), &[1, 2, 3, 4, 5]);
    call.is_done();
}

#[test]
fn ten_refusals_for_pace_in_a_row_stop_the_call() {
    for status in [429, 503] {
        let mut call = Script::list(LIMITS, 50);
        let mut requests = call.sends();
        // A volley that is refused together counts once.
        call.at(50.0);
        for request in requests.drain(..) {
            call.again(request, told_to_wait(status, 100), 100.0);
        }
        for _ in 2..10 {
            let mut requests = call.sends_within(100.0);
            assert_eq!(requests.len(), 1, "a server that refuses everything gets one request at a time");
            call.after(50.0).again(requests.remove(0), told_to_wait(status, 100), 100.0);
        }
        let request = call.send_after(100.0);
        call.after(50.0).stops(request, told_to_wait(status, 100));
        call.has(50, 0, 0);
    }
}

#[test]
fn any_other_answer_starts_the_count_of_refusals_anew() {
    for accepted in [refused(404), refused(500), answered(&[])] {
        let mut call = Script::list(LIMITS, 50);
        let request = call.send();
        let mut request = refused_nine_times(&mut call, request);
        call.after(50.0).handle(request, accepted);
        request = call.sends_within(1_000.0).remove(0);
        call.after(50.0).again(request, told_to_wait(429, 100), 100.0);
    }
}

#[test]
fn a_wait_of_more_than_a_minute_stops_the_call() {
    for status in [429, 503] {
        let mut call = Script::list(LIMITS, 50);
        let mut requests = call.sends();
        call.at(50.0).again(requests.remove(0), told_to_wait(status, 60_000), 60_000.0);
        call.stops(requests.remove(0), told_to_wait(status, 60_001));
        call.stops(requests.remove(0), told_to_wait(status, u64::MAX));
    }
}

#[test]
fn a_wait_of_0_repeats_the_request_at_once() {
    let mut call = Script::list(NO_RETRIES, 5);
    let request = call.send();
    call.at(50.0).again(request, told_to_wait(429, 0), 0.0);
    call.send();
}

#[test]
fn the_gate_opens_when_the_longest_wait_is_over() {
    let mut call = Script::list(LIMITS, 50);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(429, 3_000), 3_000.0);
    call.at(60.0).again(requests.remove(0), told_to_wait(429, 100), 2_990.0);
    call.at(70.0).again(requests.remove(0), refused(429), 2_980.0);
    call.send_after(2_980.0);
}

#[test]
fn a_run_asked_for_alone_waits_for_the_gate_like_a_batch() {
    let mut call = Script::list(NO_RETRIES, 3);
    let request = call.send();
    call.at(50.0).is_taken_apart(request, answered(&[1, 3]));
    let alone = call.sends().remove(0);
    call.at(100.0).again(alone, told_to_wait(429, 1_000), 1_000.0);
    let alone = call.send_after(1_000.0);
    call.succeeds(alone);
    call.is_done();
    call.has(3, 3, 0);
}

#[test]
fn a_new_call_counts_its_own_refusals() {
    let mut first = Script::list(LIMITS, 5);
    let request = first.send();
    let request = refused_nine_times(&mut first, request);
    first.after(50.0).stops(request, told_to_wait(429, 100));
    let open_at = first.now() + 100.0;
    first.cancel();

    let mut second = Script::list(LIMITS, 5);
    second.pace = first.pace;
    let request = second.at(open_at).send();
    let request = refused_nine_times(&mut second, request);
    second.after(50.0).stops(request, told_to_wait(429, 100));
}

#[test]
fn refusals_of_requests_sent_before_those_of_another_call_are_not_counted() {
    let mut call = Script::list(Limits { concurrency: 12, ..LIMITS }, 60);
    let requests = call.sends_within(10.0);
    assert_eq!(requests.len(), 12);
    for second in 1..=10 {
        let sent_at = call.now() + 1_000.0 * f64::from(second);
        call.pace.sent(sent_at);
        call.pace.refused(sent_at + 50.0, sent_at, Some(100.0), 0.5);
    }
    call.after(20_000.0);
    for request in requests {
        call.again(request, told_to_wait(429, 100), 100.0);
    }
}

#[test]
fn an_answer_to_another_call_starts_the_count_anew() {
    let mut bulk = Script::list(LIMITS, 5);
    let request = bulk.send();
    let request = refused_nine_times(&mut bulk, request);
    let mut other = Script::batch(LIMITS, 3);
    std::mem::swap(&mut bulk.pace, &mut other.pace);
    // One request at a time goes out now, so this one waits for a second.
    let other_request = other.at(bulk.now()).sends_within(2_000.0);
    assert!(other_request.is_empty(), "one request at a time finds out whether the server accepts again");
    other.cancel();
    std::mem::swap(&mut bulk.pace, &mut other.pace);
    bulk.pace.accepted(bulk.now() + 2_000.0, bulk.now() + 1_999.0);
    bulk.after(3_000.0).again(request, told_to_wait(429, 100), 100.0);
}

#[test]
fn a_wait_of_0_counts_as_none_from_the_second_refusal_in_a_row() {
    for status in [429, 503] {
        let mut call = Script::list(Limits { max_retries: 20, ..LIMITS }, 5);
        let request = call.send();
        call.after(50.0).again(request, told_to_wait(status, 0), 0.0);
        let mut request = call.after(1.0).send();
        for wait in [750.0, 1_500.0, 3_000.0, 6_000.0] {
            call.after(50.0).again(request, told_to_wait(status, 0), wait);
            request = call.send_after(wait);
        }
        call.succeeds(request);
        // An answer begins the row anew.
        call.is_done();
    }
}
