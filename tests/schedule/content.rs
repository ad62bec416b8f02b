//! Requests that are refused for their content, and answers that lack runs: only the runs at fault fail.

use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, assert_asks_for, naming, refused, told_to_wait};

/// Starts a call for one batch, whose request is in flight.
#[track_caller]
fn batch_of(count: u64) -> (Script, Request) {
    let mut call = Script::list(LIMITS, count);
    let request = call.send();
    call.at(50.0);
    (call, request)
}

/// Expects these requests after a batch of five has had this outcome.
#[track_caller]
fn assert_next(outcome: Outcome, run_ids: &[&[u64]]) {
    let mut call = Script::list(Limits { concurrency: 8, ..LIMITS }, 5);
    let request = call.send();
    call.at(50.0).is_taken_apart(request, outcome);
    call.has(5, 5 - run_ids.concat().len(), 0);
    let requests = call.sends();
    assert_asks(&requests, run_ids);
    assert!(requests.iter().all(|request| request.attempts == 1), "they are new requests");
    call.has_sent(1 + run_ids.len(), 0);
    call.finishes(requests);
    call.has(5, 5, 0);
}

const ALL_ALONE: [&[u64]; 5] = [&[1], &[2], &[3], &[4], &[5]];

#[test]
fn a_batch_refused_for_its_content_is_asked_for_run_by_run() {
    for status in [400, 403, 404, 409, 410, 413, 422] {
        assert_next(refused(status), &ALL_ALONE);
    }
}

#[test]
fn one_bad_run_fails_alone() {
    for status in [400, 403, 404, 409, 410, 413, 422] {
        let (mut call, request) = batch_of(5);
        call.is_taken_apart(request, refused(status));
        let mut requests = call.sends();
        call.after(50.0).succeeds(requests.remove(0));
        call.fails(requests.remove(0), refused(status), &[2]);
        call.finishes(requests);
        call.has(5, 4, 1);
        call.has_sent(6, 0);
    }
}

#[test]
fn no_other_refusal_takes_a_batch_apart() {
    for status in [0, 301, 304, 307, 402, 405, 406, 411, 415, 418, 421, 451, 499, 501, 505, 511, 530, 599] {
        let mut call = Script::list(LIMITS, 20);
        let mut requests = call.sends();
        let request = requests.remove(0);
        call.at(50.0);
        match status {
            402 => call.stops(request, refused(status)),
            _ => {
                call.fails(request, refused(status), &[1, 2, 3, 4, 5]);
                call.finishes(requests);
                call.has(20, 15, 5);
            }
        }
    }
}

#[test]
fn runs_that_an_answer_lacks_are_asked_for_alone() {
    assert_next(answered(&[1, 2, 4, 5]), &[&[3]]);
    assert_next(answered(&[3]), &[&[1], &[2], &[4], &[5]]);
    // An answer without any of them, or one that is not readable.
    assert_next(answered(&[]), &ALL_ALONE);
}

#[test]
fn a_run_that_is_missing_alone_too_fails() {
    let (mut call, request) = batch_of(3);
    call.is_taken_apart(request, answered(&[1, 3]));
    let alone = call.sends().remove(0);
    call.after(50.0).fails(alone, answered(&[]), &[2]);
    call.is_done();
    call.has(3, 2, 1);
}

#[test]
fn runs_that_a_422_names_are_asked_for_alone_and_the_others_together() {
    assert_next(naming(&[2]), &[&[2], &[1, 3, 4, 5]]);
    assert_next(naming(&[5, 1]), &[&[1], &[5], &[2, 3, 4]]);
    assert_next(naming(&[1, 3, 5]), &[&[1], &[3], &[5], &[2, 4]]);
    assert_next(naming(&[2, 2]), &[&[2], &[1, 3, 4, 5]]);
    // A single run that is left over is asked for alone, too.
    assert_next(naming(&[1, 2, 3, 4]), &ALL_ALONE);
    assert_next(naming(&[2, 3, 4, 5]), &ALL_ALONE);
    assert_next(naming(&[1, 2, 3, 4, 5]), &ALL_ALONE);
}

#[test]
fn runs_that_a_422_names_but_that_were_not_asked_for_do_not_count() {
    assert_next(naming(&[6]), &ALL_ALONE);
    assert_next(naming(&[RunId::MAX, 18]), &ALL_ALONE);
    assert_next(naming(&[10, 2]), &[&[2], &[1, 3, 4, 5]]);
}

#[test]
fn the_unnamed_runs_may_be_taken_apart_in_turn() {
    let (mut call, request) = batch_of(5);
    call.is_taken_apart(request, naming(&[1]));
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1], &[2, 3, 4, 5]]);
    call.after(50.0).fails(requests.remove(0), naming(&[1]), &[1]);
    call.is_taken_apart(requests.remove(0), naming(&[5]));
    let requests = call.sends();
    assert_asks(&requests, &[&[5], &[2, 3, 4]]);
    call.finishes(requests);
    call.has(5, 4, 1);
}

#[test]
fn two_runs_are_asked_for_together_and_one_by_one_if_that_is_refused() {
    let (mut call, request) = batch_of(2);
    assert_asks_for(&request, &[1, 2]);
    call.is_taken_apart(request, naming(&[]));
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1], &[2]]);
    call.after(50.0).succeeds(requests.remove(0));
    call.fails(requests.remove(0), refused(404), &[2]);
    call.is_done();
    call.has(2, 1, 1);
}

#[test]
fn a_single_run_that_is_refused_is_not_asked_for_again() {
    for outcome in [refused(404), naming(&[1]), answered(&[]), refused(400)] {
        let (mut call, request) = batch_of(1);
        call.fails(request, outcome, &[1]);
        call.is_done();
        call.has_sent(1, 0);
    }
}

#[test]
fn runs_of_a_batch_taken_apart_are_sent_before_new_batches() {
    let mut call = Script::list(LIMITS, 25);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(404));
    assert_asks(&call.sends(), &[&[1]]);
    call.after(50.0).succeeds(requests.remove(0));
    call.succeeds(requests.remove(0));
    assert_asks(&call.sends(), &[&[2], &[3]]);
}

#[test]
fn a_run_asked_for_alone_has_its_own_retries() {
    let (mut call, mut request) = batch_of(5);
    for wait in [250.0, 500.0] {
        call.again(request, refused(500), wait);
        request = call.send_after(wait);
    }
    call.is_taken_apart(request, answered(&[1, 2, 4, 5]));
    let mut alone = call.sends().remove(0);
    for (attempts, wait) in [(1, 250.0), (2, 500.0)] {
        assert_eq!(alone.attempts, attempts);
        call.again(alone, refused(500), wait);
        alone = call.send_after(wait);
    }
    call.fails(alone, refused(500), &[3]);
    call.has(5, 4, 1);
    call.has_sent(6, 4);
}

#[test]
fn the_runs_of_a_refused_batch_are_asked_for_without_a_wait() {
    let (mut call, request) = batch_of(5);
    call.is_taken_apart(request, told_to_wait(404, 5_000));
    assert_eq!(call.sends().len(), 3);
    assert!(call.now() <= 60.0);
}
