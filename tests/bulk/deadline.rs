//! The time for the whole call.

use translation_results::bulk::{Limits, Outcome, Step};

use crate::script::{LIMITS, Script, numbers_of, refused, told_to_wait};

const WITHIN_600: Limits = Limits { deadline_ms: 600.0, ..LIMITS };

/// The call gives up these runs, each with so many attempts made.
#[track_caller]
fn assert_expires(call: &mut Script, mut given_up: Vec<(u32, u32)>) {
    assert_eq!(call.step(), Step::Expire);
    call.expire();
    let requests = call.take_failed();
    let mut runs = Vec::new();
    for (request, numbers) in requests.iter().zip(numbers_of(&requests)) {
        runs.extend(numbers.into_iter().map(|number| (number, request.attempts)));
    }
    runs.sort_unstable();
    given_up.sort_unstable();
    assert_eq!(runs, given_up);
    let progress = call.bulk.progress();
    assert_eq!(progress.succeeded + progress.failed, progress.total);
    // Nothing is left for a second time.
    call.expire();
    assert_eq!(call.failed().concat(), []);
}

#[test]
fn it_is_counted_from_the_start() {
    assert_eq!(Script::list(WITHIN_600, 30).deadline(), 600.0);
    assert_eq!(Script::list(LIMITS, 30).deadline(), f64::INFINITY);
}

#[test]
fn every_run_that_is_not_settled_is_given_up_once() {
    let mut call = Script::list(WITHIN_600, 30);
    let mut requests = call.sends();
    call.at(50.0).succeeds(requests.remove(0));
    call.at(60.0).fails(requests.remove(0), refused(501), &[6, 7, 8, 9, 10]);
    call.again(requests.remove(0), told_to_wait(500, 5_000), 5_000.0);
    requests.append(&mut call.sends());
    call.at(100.0).is_taken_apart(requests.remove(0), refused(404));
    requests.append(&mut call.sends());
    assert_eq!(numbers_of(&requests).len(), 3);
    assert_eq!(call.wait(), 500.0 - (call.now() - 100.0), "the end comes first");

    let sent = numbers_of(&requests).concat().into_iter().map(|number| (number, 1));
    let sent: Vec<_> = sent.chain((11..=15).map(|number| (number, 1))).collect();
    let all_others = (16..=30).filter(|number| sent.iter().all(|(other, _)| other != number));
    let given_up = sent.iter().copied().chain(all_others.map(|number| (number, 0))).collect();
    assert_expires(call.at(600.0), given_up);
    call.has(30, 5, 25);
}

#[test]
fn the_end_is_neither_early_nor_missed() {
    let mut call = Script::list(WITHIN_600, 5);
    call.send();
    assert_eq!(call.at(599.5).wait(), 0.5);
    assert_expires(call.at(600.0), (1..=5).map(|number| (number, 1)).collect());

    let mut call = Script::list(WITHIN_600, 3);
    assert_expires(call.at(9_999.0), vec![(1, 0), (2, 0), (3, 0)]);
}

#[test]
fn nothing_is_sent_at_the_end_or_after() {
    for end in [600.0, 600.5, 10_000.0] {
        let mut call = Script::list(WITHIN_600, 5);
        let request = call.send();
        call.at(500.0).again(request, told_to_wait(500, 100), 100.0);
        assert_eq!(call.wait(), 100.0);
        assert_expires(call.at(end), (1..=5).map(|number| (number, 1)).collect());
    }
}

#[test]
fn a_wait_past_the_end_is_waited_until_then_as_others_may_come() {
    for outcome in [told_to_wait(429, 5_000), told_to_wait(500, 5_000)] {
        let mut call = Script::list(WITHIN_600, 10);
        let mut requests = call.sends();
        call.at(100.0).again(requests.remove(0), outcome, 5_000.0);
        assert_eq!(call.wait(), 500.0);
        call.at(200.0).succeeds(requests.remove(0));
        assert_eq!(call.wait(), 400.0);
        assert_expires(call.at(600.0), (1..=5).map(|number| (number, 1)).collect());
    }
}

#[test]
fn an_outage_ends_with_the_call() {
    let mut call = Script::list(WITHIN_600, 8);
    let mut requests = call.sends();
    call.at(400.0).again(requests.remove(0), Outcome::Lost, 375.0);
    assert_eq!(call.wait(), 200.0);
    assert_expires(call.at(600.0), (1..=8).map(|number| (number, 1)).collect());
}

#[test]
fn what_a_source_has_not_given_is_nobodys_failure() {
    let mut call = Script::stream(WITHIN_600);
    call.reads(15);
    call.gives(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    call.reads(6);
    call.send();
    let given_up = (1..=9).map(|number| (number, u32::from(number <= 5))).collect();
    assert_expires(call.at(600.0), given_up);
    call.has(9, 0, 9);
}

#[test]
fn what_comes_with_the_end_counts() {
    for whole in [false, true] {
        let mut call = if whole { Script::whole(WITHIN_600, 5) } else { Script::list(WITHIN_600, 5) };
        let request = call.send();
        call.at(599.9).succeeds(request);
        call.at(600.0).is_done();
        call.has(5, 5, 0);
    }
}
