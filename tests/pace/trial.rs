//! Whether refusals depend on the rate: when a trial begins, how it ends, and when nothing is paced.

use translation_results::core::pace::{Next, Pace};
use translation_results::core::trial::{Seen, Trials};

/// Accepts six requests and refuses the seventh, ten ms apart, for `rounds` rounds.
fn every_seventh(pace: &mut Pace, rounds: u32, now: &mut f64) {
    every_nth(7, (10.0, 5.0), pace, rounds, now);
}

/// Sends a request each `gap` ms, for `rounds` rounds. Refuses every `nth` after 5 ms, and accepts the others after
/// `latency` ms.
fn every_nth(nth: u32, (gap, latency): (f64, f64), pace: &mut Pace, rounds: u32, now: &mut f64) {
    for _ in 0..rounds {
        for index in 1..=nth {
            pace.sent(*now);
            if index < nth {
                pace.accepted(*now + latency, *now);
            } else {
                pace.refused(*now + 5.0, *now, None, 0.5);
            }
            *now += gap;
        }
    }
}

#[test]
fn after_six_refusals_that_came_too_soon_nothing_is_paced_until_most_are_refused() {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_seventh(&mut pace, 5, &mut now);
    assert!(matches!(pace.next(now, 64), Next::At(_)), "five show nothing yet");
    every_seventh(&mut pace, 1, &mut now);
    assert_eq!((pace.next(now, 64), pace.limit(64)), (Next::Now, 64));
    every_seventh(&mut pace, 50, &mut now);
    assert_eq!((pace.next(now, 64), pace.limit(64), pace.episodes()), (Next::Now, 64, 0));

    pace.sent(now);
    assert_eq!(pace.refused(now + 5.0, now, Some(300.0), 0.5), 300.0, "a wait that the server names holds");
    now += 305.0;
    let mut refusals = 1;
    while pace.episodes() == 0 {
        pace.sent(now);
        pace.refused(now + 5.0, now, None, 0.5);
        now += 10.0;
        refusals += 1;
        assert!(refusals < 30, "a server that refuses everything is hammered");
    }
    assert!(refusals > 5, "{refusals}");
}

/// Returns the time between two requests that the pace keeps after a pause.
fn gap_ms(pace: &Pace, now: f64) -> f64 {
    let mut pace = pace.clone();
    pace.sent(now);
    match pace.next(now, 64) {
        // The next request makes up for a delay of 2 ms.
        Next::At(due) => due - now + 2.0,
        next => panic!("{next:?}"),
    }
}

/// Returns a pace whose trial has just begun, the time, and the gap between requests before the trial.
fn just_on_trial() -> (Pace, f64, f64) {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_seventh(&mut pace, 2, &mut now);
    let before = gap_ms(&pace, now + 500.0);
    every_seventh(&mut pace, 1, &mut now);
    (pace, now, before)
}

#[test]
fn after_three_refusals_that_came_too_soon_requests_go_four_times_as_fast() {
    let (pace, now, before) = just_on_trial();
    let times = before / gap_ms(&pace, now + 500.0);
    assert!((times - 4.0).abs() < 0.1, "{times} times as fast");
}

#[test]
fn if_no_more_are_accepted_then_the_refusals_depend_on_the_rate() {
    let (mut pace, mut now, before) = just_on_trial();
    // Two requests accepted in the time of four at the rate.
    pace.sent(now + 100.0);
    pace.accepted(now + 105.0, now + 100.0);
    pace.sent(now + 150.0);
    pace.accepted(now + 155.0, now + 150.0);
    pace.sent(now + 200.0);
    assert_eq!(pace.refused(now + 205.0, now + 200.0, None, 0.5), 50.0);
    assert!(gap_ms(&pace, now + 700.0) >= before);
    every_seventh(&mut pace, 5, &mut now);
    assert!(matches!(pace.next(now, 64), Next::At(_)), "the count of refusals begins anew");
}

#[test]
fn in_a_trial_requests_without_an_answer_yet_do_not_count_as_refused() {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_nth(7, (100.0, 50.0), &mut pace, 3, &mut now);
    let refused_at = now - 100.0;
    let gap_at_rate = 4.0 * gap_ms(&pace, now + 500.0);
    for sent_at in [now, now + 5.0] {
        pace.sent(sent_at);
        pace.accepted(sent_at + 50.0, sent_at);
    }
    // Refusals come at once, but answers after 50 ms: two are accepted in less time than one request takes at the rate.
    let sent_at = refused_at + gap_at_rate + 20.0;
    assert!(sent_at > now + 55.0, "the answers are there");
    pace.sent(sent_at);
    assert_eq!(pace.refused(sent_at + 2.0, sent_at, None, 0.5), 0.0, "the trial goes on");
}

#[test]
fn a_trial_goes_on_until_answers_can_be_there() {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_nth(7, (100.0, 50.0), &mut pace, 3, &mut now);
    let (gap, refused_at) = (gap_ms(&pace, now + 500.0), now - 95.0);
    for sent_at in [refused_at + 1.0, refused_at + 11.0] {
        pace.sent(sent_at);
        assert_eq!(pace.refused(sent_at + 2.0, sent_at, None, 0.5), 0.0);
    }
    assert_eq!(gap_ms(&pace, now + 500.0), gap);
}

#[test]
fn requests_of_one_moment_show_nothing() {
    // Six requests in the time of one at the rate.
    let seen = Seen { requests: 100.0, accepted: 6.0, lasted: 10.0, rate: 0.1, latency: 5.0 };
    let mut trials = Trials::default();
    let mut refuse = |lasted| {
        trials.accepted();
        trials.refused();
        trials.conclude(Seen { lasted, ..seen });
        (trials.is_on(), trials.ignore_rate())
    };
    assert_eq!([10.0; 3].map(&mut refuse)[2], (true, false));
    assert_eq!([0.0; 3].map(&mut refuse)[2], (true, false));
    assert_eq!([10.0; 3].map(&mut refuse)[2], (false, true));
}

#[test]
fn four_refusals_in_a_row_end_a_trial_though_many_were_accepted_before() {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_seventh(&mut pace, 3, &mut now);
    let gap_of_trial = gap_ms(&pace, now + 500.0);
    for _ in 0..40 {
        pace.sent(now);
        pace.accepted(now + 5.0, now);
        now += 1.0;
    }
    let mut refuse = || {
        now += 10.0;
        pace.sent(now);
        pace.refused(now + 5.0, now, None, 0.5)
    };
    let waits: Vec<f64> = (0..4).map(|_| refuse()).collect();
    assert_eq!(waits[..3], [0.0; 3]);
    assert!(waits[3] > 0.0, "{waits:?}");
    assert!(gap_ms(&pace, now + 500.0) > 2.0 * gap_of_trial);
}

/// Refuses every 71st request. Returns after how many rounds of 71 a trial begins.
fn trials(rounds: u32, timing: (f64, f64)) -> Vec<u32> {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    every_nth(71, timing, &mut pace, 1, &mut now);
    let mut begun = vec![];
    for round in 2..=rounds {
        let before = gap_ms(&pace, now + 500.0);
        every_nth(71, timing, &mut pace, 1, &mut now);
        if gap_ms(&pace, now + 500.0) < before / 2.0 {
            begun.push(round);
        }
    }
    begun
}

#[test]
fn a_trial_begins_after_400_requests_and_each_time_the_number_has_doubled() {
    // After 426 requests. It ends after 497, as no more are accepted than before, and the next one after 1136.
    assert_eq!(trials(40, (10.0, 5.0)), [6, 15, 33]);
}

#[test]
fn a_trial_may_have_one_in_fifty_of_the_requests_in_flight() {
    // At four times the rate, 79 are sent while one is answered; 3976 were sent so far.
    assert_eq!(trials(60, (10.0, 200.0)), [56]);
}

#[test]
fn without_room_for_a_trial_in_the_first_volley_there_is_none() {
    let (mut pace, mut now) = (Pace::default(), 0.0);
    let mut gaps = vec![];
    for _ in 0..3 {
        let sent: Vec<_> = (0..7).map(|nth| now + 10.0 * f64::from(nth)).collect();
        sent.iter().for_each(|&sent_at| pace.sent(sent_at));
        sent[..6].iter().for_each(|&sent_at| pace.accepted(sent_at + 200.0, sent_at));
        pace.refused(sent[6] + 200.0, sent[6], None, 0.5);
        now += 400.0;
        gaps.push(gap_ms(&pace, now + 500.0));
    }
    assert!(gaps[2] >= gaps[1], "{gaps:?}");
}
