//! The requests of a call without failures.

use translation_results::core::schedule::Limits;

use crate::script::{LIMITS, Script, assert_asks, refused};

#[track_caller]
fn assert_plan(count: u64, batches: &[&[u64]]) {
    let mut call = Script::list(Limits { concurrency: 64, ..LIMITS }, count);
    let requests = call.sends();
    assert_asks(&requests, batches);
    assert!(requests.iter().all(|request| request.attempts == 1));
    call.finishes(requests);
    call.has(count as usize, count as usize, 0);
    call.has_sent(batches.len(), 0);
}

#[test]
fn a_list_is_sent_in_balanced_batches_in_its_order() {
    assert_plan(0, &[]);
    assert_plan(1, &[&[1]]);
    assert_plan(2, &[&[1, 2]]);
    assert_plan(6, &[&[1, 2, 3], &[4, 5, 6]]);
    assert_plan(7, &[&[1, 2, 3, 4], &[5, 6, 7]]);
    assert_plan(11, &[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 10, 11]]);
    assert_plan(15, &[&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10], &[11, 12, 13, 14, 15]]);
}

#[test]
fn as_many_requests_are_in_flight_as_the_concurrency_allows() {
    for concurrency in [1, 2, 6, 12] {
        let mut call = Script::list(Limits { concurrency, ..LIMITS }, 150);
        let mut requests = call.sends();
        assert_eq!(requests.len(), concurrency as usize);
        assert_eq!(call.wait(), f64::INFINITY, "only an answer makes room");
        call.after(50.0);
        for answers in 1..=18 {
            call.succeeds(requests.remove(0));
            requests.append(&mut call.sends());
            assert_eq!(requests.len(), concurrency as usize, "after {answers} answers");
        }
    }
}

#[test]
fn a_call_of_the_largest_concurrency_uses_all_of_it() {
    let mut call = Script::list(Limits { concurrency: 64, ..LIMITS }, 3_000);
    let mut requests = call.sends();
    for _ in 0..10 {
        call.after(50.0);
        for request in std::mem::take(&mut requests) {
            call.succeeds(request);
        }
        requests = call.sends();
    }
    assert_eq!(requests.len(), 64);
}

#[test]
fn only_the_first_requests_are_spaced_apart() {
    let mut call = Script::list(LIMITS, 50);
    let mut requests = call.sends();
    assert!(call.now() <= 2.0, "three requests in {} ms", call.now());
    call.at(50.0);
    for request in requests.drain(..) {
        call.succeeds(request);
    }
    requests.append(&mut call.sends());
    assert_eq!(requests.len(), 3);
    assert!(call.now() <= 57.0, "{} ms after the first answer", call.now() - 50.0);
    let now = call.after(50.0).now();
    for request in requests {
        call.succeeds(request);
        call.send();
    }
    assert_eq!(call.now(), now);
}

#[test]
fn a_request_is_pending_until_its_runs_are_settled() {
    let mut call = Script::list(LIMITS, 4);
    let request = call.send();
    assert!(call.schedule.is_pending(&request));
    call.again(request.clone(), refused(500), 250.0);
    assert!(call.schedule.is_pending(&request));
    let request = call.send_after(250.0);
    call.succeeds(request.clone());
    assert!(!call.schedule.is_pending(&request));
}

#[test]
fn a_call_has_a_number_once_it_was_ready_to_send() {
    let mut call = Script::list(LIMITS, 4);
    assert_eq!(call.schedule.number(), None);
    call.send();
    assert!(call.schedule.number().is_some());
}
