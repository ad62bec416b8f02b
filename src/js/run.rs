//! A call on its way: carries out what `bulk` says, and tells it what came of it.
//!
//! One loop for all calls. It takes what has happened, one thing at a time, as a callback of the caller's may abort the
//! call, leave the stream or call the client again at each; then it does what is to be done next.

use std::mem::take;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::error::Fault;
use super::options::{CallOptions, Config};
use super::platform::{clock, random, read_numbers, to_js};
use super::reply::read_reply;
use super::sink::{BATCH, STREAM, Sink};
use super::wire::{Event, LEFT, NOTHING, READ, Wire};
use crate::bulk::{Bulk, Job, Outcome, Progress, Step, Verdict};
use crate::id_set::IdSet;
use crate::run_id::Places;

/// A call.
pub struct Run {
    config: Rc<Config>,
    options: CallOptions,
    wire: Wire,
    sink: Sink,
    /// Of the sink.
    kind: u32,
    bulk: Bulk,
    started_at: f64,
    flights: Vec<Job>,
    /// Whether what the source gave last was nothing new.
    only_repeats: bool,
    /// How many requests may be in flight, as was told last.
    limit: u32,
}

/// What ends a call before every run is settled.
enum Stop {
    /// An error of the package's.
    Failed(JsValue),
    /// The caller: the reason of the signal, or what the source threw.
    Left(JsValue),
}

impl Run {
    /// A call for distinct runs, or for those that the sink's source gives.
    pub fn new(
        config: &Rc<Config>,
        options: CallOptions,
        ids: Option<IdSet>,
        wire: Wire,
        sink: Sink,
        kind: u32,
    ) -> Self {
        let started_at = clock();
        let limits = options.limits;
        Self {
            wire,
            config: Rc::clone(config),
            limit: limits.concurrency,
            options,
            bulk: Bulk::of(limits, ids, kind == BATCH, started_at),
            sink,
            kind,
            started_at,
            flights: Vec::new(),
            only_repeats: false,
        }
    }

    /// Has JavaScript wake the call, which it knows by a number.
    pub fn open(&self, number: usize) {
        self.wire.open(number);
    }

    /// Carries the call out as far as it gets; whether there is more to come. In the end the sink is told of an outcome, an
    /// error of the package's, the reason of the signal, or what the source threw.
    pub fn go_on(&mut self) -> bool {
        let ended = match self.steps() {
            Ok(true) => return true,
            Ok(false) => Ok(()),
            Err(stop) => Err(stop),
        };
        self.wire.close();
        if self.kind != BATCH {
            self.cancel();
            self.tell_progress();
        }
        match ended {
            Ok(()) => self.sink.resolve(),
            Err(Stop::Failed(error)) => self.sink.stop(&error),
            Err(Stop::Left(reason)) => self.sink.reject(&reason),
        }
        false
    }

    /// Does what there is to be done; whether it waits for something, where it could go on to an end.
    fn steps(&mut self) -> Result<bool, Stop> {
        let mut now = clock();
        loop {
            // The caller may have been told of something, and have taken its time. Not while the pace is borrowed: a clock
            // of a test's may call the client.
            if self.kind != BATCH {
                now = clock();
            }
            let undelivered = if self.kind == STREAM { self.sink.undelivered() } else { 0.0 };
            if undelivered < 0.0 {
                return Err(Stop::Left(JsValue::UNDEFINED));
            }
            let event = self.wire.take();
            let kind = event.kind();
            if kind != NOTHING {
                self.hear(&event, kind, now)?;
                continue;
            }
            let step = self.bulk.next(&mut self.config.pace.borrow_mut(), undelivered as usize, now);
            match step {
                Step::Read(most) => self.wire.read(most, self.only_repeats),
                Step::Send(job) => self.send(job, now),
                Step::Wait(until) => {
                    self.wire.wait(until);
                    return Ok(true);
                }
                Step::Expire => return self.expire().map(|()| false),
                Step::Done => {
                    return match self.bulk.problem() {
                        Some(problem) => Err(Stop::Failed(Fault::run_ids(&[problem]))),
                        None => Ok(false),
                    };
                }
            }
        }
    }

    fn send(&mut self, job: Job, now: f64) {
        // Where the time for the whole call is over first, it is that time which is over.
        let timeout_ms = self.options.timeout_ms;
        let timeout_ms = if self.bulk.deadline() - now > timeout_ms { timeout_ms } else { 0.0 };
        self.wire.send(job.number(), &to_js(job.ids()), job.attempts(), timeout_ms);
        self.flights.push(job);
    }

    fn hear(&mut self, event: &Event, kind: u32, now: f64) -> Result<(), Stop> {
        match kind {
            LEFT => return Err(Stop::Left(event.value())),
            READ => {
                let before = self.bulk.progress().total;
                self.bulk.add(&read_numbers(event.value().unchecked_ref()));
                self.only_repeats = self.bulk.progress().total == before;
                return Ok(());
            }
            _ => {}
        }
        let number = event.number();
        let Some(index) = self.flights.iter().position(|job| job.number() == number) else { return Ok(()) };
        let job = self.flights.swap_remove(index);
        let (outcome, fault) = read_reply(event, kind, job.ids(), self.options.timeout_ms);
        if matches!(outcome, Outcome::Answered(sound) if sound != Places::default()) {
            self.sink.landed(event);
        }
        self.settle(event, job, outcome, fault, now)
    }

    /// Does what becomes of the runs that an attempt brought no result for.
    fn settle(
        &mut self,
        event: &Event,
        job: Job,
        outcome: Outcome,
        fault: Option<Fault>,
        now: f64,
    ) -> Result<(), Stop> {
        let (sample, attempts) = (random(), job.attempts());
        let verdict = self.bulk.handle(job, outcome, &mut self.config.pace.borrow_mut(), now, sample);
        let mut stop = Ok(());
        if let Some(fault) = fault {
            match verdict {
                Verdict::Settled => {}
                Verdict::Again(delay_ms) => {
                    self.config.connection.tell_retry(event, attempts, delay_ms.ceil(), &fault);
                }
                Verdict::Failed => self.fail(&fault),
                Verdict::Stop => stop = Err(Stop::Failed(fault.error(attempts))),
            }
        }
        if self.kind != BATCH {
            self.tell_limit();
            self.tell_progress();
        }
        stop
    }

    /// Has others look at the pace, and tells of it where it has changed.
    fn tell_limit(&mut self) {
        let connection = &self.config.connection;
        connection.stir();
        let limit = self.config.pace.borrow().limit(self.options.limits.concurrency);
        if limit != self.limit {
            self.limit = limit;
            connection.tell_limit(limit);
        }
    }

    /// Tells of the runs that have failed with this fault.
    fn fail(&mut self, fault: &Fault) {
        // Those that were tried as often have one error.
        let mut error = JsValue::UNDEFINED;
        let mut attempts = u32::MAX;
        for job in self.bulk.take_failed() {
            if job.attempts() != attempts {
                attempts = job.attempts();
                error = fault.error(attempts);
            }
            self.sink.failed(&to_js(job.ids()), &error);
        }
    }

    /// Forgets what was in flight.
    fn cancel(&mut self) -> Vec<Job> {
        let jobs = take(&mut self.flights);
        self.bulk.cancel(&jobs, &mut self.config.pace.borrow_mut());
        self.config.connection.stir();
        jobs
    }

    fn expire(&mut self) -> Result<(), Stop> {
        let jobs = self.cancel();
        let fault = Fault::timeout(self.options.limits.deadline_ms);
        self.bulk.expire(jobs);
        if self.kind == BATCH {
            let attempts = self.bulk.take_failed().first().map_or(0, Job::attempts);
            return Err(Stop::Failed(fault.error(attempts)));
        }
        self.fail(&fault);
        Ok(())
    }

    fn tell_progress(&self) {
        let Progress { total, succeeded, failed, requests, retries } = self.bulk.progress();
        self.sink.progress(total, succeeded, failed, requests, retries, clock() - self.started_at);
    }
}
