//! Runs a bulk call against a server that limits it, event by event: no clock, no socket, a seeded generator.

use std::collections::BTreeMap;

use fastrand::Rng;
use translation_results::core::pace::Pace;
use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Limits, Outcome, Request, Schedule, Step, Verdict};

use crate::limiters::{self, Limiter};

#[derive(Clone, Copy)]
pub struct Call {
    pub requests: usize,
    pub ceiling: u32,
    /// The time from sending to the answer, in ms.
    pub latency: f64,
    /// The share by which the latency varies either way.
    pub jitter: f64,
    /// The time of a refusal, as a share of the latency: 1, or less if the server does no work.
    pub refusal: f64,
}

/// The course of a call.
#[derive(Clone, Copy)]
pub struct Course {
    /// The time until the last result, in ms.
    pub ms: f64,
    pub sent: usize,
    pub refused: usize,
}

impl Course {
    pub fn share_refused(&self) -> f64 {
        self.refused as f64 / self.sent as f64
    }
}

enum Event {
    Arrives(Request),
    Leaves,
    Answered(Request),
    Refused(Request, Option<f64>),
}

/// Longer than any call takes.
const LONGEST_MS: f64 = 1e7;

/// The share of the latency that the way to the server takes; the way back takes as much.
const ONE_WAY: f64 = 0.1;

/// The future events, by time and then by age. Bits of times that are not negative sort like the times.
#[derive(Default)]
struct Events {
    queue: BTreeMap<(u64, u64), Event>,
    made: u64,
}

impl Events {
    fn add(&mut self, at: f64, event: Event) {
        self.made += 1;
        self.queue.insert((at.to_bits(), self.made), event);
    }

    fn first(&self) -> f64 {
        self.queue.first_key_value().map_or(f64::INFINITY, |(&(bits, _), _)| f64::from_bits(bits))
    }
}

/// Runs one call to its end. Fails if the call loses a run, sends while the gate is shut, or is stopped.
pub fn run(call: Call, limiter: &mut dyn Limiter, rng: &mut Rng) -> Course {
    let limits = Limits { concurrency: call.ceiling, max_retries: 0, deadline_ms: f64::INFINITY };
    let count = 5 * call.requests;
    let run_ids = (1..=count as u64).filter_map(RunId::new).collect();
    let (mut schedule, mut pace) = (Schedule::of_list(limits, run_ids, 0.0), Pace::default());
    let mut events = Events::default();
    let mut course = Course { ms: 0.0, sent: 0, refused: 0 };
    let (mut now, mut gate) = (0.0_f64, 0.0_f64);
    let mut timer: Option<(f64, f64)> = None;
    loop {
        match schedule.next(&mut pace, 0, now) {
            Step::Send(request) => {
                assert!(now >= gate, "sent {} ms before the gate opens", gate - now);
                course.sent += 1;
                events.add(now + call.latency * ONE_WAY, Event::Arrives(request));
                continue;
            }
            Step::Wait(until) if timer.is_none_or(|(of, _)| of != until) => {
                // Like setTimeout: whole milliseconds, at least one, and a little late.
                timer = Some((until, now + (until - now).ceil().max(1.0) + 0.3 * rng.f64()));
            }
            Step::Wait(_) => {}
            step => {
                assert_eq!(step, Step::Done);
                assert_eq!(schedule.progress().succeeded, count, "runs were lost");
                return course;
            }
        }
        let (first, wakes) = (events.first(), timer.map_or(f64::INFINITY, |(_, at)| at));
        now = first.min(wakes);
        assert!(now.is_finite(), "waits for nothing");
        assert!(now < LONGEST_MS, "the call does not end");
        if wakes < first {
            timer = None;
            continue;
        }
        match events.queue.pop_first().map(|(_, event)| event) {
            Some(Event::Arrives(request)) => {
                let latency = call.latency * (1.0 + call.jitter * (2.0 * rng.f64() - 1.0));
                match limiter.admit(now, rng) {
                    limiters::Verdict::Accept { delay } => {
                        let answered = now + latency * (1.0 - ONE_WAY) + delay;
                        events.add(answered - latency * ONE_WAY, Event::Leaves);
                        events.add(answered, Event::Answered(request));
                    }
                    limiters::Verdict::Refuse { retry_after_ms } => {
                        let takes = latency * (call.refusal - ONE_WAY).max(ONE_WAY);
                        events.add(now + takes, Event::Refused(request, retry_after_ms));
                    }
                }
            }
            Some(Event::Leaves) => limiter.leave(),
            Some(Event::Answered(request)) => {
                course.ms = now;
                let outcome = Outcome::Answered(request.run_ids.clone());
                schedule.handle(&request, outcome, &mut pace, now, rng.f64());
            }
            Some(Event::Refused(request, retry_after_ms)) => {
                course.refused += 1;
                gate = gate.max(now + retry_after_ms.unwrap_or_default());
                let outcome = Outcome::Refused { status: 429, retryable: true, retry_after_ms, named: vec![] };
                let verdict = schedule.handle(&request, outcome, &mut pace, now, rng.f64());
                assert!(matches!(verdict, Verdict::Again(_)), "{verdict:?} after {now} ms");
            }
            None => {}
        }
        assert!((1..=call.ceiling).contains(&pace.limit(call.ceiling)));
    }
}
