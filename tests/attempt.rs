//! One call's life: scripts of what happens and what is done about it, and random schedules.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow here fails the test")]

use proptest::prelude::*;
use translation_results::attempt::{Action, Call, Event, Limits};

/// The middle of a backoff: 250, 500, 1000, 2000 and from then on 4000 ms.
const SAMPLE: f64 = 0.5;

const LIMITS: Limits = Limits { timeout_ms: 1_000, max_retries: 2, deadline_ms: None };
const FAILED: Event = Event::Failed { retryable: true, retry_after_ms: None };
const REFUSED: Event = Event::Failed { retryable: false, retry_after_ms: None };

fn within(deadline_ms: u32) -> Limits {
    Limits { deadline_ms: Some(deadline_ms), ..LIMITS }
}

fn told_to_wait(ms: u64) -> Event {
    Event::Failed { retryable: true, retry_after_ms: Some(ms) }
}

fn send(timeout_ms: u32) -> Action {
    Action::Send { timeout_ms }
}

fn sleep(ms: u32) -> Action {
    Action::Sleep { ms }
}

/// Plays what happens, each at a time counted from the start, and compares what is done.
#[track_caller]
fn assert_life(limits: Limits, first: Action, script: &[(f64, Event, Action)]) {
    let start = 1_024.0;
    let (mut call, action) = Call::start(limits, start);
    assert_eq!(action, first);
    for &(time, event, action) in script {
        assert_eq!(call.handle(event, start + time, SAMPLE), action, "{event:?} after {time} ms");
    }
}

#[test]
fn tries_again_until_no_retry_is_left() {
    let (first, second) = ((10.0, FAILED, sleep(250)), (270.0, FAILED, sleep(500)));
    let script = [first, (260.0, Event::Woke, send(1_000)), second, (770.0, Event::Woke, send(1_000))];
    assert_life(LIMITS, send(1_000), &[&script[..], &[(780.0, FAILED, Action::Fail)]].concat());
    assert_life(LIMITS, send(1_000), &[&script[..], &[(780.0, told_to_wait(0), Action::Fail)]].concat());
    assert_life(LIMITS, send(1_000), &[&script[..], &[(1_770.0, Event::TimedOut, Action::Fail)]].concat());
}

#[test]
fn gives_up_at_once_where_a_retry_would_not_help() {
    assert_life(LIMITS, send(1_000), &[(10.0, REFUSED, Action::Fail)]);
    let waits_in_vain = Event::Failed { retryable: false, retry_after_ms: Some(1) };
    assert_life(LIMITS, send(1_000), &[(10.0, waits_in_vain, Action::Fail)]);
    assert_life(Limits { max_retries: 0, ..LIMITS }, send(1_000), &[(10.0, FAILED, Action::Fail)]);
}

#[test]
fn waits_as_long_as_the_service_asks() {
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(0), sleep(0))]);
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(1), sleep(1))]);
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(60_000), sleep(60_000))]);
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(60_001), Action::Fail)]);
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(1 << 32), Action::Fail)]);
    assert_life(LIMITS, send(1_000), &[(10.0, told_to_wait(u64::MAX), Action::Fail)]);
}

#[test]
fn an_attempt_out_of_time_is_tried_again() {
    assert_life(LIMITS, send(1_000), &[(1_000.0, Event::TimedOut, sleep(250)), (1_250.0, Event::Woke, send(1_000))]);
    assert_life(within(5_000), send(1_000), &[(1_000.0, Event::TimedOut, sleep(250))]);
}

#[test]
fn the_deadline_bounds_the_attempt() {
    let expired = Action::Expire { deadline_ms: 600 };
    assert_life(within(600), send(600), &[(600.0, Event::TimedOut, expired)]);
    // A timer may fire early; whose time it was is known all the same.
    assert_life(within(600), send(600), &[(599.0, Event::TimedOut, expired)]);
    let expired = Action::Expire { deadline_ms: 1_000 };
    assert_life(within(1_000), send(1_000), &[(1_000.0, Event::TimedOut, expired)]);

    // What is left is rounded up: a timer of no time at all would give the attempt none.
    let script = [(100.5, told_to_wait(99), sleep(99)), (199.75, Event::Woke, send(401))];
    assert_life(within(600), send(600), &script);
}

#[test]
fn does_not_wait_to_or_past_the_deadline() {
    assert_life(within(600), send(600), &[(100.0, told_to_wait(499), sleep(499))]);
    assert_life(within(600), send(600), &[(100.0, told_to_wait(500), Action::Fail)]);
    assert_life(within(600), send(600), &[(100.5, told_to_wait(500), Action::Fail)]);
    assert_life(within(600), send(600), &[(99.5, told_to_wait(500), sleep(500))]);
    assert_life(within(600), send(600), &[(350.0, FAILED, Action::Fail)]);
    assert_life(within(600), send(600), &[(600.0, told_to_wait(0), Action::Fail)]);
    assert_life(within(600), send(600), &[(9_999.0, told_to_wait(0), Action::Fail)]);
}

#[test]
fn no_clock_adds_time_by_its_fractions() {
    // Such a sum and its difference do not always meet again: 24.4 + 1000 - 24.4 is a little more than 1000.
    for start in (0..20_000).map(|tenths| f64::from(tenths) / 10.0) {
        let (mut call, first) = Call::start(within(1_000), start);
        assert_eq!(first, send(1_000), "from {start} on");
        assert_eq!(call.handle(told_to_wait(1_000), start, SAMPLE), Action::Fail, "from {start} on");
    }
}

#[test]
fn expires_where_it_wakes_too_late() {
    let expired = Action::Expire { deadline_ms: 600 };
    assert_life(within(600), send(600), &[(100.0, told_to_wait(499), sleep(499)), (600.0, Event::Woke, expired)]);
    assert_life(within(600), send(600), &[(100.0, told_to_wait(499), sleep(499)), (599.5, Event::Woke, send(1))]);
}

#[test]
fn what_was_given_up_stays_so() {
    let fail = Action::Fail;
    let after = [(10.0, REFUSED, fail), (11.0, Event::Woke, fail), (12.0, FAILED, fail), (13.0, Event::TimedOut, fail)];
    assert_life(LIMITS, send(1_000), &after);
    let expired = Action::Expire { deadline_ms: 600 };
    let after = [(600.0, Event::TimedOut, expired), (601.0, Event::Woke, expired), (602.0, REFUSED, expired)];
    assert_life(within(600), send(600), &after);
}

#[test]
fn counts_the_attempts_that_were_made() {
    let (mut call, _) = Call::start(LIMITS, 0.0);
    assert_eq!(call.attempts(), 1);
    call.handle(told_to_wait(0), 0.0, SAMPLE);
    assert_eq!(call.attempts(), 1);
    call.handle(Event::Woke, 0.0, SAMPLE);
    assert_eq!(call.attempts(), 2);
}

/// How an attempt or a sleep goes: which event ends an attempt, how much time passes, and the sample.
#[derive(Clone, Debug)]
struct Step {
    attempt_ends: Event,
    takes_ms: f64,
    sample: f64,
}

fn limits() -> impl Strategy<Value = Limits> {
    let ms = || prop_oneof![1..100_u32, 1..200_000_u32, Just(i32::MAX as u32)];
    let parts = (ms(), 0..=20_u32, prop::option::weighted(0.8, ms()));
    parts.prop_map(|(timeout_ms, max_retries, deadline_ms)| Limits { timeout_ms, max_retries, deadline_ms })
}

fn step() -> impl Strategy<Value = Step> {
    let asked = prop_oneof![Just(0), 0..50_u64, 0..70_000_u64, any::<u64>()];
    let attempt_ends = prop_oneof![
        3 => Just(FAILED),
        4 => asked.prop_map(told_to_wait),
        2 => Just(Event::TimedOut),
        1 => Just(REFUSED),
    ];
    // Eighths are exact in binary, so the test can compare times without tolerance.
    let takes_ms = prop_oneof![Just(0), 0..80_u32, 0..400_000_u32].prop_map(|eighths| f64::from(eighths) / 8.0);
    let parts = (attempt_ends, takes_ms, 0.0..1.0_f64);
    parts.prop_map(|(attempt_ends, takes_ms, sample)| Step { attempt_ends, takes_ms, sample })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_schedule_keeps_to_the_limits(
        limits in limits(), start in 0..1_000_000_u32, steps in prop::collection::vec(step(), 42),
    ) {
        let Limits { timeout_ms, max_retries, deadline_ms } = limits;
        let mut now = f64::from(start);
        let deadline = deadline_ms.map(|ms| now + f64::from(ms));
        let (mut call, mut action) = Call::start(limits, now);
        let mut sends = 0;
        // 21 attempts and 20 sleeps are the most that limits allow: what has not ended by then never would.
        for Step { attempt_ends, takes_ms, sample } in steps {
            let event = match action {
                Action::Send { timeout_ms: allowed } => {
                    sends += 1;
                    prop_assert_eq!(call.attempts(), sends);
                    prop_assert!((1..=timeout_ms).contains(&allowed));
                    prop_assert!(deadline.is_none_or(|at| f64::from(allowed) <= (at - now).ceil()));
                    attempt_ends
                }
                Action::Sleep { ms } => {
                    prop_assert!(ms <= 60_000);
                    prop_assert!(deadline.is_none_or(|at| now + f64::from(ms) < at));
                    Event::Woke
                }
                Action::Fail | Action::Expire { .. } => break,
            };
            now += takes_ms;
            let before = action;
            action = call.handle(event, now, sample);
            match (event, action) {
                (Event::Woke, Action::Send { .. }) => prop_assert!(deadline.is_none_or(|at| now < at)),
                (Event::Woke, Action::Expire { .. }) => prop_assert!(deadline.is_some_and(|at| now >= at)),
                (Event::TimedOut, Action::Expire { .. }) => {
                    let Action::Send { timeout_ms: allowed } = before else { panic!("{before:?} took the time") };
                    prop_assert!(deadline.is_some_and(|at| f64::from(allowed) >= at - now + takes_ms));
                }
                (Event::Failed { retryable: false, .. }, action) => prop_assert_eq!(action, Action::Fail),
                (Event::TimedOut | Event::Failed { .. }, Action::Fail | Action::Sleep { .. }) => {}
                (event, action) => prop_assert!(false, "{:?} was answered with {:?}", event, action),
            }
            match (event, action) {
                (Event::Failed { retry_after_ms: Some(asked), .. }, Action::Sleep { ms }) => {
                    prop_assert_eq!(u64::from(ms), asked);
                }
                (_, Action::Sleep { ms }) => prop_assert!(ms <= 8_000),
                _ => {}
            }
            if event == told_to_wait(0) && sends <= max_retries && deadline.is_none_or(|at| now < at) {
                prop_assert_eq!(action, sleep(0));
            }
        }
        prop_assert!(sends <= max_retries + 1);
        match action {
            Action::Expire { deadline_ms: named } => prop_assert_eq!(Some(named), deadline_ms),
            action => prop_assert_eq!(action, Action::Fail),
        }
        for event in [Event::Woke, Event::TimedOut, FAILED, REFUSED, told_to_wait(0)] {
            prop_assert_eq!(call.handle(event, now + 1.0, SAMPLE), action);
            prop_assert_eq!(call.attempts(), sends);
        }
    }
}
