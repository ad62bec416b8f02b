//! What ends the whole call: no key, no money, no right to anything.

use translation_results::bulk::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, refused};

const WIDE: Limits = Limits { concurrency: 8, ..LIMITS };

/// A call for so many runs, whose first batch was forbidden: the requests for the other batches, and for each of its runs.
#[track_caller]
fn forbidden(limits: Limits, count: u32) -> (Script, Vec<Request>, Vec<Request>) {
    let mut call = Script::list(limits, count);
    let mut others = call.sends();
    call.at(50.0).is_taken_apart(others.remove(0), refused(403));
    let alone = call.sends();
    call.after(50.0);
    (call, others, alone)
}

/// A call for one batch that was forbidden: the requests for each of its runs.
#[track_caller]
fn forbidden_batch_of(count: u32) -> (Script, Vec<Request>) {
    let (call, _, alone) = forbidden(WIDE, count);
    assert_eq!(alone.len(), count as usize);
    (call, alone)
}

/// Each of these requests for one run is forbidden, and that run fails.
#[track_caller]
fn each_fails(call: &mut Script, requests: Vec<Request>, numbers: &[u32]) {
    assert_eq!(requests.len(), numbers.len());
    for (request, &number) in requests.into_iter().zip(numbers) {
        call.fails(request, refused(403), &[number]);
    }
}

#[test]
fn a_wrong_key_or_an_empty_purse_stops_the_call_at_once() {
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
fn where_every_run_of_a_batch_is_forbidden_and_nothing_succeeded_the_call_stops() {
    for count in [2, 3, 5] {
        let (mut call, mut requests) = forbidden_batch_of(count);
        let last = requests.remove(0);
        each_fails(&mut call, requests, &[2, 3, 4, 5][..count as usize - 1]);
        call.stops(last, refused(403));
        // The last one did not fail alone: nothing was allowed to anybody.
        call.has(count as usize, 0, count as usize - 1);
    }
}

#[test]
fn a_batch_is_forbidden_too_where_one_of_its_runs_was_tried_again_before() {
    let (mut call, mut requests) = forbidden_batch_of(3);
    call.again(requests.remove(0), refused(500), 250.0);
    each_fails(&mut call, requests, &[2, 3]);
    let again = call.send_after(250.0);
    call.stops(again, refused(403));
}

#[test]
fn where_the_only_run_is_forbidden_the_call_stops() {
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
fn where_one_run_of_the_batch_is_allowed_the_others_fail() {
    let (mut call, mut requests) = forbidden_batch_of(4);
    call.succeeds(requests.remove(1));
    each_fails(&mut call, requests, &[1, 3, 4]);
    call.is_done();
    call.has(4, 1, 3);
}

#[test]
fn where_one_run_of_the_batch_fails_for_something_else_the_call_goes_on() {
    for outcome in [refused(404), answered(&[]), refused(501)] {
        let (mut call, others, mut alone) = forbidden(WIDE, 8);
        call.fails(alone.remove(0), outcome, &[1]);
        each_fails(&mut call, alone, &[2, 3, 4]);
        call.finishes(others);
        call.has(8, 4, 4);
    }
}

#[test]
fn where_one_run_of_the_batch_cannot_be_had_the_others_fail() {
    for outcome in [Outcome::Lost, Outcome::TimedOut] {
        let (mut call, _, mut alone) = forbidden(Limits { max_retries: 0, ..WIDE }, 4);
        call.fails(alone.remove(1), outcome, &[2]);
        each_fails(&mut call, alone, &[1, 3, 4]);
        call.is_done();
        call.has(4, 0, 4);
    }
}

#[test]
fn where_one_run_of_the_batch_is_lost_along_with_another_batch_the_others_fail() {
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
fn where_something_has_succeeded_the_forbidden_ones_fail() {
    let (mut call, mut others, alone) = forbidden(WIDE, 8);
    assert_asks(&alone, &[&[1], &[2], &[3], &[4]]);
    // Before the last of them is known.
    call.succeeds(others.remove(0));
    each_fails(&mut call, alone, &[1, 2, 3, 4]);
    call.is_done();
    call.has(8, 4, 4);
}

#[test]
fn a_run_that_was_missing_and_is_forbidden_alone_does_not_stop_the_call() {
    let mut call = Script::list(WIDE, 6);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), answered(&[]));
    let alone = call.sends();
    each_fails(&mut call, alone, &[1, 2, 3]);
    call.finishes(requests);
    call.has(6, 3, 3);
}

#[test]
fn two_forbidden_batches_are_counted_apart() {
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
