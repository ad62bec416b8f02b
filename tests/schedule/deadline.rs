//! The time for the whole call.

use translation_results::core::schedule::{Limits, Outcome, Step, Verdict};

use crate::script::{LIMITS, Script, answered, ids, ids_of, refused, told_to_wait};

const WITHIN_600: Limits = Limits { deadline_ms: 600.0, ..LIMITS };

/// Expects that the call gives up these runs, each after this many attempts.
#[track_caller]
fn assert_expires(call: &mut Script, mut given_up: Vec<(u64, u32)>) {
    assert_eq!(call.step(), Step::Expire);
    let requests = call.expire();
    let run_ids = requests.iter().flat_map(|request| ids(request).into_iter().map(|id| (id, request.attempts)));
    let mut run_ids: Vec<_> = run_ids.collect();
    run_ids.sort_unstable();
    given_up.sort_unstable();
    assert_eq!(run_ids, given_up);
    let progress = call.schedule.progress();
    assert_eq!(progress.succeeded + progress.failed, progress.total);
    assert_eq!(call.expire(), [], "no run fails a second time");
}

#[test]
fn the_deadline_counts_from_the_start_of_the_call() {
    assert_eq!(Script::list(WITHIN_600, 30).deadline(), 600.0);
    assert_eq!(Script::list(LIMITS, 30).deadline(), f64::INFINITY);
}

#[test]
fn every_run_that_is_not_settled_fails_once() {
    let mut call = Script::list(WITHIN_600, 30);
    let mut requests = call.sends();
    call.at(50.0).succeeds(requests.remove(0));
    call.at(60.0).fails(requests.remove(0), refused(501), &[6, 7, 8, 9, 10]);
    call.again(requests.remove(0), told_to_wait(500, 5_000), 5_000.0);
    requests.append(&mut call.sends());
    call.at(100.0).is_taken_apart(requests.remove(0), refused(404));
    requests.append(&mut call.sends());
    assert_eq!(requests.len(), 3);
    assert_eq!(call.wait(), 500.0 - (call.now() - 100.0), "the deadline comes before the retry");

    let sent = ids_of(&requests).concat().into_iter().map(|id| (id, 1));
    let sent: Vec<_> = sent.chain((11..=15).map(|id| (id, 1))).collect();
    let never_sent = (16..=30).filter(|id| sent.iter().all(|(other, _)| other != id));
    let given_up = sent.iter().copied().chain(never_sent.map(|id| (id, 0))).collect();
    assert_expires(call.at(600.0), given_up);
    call.has(30, 5, 25);
}

#[test]
fn the_runs_fail_in_the_order_in_which_they_were_asked_for() {
    let mut call = Script::list(WITHIN_600, 30);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), told_to_wait(500, 5_000), 5_000.0);
    let failed = call.at(600.0).expire();
    assert_eq!(ids_of(&failed).concat(), Vec::from_iter(1..=30));
    let attempts: Vec<_> = failed.iter().map(|request| request.attempts).collect();
    assert_eq!(attempts, [1, 1, 1, 0], "the runs that were never sent are in one request");
}

#[test]
fn a_call_ends_at_the_deadline_and_not_before() {
    let mut call = Script::list(WITHIN_600, 5);
    call.send();
    assert_eq!(call.at(599.5).wait(), 0.5);
    assert_expires(call.at(600.0), (1..=5).map(|id| (id, 1)).collect());

    let mut call = Script::list(WITHIN_600, 3);
    assert_expires(call.at(9_999.0), vec![(1, 0), (2, 0), (3, 0)]);
}

#[test]
fn nothing_is_sent_at_the_deadline_or_after() {
    for end in [600.0, 600.5, 10_000.0] {
        let mut call = Script::list(WITHIN_600, 5);
        let request = call.send();
        call.at(500.0).again(request, told_to_wait(500, 100), 100.0);
        assert_eq!(call.wait(), 100.0);
        assert_expires(call.at(end), (1..=5).map(|id| (id, 1)).collect());
    }
}

#[test]
fn a_wait_beyond_the_deadline_does_not_end_the_call_early() {
    for outcome in [told_to_wait(429, 5_000), told_to_wait(500, 5_000)] {
        let mut call = Script::list(WITHIN_600, 10);
        let mut requests = call.sends();
        call.at(100.0).again(requests.remove(0), outcome, 5_000.0);
        assert_eq!(call.wait(), 500.0);
        call.at(200.0).succeeds(requests.remove(0));
        assert_eq!(call.wait(), 400.0);
        assert_expires(call.at(600.0), (1..=5).map(|id| (id, 1)).collect());
    }
}

#[test]
fn an_outage_ends_with_the_call() {
    let mut call = Script::list(WITHIN_600, 8);
    let mut requests = call.sends();
    call.at(400.0).again(requests.remove(0), Outcome::Lost, 375.0);
    assert_eq!(call.wait(), 200.0);
    assert_expires(call.at(600.0), (1..=8).map(|id| (id, 1)).collect());
}

#[test]
fn runs_that_the_source_has_not_given_do_not_fail() {
    let mut call = Script::stream(WITHIN_600);
    call.reads(15);
    call.gives(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    call.reads(6);
    call.send();
    let given_up = (1..=9).map(|id| (id, u32::from(id <= 5))).collect();
    assert_expires(call.at(600.0), given_up);
    call.has(9, 0, 9);
}

#[test]
fn a_call_whose_last_answer_came_in_time_is_done_at_the_deadline() {
    for is_batch in [false, true] {
        let mut call = if is_batch { Script::batch(WITHIN_600, 5) } else { Script::list(WITHIN_600, 5) };
        let request = call.send();
        call.at(599.9).succeeds(request);
        call.at(600.0).is_done();
        call.has(5, 5, 0);
    }
}

#[test]
fn an_answer_after_the_deadline_changes_nothing() {
    for outcome in [answered(&[1, 2, 3]), refused(401), refused(500), told_to_wait(429, 60_000)] {
        let mut call = Script::list(WITHIN_600, 3);
        let request = call.send();
        call.at(600.0).expire();
        let pace = format!("{:?}", call.pace);
        assert_eq!(call.handle(request, outcome), Verdict::Settled);
        call.has(3, 0, 3);
        assert_eq!(format!("{:?}", call.pace), pace);
    }
}
