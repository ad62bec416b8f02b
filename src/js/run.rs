//! A call on its way: carries out what `bulk` says, and tells it what came of it.
//!
//! One way for all calls. It is told of what has happened one thing at a time, as a callback of the caller's may abort the
//! call, leave the stream or call the client again at each; then it does what is to be done next.

use super::call::{Call, ENDED, End, GAVE, LEFT, News, WOKEN};
use super::error::Fault;
use super::platform::{chance, clock};
use super::reply::read_reply;
use super::table::{lend, with_jobs};
use crate::bulk::{Bulk, Limits, Outcome, Request, Step, Verdict};

/// What is wanted, as `call.js` counts it (1 is a list of any length): one batch, which succeeds or fails as a whole.
pub const BATCH: u32 = 0;
/// What a source gives, one by one.
pub const STREAM: u32 = 2;

/// A call.
pub struct Run {
    call: Call,
    client: usize,
    /// Time for one attempt.
    timeout_ms: f64,
    /// One of those above.
    kind: u32,
    bulk: Bulk,
    started_at: f64,
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
            timeout_ms,
            kind,
            started_at: now,
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
        lend(self.client, |jobs, pace| self.bulk.close(jobs, pace));
        if self.kind != BATCH {
            self.call.stir();
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
            let step = lend(self.client, |jobs, pace| self.bulk.next(jobs, pace, undelivered as usize, now));
            match step {
                Step::Read(most) => self.call.read(most),
                Step::Send(request) => {
                    if !self.send(request, now) {
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

    fn send(&mut self, request: Request, now: f64) -> bool {
        // Where the time for the whole call is over first, it is that time which is over.
        let timeout_ms = self.timeout_ms;
        let timeout_ms = if self.bulk.deadline() - now > timeout_ms { timeout_ms } else { 0.0 };
        self.call.send(request, timeout_ms)
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
        let request = with_jobs(|jobs| jobs.request(news.which));
        let (outcome, fault) = read_reply(news, self.call, request.runs.places, self.timeout_ms);
        self.settle(request, outcome, fault, now)
    }

    /// Does what becomes of the runs that an attempt brought no result for.
    fn settle(&mut self, request: Request, outcome: Outcome, fault: Option<Fault>, now: f64) -> Option<End> {
        let (sample, attempts) = (chance(), request.attempts);
        let (verdict, limit) = lend(self.client, |jobs, pace| {
            let verdict = self.bulk.handle(request, outcome, jobs, pace, now, sample);
            (verdict, pace.limit(self.bulk.limits().concurrency))
        });
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
            self.tell_limit(limit);
            self.tell_progress();
        }
        end
    }

    fn stop(&self, fault: Fault, attempts: u32) -> End {
        self.call.blame(fault, attempts);
        End::Failed
    }

    /// Has others look at the pace, and tells of it where it has changed.
    fn tell_limit(&mut self, limit: u32) {
        self.call.stir();
        if limit != self.limit {
            self.limit = limit;
            self.call.limit(limit);
        }
    }

    /// Tells of the runs that have failed with this fault.
    fn fail(&mut self, fault: Fault) {
        // Those that were tried as often have one error.
        let mut attempts = u32::MAX;
        while let Some(request) = self.take_failed() {
            if request.attempts != attempts {
                attempts = request.attempts;
                self.call.blame(fault, attempts);
            }
            self.call.failed(request.runs);
        }
    }

    fn take_failed(&mut self) -> Option<Request> {
        with_jobs(|jobs| self.bulk.take_failed(jobs))
    }

    fn expire(&mut self) -> End {
        lend(self.client, |jobs, pace| self.bulk.expire(jobs, pace));
        let fault = Fault::timeout(self.bulk.limits().deadline_ms);
        if self.kind == BATCH {
            let attempts = self.take_failed().map_or(0, |request| request.attempts);
            return self.stop(fault, attempts);
        }
        self.fail(fault);
        End::Settled
    }

    fn tell_progress(&self) {
        self.call.progress(self.bulk.progress(), clock() - self.started_at);
    }
}
