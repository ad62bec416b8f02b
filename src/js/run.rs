//! A call on its way: carries out what `bulk` says, and tells it what came of it.
//!
//! One way for all calls. It is told of what has happened one thing at a time, as a callback of the caller's may abort the
//! call, leave the stream or call the client again at each; then it does what is to be done next.

use std::mem::take;

use super::call::{Call, ENDED, End, GAVE, LEFT, News, WOKEN};
use super::error::Fault;
use super::platform::{chance, clock};
use super::reply::read_reply;
use super::table::with_pace;
use crate::bulk::{Bulk, Job, Limits, Outcome, Step, Verdict};

/// What is wanted, as `call.js` counts it (1 is a list of any length): one batch, which succeeds or fails as a whole.
pub const BATCH: u32 = 0;
/// What a source gives, one by one.
pub const STREAM: u32 = 2;

/// A call.
pub struct Run {
    call: Call,
    client: usize,
    limits: Limits,
    /// Time for one attempt.
    timeout_ms: f64,
    /// One of those above.
    kind: u32,
    bulk: Bulk,
    started_at: f64,
    flights: Vec<Job>,
    /// How many requests may be in flight, as was told last.
    limit: u32,
}

impl Run {
    /// A call that starts now, for so many distinct runs, or for those that its source gives.
    pub fn new(call: Call, client: usize, limits: Limits, timeout_ms: f64, count: usize, kind: u32, now: f64) -> Self {
        Self {
            call,
            client,
            bulk: Bulk::of(limits, count, kind == STREAM, kind == BATCH, now),
            limit: limits.concurrency,
            limits,
            timeout_ms,
            kind,
            started_at: now,
            flights: Vec::new(),
        }
    }

    /// Takes in what has happened, and when that is all, does what there is to be done; whether more is to come.
    pub fn go_on(&mut self, news: &News) -> bool {
        let now = clock();
        let mut end = self.hear(news, now);
        if end.is_none() && news.is_all {
            end = self.steps(now);
        }
        let Some(end) = end else { return true };
        self.call.close();
        if self.kind != BATCH {
            self.cancel();
            self.tell_progress();
        }
        self.call.settle(end);
        false
    }

    fn steps(&mut self, mut now: f64) -> Option<End> {
        loop {
            // The caller may have been told of something, and have taken its time. Not while the pace is borrowed: a clock
            // of a test's may call the client.
            if self.kind != BATCH {
                now = clock();
            }
            let undelivered = if self.kind == STREAM { self.call.undelivered() } else { 0 };
            if undelivered < 0 {
                return Some(End::Left);
            }
            let step = with_pace(self.client, |pace| self.bulk.next(pace, undelivered as usize, now));
            match step {
                Step::Read(most) => self.call.read(most),
                Step::Send(job) => {
                    if !self.send(job, now) {
                        return None;
                    }
                }
                Step::Wait(until) => {
                    self.call.wait(until);
                    return None;
                }
                Step::Expire => return Some(self.expire()),
                Step::Done => {
                    return Some(match self.bulk.problem() {
                        Some((problem, index)) => self.stop(Fault::run_id(problem, index), 0),
                        None => End::Settled,
                    });
                }
            }
        }
    }

    #[inline(never)]
    fn send(&mut self, job: Job, now: f64) -> bool {
        // Where the time for the whole call is over first, it is that time which is over.
        let timeout_ms = self.timeout_ms;
        let timeout_ms = if self.bulk.deadline() - now > timeout_ms { timeout_ms } else { 0.0 };
        let sent = self.call.send(&job, timeout_ms);
        self.flights.push(job);
        sent
    }

    fn hear(&mut self, news: &News, now: f64) -> Option<End> {
        match news.what {
            WOKEN => return None,
            LEFT => return Some(End::Left),
            GAVE => {
                self.bulk.add(news.value, news.which == 1);
                return None;
            }
            ENDED => {
                self.bulk.end();
                return None;
            }
            _ => {}
        }
        let index = self.flights.iter().position(|job| job.number() == news.which)?;
        let job = self.flights.swap_remove(index);
        let (outcome, fault) = read_reply(news, self.call, job.runs().places, self.timeout_ms);
        self.settle(job, outcome, fault, now)
    }

    /// Does what becomes of the runs that an attempt brought no result for.
    fn settle(&mut self, job: Job, outcome: Outcome, fault: Option<Fault>, now: f64) -> Option<End> {
        let (sample, attempts) = (chance(), job.attempts());
        let verdict = with_pace(self.client, |pace| self.bulk.handle(job, outcome, pace, now, sample));
        let mut end = None;
        if let Some(fault) = fault {
            match verdict {
                Verdict::Settled => {}
                Verdict::Again(delay_ms) => self.call.retry(fault, attempts, delay_ms.ceil()),
                Verdict::Failed => self.fail(fault),
                Verdict::Stop => end = Some(self.stop(fault, attempts)),
            }
        }
        if self.kind != BATCH {
            self.tell_limit();
            self.tell_progress();
        }
        end
    }

    fn stop(&self, fault: Fault, attempts: u32) -> End {
        self.call.blame(fault, attempts);
        End::Failed
    }

    /// Has others look at the pace, and tells of it where it has changed.
    fn tell_limit(&mut self) {
        self.call.stir();
        let limit = with_pace(self.client, |pace| pace.limit(self.limits.concurrency));
        if limit != self.limit {
            self.limit = limit;
            self.call.limit(limit);
        }
    }

    /// Tells of the runs that have failed with this fault.
    fn fail(&mut self, fault: Fault) {
        // Those that were tried as often have one error.
        let mut attempts = u32::MAX;
        for job in self.bulk.take_failed() {
            if job.attempts() != attempts {
                attempts = job.attempts();
                self.call.blame(fault, attempts);
            }
            self.call.failed(&job);
        }
    }

    /// Forgets what was in flight.
    fn cancel(&mut self) -> Vec<Job> {
        let jobs = take(&mut self.flights);
        with_pace(self.client, |pace| self.bulk.cancel(&jobs, pace));
        self.call.stir();
        jobs
    }

    fn expire(&mut self) -> End {
        let jobs = self.cancel();
        let fault = Fault::timeout(self.limits.deadline_ms);
        self.bulk.expire(jobs);
        if self.kind == BATCH {
            let attempts = self.bulk.take_failed().first().map_or(0, Job::attempts);
            return self.stop(fault, attempts);
        }
        self.fail(fault);
        End::Settled
    }

    fn tell_progress(&self) {
        self.call.progress(self.bulk.progress(), clock() - self.started_at);
    }
}
