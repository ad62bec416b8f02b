//! What ends the whole call: no key, no money, no right to anything.

use translation_results::bulk::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, refused};

const WIDE: Limits = Limits { concurrency: 8, ..LIMITS };

/// A call for one batch that was forbidden: its runs, asked for alone.
#[track_caller]
fn forbidden_batch_of(count: u32) -> (Script, Vec<Request>) {
    let mut call = Script::list(WIDE, count);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(403));
    requests = call.sends();
    assert_eq!(requests.len(), count as usize);
    call.after(50.0);
    (call, requests)
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
        for (request, number) in requests.into_iter().zip(2..) {
            call.fails(request, refused(403), &[number]);
        }
        call.stops(last, refused(403));
        // The last one did not fail alone: nothing was allowed to anybody.
        call.has(count as usize, 0, count as usize - 1);
    }
}

#[test]
fn a_batch_is_forbidden_too_where_one_of_its_runs_was_tried_again_before() {
    let (mut call, mut requests) = forbidden_batch_of(3);
    call.again(requests.remove(0), refused(500), 250.0);
    call.fails(requests.remove(0), refused(403), &[2]);
    call.fails(requests.remove(0), refused(403), &[3]);
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
    for (request, number) in requests.into_iter().zip([1, 3, 4]) {
        call.fails(request, refused(403), &[number]);
    }
    call.is_done();
    call.has(4, 1, 3);
}

#[test]
fn where_one_run_of_the_batch_fails_for_something_else_the_call_goes_on() {
    for outcome in [refused(404), answered(&[]), refused(501)] {
        let mut call = Script::list(WIDE, 8);
        let mut requests = call.sends();
        call.at(50.0).is_taken_apart(requests.remove(0), refused(403));
        let rest = requests;
        let mut requests = call.sends();
        call.after(50.0).fails(requests.remove(0), outcome, &[1]);
        for (request, number) in requests.into_iter().zip([2, 3, 4]) {
            call.fails(request, refused(403), &[number]);
        }
        call.finishes(rest);
        call.has(8, 4, 4);
    }
}

#[test]
fn where_one_run_of_the_batch_cannot_be_had_the_others_fail() {
    for outcome in [Outcome::Lost, Outcome::TimedOut] {
        let mut call = Script::list(Limits { max_retries: 0, ..WIDE }, 4);
        let request = call.send();
        call.at(50.0).is_taken_apart(request, refused(403));
        let mut requests = call.sends();
        call.after(50.0).fails(requests.remove(1), outcome, &[2]);
        for (request, number) in requests.into_iter().zip([1, 3, 4]) {
            call.fails(request, refused(403), &[number]);
        }
        call.is_done();
        call.has(4, 0, 4);
    }
}

#[test]
fn where_one_run_of_the_batch_is_lost_along_with_another_batch_the_others_fail() {
    let mut call = Script::list(WIDE, 8);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(403));
    let mut alone = call.sends();
    call.after(50.0).again(requests.remove(0), Outcome::Lost, 375.0);
    call.again(alone.remove(0), Outcome::Lost, 375.0);
    let probe = call.send_after(375.0);
    call.again(probe, Outcome::Lost, 750.0);
    let probe = call.send_after(750.0);
    call.fails(probe, Outcome::Lost, &[5, 6, 7, 8, 1]);
    for (request, number) in alone.into_iter().zip([2, 3, 4]) {
        call.fails(request, refused(403), &[number]);
    }
    call.is_done();
    call.has(8, 0, 8);
}

#[test]
fn where_something_has_succeeded_the_forbidden_ones_fail() {
    let mut call = Script::list(WIDE, 8);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(403));
    let alone = call.sends();
    assert_asks(&alone, &[&[1], &[2], &[3], &[4]]);
    // Before the last of them is known.
    call.after(50.0).succeeds(requests.remove(0));
    for (request, number) in alone.into_iter().zip(1..) {
        call.fails(request, refused(403), &[number]);
    }
    call.is_done();
    call.has(8, 4, 4);
}

#[test]
fn a_run_that_was_missing_and_is_forbidden_alone_does_not_stop_the_call() {
    let mut call = Script::list(WIDE, 6);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), answered(&[]));
    for (request, number) in call.sends().into_iter().zip(1..) {
        call.fails(request, refused(403), &[number]);
    }
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
