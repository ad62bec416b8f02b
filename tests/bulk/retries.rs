//! Failures that another attempt may mend, each with its own batch.

use translation_results::bulk::{Limits, Outcome};

use crate::script::{LIMITS, SOON, Script, assert_asks, numbers_of, refused, told_to_wait};

fn passing() -> [Outcome; 9] {
    let [a, b, c, d, e, f, g] = [408, 500, 502, 504, 520, 524, 529].map(refused);
    [a, b, c, d, e, f, g, refused(521), Outcome::TimedOut]
}

#[test]
fn the_same_request_goes_out_again_after_growing_waits() {
    for outcome in passing() {
        let mut call = Script::list(Limits { max_retries: 6, ..LIMITS }, 5);
        let mut request = call.send();
        for (wait, attempts) in [250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 4_000.0].into_iter().zip(2..) {
            call.after(50.0).again(request, outcome, wait);
            request = call.send_after(wait);
            assert_asks(std::slice::from_ref(&request), &[&[1, 2, 3, 4, 5]]);
            assert_eq!(request.attempts, attempts);
        }
        call.has_sent(7, 6);
        call.after(50.0).fails(request, outcome, &[1, 2, 3, 4, 5]);
        call.is_done();
        call.has(5, 0, 5);
    }
}

#[test]
fn the_wait_is_anything_up_to_its_most() {
    for (sample, wait) in [(0.0, 0.0), (0.25, 125.0), (0.999, 499.0)] {
        let mut call = Script::list(LIMITS, 5);
        call.sample = sample;
        let request = call.send();
        call.again(request, refused(500), wait);
    }
}

#[test]
fn others_go_on_while_one_waits() {
    let mut call = Script::list(LIMITS, 25);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), Outcome::TimedOut, 250.0);
    call.at(60.0);
    assert_asks(&[call.send()], &[&[16, 17, 18, 19, 20]]);
    call.succeeds(requests.remove(0));
    assert_asks(&call.sends(), &[&[21, 22, 23, 24, 25]]);
    call.succeeds(requests.remove(0));
    assert_eq!(call.wait(), 300.0 - call.now());
    assert_asks(&[call.at(300.0).send()], &[&[1, 2, 3, 4, 5]]);
}

#[test]
fn the_retry_that_is_due_first_goes_first() {
    let mut call = Script::list(LIMITS, 15);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(500, 900), 900.0);
    call.again(requests.remove(0), told_to_wait(500, 300), 300.0);
    call.again(requests.remove(0), told_to_wait(500, 600), 600.0);
    assert_asks(&[call.send_after(300.0)], &[&[6, 7, 8, 9, 10]]);
    assert_asks(&[call.send_after(300.0)], &[&[11, 12, 13, 14, 15]]);
    assert_asks(&[call.send_after(300.0)], &[&[1, 2, 3, 4, 5]]);
}

#[test]
fn a_retry_that_is_due_goes_before_what_was_never_asked_for() {
    let mut call = Script::list(LIMITS, 50);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), refused(500), 250.0);
    requests.push(call.sends().remove(0));
    call.at(400.0).succeeds(requests.remove(0));
    assert_asks(&[call.after(SOON).send()], &[&[1, 2, 3, 4, 5]]);
}

#[test]
fn a_wait_that_a_failing_service_asks_for_holds_its_batch_alone() {
    let mut call = Script::list(LIMITS, 20);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(500, 7_000), 7_000.0);
    requests.append(&mut call.sends());
    assert_eq!(numbers_of(&requests)[2], [16, 17, 18, 19, 20]);
    for request in requests {
        call.succeeds(request);
    }
    let request = call.at(1_000.0).send_after(6_050.0);
    call.again(request, told_to_wait(500, 60_000), 60_000.0);
}

#[test]
fn a_failing_service_that_asks_for_more_than_a_minute_is_not_waited_for() {
    let mut call = Script::list(LIMITS, 5);
    let request = call.send();
    call.at(50.0).fails(request, told_to_wait(500, 60_001), &[1, 2, 3, 4, 5]);
    call.is_done();
    let mut call = Script::list(LIMITS, 10);
    let mut requests = call.sends();
    call.at(50.0).succeeds(requests.remove(1));
    call.is_taken_apart(requests.remove(0), told_to_wait(500, u64::MAX));
}

#[test]
fn exhausted_retries_fail_the_runs_of_that_batch_only() {
    for outcome in passing() {
        let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 15);
        let mut requests = call.sends();
        call.at(50.0).fails(requests.remove(0), outcome, &[1, 2, 3, 4, 5]);
        call.finishes(requests);
        call.has(15, 10, 5);
    }
}

#[test]
fn a_batch_that_the_service_fails_on_is_asked_for_run_by_run_if_others_got_through_meanwhile() {
    let mut call = Script::list(Limits { max_retries: 1, ..LIMITS }, 10);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), refused(500), 250.0);
    call.succeeds(requests.remove(0));
    let request = call.send_after(250.0);
    call.is_taken_apart(request, refused(500));
    let mut alone = call.sends();
    assert_asks(&alone, &[&[1], &[2], &[3]]);
    call.after(50.0).again(alone.remove(0), refused(500), 250.0);
    for request in alone {
        call.succeeds(request);
    }
    alone = call.sends();
    assert_asks(&alone, &[&[4], &[5]]);
    for request in alone {
        call.succeeds(request);
    }
    let request = call.sends_within(250.0).remove(0);
    call.fails(request, refused(500), &[1]);
    call.is_done();
    call.has(10, 9, 1);
}

#[test]
fn what_got_through_before_a_batch_was_first_sent_does_not_count() {
    let mut call = Script::list(Limits { concurrency: 1, max_retries: 1, ..LIMITS }, 10);
    let request = call.send();
    call.at(50.0).succeeds(request);
    let request = call.sends().remove(0);
    call.after(50.0).again(request, refused(500), 250.0);
    let request = call.send_after(250.0);
    call.fails(request, refused(500), &[6, 7, 8, 9, 10]);
    call.is_done();
}

#[test]
fn what_is_no_failure_of_the_service_is_never_asked_for_run_by_run() {
    for outcome in [refused(408), Outcome::TimedOut, Outcome::Lost] {
        let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 10);
        let mut requests = call.sends();
        call.at(50.0).succeeds(requests.remove(1));
        call.fails(requests.remove(0), outcome, &[1, 2, 3, 4, 5]);
        call.is_done();
    }
}

#[test]
fn attempts_out_of_time_do_not_hold_the_others() {
    let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 25);
    let mut requests = call.sends();
    call.at(60_000.0).fails(requests.remove(0), Outcome::TimedOut, &[1, 2, 3, 4, 5]);
    call.fails(requests.remove(0), Outcome::TimedOut, &[6, 7, 8, 9, 10]);
    assert_asks(&call.sends(), &[&[16, 17, 18, 19, 20], &[21, 22, 23, 24, 25]]);
}
