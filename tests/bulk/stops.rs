//! What ends the whole call: no key, no money, no right to anything.

use translation_results::bulk::{Job, Limits};

use crate::script::{LIMITS, Script, answered, assert_asks, refused};

const WIDE: Limits = Limits { concurrency: 8, ..LIMITS };

/// A call for one batch that was forbidden: its runs, asked for alone.
#[track_caller]
fn forbidden_batch_of(count: u32) -> (Script, Vec<Job>) {
    let mut call = Script::list(WIDE, count);
    let mut jobs = call.sends();
    call.at(50.0).is_taken_apart(jobs.remove(0), refused(403));
    jobs = call.sends();
    assert_eq!(jobs.len(), count as usize);
    call.after(50.0);
    (call, jobs)
}

#[test]
fn a_wrong_key_or_an_empty_purse_stops_the_call_at_once() {
    for status in [401, 402] {
        let mut call = Script::list(WIDE, 20);
        let mut jobs = call.sends();
        call.at(50.0).succeeds(jobs.remove(0));
        call.stops(jobs.remove(0), refused(status));
        call.has(20, 5, 0);

        let mut call = Script::list(WIDE, 5);
        let job = call.send();
        call.at(50.0).is_taken_apart(job, answered(&[1, 2, 3]));
        let mut jobs = call.sends();
        call.stops(jobs.remove(0), refused(status));

        let mut call = Script::list(WIDE, 1);
        let job = call.send();
        call.stops(job, refused(status));
    }
}

#[test]
fn where_every_run_of_a_batch_is_forbidden_and_nothing_succeeded_the_call_stops() {
    for count in [2, 3, 5] {
        let (mut call, mut jobs) = forbidden_batch_of(count);
        let last = jobs.remove(0);
        for (job, number) in jobs.into_iter().zip(2..) {
            call.fails(job, refused(403), &[number]);
        }
        call.stops(last, refused(403));
        // The last one did not fail alone: nothing was allowed to anybody.
        call.has(count as usize, 0, count as usize - 1);
    }
}

#[test]
fn where_the_only_run_is_forbidden_the_call_stops() {
    let mut call = Script::list(WIDE, 1);
    let job = call.send();
    call.stops(job, refused(403));
}

#[test]
fn where_one_run_of_the_batch_is_allowed_the_others_fail() {
    let (mut call, mut jobs) = forbidden_batch_of(4);
    call.succeeds(jobs.remove(1));
    for (job, number) in jobs.into_iter().zip([1, 3, 4]) {
        call.fails(job, refused(403), &[number]);
    }
    call.is_done();
    call.has(4, 1, 3);
}

#[test]
fn where_one_run_of_the_batch_fails_for_something_else_the_call_goes_on() {
    for outcome in [refused(404), answered(&[]), refused(501)] {
        let mut call = Script::list(WIDE, 8);
        let mut jobs = call.sends();
        call.at(50.0).is_taken_apart(jobs.remove(0), refused(403));
        let rest = jobs;
        let mut jobs = call.sends();
        call.after(50.0).fails(jobs.remove(0), outcome, &[1]);
        for (job, number) in jobs.into_iter().zip([2, 3, 4]) {
            call.fails(job, refused(403), &[number]);
        }
        call.finishes(rest);
        call.has(8, 4, 4);
    }
}

#[test]
fn where_something_has_succeeded_the_forbidden_ones_fail() {
    let mut call = Script::list(WIDE, 8);
    let mut jobs = call.sends();
    call.at(50.0).is_taken_apart(jobs.remove(0), refused(403));
    let alone = call.sends();
    assert_asks(&alone, &[&[1], &[2], &[3], &[4]]);
    // Before the last of them is known.
    call.after(50.0).succeeds(jobs.remove(0));
    for (job, number) in alone.into_iter().zip(1..) {
        call.fails(job, refused(403), &[number]);
    }
    call.is_done();
    call.has(8, 4, 4);
}

#[test]
fn a_run_that_was_missing_and_is_forbidden_alone_does_not_stop_the_call() {
    let mut call = Script::list(WIDE, 6);
    let mut jobs = call.sends();
    call.at(50.0).is_taken_apart(jobs.remove(0), answered(&[]));
    for (job, number) in call.sends().into_iter().zip(1..) {
        call.fails(job, refused(403), &[number]);
    }
    call.finishes(jobs);
    call.has(6, 3, 3);
}

#[test]
fn two_forbidden_batches_are_counted_apart() {
    let mut call = Script::list(WIDE, 6);
    let mut jobs = call.sends();
    call.at(50.0).is_taken_apart(jobs.remove(0), refused(403));
    call.is_taken_apart(jobs.remove(0), refused(403));
    let mut jobs = call.sends();
    assert_asks(&jobs, &[&[1], &[2], &[3], &[4], &[5], &[6]]);
    call.after(50.0).fails(jobs.remove(0), refused(403), &[1]);
    call.fails(jobs.remove(0), refused(403), &[2]);
    call.fails(jobs.remove(1), refused(403), &[4]);
    call.fails(jobs.remove(1), refused(403), &[5]);
    call.stops(jobs.remove(0), refused(403));
}
