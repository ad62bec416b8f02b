//! A call on its way: carries out what `bulk` says, and tells it what came of it.
//!
//! One loop for all calls. It takes what has happened, one thing at a time, as a callback of the caller's may abort the
//! call, leave the stream or call the client again at each; then it does what is to be done next.

use std::future::poll_fn;
use std::mem::take;
use std::rc::Rc;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::connection::Told;
use super::error::Failure;
use super::options::{CallOptions, Config};
use super::platform::{now, random};
use super::record::numbers_of;
use super::reply::Answer;
use super::sink::{Collector, ResultStream, Sink};
use super::wire::{Event, Wire};
use crate::bulk::{Bulk, Job, Outcome, Progress, Step, Verdict};
use crate::error::{Error, Kind};
use crate::run_id::{Problem, RunId};

/// Where the results of a call go.
pub enum Output {
    /// One batch: it resolves with its results.
    Batch,
    /// Any number of runs: it resolves with the outcome.
    List(Collector),
    /// A stream hands them out.
    Stream(ResultStream),
}

/// A call.
pub struct Run {
    config: Rc<Config>,
    options: CallOptions,
    output: Output,
    bulk: Bulk,
    started_at: f64,
    flights: Vec<Flight>,
    next_flight: u32,
    /// The results of the last answer.
    results: JsValue,
    /// Whether what the source gave last was nothing new.
    only_repeats: bool,
    /// How many requests may be in flight, as was told last.
    limit: u32,
}

/// A request on its way.
struct Flight {
    number: u32,
    job: Job,
    sent_at: f64,
}

/// What ends a call before every run is settled.
enum Stop {
    /// An error of the package's.
    Failed(JsValue),
    /// The caller: the reason of the signal, or what the source threw.
    Left(JsValue),
}

impl Run {
    /// A call for distinct runs, or for those that the stream's source gives.
    pub fn new(config: &Rc<Config>, options: CallOptions, ids: Vec<RunId>, output: Output) -> Self {
        let started_at = now();
        let bulk = match &output {
            Output::Batch => Bulk::start_whole(options.limits, ids, started_at),
            Output::List(collector) => {
                collector.expect(numbers_of(&ids));
                Bulk::start_with(options.limits, ids, started_at)
            }
            Output::Stream(_) => Bulk::start(options.limits, started_at),
        };
        Self {
            config: Rc::clone(config),
            limit: options.limits.concurrency,
            options,
            output,
            bulk,
            started_at,
            flights: Vec::new(),
            next_flight: 0,
            results: JsValue::UNDEFINED,
            only_repeats: false,
        }
    }

    /// Carries the call out. Fails with an error of the package's, the reason of the signal, or what the source threw.
    pub async fn finish(mut self) -> Result<JsValue, JsValue> {
        let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
        let stream = if let Output::Stream(stream) = &self.output { Some(stream) } else { None };
        if stream.is_some_and(|stream| !stream.is_open()) {
            return Err(Error::from(Kind::RunIds(vec![Problem::NotAnArray])).into());
        }
        if let Some(sink) = self.sink() {
            sink.listen(self.options.on_item.as_ref(), self.options.on_progress.as_ref());
        }
        let wire = Wire::open(&self.config, &self.options, self.sink(), &waker)?;
        let ended = poll_fn(|context| self.poll(&wire, context)).await;
        drop(wire);
        self.cancel();
        self.tell_progress();
        match (&self.output, ended) {
            (Output::List(collector), Ok(())) => Ok(collector.outcome()),
            (Output::List(collector), Err(Stop::Failed(error))) => Err(collector.stopped(&error)),
            (_, Err(Stop::Failed(error) | Stop::Left(error))) => Err(error),
            (_, Ok(())) => Ok(self.results),
        }
    }

    fn sink(&self) -> Option<&Sink> {
        match &self.output {
            Output::Batch => None,
            Output::List(collector) => Some(collector),
            Output::Stream(stream) => Some(stream),
        }
    }

    fn poll(&mut self, wire: &Wire, context: &mut Context<'_>) -> Poll<Result<(), Stop>> {
        loop {
            let undelivered = self.sink().map_or(0.0, Sink::undelivered);
            if undelivered < 0.0 {
                return Poll::Ready(Err(Stop::Left(JsValue::UNDEFINED)));
            }
            if let Some(event) = wire.take() {
                if let Err(stop) = self.hear(event) {
                    return Poll::Ready(Err(stop));
                }
                continue;
            }
            let step = self.config.pace.ask(|pace| self.bulk.next(pace, undelivered as usize, now()));
            match step {
                Step::Read(most) => wire.read(most, self.only_repeats),
                Step::Send(job) => self.send(job, wire),
                Step::Wait(until) => {
                    self.wait(until, wire, context);
                    return Poll::Pending;
                }
                Step::Expire => return Poll::Ready(self.expire()),
                Step::Done => {
                    let problem = self.bulk.problem();
                    let error = problem.map(|problem| Error::from(Kind::RunIds(vec![problem])).into());
                    return Poll::Ready(error.map_or(Ok(()), |error| Err(Stop::Failed(error))));
                }
            }
        }
    }

    fn wait(&mut self, until: f64, wire: &Wire, context: &mut Context<'_>) {
        wire.wait(until);
        if !matches!(self.output, Output::Batch) {
            // Another call of this client's may have the answer that is waited for.
            self.config.pace.wake_at_update(context.waker());
        }
    }

    fn send(&mut self, job: Job, wire: &Wire) {
        const NONE: JsValue = JsValue::UNDEFINED;
        self.config.tell(Told::Request, job.ids(), job.attempts(), || [NONE; 3]);
        let sent_at = now();
        // Where the time for the whole call is over first, it is that time which is over.
        let timeout_ms = self.options.timeout_ms;
        let timeout_ms = if self.bulk.deadline() - sent_at > timeout_ms { timeout_ms } else { 0.0 };
        let number = self.next_flight;
        self.next_flight = number.wrapping_add(1);
        wire.send(number, job.ids(), timeout_ms);
        self.flights.push(Flight { number, job, sent_at });
    }

    fn hear(&mut self, event: Event) -> Result<(), Stop> {
        let (number, came) = match event {
            Event::Left(reason) => return Err(Stop::Left(reason)),
            Event::Read(numbers) => {
                let before = self.bulk.progress().total;
                self.bulk.add(&numbers);
                self.only_repeats = self.bulk.progress().total == before;
                return Ok(());
            }
            Event::Headers(number, reply) => {
                if let Some(Flight { job, sent_at, .. }) = self.flights.iter().find(|flight| flight.number == number) {
                    self.config.tell(Told::Response, job.ids(), job.attempts(), || {
                        let request_id = reply.request_id(&self.config).map_or(JsValue::UNDEFINED, JsValue::from);
                        [reply.status().into(), (now() - sent_at).into(), request_id]
                    });
                }
                return Ok(());
            }
            Event::TimedOut(number) => (number, None),
            Event::Reply(number, reply) => (number, Some(reply)),
        };
        let Some(index) = self.flights.iter().position(|flight| flight.number == number) else { return Ok(()) };
        let job = self.flights.swap_remove(index).job;
        let timeout_ms = self.options.timeout_ms as u32;
        let came = match came {
            Some(reply) => reply.read(&self.config, job.ids()),
            None => Err(Error::from(Kind::Timeout { timeout_ms }).into()),
        };
        self.settle(job, came)
    }

    /// Hands on what an attempt brought, and does what becomes of the other runs.
    fn settle(&mut self, job: Job, came: Result<Answer, Box<Failure>>) -> Result<(), Stop> {
        let (run_ids, attempt) = (job.ids().to_vec(), job.attempts());
        let (outcome, failure) = match came {
            Ok(Answer { results, sound, fault }) => {
                if let Some(sink) = self.sink() {
                    sink.landed(&results, numbers_of(&sound));
                }
                self.results = results.into();
                (Outcome::Answered(sound), fault)
            }
            Err(failure) => (failure.outcome(), Some(failure)),
        };
        let (verdict, limit) = self.config.pace.update(|pace| {
            let verdict = self.bulk.handle(job, outcome, pace, now(), random());
            (verdict, pace.limit(self.options.limits.concurrency))
        });
        let mut stop = Ok(());
        if let Some(failure) = failure {
            match verdict {
                Verdict::Settled => {}
                Verdict::Again(delay_ms) => {
                    let code = || failure.error.code().as_str().into();
                    self.config
                        .tell(Told::Retry, &run_ids, attempt, || [delay_ms.ceil().into(), code(), JsValue::UNDEFINED]);
                }
                Verdict::Failed(jobs) => self.fail(&jobs, &failure),
                Verdict::Stop => stop = Err(Stop::Failed(failure.into_js(attempt))),
            }
        }
        if limit != self.limit {
            self.limit = limit;
            self.config.connection.tell_limit(limit);
        }
        self.tell_progress();
        stop
    }

    fn fail(&self, jobs: &[Job], failure: &Failure) {
        for job in jobs.iter().filter(|job| !job.ids().is_empty()) {
            if let Some(sink) = self.sink() {
                sink.failed(numbers_of(job.ids()), &failure.clone().into_js(job.attempts()));
            }
        }
    }

    /// Forgets what was in flight.
    fn cancel(&mut self) -> Vec<Job> {
        let jobs: Vec<Job> = take(&mut self.flights).into_iter().map(|flight| flight.job).collect();
        self.config.pace.update(|pace| self.bulk.cancel(&jobs, pace));
        jobs
    }

    fn expire(&mut self) -> Result<(), Stop> {
        let jobs = self.cancel();
        let timeout_ms = self.options.limits.deadline_ms as u32;
        let failure = Box::<Failure>::from(Error::from(Kind::Timeout { timeout_ms }));
        let jobs = self.bulk.expire(jobs);
        if let Output::Batch = self.output {
            let attempts = jobs.first().map_or(0, Job::attempts);
            return Err(Stop::Failed(failure.into_js(attempts)));
        }
        self.fail(&jobs, &failure);
        Ok(())
    }

    fn tell_progress(&self) {
        if let Some(sink) = self.sink() {
            let Progress { total, succeeded, failed, requests, retries } = self.bulk.progress();
            sink.progress(total, succeeded, failed, requests, retries, now() - self.started_at);
        }
    }
}
