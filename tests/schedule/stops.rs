//! Refusals that stop the whole call: 401, 402, and 403 where nothing is allowed.

use translation_results::core::schedule::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, refused};

const WIDE: Limits = Limits { concurrency: 8, ..LIMITS };

/// Starts a call for `count` runs whose first batch is forbidden. Returns the requests for the other batches, and those
/// for each run of the first one.
#[track_caller]
fn forbidden(limits: Limits, count: u64) -> (Script, Vec<Request>, Vec<Request>) {
    let mut call = Script::list(limits, count);
    let mut others = call.sends();
    call.at(50.0).is_taken_apart(others.remove(0), refused(403));
    let alone = call.sends();
    call.after(50.0);
    (call, others, alone)
}

/// Starts a call for one batch that is forbidden. Returns the requests for each of its runs.
#[track_caller]
fn forbidden_batch_of(count: u64) -> (Script, Vec<Request>) {
    let (call, _, alone) = forbidden(WIDE, count);
    assert_eq!(alone.len(), count as usize);
    (call, alone)
}

/// Expects that each of these requests for one run is forbidden and fails its run.
#[track_caller]
fn each_fails(call: &mut Script, requests: Vec<Request>, run_ids: &[u64]) {
    assert_eq!(requests.len(), run_ids.len());
    for (request, &id) in requests.into_iter().zip(run_ids) {
        call.fails(request, refused(403), &[id]);
    }
}

#[test]
fn a_401_or_402_stops_the_call_at_once() {
    for status in [401, 402] {
        let mut call = Script::list(WIDE, 20);
        let mut requests = call.sends();
        call.at(50.0).succeeds(requests.remove(0));
        call.stops(requests.remove(0), refused(status));
        call.has(20, 5, 0);

        let mut call = Script::list(WIDE, 5);
        let request = call.send();
        call.at(50.0).is_taken_apart(request, answered(&[1, 2, 3]));
        let mut requests = call.sends();
        call.stops(requests.remove(0), refused(status));

        let mut call = Script::list(WIDE, 1);
        let request = call.send();
        call.stops(request, refused(status));
    }
}

#[test]
fn a_403_for_a_batch_and_each_of_its_runs_stops_the_call_if_nothing_succeeded() {
    for count in [2, 3, 5] {
        let (mut call, mut requests) = forbidden_batch_of(count);
        let last = requests.remove(0);
        each_fails(&mut call, requests, &[2, 3, 4, 5][..count as usize - 1]);
        call.stops(last, refused(403));
        // The run of the last request stays pending.
        call.has(count as usize, 0, count as usize - 1);
    }
}

#[test]
fn a_retry_of_one_of_the_runs_makes_no_difference() {
    let (mut call, mut requests) = forbidden_batch_of(3);
    call.again(requests.remove(0), refused(500), 250.0);
    each_fails(&mut call, requests, &[2, 3]);
    let again = call.send_after(250.0);
    call.stops(again, refused(403));
}

#[test]
fn a_403_for_the_only_run_stops_the_call() {
    let mut call = Script::list(WIDE, 1);
    let request = call.send();
    call.stops(request, refused(403));

    let mut call = Script::list(WIDE, 1);
    let request = call.send();
    call.again(request, Outcome::Lost, 375.0);
    let again = call.send_after(375.0);
    call.stops(again, refused(403));
}

#[test]
fn forbidden_runs_fail_alone_if_one_run_of_their_batch_succeeds() {
    let (mut call, mut requests) = forbidden_batch_of(4);
    call.succeeds(requests.remove(1));
    each_fails(&mut call, requests, &[1, 3, 4]);
    call.is_done();
    call.has(4, 1, 3);
}

#[test]
fn forbidden_runs_fail_alone_if_one_run_of_their_batch_fails_otherwise() {
    for outcome in [refused(404), answered(&[]), refused(501)] {
        let (mut call, others, mut alone) = forbidden(WIDE, 8);
        call.fails(alone.remove(0), outcome, &[1]);
        each_fails(&mut call, alone, &[2, 3, 4]);
        call.finishes(others);
        call.has(8, 4, 4);
    }
}

#[test]
fn forbidden_runs_fail_alone_if_one_run_of_their_batch_gets_no_answer() {
    for outcome in [Outcome::Lost, Outcome::TimedOut] {
        let (mut call, _, mut alone) = forbidden(Limits { max_retries: 0, ..WIDE }, 4);
        call.fails(alone.remove(1), outcome, &[2]);
        each_fails(&mut call, alone, &[1, 3, 4]);
        call.is_done();
        call.has(4, 0, 4);
    }
}

#[test]
fn forbidden_runs_fail_alone_if_one_run_of_their_batch_is_lost_in_an_outage() {
    let (mut call, mut others, mut alone) = forbidden(WIDE, 8);
    call.again(others.remove(0), Outcome::Lost, 375.0);
    call.again(alone.remove(0), Outcome::Lost, 375.0);
    let probe = call.send_after(375.0);
    call.again(probe, Outcome::Lost, 750.0);
    let probe = call.send_after(750.0);
    call.fails(probe, Outcome::Lost, &[5, 6, 7, 8, 1]);
    each_fails(&mut call, alone, &[2, 3, 4]);
    call.is_done();
    call.has(8, 0, 8);
}

#[test]
fn forbidden_runs_fail_alone_if_another_batch_has_succeeded() {
    let (mut call, mut others, alone) = forbidden(WIDE, 8);
    assert_asks(&alone, &[&[1], &[2], &[3], &[4]]);
    // Before the outcome of the last of them is known.
    call.succeeds(others.remove(0));
    each_fails(&mut call, alone, &[1, 2, 3, 4]);
    call.is_done();
    call.has(8, 4, 4);
}

#[test]
fn runs_that_an_answer_lacks_and_that_are_forbidden_alone_do_not_stop_the_call() {
    let mut call = Script::list(WIDE, 6);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), answered(&[]));
    let alone = call.sends();
    each_fails(&mut call, alone, &[1, 2, 3]);
    call.finishes(requests);
    call.has(6, 3, 3);
}

#[test]
fn the_runs_of_two_forbidden_batches_are_counted_apart() {
    let mut call = Script::list(WIDE, 6);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(403));
    call.is_taken_apart(requests.remove(0), refused(403));
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1], &[2], &[3], &[4], &[5], &[6]]);
    call.after(50.0).fails(requests.remove(0), refused(403), &[1]);
    call.fails(requests.remove(0), refused(403), &[2]);
    call.fails(requests.remove(1), refused(403), &[4]);
    call.fails(requests.remove(1), refused(403), &[5]);
    call.stops(requests.remove(0), refused(403));
}
