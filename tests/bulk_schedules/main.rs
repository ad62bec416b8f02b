//! The bulk call through a hundred thousand random schedules: answers in any order, failures at any moment, storms of
//! refusals, outages, slow consumers, deadlines. Whatever happens, every run ends in exactly one place.
//!
//! A failure prints the seed of its schedule; `BULK_SEED=<seed>` runs that one alone.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "an overflow, or what is not there, fails the test"
)]

mod rules;
mod service;

use std::collections::HashSet;
use std::env;
use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use fastrand::Rng;
use rules::Rules;
use service::{Nature, Service};
use translation_results::bulk::{Bulk, Jobs, Limits, Outcome, Request, SILENCE_MS, Step, Verdict};
use translation_results::pace::Pace;
use translation_results::runs::Places;

const SCHEDULES: u64 = 100_000;

/// No schedule has that many steps; one that goes on for longer never ends.
const STEPS_MAX: usize = 200_000;

#[test]
fn every_run_ends_in_exactly_one_place() {
    if let Ok(seed) = env::var("BULK_SEED") {
        return World::new(seed.parse().unwrap()).play();
    }
    // `cargo xtask mutants` runs it some hundred times, and takes fewer.
    let count = env::var("BULK_SCHEDULES").map_or(SCHEDULES, |count| count.parse().unwrap());
    for seed in 0..count {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| World::new(seed).play())) {
            eprintln!("the schedule with BULK_SEED={seed} failed");
            resume_unwind(panic);
        }
    }
}

struct Flight {
    request: Request,
    ends: f64,
}

/// What the source was asked for.
struct Reading {
    asked_at: f64,
    comes_at: f64,
    most: usize,
}

struct World {
    rng: Rng,
    now: f64,
    bulk: Bulk,
    jobs: Jobs,
    pace: Pace,
    concurrency: usize,
    service: Service,
    rules: Rules,
    deadline: f64,
    /// What the source is yet to give, and how long it takes for each piece.
    source: Vec<f64>,
    source_delay: f64,
    /// Whether the clock shows whole milliseconds only, so that much happens at once.
    coarse: bool,
    reading: Option<Reading>,
    flights: Vec<Flight>,
    gate: f64,
    /// The distinct runs that were read, in their order.
    read: Vec<u32>,
    results: HashSet<u32>,
    failures: HashSet<u32>,
    undelivered: usize,
    takes: f64,
    next_take: f64,
    is_list: bool,
    source_ended: bool,
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
        let concurrency = rng.u32(1..=12);
        let max_retries = rng.u32(..4);
        let deadline_ms = (rng.u8(..4) == 0).then(|| rng.u32(1..20_000));
        let start = rng.f64() * 1e6;
        let service = Service::new(&mut rng, numbers.iter().copied(), start);
        let deadline_ms = deadline_ms.map_or(f64::INFINITY, f64::from);
        let limits = Limits { concurrency, max_retries, deadline_ms };
        let mut world = Self {
            now: start,
            bulk: Bulk::start(limits, start),
            jobs: Jobs::new(),
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
            rng,
        };
        if world.is_list {
            world.source.clear();
            for number in numbers {
                world.reads(number);
            }
            let count = world.read.len();
            world.rules.whole = (2..=5).contains(&count) && world.rng.bool();
            let start_list = if world.rules.whole { Bulk::start_whole } else { Bulk::start_with };
            world.bulk = start_list(limits, count, start);
        } else if world.rng.u8(..20) == 0 {
            world.source.insert(0, 0.5);
        }
        world
    }

    /// Notes a run, and whether it is new.
    fn reads(&mut self, id: u32) -> bool {
        let is_new = !self.read.contains(&id);
        if is_new {
            self.read.push(id);
        }
        is_new
    }

    /// The runs of a request.
    fn ids(&self, request: &Request) -> Vec<u32> {
        let runs = request.runs;
        runs.places.iter().map(|place| self.read[runs.first + place]).collect()
    }

    fn play(mut self) {
        let mut steps = 0;
        let end = loop {
            steps += 1;
            assert!(steps < STEPS_MAX, "the call does not end");
            match self.bulk.next(&mut self.jobs, &mut self.pace, self.undelivered, self.now) {
                Step::Read(room) => {
                    assert!(self.reading.is_none(), "read again before the source has answered");
                    let ahead = self.read.len() - self.results.len() - self.failures.len() + self.undelivered;
                    assert!(ahead + room <= 5 * self.concurrency, "{ahead} ahead and {room} more");
                    let comes_at = self.now + self.rng.f64() * self.source_delay;
                    self.reading = Some(Reading { asked_at: self.now, comes_at, most: room });
                }
                Step::Send(request) => self.send(request),
                Step::Wait(until) => {
                    if self.wait(until) == Some(End::Stopped) {
                        break End::Stopped;
                    }
                }
                Step::Expire => {
                    assert!(self.now >= self.deadline);
                    self.bulk.expire(&mut self.jobs, &mut self.pace);
                    let requests = self.take_failed();
                    self.fail(&requests);
                    break End::Done;
                }
                Step::Done => break End::Done,
            }
        };
        self.check(&end);
        self.bulk.close(&mut self.jobs, &mut self.pace);
        self.calls_again();
    }

    fn check(&self, end: &End) {
        let progress = self.bulk.progress();
        assert_eq!(progress.total, self.read.len());
        assert_eq!(progress.succeeded, self.results.len());
        assert_eq!(progress.failed, self.failures.len());
        assert_eq!((progress.requests, progress.retries), (self.rules.requests, self.rules.retries));
        if *end == End::Stopped {
            return;
        }
        assert!(!self.rules.whole || self.results.len() == self.read.len() || self.now >= self.deadline);
        assert_eq!(self.results.len() + self.failures.len(), self.read.len(), "some run is in no place");
        let expired = self.now >= self.deadline;
        assert!(expired || self.flights.is_empty());
        assert!(expired || self.source.is_empty() || self.bulk.problem().is_some());
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
        assert!(self.rules.whole || self.now >= self.gate, "sent {} ms before the gate opens", self.gate - self.now);
        assert!(self.now < self.deadline, "sent after the end");
        assert!(self.flights.len() < self.concurrency, "more in flight than allowed");
        let of_another = self.flights.iter().any(|flight| flight.request.number == request.number);
        assert!(!of_another, "its answer would be taken for another one's");
        let ids = self.ids(&request);
        for id in &ids {
            assert!(!self.results.contains(id) && !self.failures.contains(id), "{id} again");
            assert!(
                !self.flights.iter().any(|flight| self.ids(&flight.request).contains(id)),
                "{id} is on its way twice"
            );
        }
        let few = match &self.reading {
            _ if self.is_list => self.read.len() < 3,
            Some(reading) => self.now >= reading.asked_at + SILENCE_MS,
            None => self.source_ended,
        };
        self.rules.sent(&request, ids, few, self.now);
        // Some take long, so that much may happen meanwhile.
        let times = if self.rng.u8(..20) == 0 { 10.0 } else { 1.0 };
        let latency = self.service.mood.latency * (0.5 + self.rng.f64()) * times;
        self.flights.push(Flight { request, ends: self.now + latency });
    }

    /// Goes on to whatever comes first.
    fn wait(&mut self, until: f64) -> Option<End> {
        let first = (0..self.flights.len()).min_by(|&a, &b| self.flights[a].ends.total_cmp(&self.flights[b].ends));
        let answer = first.map_or(f64::INFINITY, |index| self.flights[index].ends);
        let source = self.reading.as_ref().map_or(f64::INFINITY, |reading| reading.comes_at);
        let take = if self.undelivered > 0 { self.next_take } else { f64::INFINITY };
        let next = until.min(answer).min(source).min(take);
        assert!(next.is_finite(), "waits for nothing");
        assert!(until > self.now, "a wait for what is over");
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

    fn give(&mut self) {
        let Some(Reading { most, .. }) = self.reading.take() else { return };
        let most = if self.rng.bool() { 1 } else { most };
        if self.source.is_empty() {
            self.source_ended = true;
            self.bulk.end();
        }
        for _ in 0..most {
            let Some(number) = self.source.pop() else { break };
            let ends = number.fract() > 0.0;
            let is_new = !ends && self.reads(number as u32);
            self.bulk.add(number, is_new);
            self.source_ended |= ends;
        }
    }

    fn answer(&mut self, request: Request) -> Option<End> {
        let ids = self.ids(&request);
        let outcome = self.service.outcome(request.runs.places, &ids, self.now, &mut self.rng);
        if let Outcome::Answered(sound) = outcome {
            let places = request.runs.places.iter();
            let sound: Vec<_> = places.zip(&ids).filter(|(place, _)| sound.has(*place)).map(|(_, &id)| id).collect();
            if !self.rules.whole || sound.len() == ids.len() {
                for id in &sound {
                    assert!(self.results.insert(*id), "{id} has two results");
                }
                self.settled(sound.len());
            }
        }
        let sample = self.rng.f64();
        let verdict = self.bulk.handle(request, outcome, &mut self.jobs, &mut self.pace, self.now, sample);
        let failed = self.take_failed();
        self.rules.handled(&ids, outcome, verdict, &failed, self.now);
        match verdict {
            Verdict::Settled => {}
            Verdict::Again(wait) => {
                if matches!(outcome, Outcome::Refused { status: 429 | 503, .. }) {
                    self.gate = self.gate.max(self.now + wait);
                }
            }
            Verdict::Failed => self.fail(&failed),
            Verdict::Stop => {
                assert!(ids.iter().all(|id| !self.failures.contains(id)));
                let forbidden = matches!(outcome, Outcome::Refused { status: 403, .. });
                assert!(self.rules.whole || !forbidden || self.results.is_empty(), "something was allowed");
                return Some(End::Stopped);
            }
        }
        None
    }

    fn fail(&mut self, requests: &[Request]) {
        for id in requests.iter().flat_map(|request| self.ids(request)).collect::<Vec<_>>() {
            assert!(!self.results.contains(&id), "{id} failed and has a result");
            assert!(self.failures.insert(id), "{id} failed twice");
        }
        self.settled(requests.iter().map(|request| request.runs.len()).sum());
    }

    fn settled(&mut self, count: usize) {
        // The outcome of a list is delivered as a whole; only a stream's consumer can be slow.
        if !self.is_list {
            self.undelivered += count;
        }
    }

    /// The requests whose runs have failed since this was asked.
    fn take_failed(&mut self) -> Vec<Request> {
        iter::from_fn(|| self.bulk.take_failed(&mut self.jobs)).collect()
    }

    /// However a call ended, the next one of the same client gets through.
    fn calls_again(&mut self) {
        let limits = Limits { concurrency: 1, max_retries: 0, deadline_ms: f64::INFINITY };
        let mut call = Bulk::start_with(limits, 4, self.now);
        loop {
            match call.next(&mut self.jobs, &mut self.pace, 0, self.now) {
                Step::Send(request) => {
                    self.now += 50.0;
                    call.handle(
                        request,
                        Outcome::Answered(Places(0b11111)),
                        &mut self.jobs,
                        &mut self.pace,
                        self.now,
                        0.5,
                    );
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
