//! Calls whose run ids come from a source, as the call asks for them.

use std::collections::HashSet;

use translation_results::core::invalid_run_ids::RunIdProblem;
use translation_results::core::schedule::{Limits, SILENCE_MS, Step};

use crate::script::{LIMITS, SOON, Script, assert_asks, assert_asks_for, ids, refused, told_to_wait};

fn from_to(from: u32, to: u32) -> Vec<f64> {
    (from..=to).map(f64::from).collect()
}

/// Starts a call whose source has given the runs 1 to `count`.
#[track_caller]
fn given(limits: Limits, count: u32) -> Script {
    let mut call = Script::stream(limits);
    call.reads(5 * limits.concurrency as usize);
    call.gives(&from_to(1, count));
    call
}

#[test]
fn no_more_is_read_than_can_be_in_flight() {
    let mut call = given(LIMITS, 15);
    let mut requests = call.sends();
    assert_asks(&requests, &[&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10], &[11, 12, 13, 14, 15]]);
    call.at(50.0).succeeds(requests.remove(0));
    call.undelivered = 5;
    assert_eq!(call.wait(), f64::INFINITY, "the consumer has to take something first");
    call.undelivered = 3;
    call.reads(2);
    call.gives(&[16.0, 17.0]);
    assert_eq!(call.wait(), f64::INFINITY, "fewer than three can wait for others");
    call.undelivered = 2;
    call.reads(1);
    call.gives(&[18.0]);
    assert_asks(&call.sends(), &[&[16, 17, 18]]);
}

#[test]
fn failed_runs_that_the_consumer_has_not_taken_count_as_read_ahead() {
    let mut call = given(LIMITS, 15);
    let mut requests = call.sends();
    call.at(50.0).fails(requests.remove(0), refused(501), &[1, 2, 3, 4, 5]);
    call.undelivered = 5;
    assert_eq!(call.wait(), f64::INFINITY);
    call.undelivered = 0;
    call.reads(5);
}

#[test]
fn the_source_is_asked_again_only_once_it_has_answered() {
    let mut call = Script::stream(LIMITS);
    call.reads(15);
    assert_eq!(call.wait(), f64::INFINITY);
    assert_eq!(call.after(1_000.0).wait(), f64::INFINITY);
    call.gives(&[1.0]);
    call.reads(14);
}

#[test]
fn while_more_may_come_batches_have_five_runs_and_enough_stay_for_the_last_two() {
    let mut call = given(LIMITS, 7);
    call.reads(8);
    assert_eq!(call.wait(), SILENCE_MS);
    call.gives(&[8.0]);
    call.reads(7);
    assert_asks(&call.sends(), &[&[1, 2, 3, 4, 5]]);
    call.gives(&[9.0, 10.0, 11.0]);
    call.reads(4);
    call.schedule.end();
    assert_asks(&call.sends(), &[&[6, 7, 8], &[9, 10, 11]]);
}

#[test]
fn fewer_than_three_runs_are_sent_after_a_silence_of_20_ms() {
    assert_eq!(SILENCE_MS, 20.0);
    for count in [1, 2] {
        let mut call = given(LIMITS, count);
        call.at(5.0).reads(15 - count as usize);
        assert_eq!(call.at(24.9).sends_within(0.05).len(), 0);
        assert_asks(&[call.at(25.0).send()], &[&[1, 2][..count as usize]]);
    }
}

#[test]
fn a_new_run_ends_the_silence() {
    let mut call = given(LIMITS, 1);
    call.reads(14);
    call.at(19.0).gives(&[2.0]);
    call.reads(13);
    assert_eq!(call.at(20.0).wait(), 19.0);
    assert_asks(&[call.at(39.0).send()], &[&[1, 2]]);
}

#[test]
fn a_source_that_only_repeats_is_silent() {
    for count in [1, 3, 7] {
        let mut call = given(LIMITS, count);
        call.reads(15 - count as usize);
        call.at(19.0).gives(&[1.0]);
        call.reads(15 - count as usize);
        assert_eq!(call.wait(), 1.0, "{count} runs");
        let asked: usize = call.at(20.0).sends().iter().map(|request| request.run_ids.len()).sum();
        assert_eq!(asked, count as usize, "every run is asked for");
    }
}

#[test]
fn fewer_than_three_runs_are_sent_at_the_end() {
    for count in [1, 2] {
        let mut call = given(LIMITS, count);
        call.reads(15 - count as usize);
        call.schedule.end();
        assert_asks(&[call.send()], &[&[1, 2][..count as usize]]);
    }
}

#[test]
fn an_empty_source_ends_the_call() {
    let mut call = given(LIMITS, 0);
    assert!(!call.schedule.has_read_all());
    call.schedule.end();
    assert!(call.schedule.has_read_all());
    call.is_done();
    call.has(0, 0, 0);
    assert_eq!(call.schedule.problem(), None);
}

#[test]
fn a_call_is_done_when_its_source_has_ended_and_the_last_answer_is_there() {
    let mut call = given(LIMITS, 5);
    call.reads(10);
    let request = call.send_after(20.0);
    call.succeeds(request);
    assert_eq!(call.wait(), f64::INFINITY, "more may come");
    call.schedule.end();
    call.is_done();
    let mut call = given(LIMITS, 5);
    call.reads(10);
    call.schedule.end();
    let request = call.send();
    assert_eq!(call.wait(), f64::INFINITY, "an answer will come");
    call.succeeds(request);
    call.is_done();
}

#[test]
fn a_repeat_is_not_asked_for_again() {
    let mut call = given(LIMITS, 3);
    call.reads(12);
    let is_new = [3.0, 4.0, 4.0, 1.0, 4.0].map(|number| call.schedule.add(number));
    assert_eq!(is_new, [false, true, false, false, false]);
    call.has(4, 0, 0);
    call.reads(11);
    let request = call.send_after(SILENCE_MS);
    assert_asks_for(&request, &[1, 2, 3, 4]);
    call.succeeds(request);
    call.gives(&[2.0, 4.0]);
    call.has(4, 4, 0);
    call.reads(15);
    call.schedule.end();
    call.is_done();
}

#[track_caller]
fn assert_problem(value: f64, problem: RunIdProblem) {
    let mut call = given(LIMITS, 3);
    call.reads(12);
    // Repeats count for the index.
    let is_new = [3.0, 4.0, 4.0, value, 5.0, -1.0].map(|number| call.schedule.add(number));
    assert_eq!(is_new, [false, true, false, false, false, false], "nothing is taken after the problem");
    assert_eq!(call.schedule.problem(), Some(problem.into()));
    call.has(4, 0, 0);
    let request = call.send();
    assert_asks_for(&request, &[1, 2, 3, 4]);
    call.succeeds(request);
    call.is_done();
}

#[test]
fn a_value_that_is_not_a_run_id_ends_the_source() {
    assert_problem(2.5, RunIdProblem::NotAnInteger { index: 6 });
    assert_problem(f64::NAN, RunIdProblem::NotAnInteger { index: 6 });
    assert_problem(0.0, RunIdProblem::NotPositive { index: 6 });
    assert_problem(-7.0, RunIdProblem::NotPositive { index: 6 });
    assert_problem(9_007_199_254_740_992.0, RunIdProblem::TooLarge { index: 6 });
}

#[test]
fn the_first_value_may_be_the_one_that_is_not_a_run_id() {
    let mut call = Script::stream(LIMITS);
    call.reads(15);
    call.gives(&[0.5]);
    let problem = RunIdProblem::NotAnInteger { index: 0 };
    assert_eq!(call.schedule.problem(), Some(problem.into()));
    call.is_done();
}

#[test]
fn each_of_a_hundred_thousand_runs_is_asked_for_once() {
    let mut source: Vec<u32> = (1..=100_000).collect();
    source.extend_from_within(..33_333);
    fastrand::Rng::with_seed(2_026).shuffle(&mut source);

    let mut call = Script::stream(Limits { concurrency: 64, ..LIMITS });
    let mut asked = HashSet::new();
    let (mut values, mut ended) = (source.into_iter(), false);
    loop {
        match call.step() {
            Step::Read(most) => {
                assert!(!ended, "read past the end");
                ended = values.len() == 0;
                if ended {
                    call.schedule.end();
                }
                for number in values.by_ref().take(most) {
                    call.schedule.add(number.into());
                }
            }
            Step::Send(request) => {
                assert!(ids(&request).into_iter().all(|id| asked.insert(id)), "asked for twice");
                call.succeeds(request);
            }
            Step::Wait(until) => {
                assert!(until.is_finite(), "waits for nothing");
                call.after(SOON);
            }
            step => break assert_eq!(step, Step::Done),
        }
    }
    assert!(asked == (1..=100_000).collect(), "not every run was asked for");
    call.has(100_000, 100_000, 0);
}

#[test]
fn a_retry_that_is_due_is_sent_before_the_last_runs_of_a_silent_source() {
    let mut call = given(Limits { concurrency: 2, ..LIMITS }, 10);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(500, 100), 100.0);
    call.at(60.0).succeeds(requests.remove(0));
    call.reads(5);
    call.gives(&[11.0, 12.0]);
    call.reads(3);
    assert_eq!(call.wait(), SILENCE_MS);
    assert_asks(&call.at(150.0).sends(), &[&[1, 2, 3, 4, 5], &[11, 12]]);
}
