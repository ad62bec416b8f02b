//! Callers of single runs through sixty thousand random schedules: they join, share runs, leave and come back, while
//! the service refuses, fails and loses connections. Every caller settles exactly once, no run is in two requests at
//! once, and no request is sent for a run that no caller waits for.
//!
//! A failure prints the seed of its schedule. `SCHEDULE_SEED=<seed>` runs that one alone; `SCHEDULE_COUNT=<count>` runs
//! fewer.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

#[path = "../random_schedules/seeds.rs"]
mod seeds;
#[path = "../random_schedules/service.rs"]
mod service;

use fastrand::Rng;
use service::{Nature, Service};
use translation_results::core::callers::{Caller, Callers, Change};
use translation_results::core::pace::Pace;
use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Limits, Outcome, Request, Schedule, Step, Verdict};

/// More steps than any schedule has: a call that takes more never ends.
const STEPS_MAX: usize = 200_000;

#[test]
fn every_caller_settles_exactly_once() {
    seeds::play(60_000, |seed| World::new(seed).play());
}

/// The outcome of a caller.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Result,
    Failure,
    /// The whole call was stopped.
    Stopped,
    Left,
}

/// One caller, also before it asks.
struct Person {
    run_id: RunId,
    asks_at: f64,
    leaves_at: f64,
    caller: Option<Caller>,
    end: Option<End>,
}

struct World {
    rng: Rng,
    now: f64,
    limits: Limits,
    schedule: Schedule,
    pace: Pace,
    service: Service,
    people: Vec<Person>,
    /// Callers that wait, by their positions in `people`.
    callers: Callers<usize>,
    flights: Vec<(Request, f64)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let start = rng.f64() * 1e6;
        let runs = rng.u64(1..=25);
        let run_ids = (1..=runs).map(|id| RunId::new(id).unwrap());
        let mut service = Service::new(&mut rng, run_ids, start);
        for nature in service.natures.values_mut().filter(|nature| matches!(nature, Nature::Spoils { .. })) {
            if rng.u8(..4) == 0 {
                *nature = Nature::Spoils { status: 403, named: false };
            }
        }
        let limits = Limits { concurrency: rng.u32(1..=8), max_retries: rng.u32(..4), deadline_ms: f64::INFINITY };
        let (span, patience) = (rng.f64() * 2_000.0, 4.0_f64.powf(rng.f64() * 6.0));
        let may_leave = rng.bool();
        let people = (0..rng.usize(1..60)).map(|_| {
            let asks_at = start + if rng.bool() { 0.0 } else { (rng.f64() * span).ceil() };
            let leaves = may_leave && rng.u8(..3) == 0;
            let leaves_at = if leaves { asks_at + (rng.f64() * patience).floor() } else { f64::INFINITY };
            Person { run_id: RunId::new(rng.u64(1..=runs)).unwrap(), asks_at, leaves_at, caller: None, end: None }
        });
        let people = people.collect();
        Self {
            now: start,
            limits,
            schedule: Schedule::of_callers(limits, start),
            pace: Pace::default(),
            service,
            people,
            callers: Callers::default(),
            flights: vec![],
            rng,
        }
    }

    fn play(mut self) {
        for _ in 0..STEPS_MAX {
            self.come_and_go();
            self.take_changes();
            match self.schedule.next(&mut self.pace, 0, self.now) {
                Step::Send(request) => self.send(request),
                Step::Wait(until) => self.wait(until),
                Step::Done => {
                    assert!(self.callers.is_empty(), "the call ends while somebody waits");
                    assert!(self.flights.is_empty(), "a request that nobody waits for goes on");
                    self.begin_anew();
                    if self.next_coming_or_going().is_infinite() {
                        return self.check();
                    }
                    self.wait(f64::INFINITY);
                }
                step => panic!("{step:?}"),
            }
        }
        panic!("the call does not end");
    }

    /// Lets the callers that are due ask and leave, in any order.
    fn come_and_go(&mut self) {
        for place in 0..self.people.len() {
            let person = &mut self.people[place];
            if person.caller.is_none() && person.asks_at <= self.now {
                person.caller = Some(self.callers.join(person.run_id, place));
            }
            if let Some(caller) = person.caller
                && person.leaves_at <= self.now
                && person.end.is_none()
            {
                self.callers.leave(caller);
                person.end = Some(End::Left);
            }
        }
    }

    fn take_changes(&mut self) {
        for change in self.callers.take_changes() {
            match change {
                Change::Wanted(run_id) => self.schedule.ask_for(run_id),
                Change::Unwanted(run_id) => {
                    if let Some(number) = self.schedule.give_up(run_id, &mut self.pace) {
                        let before = self.flights.len();
                        self.flights.retain(|(request, _)| request.number != number);
                        assert_eq!(self.flights.len() + 1, before, "a request is cancelled that is not in flight");
                    }
                }
            }
        }
        for (request, _) in &self.flights {
            assert!(request.run_ids.iter().any(|&run_id| self.is_wanted(run_id)), "nobody waits for {request:?}");
        }
    }

    fn is_wanted(&self, run_id: RunId) -> bool {
        let waits = |person: &Person| person.run_id == run_id && person.caller.is_some() && person.end.is_none();
        self.people.iter().any(waits)
    }

    fn send(&mut self, request: Request) {
        assert!((1..=5).contains(&request.run_ids.len()));
        assert!(self.flights.len() < self.limits.concurrency as usize, "more in flight than allowed");
        for &run_id in &request.run_ids {
            assert!(self.is_wanted(run_id), "sent though nobody waits for {run_id}");
            let is_in_flight = self.flights.iter().any(|(other, _)| other.run_ids.contains(&run_id));
            assert!(!is_in_flight, "{run_id} is in two requests at once");
            self.callers.attempted(run_id, request.attempts);
        }
        let latency = self.service.mood.latency * (0.5 + self.rng.f64());
        self.flights.push((request, self.now + latency));
    }

    fn next_coming_or_going(&self) -> f64 {
        let next = |person: &Person| match (person.caller, person.end) {
            (None, _) => person.asks_at,
            (Some(_), None) => person.leaves_at,
            (Some(_), Some(_)) => f64::INFINITY,
        };
        self.people.iter().map(next).fold(f64::INFINITY, f64::min)
    }

    /// Goes on to the next event.
    fn wait(&mut self, until: f64) {
        let first = (0..self.flights.len()).min_by(|&a, &b| self.flights[a].1.total_cmp(&self.flights[b].1));
        let answer = first.map_or(f64::INFINITY, |index| self.flights[index].1);
        let next = until.min(answer).min(self.next_coming_or_going());
        assert!(next.is_finite(), "waits for nothing");
        self.now = self.now.max(next);
        if let (Some(index), true) = (first, next == answer) {
            let (request, _) = self.flights.swap_remove(index);
            // Some callers come and go just as the answer comes.
            if self.rng.bool() {
                self.come_and_go();
            }
            self.answer(&request);
        }
    }

    fn answer(&mut self, request: &Request) {
        let outcome = self.service.outcome(&request.run_ids, self.now, &mut self.rng);
        let sound = if let Outcome::Answered(sound) = &outcome { sound.clone() } else { vec![] };
        let sample = self.rng.f64();
        let verdict = self.schedule.handle(request, outcome, &mut self.pace, self.now, sample);
        for run_id in sound {
            let served = self.callers.settle(run_id);
            self.settle(served, End::Result);
        }
        match verdict {
            Verdict::Settled | Verdict::Again(_) => {}
            Verdict::Failed(requests) => {
                for run_id in requests.into_iter().flat_map(|request| request.run_ids) {
                    let failed = self.callers.settle(run_id);
                    self.settle(failed, End::Failure);
                }
            }
            Verdict::Stop => {
                let stopped = self.callers.settle_all();
                self.settle(stopped, End::Stopped);
                self.flights.clear();
                self.begin_anew();
            }
        }
    }

    fn settle(&mut self, places: Vec<usize>, end: End) {
        for place in places {
            let before = self.people[place].end.replace(end);
            assert_eq!(before, None, "a caller settles twice");
        }
    }

    /// Starts a new call for the next callers.
    fn begin_anew(&mut self) {
        self.schedule.cancel(&mut self.pace);
        self.schedule = Schedule::of_callers(self.limits, self.now);
    }

    fn check(&self) {
        let breaks = self.service.natures.values().any(|nature| *nature == Nature::Breaks);
        for person in &self.people {
            let end = person.end.unwrap();
            assert!(self.service.mood.stops + self.service.mood.throttled > 0.0 || end != End::Stopped, "stopped");
            if self.service.is_calm() && !breaks && end != End::Left {
                let nature = self.service.natures[&person.run_id];
                let is_sound = matches!(nature, Nature::Sound | Nature::BadInCompany);
                assert_eq!(end == End::Result, is_sound, "{} is {nature:?}", person.run_id);
            }
        }
    }
}
