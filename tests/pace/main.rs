//! The pace that a call finds against servers that limit in different ways: how much of the allowed rate it uses, how
//! often it is refused, and what must never happen.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "an overflow or a missing value fails the test"
)]

mod event_loop;
mod exact;
mod gate;
mod limiters;
mod shared;
mod trial;

use event_loop::{Call, Course, run};
use fastrand::Rng;
use limiters::{
    AtRandom, Concurrent, DownUntil, EveryNth, FixedWindow, Gcra, Leaky, Limiter, SlidingLog, TokenBucket, Unlimited,
};

const NEAR: Call = Call { requests: 200, ceiling: 16, latency: 50.0, jitter: 0.0, refusal: 1.0 };

/// Long enough to find the rate and to lose it.
const LONG: Call = Call { requests: 2_000, ceiling: 10, jitter: 0.2, ..NEAR };

/// Runs a call with different seeds. Returns the time and the share of refused requests that 95 % of the runs keep to.
fn worst_of_95(call: Call, seeds: u64, make: impl Fn(&mut Rng) -> Box<dyn Limiter>) -> (f64, f64) {
    let courses: Vec<Course> = (0..seeds)
        .map(|seed| {
            let mut rng = Rng::with_seed(seed);
            let mut limiter = make(&mut rng);
            let course = run(call, &mut *limiter, &mut rng);
            assert_eq!(course.sent, call.requests + course.refused);
            course
        })
        .collect();
    let of_95 = |value: fn(&Course) -> f64| {
        let mut values: Vec<f64> = courses.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[(values.len() - 1) * 95 / 100]
    };
    (of_95(|course| course.ms), of_95(Course::share_refused))
}

#[track_caller]
fn assert_keeps_to(
    (most_ms, most_refused): (f64, f64),
    call: Call,
    seeds: u64,
    make: impl Fn(&mut Rng) -> Box<dyn Limiter>,
) {
    let (ms, refused) = worst_of_95(call, seeds, make);
    let Call { ceiling, latency, refusal, .. } = call;
    assert!(
        ms <= most_ms && refused <= most_refused,
        "concurrency {ceiling}, latency {latency} ms, refusals in {refusal} of that: {ms:.0} of {most_ms:.0} ms, \
         {refused:.4} of {most_refused} refused"
    );
}

#[test]
fn a_server_without_limits_is_asked_as_fast_as_from_a_bare_pool() {
    for (ceiling, bare_pool) in [(6, 1_700.0), (10, 1_000.0), (16, 650.0)] {
        assert_keeps_to((bare_pool * 1.02, 0.0), Call { ceiling, ..NEAR }, 101, |_| Box::new(Unlimited));
    }
    let widest = Call { requests: 2_000, ceiling: 64, ..NEAR };
    assert_keeps_to((1_600.0 * 1.1, 0.0), widest, 11, |_| Box::new(Unlimited));
}

#[test]
fn calls_use_95_percent_of_40_requests_a_second() {
    for ceiling in [6, 10, 16] {
        for refusal in [0.1, 1.0] {
            // With a concurrency of 10 the first volley uses up the burst, and the second is sent before the first
            // refusal arrives: of 20 requests in 60 ms at most 12 are accepted.
            let most_refused = if ceiling == 10 { 0.05 } else { 0.03 };
            let floor = (200.0 - 10.0) / 40.0 * 1_000.0;
            let call = Call { ceiling, refusal, ..NEAR };
            assert_keeps_to((floor / 0.95, most_refused), call, 101, |_| Box::new(TokenBucket::new(40.0, 10.0)));
        }
    }
}

#[test]
fn waits_that_the_server_asks_for_cost_a_quarter_at_most() {
    for ceiling in [6, 10, 16] {
        for refusal in [0.1, 1.0] {
            let floor = (200.0 - 5.0) / 20.0 * 1_000.0;
            let call = Call { ceiling, refusal, ..NEAR };
            let bucket = |_: &mut Rng| -> Box<dyn Limiter> { Box::new(TokenBucket::new(20.0, 5.0).saying(1_000.0)) };
            assert_keeps_to((1.25 * floor, 0.05), call, 101, bucket);
        }
    }
}

#[test]
fn near_and_far_servers_are_used_equally_well() {
    for (latency, jitter) in [(2.0, 0.0), (50.0, 0.5), (200.0, 0.0), (200.0, 0.5)] {
        for ceiling in [1, 6, 10, 16, 64] {
            let call = Call { ceiling, latency, jitter, ..NEAR };
            let floor = f64::max(4_750.0, 200.0 / f64::from(ceiling) * latency);
            assert_keeps_to((floor * 1.15, 0.1), call, 31, |_| Box::new(TokenBucket::new(40.0, 10.0)));
        }
    }
}

/// Makes a limiter. The generator says when its windows begin.
type MakeLimiter<'a> = &'a dyn Fn(&mut Rng) -> Box<dyn Limiter>;

#[test]
fn no_kind_of_limit_makes_the_pace_collapse_or_hammer() {
    // The time that the limit itself needs, and by which factor a call may exceed it.
    let cases: [(f64, f64, MakeLimiter<'_>); 12] = [
        (49_000.0, 1.2, &|rng| Box::new(FixedWindow::new(40, 1_000.0, false, rng.f64() * 1_000.0))),
        (49_000.0, 1.4, &|rng| Box::new(FixedWindow::new(40, 1_000.0, true, rng.f64() * 1_000.0))),
        (190_000.0, 1.15, &|rng| Box::new(FixedWindow::new(100, 10_000.0, false, rng.f64() * 10_000.0))),
        (190_000.0, 1.15, &|rng| Box::new(FixedWindow::new(100, 10_000.0, true, rng.f64() * 10_000.0))),
        (49_000.0, 1.25, &|_| Box::new(SlidingLog::new(40, 1_000.0))),
        (50_000.0, 2.0, &|_| Box::new(Gcra::new(25.0, 0.0))),
        (50_000.0, 1.3, &|_| Box::new(Gcra::new(25.0, 100.0))),
        (25_000.0, 1.4, &|_| Box::new(Concurrent::new(4))),
        (50_000.0, 1.2, &|_| Box::new(Leaky::new(25.0, 4.0))),
        (50_000.0, 1.2, &|_| Box::new(Leaky::new(25.0, 20.0))),
        (100_000.0, 1.2, &|_| Box::new(TokenBucket::new(40.0, 10.0).shared(20.0))),
        (15_000.0, 1.6, &|_| Box::new(DownUntil(5_000.0))),
    ];
    for (floor, times, make) in cases {
        assert_keeps_to((floor * times, 0.1), LONG, 21, make);
    }
}

#[test]
fn refusals_that_do_not_depend_on_the_rate_do_not_make_the_pace_collapse() {
    // The pace slows down until it detects that.
    const UNTIL_IT_KNOWS_MS: f64 = 2_000.0;
    for (ceiling, latency) in [(6, 36.0), (10, 50.0), (16, 20.0)] {
        for refusal in [0.1, 1.0] {
            let call = Call { ceiling, latency, refusal, ..NEAR };
            let without = 200.0 / f64::from(ceiling) * latency;
            for nth in [7, 20, 50] {
                let most = (1.5 * without + UNTIL_IT_KNOWS_MS, 0.15);
                assert_keeps_to(most, call, 31, |_| Box::new(EveryNth { nth, count: 0 }));
            }
        }
    }
    let without = 2_000.0 / 10.0 * LONG.latency;
    for nth in [3, 7, 20, 50] {
        assert_keeps_to((2.0 * without, 0.35), LONG, 31, |_| Box::new(EveryNth { nth, count: 0 }));
    }
    assert_keeps_to((2.5 * without, 0.18), LONG, 31, |_| Box::new(AtRandom(1.0 / 7.0)));
}

#[test]
fn rare_refusals_that_do_not_depend_on_the_rate_do_not_slow_a_long_call_down() {
    for (ceiling, latency, most_times) in [(6, 36.0, 1.5), (10, 50.0, 1.5), (16, 20.0, 1.9), (32, 6.0, 3.5)] {
        let call = Call { requests: 10_000, ceiling, latency, jitter: 0.2, refusal: 1.0 };
        let most_ms = most_times * 10_000.0 / f64::from(ceiling) * latency;
        for nth in [90, 120, 200] {
            assert_keeps_to((most_ms, 0.02), call, 11, |_| Box::new(EveryNth { nth, count: 0 }));
            assert_keeps_to((most_ms, 0.02), call, 11, |_| Box::new(AtRandom(1.0 / f64::from(nth))));
        }
    }
}

#[test]
fn every_seventh_request_refused_whatever_the_rate_doubles_the_time_at_most() {
    for (ceiling, latency) in [(6, 36.0), (6, 50.0), (10, 50.0)] {
        for jitter in [0.0, 0.2] {
            let call = Call { ceiling, latency, jitter, ..NEAR };
            let (without, _) = worst_of_95(call, 1, |_| Box::new(Unlimited));
            assert_keeps_to((2.0 * without, 0.15), call, 101, |_| Box::new(EveryNth { nth: 7, count: 0 }));
        }
    }
}

#[test]
fn a_rate_that_falls_and_rises_is_followed() {
    // 10 s at 40 requests a second, 20 s at 10, the rest at 80.
    let changing = |_: &mut Rng| -> Box<dyn Limiter> {
        Box::new(TokenBucket::new(40.0, 10.0).changing(10_000.0, 10.0).changing(30_000.0, 80.0))
    };
    assert_keeps_to((2.0 * (30_000.0 + (2_000.0 - 610.0) / 0.08), 0.1), LONG, 21, changing);
}

#[test]
fn a_long_call_uses_nearly_the_whole_rate_and_is_hardly_ever_refused() {
    let long = Call { requests: 10_000, ..LONG };
    assert_keeps_to((249_750.0 * 1.03, 0.03), long, 5, |_| Box::new(TokenBucket::new(40.0, 10.0)));
    assert_keeps_to((499_750.0 * 1.15, 0.03), long, 5, |_| Box::new(TokenBucket::new(20.0, 5.0).saying(1_000.0)));
}
