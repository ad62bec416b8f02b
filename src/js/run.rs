//! A call on its way: carries out what `bulk` says, and tells it what came of it.
//!
//! One loop for all calls. It takes what has happened, one thing at a time, as a callback of the caller's may abort the
//! call, leave the stream or call the client again at each; then it does what is to be done next.

use std::future::poll_fn;
use std::mem::take;
use std::rc::Rc;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::error::Fault;
use super::options::{CallOptions, Config};
use super::platform::{now, random, read_numbers, to_js};
use super::reply::read_reply;
use super::sink::{BATCH, Sink};
use super::wire::{Event, LEFT, READ, Task, Wire};
use crate::bulk::{Bulk, Job, Outcome, Progress, Step, Verdict};
use crate::id_set::IdSet;

/// A call.
pub struct Run {
    config: Rc<Config>,
    options: CallOptions,
    wire: Wire,
    task: Option<Task>,
    sink: Sink,
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
    pub fn new(config: &Rc<Config>, options: CallOptions, ids: Option<IdSet>, wire: Wire, sink: Sink) -> Self {
        let started_at = now();
        let limits = options.limits;
        if let Some(ids) = &ids {
            sink.expect(&to_js(ids));
        }
        Self {
            wire,
            config: Rc::clone(config),
            limit: limits.concurrency,
            options,
            task: None,
            bulk: Bulk::of(limits, ids, sink.kind() == BATCH, started_at),
            sink,
            started_at,
            flights: Vec::new(),
            only_repeats: false,
        }
    }

    /// Carries the call out, to an outcome, an error of the package's, the reason of the signal, or what the source threw.
    pub fn start(mut self) {
        spawn_local(poll_fn(move |context| self.poll(context)));
    }

    fn poll(&mut self, context: &Context<'_>) -> Poll<()> {
        self.go_on(context).map(|ended| {
            self.wire.close();
            self.cancel();
            self.tell_progress();
            match ended {
                Ok(()) => self.sink.resolve(),
                Err(Stop::Failed(error)) => self.sink.stop(&error),
                Err(Stop::Left(reason)) => self.sink.reject(&reason),
            }
        })
    }

    fn go_on(&mut self, context: &Context<'_>) -> Poll<Result<(), Stop>> {
        if self.task.is_none() {
            let task = Task::new(context.waker());
            if let Err(thrown) = self.wire.open(task.0) {
                return Poll::Ready(Err(Stop::Left(thrown)));
            }
            self.task = Some(task);
        }
        loop {
            let undelivered = self.sink.undelivered();
            if undelivered < 0.0 {
                return Poll::Ready(Err(Stop::Left(JsValue::UNDEFINED)));
            }
            if let Some(event) = self.wire.take() {
                if let Err(stop) = self.hear(&event) {
                    return Poll::Ready(Err(stop));
                }
                continue;
            }
            // Asked before the pace is borrowed: a clock of a test's may call the client.
            let now = now();
            let step = self.bulk.next(&mut self.config.pace.borrow_mut(), undelivered as usize, now);
            match step {
                Step::Read(most) => self.wire.read(most, self.only_repeats),
                Step::Send(job) => self.send(job),
                Step::Wait(until) => {
                    self.wire.wait(until);
                    return Poll::Pending;
                }
                Step::Expire => return Poll::Ready(self.expire()),
                Step::Done => {
                    return Poll::Ready(match self.bulk.problem() {
                        Some(problem) => Err(Stop::Failed(Fault::run_ids(&[problem]))),
                        None => Ok(()),
                    });
                }
            }
        }
    }

    fn send(&mut self, job: Job) {
        // Where the time for the whole call is over first, it is that time which is over.
        let timeout_ms = self.options.timeout_ms;
        let timeout_ms = if self.bulk.deadline() - now() > timeout_ms { timeout_ms } else { 0.0 };
        self.flights.push(job);
        self.wire.send(job.number(), &to_js(job.ids()), job.attempts(), timeout_ms);
    }

    fn hear(&mut self, event: &Event) -> Result<(), Stop> {
        match event.kind() {
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
        let (outcome, fault) = read_reply(event, job.ids(), self.options.timeout_ms);
        if let Outcome::Answered(sound) = &outcome
            && !sound.is_empty()
        {
            self.sink.landed(&event.results(), &to_js(sound));
        }
        self.settle(job, outcome, fault)
    }

    /// Does what becomes of the runs that an attempt brought no result for.
    fn settle(&mut self, job: Job, outcome: Outcome, fault: Option<Fault>) -> Result<(), Stop> {
        let (now, sample) = (now(), random());
        let (verdict, limit) = {
            let pace = &mut self.config.pace.borrow_mut();
            let verdict = self.bulk.handle(job, outcome, pace, now, sample);
            (verdict, pace.limit(self.options.limits.concurrency))
        };
        let connection = &self.config.connection;
        connection.stir();
        let mut stop = Ok(());
        if let Some(fault) = fault {
            match verdict {
                Verdict::Settled => {}
                Verdict::Again(delay_ms) => {
                    connection.tell_retry(&to_js(job.ids()), job.attempts(), delay_ms.ceil(), &fault);
                }
                Verdict::Failed => self.fail(&fault),
                Verdict::Stop => stop = Err(Stop::Failed(fault.error(job.attempts()))),
            }
        }
        if limit != self.limit {
            self.limit = limit;
            self.config.connection.tell_limit(limit);
        }
        self.tell_progress();
        stop
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
        if self.sink.kind() == BATCH {
            let attempts = self.bulk.take_failed().first().map_or(0, Job::attempts);
            return Err(Stop::Failed(fault.error(attempts)));
        }
        self.fail(&fault);
        Ok(())
    }

    fn tell_progress(&self) {
        let Progress { total, succeeded, failed, requests, retries } = self.bulk.progress();
        self.sink.progress(total, succeeded, failed, requests, retries, now() - self.started_at);
    }
}
