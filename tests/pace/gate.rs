//! The gate, its episodes, and how many requests may be in flight.

use translation_results::core::pace::{Next, Pace};

/// Returns a pace that has sent `count` requests, the first at 0 ms.
#[track_caller]
fn after_sending(count: u32) -> Pace {
    let mut pace = Pace::default();
    for index in 0..count {
        let now = f64::from(index) / 2.0;
        assert_eq!(pace.next(now, 64), Next::Now);
        pace.sent(now);
    }
    pace
}

#[test]
fn nothing_is_sent_before_the_gate_opens_and_a_volley_is_one_episode() {
    let mut pace = after_sending(3);
    pace.accepted(50.0, 0.0);
    assert_eq!(pace.refused(50.5, 0.5, Some(1_000.0), 0.5), 1_000.0);
    assert_eq!(pace.refused(51.0, 1.0, Some(1_000.0), 0.5), 1_000.0);
    assert_eq!((pace.episodes(), pace.next(100.0, 10)), (1, Next::At(1_051.0)));
    assert_eq!(pace.next(1_050.9, 10), Next::At(1_051.0));
    assert_eq!(pace.next(1_051.0, 10), Next::Now);
    // Nothing was accepted since: a wait that the server does not name is at least half of 1000 ms.
    pace.sent(1_051.0);
    assert_eq!(pace.clone().refused(1_100.0, 1_051.0, None, 0.5), 750.0);
    assert_eq!(pace.refused(1_100.0, 1_051.0, None, 0.0), 500.0);
    assert_eq!((pace.episodes(), pace.next(1_101.0, 10)), (2, Next::At(1_600.0)));
}

#[test]
fn a_late_refusal_of_the_same_volley_does_not_change_a_wait_of_our_own() {
    let mut pace = after_sending(3);
    pace.accepted(50.0, 0.0);
    assert_eq!(pace.refused(50.0, 0.5, None, 0.5), 50.0);
    assert_eq!(pace.refused(70.0, 1.0, None, 0.999), 30.0);
}

#[test]
fn only_a_wait_of_up_to_a_minute_shuts_the_gate() {
    let mut pace = after_sending(2);
    assert_eq!(pace.refused(50.0, 0.0, Some(60_001.0), 0.5), 0.0);
    assert_eq!(pace.refused(50.0, 0.5, Some(60_000.0), 0.5), 60_000.0);
    assert_eq!(pace.next(60_049.0, 10), Next::At(60_050.0));
    assert_eq!(pace.next(60_050.0, 10), Next::Now);
    pace.sent(60_050.0);
    assert_eq!(pace.refused(60_100.0, 60_050.0, Some(1e15), 0.5), 0.0);
    assert_eq!(pace.next(60_100.0, 10), Next::Now);
}

#[test]
fn after_a_refusal_of_a_request_from_before_a_silence_the_waits_are_sound() {
    let mut pace = after_sending(2);
    pace.accepted(50.0, 0.5);
    pace.sent(1_200.0);
    assert_eq!(pace.refused(1_300.0, 0.0, None, 0.5), 50.0);
    pace.sent(1_350.0);
    pace.accepted(1_400.0, 1_350.0);
    assert!(matches!(pace.next(1_400.0, 10), Next::At(_)), "paced");
    pace.sent(1_700.0);
    assert_eq!(pace.refused(1_750.0, 1_700.0, None, 0.5), 50.0);
}

#[test]
fn an_accepted_request_resets_the_count_of_episodes() {
    let mut pace = after_sending(1);
    let mut now = 50.0;
    for episodes in 1..5 {
        pace.refused(now, now - 50.0, Some(0.0), 0.5);
        assert_eq!(pace.episodes(), episodes);
        now += 1.0;
        assert_eq!(pace.next(now, 10), Next::Now);
        pace.sent(now);
        assert_eq!(pace.next(now, 10), Next::AfterAnAnswer, "one at a time, as everything was refused");
        now += 50.0;
    }
    pace.accepted(now, now - 50.0);
    assert_eq!(pace.episodes(), 0);
}

#[test]
fn a_request_that_ends_without_an_answer_makes_room() {
    let mut pace = after_sending(12);
    assert_eq!(pace.next(20.0, 64), Next::AfterAnAnswer);
    pace.ended(0.0);
    assert_eq!(pace.next(20.0, 8), Next::Now);
}

#[test]
fn the_limit_is_the_ceiling_until_the_first_refusal() {
    let mut pace = after_sending(12);
    for ceiling in [1, 6, 64] {
        assert_eq!(pace.limit(ceiling), ceiling);
    }
    for sent in 0..12 {
        pace.accepted(50.0 + f64::from(sent), f64::from(sent) / 2.0);
        assert_eq!(pace.limit(64), 64);
    }
}

#[test]
fn the_limit_falls_at_an_episode_and_rises_to_the_ceiling() {
    const CEILING: u32 = 10;
    let mut pace = after_sending(12);
    for sent in 0..11 {
        pace.accepted(50.0 + f64::from(sent), f64::from(sent) / 2.0);
    }
    pace.refused(62.0, 5.5, Some(0.0), 0.5);
    let mut limit = pace.limit(CEILING);
    assert!((1..CEILING).contains(&limit), "{limit}");

    // From then on everything is accepted, so requests are sent faster and faster.
    let (mut now, mut flying) = (62.0, std::collections::VecDeque::new());
    while limit < CEILING {
        while flying.front().is_some_and(|sent_at| sent_at + 50.0 <= now) {
            pace.accepted(now, flying.pop_front().unwrap_or_default());
        }
        while flying.len() < CEILING as usize && pace.next(now, CEILING as usize) == Next::Now {
            pace.sent(now);
            flying.push_back(now);
        }
        assert!((limit..=CEILING).contains(&pace.limit(CEILING)), "it falls though nothing is refused");
        limit = pace.limit(CEILING);
        now += 1.0;
        assert!(now < 600_000.0, "never back at the ceiling: {limit}");
    }
    let sent_at = flying.pop_back().unwrap_or_default();
    pace.refused(now, sent_at, Some(0.0), 0.5);
    assert!((1..CEILING).contains(&pace.limit(CEILING)), "{}", pace.limit(CEILING));
    assert_eq!(pace.limit(1), 1);
}

#[test]
fn the_limit_is_one_while_everything_is_refused() {
    let mut pace = after_sending(12);
    for sent in 0..11 {
        pace.accepted(50.0 + f64::from(sent), f64::from(sent) / 2.0);
    }
    pace.refused(62.0, 5.5, Some(0.0), 0.5);
    assert!(pace.limit(64) > 1);
    pace.sent(100.0);
    pace.refused(150.0, 100.0, Some(0.0), 0.5);
    assert_eq!(pace.limit(64), 1);
    pace.sent(500.0);
    pace.accepted(550.0, 500.0);
    assert!(pace.limit(64) > 1, "one was accepted");
}

#[test]
fn a_request_sent_in_the_millisecond_of_a_refusal_does_not_block_the_next() {
    let outcomes: [fn(&mut Pace); 3] = [
        |pace| pace.ended(50.0),
        |pace| pace.accepted(100.0, 50.0),
        |pace| assert_eq!(pace.refused(100.0, 50.0, Some(0.0), 0.5), 0.0),
    ];
    for outcome in outcomes {
        let mut pace = after_sending(1);
        pace.refused(50.0, 0.0, Some(0.0), 0.5);
        assert_eq!(pace.next(50.0, 10), Next::Now);
        // Clocks are coarse: this is the same millisecond.
        pace.sent(50.0);
        outcome(&mut pace);
        assert_eq!(pace.next(1_000.0, 10), Next::Now);
    }
}
