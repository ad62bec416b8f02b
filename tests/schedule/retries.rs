//! Transient failures, each retried with its own batch.

use translation_results::core::schedule::{Limits, Outcome};

use crate::script::{LIMITS, SOON, Script, assert_asks, assert_asks_for, ids, refused, told_to_wait};

fn transient() -> Vec<Outcome> {
    let refusals = [408, 500, 502, 504, 520, 521, 524, 529].map(refused);
    refusals.into_iter().chain([Outcome::TimedOut]).collect()
}

#[test]
fn the_same_request_is_sent_again_after_growing_waits() {
    for outcome in transient() {
        let mut call = Script::list(Limits { max_retries: 6, ..LIMITS }, 5);
        let mut request = call.send();
        for (wait, attempts) in [250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 4_000.0].into_iter().zip(2..) {
            call.after(50.0).again(request, outcome.clone(), wait);
            request = call.send_after(wait);
            assert_asks_for(&request, &[1, 2, 3, 4, 5]);
            assert_eq!(request.attempts, attempts);
        }
        call.has_sent(7, 6);
        call.after(50.0).fails(request, outcome, &[1, 2, 3, 4, 5]);
        call.is_done();
        call.has(5, 0, 5);
    }
}

#[test]
fn the_wait_is_random_from_0_to_the_whole_backoff() {
    for (sample, wait) in [(0.0, 0.0), (0.25, 125.0), (0.999, 499.0)] {
        let mut call = Script::list(LIMITS, 5);
        call.sample = sample;
        let request = call.send();
        call.again(request, refused(500), wait);
    }
}

#[test]
fn other_batches_go_on_while_one_waits() {
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
fn the_retry_that_is_due_first_is_sent_first() {
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
fn the_older_of_two_retries_due_at_the_same_time_is_sent_first() {
    let mut call = Script::list(LIMITS, 15);
    let mut requests = call.sends();
    call.at(50.0);
    while let Some(request) = requests.pop() {
        call.again(request, told_to_wait(500, 300), 300.0);
    }
    assert_asks(&call.at(350.0).sends(), &[&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10], &[11, 12, 13, 14, 15]]);
}

#[test]
fn a_retry_that_is_due_is_sent_before_a_new_batch() {
    let mut call = Script::list(LIMITS, 50);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), refused(500), 250.0);
    requests.push(call.sends().remove(0));
    call.at(400.0).succeeds(requests.remove(0));
    assert_asks(&[call.after(SOON).send()], &[&[1, 2, 3, 4, 5]]);
}

#[test]
fn the_wait_that_a_failing_service_asks_for_holds_its_own_batch_only() {
    let mut call = Script::list(LIMITS, 20);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(500, 7_000), 7_000.0);
    requests.append(&mut call.sends());
    assert_eq!(ids(&requests[2]), [16, 17, 18, 19, 20]);
    for request in requests {
        call.succeeds(request);
    }
    let request = call.at(1_000.0).send_after(6_050.0);
    call.again(request, told_to_wait(500, 60_000), 60_000.0);
}

#[test]
fn a_batch_whose_wait_would_be_over_a_minute_fails_at_once() {
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
fn a_batch_without_retries_left_fails_alone() {
    for outcome in transient() {
        let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 15);
        let mut requests = call.sends();
        call.at(50.0).fails(requests.remove(0), outcome, &[1, 2, 3, 4, 5]);
        call.finishes(requests);
        call.has(15, 10, 5);
    }
}

#[test]
fn a_batch_that_keeps_failing_with_5xx_is_asked_for_run_by_run_if_another_has_succeeded() {
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
fn a_success_before_the_batch_was_first_sent_does_not_count() {
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
fn only_5xx_takes_a_batch_without_retries_left_apart() {
    for outcome in [refused(408), Outcome::TimedOut, Outcome::Lost] {
        let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 10);
        let mut requests = call.sends();
        call.at(50.0).succeeds(requests.remove(1));
        call.fails(requests.remove(0), outcome, &[1, 2, 3, 4, 5]);
        call.is_done();
    }
}

#[test]
fn attempts_that_time_out_do_not_hold_other_batches() {
    let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 25);
    let mut requests = call.sends();
    call.at(60_000.0).fails(requests.remove(0), Outcome::TimedOut, &[1, 2, 3, 4, 5]);
    call.fails(requests.remove(0), Outcome::TimedOut, &[6, 7, 8, 9, 10]);
    assert_asks(&call.sends(), &[&[16, 17, 18, 19, 20], &[21, 22, 23, 24, 25]]);
}
