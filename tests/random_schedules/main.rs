//! Bulk calls through a hundred thousand random schedules, with the simulated world in one file: answers in any order,
//! failures at any moment, storms of refusals, outages, slow consumers, deadlines. In each schedule, every run ends in
//! exactly one place.
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

mod rules;
mod seeds;
mod service;

use std::collections::HashSet;

use fastrand::Rng;
use rules::Rules;
use service::{Nature, Service};
use translation_results::core::pace::Pace;
use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Limits, Outcome, Request, SILENCE_MS, Schedule, Step, Verdict};

/// More steps than any schedule has: a call that takes more never ends.
const STEPS_MAX: usize = 200_000;

#[test]
fn every_run_ends_in_exactly_one_place() {
    seeds::play(100_000, |seed| World::new(seed).play());
}

/// A request in flight.
struct Flight {
    request: Request,
    ends: f64,
}

/// A read of the source that has not ended yet.
struct Reading {
    comes_at: f64,
    most: usize,
}

/// A call, the service, the source and the consumer.
struct World {
    rng: Rng,
    now: f64,
    schedule: Schedule,
    pace: Pace,
    concurrency: usize,
    service: Service,
    rules: Rules,
    deadline: f64,
    /// The values that the source has still to give, the next one last.
    source: Vec<f64>,
    /// The longest time that a read of the source takes.
    source_delay: f64,
    /// Whether the clock shows whole milliseconds only, so that much happens at the same time.
    coarse: bool,
    reading: Option<Reading>,
    flights: Vec<Flight>,
    gate: f64,
    /// The distinct runs that were read, in their order.
    read: Vec<RunId>,
    results: HashSet<RunId>,
    failures: HashSet<RunId>,
    undelivered: usize,
    /// The longest time that the consumer takes for a run.
    takes: f64,
    next_take: f64,
    is_list: bool,
    source_ended: bool,
    /// When the source was first asked after its latest new run.
    silent_since: Option<f64>,
}

/// How a call ended.
#[derive(PartialEq)]
enum End {
    Done,
    Stopped,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let count = if rng.u8(..4) == 0 { rng.usize(..150) } else { rng.usize(..20) };
        let numbers: Vec<u32> = (0..count).map(|_| rng.u32(1..=300)).collect();
        let run_ids = numbers.iter().map(|&number| RunId::new(number.into()).unwrap());
        let concurrency = rng.u32(1..=12);
        let max_retries = rng.u32(..4);
        let deadline_ms = (rng.u8(..4) == 0).then(|| rng.u32(1..20_000));
        let start = rng.f64() * 1e6;
        let service = Service::new(&mut rng, run_ids.clone(), start);
        let deadline_ms = deadline_ms.map_or(f64::INFINITY, f64::from);
        let limits = Limits { concurrency, max_retries, deadline_ms };
        let mut world = Self {
            now: start,
            schedule: Schedule::of_source(limits, start),
            pace: Pace::default(),
            concurrency: concurrency as usize,
            service,
            rules: Rules::new(max_retries),
            deadline: start + deadline_ms,
            source: numbers.iter().rev().map(|&number| f64::from(number)).collect(),
            coarse: rng.bool(),
            source_delay: if rng.bool() { 0.0 } else { rng.f64() * 60.0 },
            reading: None,
            flights: Vec::new(),
            gate: f64::NEG_INFINITY,
            read: Vec::new(),
            results: HashSet::new(),
            failures: HashSet::new(),
            undelivered: 0,
            takes: if rng.bool() { 0.0 } else { rng.f64() * 100.0 },
            next_take: start,
            is_list: rng.bool(),
            source_ended: false,
            silent_since: None,
            rng,
        };
        if world.is_list {
            world.source.clear();
            for run_id in run_ids {
                world.reads(run_id);
            }
            world.rules.is_batch = (2..=5).contains(&world.read.len()) && world.rng.bool();
            let start_call = if world.rules.is_batch { Schedule::of_batch } else { Schedule::of_list };
            world.schedule = start_call(limits, world.read.clone(), start);
        } else if world.rng.u8(..20) == 0 {
            world.source.insert(0, 0.5);
        }
        world
    }

    /// Notes a run. Returns whether it is new.
    fn reads(&mut self, run_id: RunId) -> bool {
        let is_new = !self.read.contains(&run_id);
        if is_new {
            self.read.push(run_id);
        }
        is_new
    }

    fn play(mut self) {
        let mut steps = 0;
        let end = loop {
            steps += 1;
            assert!(steps < STEPS_MAX, "the call does not end");
            match self.schedule.next(&mut self.pace, self.undelivered, self.now) {
                Step::Read(room) => {
                    assert!(self.reading.is_none(), "read again before the source has answered");
                    let ahead = self.read.len() - self.results.len() - self.failures.len() + self.undelivered;
                    assert!(ahead + room <= 5 * self.concurrency, "{ahead} ahead and {room} more");
                    let comes_at = self.now + self.rng.f64() * self.source_delay;
                    self.reading = Some(Reading { comes_at, most: room });
                    self.silent_since.get_or_insert(self.now);
                }
                Step::Send(request) => self.send(request),
                Step::Wait(until) => {
                    if self.wait(until) == Some(End::Stopped) {
                        break End::Stopped;
                    }
                }
                Step::Expire => {
                    assert!(self.now >= self.deadline);
                    let failed = self.schedule.expire(&mut self.pace);
                    self.fail(&failed);
                    break End::Done;
                }
                Step::Done => break End::Done,
            }
        };
        self.check(&end);
        self.schedule.cancel(&mut self.pace);
        self.call_again();
    }

    fn check(&self, end: &End) {
        let progress = self.schedule.progress();
        assert_eq!(progress.total, self.read.len());
        assert_eq!(progress.succeeded, self.results.len());
        assert_eq!(progress.failed, self.failures.len());
        assert_eq!((progress.requests, progress.retries), (self.rules.requests, self.rules.retries));
        if *end == End::Stopped {
            return;
        }
        assert!(!self.rules.is_batch || self.results.len() == self.read.len() || self.now >= self.deadline);
        assert_eq!(self.results.len() + self.failures.len(), self.read.len(), "some run is in no place");
        let expired = self.now >= self.deadline;
        assert!(expired || self.flights.is_empty());
        assert!(expired || self.source.is_empty() || self.schedule.problem().is_some());
        if !expired && self.service.is_calm() {
            for id in &self.read {
                let sound = matches!(self.service.natures[id], Nature::Sound | Nature::BadInCompany);
                let breaks = self.service.natures.values().any(|nature| *nature == Nature::Breaks);
                let settled = self.results.contains(id);
                assert!(breaks || settled == sound, "{id} is {:?}: {settled}", self.service.natures[id]);
            }
        }
    }

    fn send(&mut self, request: Request) {
        // Sums of times are not exact.
        let early = self.gate - self.now;
        assert!(self.rules.is_batch || early < 1e-9, "sent {early} ms before the gate opens");
        assert!(self.now < self.deadline, "sent after the deadline");
        assert!(self.flights.len() < self.concurrency, "more in flight than allowed");
        for Flight { request: other, .. } in &self.flights {
            assert_ne!(other.number, request.number, "two requests in flight have the same number");
            let shared = request.run_ids.iter().find(|id| other.run_ids.contains(id));
            assert_eq!(shared, None, "in flight twice");
        }
        for id in &request.run_ids {
            assert!(!self.results.contains(id) && !self.failures.contains(id), "{id} is settled already");
        }
        let few_allowed = match &self.reading {
            _ if self.is_list => self.read.len() < 3,
            Some(_) => self.silent_since.is_some_and(|since| self.now >= since + SILENCE_MS),
            None => self.source_ended,
        };
        self.rules.sent(&request, few_allowed, self.now);
        // Some requests take long, so that much happens meanwhile.
        let times = if self.rng.u8(..20) == 0 { 10.0 } else { 1.0 };
        let latency = self.service.mood.latency * (0.5 + self.rng.f64()) * times;
        self.flights.push(Flight { request, ends: self.now + latency });
    }

    /// Goes on to the next event.
    fn wait(&mut self, until: f64) -> Option<End> {
        let first = (0..self.flights.len()).min_by(|&a, &b| self.flights[a].ends.total_cmp(&self.flights[b].ends));
        let answer = first.map_or(f64::INFINITY, |index| self.flights[index].ends);
        let source = self.reading.as_ref().map_or(f64::INFINITY, |reading| reading.comes_at);
        let take = if self.undelivered > 0 { self.next_take } else { f64::INFINITY };
        let next = until.min(answer).min(source).min(take);
        assert!(next.is_finite(), "waits for nothing");
        assert!(until > self.now, "a wait until a time that has passed");
        self.now = self.now.max(if self.coarse { next.ceil() } else { next });
        if next == source {
            self.give();
        } else if next == take {
            self.undelivered -= 1;
            self.next_take = self.now + self.rng.f64() * self.takes;
        } else if let (Some(index), true) = (first, next == answer) {
            let Flight { request, .. } = self.flights.swap_remove(index);
            return self.answer(request);
        }
        None
    }

    /// Gives values of the source to the call.
    fn give(&mut self) {
        let Some(Reading { most, .. }) = self.reading.take() else { return };
        let most = if self.rng.bool() { 1 } else { most };
        if self.source.is_empty() {
            self.source_ended = true;
            self.schedule.end();
        }
        for _ in 0..most {
            let Some(number) = self.source.pop() else { break };
            let is_new = RunId::from_number(number).is_ok_and(|run_id| self.reads(run_id));
            assert_eq!(self.schedule.add(number), is_new, "{number}");
            if is_new {
                self.silent_since = None;
            }
            self.source_ended |= number.fract() > 0.0;
        }
    }

    fn answer(&mut self, request: Request) -> Option<End> {
        let outcome = self.service.outcome(&request.run_ids, self.now, &mut self.rng);
        if let Outcome::Answered(sound) = &outcome
            && (!self.rules.is_batch || sound.len() == request.run_ids.len())
        {
            for id in sound {
                assert!(self.results.insert(*id), "{id} has two results");
            }
            self.settled(sound.len());
        }
        let sample = self.rng.f64();
        let verdict = self.schedule.handle(&request, outcome.clone(), &mut self.pace, self.now, sample);
        self.rules.handled(&request.run_ids, &outcome, &verdict, self.now);
        match verdict {
            Verdict::Settled => {}
            Verdict::Again(wait) => {
                if matches!(outcome, Outcome::Refused { status: 429 | 503, .. }) {
                    self.gate = self.gate.max(self.now + wait);
                }
            }
            Verdict::Failed(failed) => self.fail(&failed),
            Verdict::Stop => {
                assert!(request.run_ids.iter().all(|id| !self.failures.contains(id)));
                let forbidden = matches!(outcome, Outcome::Refused { status: 403, .. });
                assert!(self.rules.is_batch || !forbidden || self.results.is_empty(), "some run was allowed");
                return Some(End::Stopped);
            }
        }
        None
    }

    fn fail(&mut self, requests: &[Request]) {
        for id in requests.iter().flat_map(|request| &request.run_ids) {
            assert!(!self.results.contains(id), "{id} failed and has a result");
            assert!(self.failures.insert(*id), "{id} failed twice");
        }
        self.settled(requests.iter().map(|request| request.run_ids.len()).sum());
    }

    fn settled(&mut self, count: usize) {
        // The outcome of a list is delivered as a whole. Only the consumer of a stream can be slow.
        if !self.is_list {
            self.undelivered += count;
        }
    }

    /// Expects that the next call of the same client succeeds, however this one ended.
    fn call_again(&mut self) {
        let limits = Limits { concurrency: 1, max_retries: 0, deadline_ms: f64::INFINITY };
        let run_ids = (1..=4).map(|id| RunId::new(id).unwrap()).collect();
        let mut call = Schedule::of_list(limits, run_ids, self.now);
        loop {
            match call.next(&mut self.pace, 0, self.now) {
                Step::Send(request) => {
                    self.now += 50.0;
                    let outcome = Outcome::Answered(request.run_ids.clone());
                    call.handle(&request, outcome, &mut self.pace, self.now, 0.5);
                }
                Step::Wait(until) => {
                    assert!(until.is_finite(), "another call waits for nothing");
                    self.now = until;
                }
                step => return assert_eq!(step, Step::Done),
            }
        }
    }
}
