//! A lost connection: one request probes, and the others wait for it.

use translation_results::core::schedule::{Limits, Outcome, Request};

use crate::script::{LIMITS, Script, answered, assert_asks, assert_asks_for, ids, refused, told_to_wait};

use Outcome::{Lost, TimedOut};

const PATIENT: Limits = Limits { max_retries: 9, ..LIMITS };

/// Starts a call for 50 runs. One of its first three requests is lost at 50 ms. Returns the other two.
#[track_caller]
fn lost_at_50(limits: Limits) -> (Script, Vec<Request>) {
    let mut call = Script::list(limits, 50);
    let mut requests = call.sends();
    call.at(50.0).again(requests.remove(0), Lost, 375.0);
    (call, requests)
}

#[test]
fn one_batch_probes_after_growing_waits_and_all_others_wait() {
    let (mut call, mut requests) = lost_at_50(PATIENT);
    call.at(60.0).again(requests.remove(0), Lost, 365.0);
    call.at(70.0).again(requests.remove(0), Lost, 355.0);
    let mut probe = call.send_after(355.0);
    for wait in [750.0, 1_500.0, 3_000.0, 6_000.0, 6_000.0] {
        assert_asks_for(&probe, &[1, 2, 3, 4, 5]);
        assert_eq!(call.wait(), f64::INFINITY, "one probe at a time");
        call.after(50.0).again(probe, Lost, wait);
        probe = call.send_after(wait);
    }
    call.after(50.0).succeeds(probe);
    assert_asks(&call.sends(), &[&[6, 7, 8, 9, 10], &[11, 12, 13, 14, 15], &[16, 17, 18, 19, 20]]);
    call.has_sent(12, 8);
}

#[test]
fn the_wait_before_a_probe_is_at_least_half_of_the_backoff() {
    for (sample, waits) in [(0.0, [250.0, 500.0, 1_000.0]), (0.999, [499.0, 999.0, 1_999.0])] {
        let mut call = Script::list(PATIENT, 5);
        call.sample = sample;
        let mut request = call.send();
        for wait in waits {
            call.after(50.0).again(request, Lost, wait);
            request = call.send_after(wait);
        }
    }
}

#[test]
fn any_answer_to_the_probe_ends_the_outage() {
    for outcome in [refused(404), refused(500), refused(501), answered(&[]), told_to_wait(500, 10)] {
        let (mut call, mut requests) = lost_at_50(PATIENT);
        call.again(requests.remove(0), Lost, 375.0);
        let probe = call.send_after(375.0);
        call.after(50.0).handle(probe, outcome.clone());
        assert_eq!(call.sends().len(), 2, "{outcome:?}: one is still in flight");
        call.succeeds(requests.remove(0));
    }
}

#[test]
fn an_answer_to_a_request_sent_before_the_outage_ends_it_too() {
    let (mut call, mut requests) = lost_at_50(PATIENT);
    call.at(60.0).succeeds(requests.remove(0));
    assert_asks(&call.sends(), &[&[16, 17, 18, 19, 20], &[21, 22, 23, 24, 25]]);
    call.at(200.0).succeeds(requests.remove(0));
    // The lost batch keeps its own wait, and the others do not wait for it.
    assert_asks(&call.sends(), &[&[26, 27, 28, 29, 30]]);
}

#[test]
fn a_probe_that_is_refused_for_pace_closes_the_gate() {
    let (mut call, mut requests) = lost_at_50(PATIENT);
    call.again(requests.remove(0), Lost, 375.0);
    call.again(requests.remove(0), Lost, 375.0);
    let probe = call.send_after(375.0);
    call.after(50.0).again(probe, told_to_wait(429, 1_000), 1_000.0);
    assert_eq!(call.wait(), 1_000.0);
    // The outage is over, so the lost batches no longer wait for the probe.
    let requests = call.at(1_425.0).sends_within(10_000.0);
    assert_eq!(requests.len(), 1, "nothing was ever accepted: one request at a time");
}

#[test]
fn all_lost_batches_fail_when_the_probes_used_up_the_retries_and_the_rest_is_tried() {
    let (mut call, mut requests) = lost_at_50(LIMITS);
    call.at(60.0).again(requests.remove(0), Lost, 365.0);
    call.at(70.0).again(requests.remove(0), Lost, 355.0);
    let probe = call.send_after(355.0);
    call.after(50.0).again(probe, Lost, 750.0);
    let probe = call.send_after(750.0);
    assert_eq!(probe.attempts, 3);
    call.after(50.0).fails(probe, Lost, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    call.has(50, 0, 15);
    let requests = call.sends();
    assert_eq!(ids(&requests[0]), [16, 17, 18, 19, 20]);
    call.finishes(requests);
    call.has(50, 35, 15);
}

#[test]
fn a_service_that_never_answers_fails_every_run_in_the_end() {
    let mut call = Script::list(LIMITS, 50);
    for _ in 0..100 {
        for request in call.sends_within(1_000.0) {
            call.after(1.0).handle(request, Lost);
        }
        if call.schedule.progress().failed == 50 {
            return call.is_done();
        }
    }
    panic!("the call does not end: {:?}", call.schedule.progress());
}

#[test]
fn without_retries_a_lost_batch_fails_at_once() {
    let mut call = Script::list(Limits { max_retries: 0, ..LIMITS }, 50);
    let mut requests = call.sends();
    call.at(50.0).fails(requests.remove(0), Lost, &[1, 2, 3, 4, 5]);
    requests.append(&mut call.sends());
    assert_eq!(ids(&requests[2]), [16, 17, 18, 19, 20]);
    call.finishes(requests);
    call.has(50, 45, 5);
}

#[test]
fn a_probe_that_times_out_is_a_failed_probe() {
    let (mut call, mut requests) = lost_at_50(LIMITS);
    let probe = call.send_after(375.0);
    call.after(500.0).again(probe, TimedOut, 750.0);
    let probe = call.send_after(750.0);
    call.after(500.0).fails(probe, TimedOut, &[1, 2, 3, 4, 5]);
    assert_asks(&call.sends(), &[&[16, 17, 18, 19, 20]]);
    call.succeeds(requests.remove(0));
}

#[test]
fn a_timeout_in_an_outage_is_not_a_lost_connection() {
    let (mut call, mut requests) = lost_at_50(LIMITS);
    call.at(60.0).again(requests.remove(0), TimedOut, 250.0);
    // Its retry is due before the probe, but waits for it.
    let probe = call.send_after(365.0);
    assert_asks_for(&probe, &[1, 2, 3, 4, 5]);
    call.again(probe, Lost, 750.0);
    let probe = call.send_after(750.0);
    // It does not fail with the lost batches.
    call.fails(probe, Lost, &[1, 2, 3, 4, 5]);
    assert_asks(&[call.send()], &[&[6, 7, 8, 9, 10]]);
}

#[test]
fn a_probe_lost_after_another_answer_begins_a_new_outage() {
    let (mut call, mut requests) = lost_at_50(LIMITS);
    call.again(requests.remove(0), Lost, 375.0);
    let probe = call.send_after(375.0);
    call.after(10.0).succeeds(requests.remove(0));
    let others = call.sends();
    assert_asks(&others, &[&[6, 7, 8, 9, 10], &[16, 17, 18, 19, 20]]);
    // It has the second of its retries left.
    call.after(10.0).again(probe, Lost, 750.0);
    assert_eq!(call.wait(), 750.0);
    call.finishes(others);
}

#[test]
fn each_outage_has_its_own_probes() {
    let mut call = Script::list(Limits { concurrency: 1, ..LIMITS }, 50);
    for batch in 0..5 {
        let request = call.sends_within(10.0).remove(0);
        call.after(50.0).again(request, Lost, 375.0);
        let probe = call.send_after(375.0);
        call.after(50.0).again(probe, Lost, 750.0);
        let probe = call.send_after(750.0);
        call.after(50.0).succeeds(probe);
        call.has(50, 5 * (batch + 1), 0);
    }
}

#[test]
fn a_batch_lost_in_one_outage_does_not_fail_with_the_next() {
    let (mut call, mut requests) = lost_at_50(Limits { max_retries: 1, ..LIMITS });
    call.at(60.0).succeeds(requests.remove(0));
    call.at(80.0).again(requests.remove(0), Lost, 375.0);
    let probe = call.send_after(375.0);
    assert_asks_for(&probe, &[11, 12, 13, 14, 15]);
    call.fails(probe, Lost, &[11, 12, 13, 14, 15]);
    assert_asks(&[call.send()], &[&[1, 2, 3, 4, 5]]);
}

#[test]
fn a_probe_of_an_earlier_outage_does_not_probe_in_the_next() {
    let (mut call, mut requests) = lost_at_50(PATIENT);
    let old_probe = call.send_after(375.0);
    call.after(5.0).succeeds(requests.remove(0));
    let others = call.sends();
    call.at(440.0).again(requests.remove(0), Lost, 375.0);
    let probe = call.send_after(375.0);
    call.at(900.0).handle(old_probe, Lost);
    assert_eq!(call.wait(), f64::INFINITY, "one probe at a time");
    call.at(1_000.0).succeeds(probe);
    call.finishes(others);
}
