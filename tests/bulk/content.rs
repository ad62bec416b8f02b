//! Requests that are refused for their content, and answers that lack something: only the runs at fault fail.

use translation_results::bulk::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, naming, refused, told_to_wait};

/// A call for one batch, whose request is on its way.
#[track_caller]
fn batch_of(count: u32) -> (Script, Request) {
    let mut call = Script::list(LIMITS, count);
    let request = call.send();
    call.at(50.0);
    (call, request)
}

/// A batch of five meets this: what is asked for next.
#[track_caller]
fn assert_next(outcome: Outcome, numbers: &[&[u32]]) {
    let mut call = Script::list(Limits { concurrency: 8, ..LIMITS }, 5);
    let request = call.send();
    call.at(50.0).is_taken_apart(request, outcome);
    call.has(5, 5 - numbers.concat().len(), 0);
    let requests = call.sends();
    assert_asks(&requests, numbers);
    assert!(requests.iter().all(|request| request.attempts == 1), "they are new requests");
    call.has_sent(1 + numbers.len(), 0);
    call.finishes(requests);
    call.has(5, 5, 0);
}

const ALL_ALONE: [&[u32]; 5] = [&[1], &[2], &[3], &[4], &[5]];

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
fn what_an_answer_lacks_is_asked_for_alone() {
    assert_next(answered(&[1, 2, 4, 5]), &[&[3]]);
    assert_next(answered(&[3]), &[&[1], &[2], &[4], &[5]]);
    // One that is no answer at all.
    assert_next(answered(&[]), &ALL_ALONE);
}

#[test]
fn what_is_missing_alone_too_fails() {
    let (mut call, request) = batch_of(3);
    call.is_taken_apart(request, answered(&[1, 3]));
    let alone = call.sends().remove(0);
    call.after(50.0).fails(alone, answered(&[]), &[2]);
    call.is_done();
    call.has(3, 2, 1);
}

#[test]
fn runs_that_a_422_names_are_asked_for_alone_and_the_others_together() {
    assert_next(naming(&[1]), &[&[2], &[1, 3, 4, 5]]);
    assert_next(naming(&[4, 0]), &[&[1], &[5], &[2, 3, 4]]);
    assert_next(naming(&[0, 2, 4]), &[&[1], &[3], &[5], &[2, 4]]);
    assert_next(naming(&[1, 1]), &[&[2], &[1, 3, 4, 5]]);
    // One that is left is alone anyhow.
    assert_next(naming(&[0, 1, 2, 3]), &ALL_ALONE);
    assert_next(naming(&[0, 1, 2, 3, 4]), &ALL_ALONE);
}

#[test]
fn a_422_that_names_what_is_not_there_tells_nothing() {
    assert_next(naming(&[5]), &ALL_ALONE);
    assert_next(naming(&[usize::MAX, 17]), &ALL_ALONE);
    assert_next(naming(&[9, 1]), &[&[2], &[1, 3, 4, 5]]);
}

#[test]
fn those_that_went_together_may_be_taken_apart_in_turn() {
    let (mut call, request) = batch_of(5);
    call.is_taken_apart(request, naming(&[0]));
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1], &[2, 3, 4, 5]]);
    call.after(50.0).fails(requests.remove(0), naming(&[0]), &[1]);
    call.is_taken_apart(requests.remove(0), naming(&[4]));
    let requests = call.sends();
    assert_asks(&requests, &[&[5], &[2, 3, 4]]);
    call.finishes(requests);
    call.has(5, 4, 1);
}

#[test]
fn two_runs_are_asked_for_together_and_if_that_is_refused_one_by_one() {
    let (mut call, request) = batch_of(2);
    assert_asks(std::slice::from_ref(&request), &[&[1, 2]]);
    call.is_taken_apart(request, naming(&[]));
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1], &[2]]);
    call.after(50.0).succeeds(requests.remove(0));
    call.fails(requests.remove(0), refused(404), &[2]);
    call.is_done();
    call.has(2, 1, 1);
}

#[test]
fn one_run_is_not_asked_for_twice() {
    for outcome in [refused(404), naming(&[0]), answered(&[]), refused(400)] {
        let (mut call, request) = batch_of(1);
        call.fails(request, outcome, &[1]);
        call.is_done();
        call.has_sent(1, 0);
    }
}

#[test]
fn what_was_taken_apart_goes_before_what_was_never_asked_for() {
    let mut call = Script::list(LIMITS, 25);
    let mut requests = call.sends();
    call.at(50.0).is_taken_apart(requests.remove(0), refused(404));
    assert_asks(&call.sends(), &[&[1]]);
    call.after(50.0).succeeds(requests.remove(0));
    call.succeeds(requests.remove(0));
    assert_asks(&call.sends(), &[&[2], &[3]]);
}

#[test]
fn a_run_asked_for_alone_has_retries_of_its_own() {
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
fn a_refusal_for_content_does_not_wait() {
    let (mut call, request) = batch_of(5);
    call.is_taken_apart(request, told_to_wait(404, 5_000));
    assert_eq!(call.sends().len(), 3);
    assert!(call.now() <= 60.0);
}
