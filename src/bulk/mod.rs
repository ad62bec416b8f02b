//! A call as a state machine: which runs to ask for next, how many requests at once, what failed alone.
//!
//! It is told what happened and when, and says what to do next. It has no clock, no timer, no randomness and no socket
//! of its own, so a test can run it through any schedule.
//!
//! A run is in exactly one place: taken in, in a job, or settled. A job is in one state at a time, so no run is in two requests
//! at once, is settled twice, or gets lost.

mod intake;
mod job;
mod outcome;

use crate::pace::{Next, Pace, smaller};
use crate::run_id::{BATCH_MAX, Problem};

use intake::Intake;
pub use intake::SILENCE_MS;
pub use job::{Jobs, Request};
use job::{List, Origin, State};
pub use outcome::{Outcome, Verdict};

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Read up to so many run ids from the source, for [`Bulk::add`] and [`Bulk::end`].
    Read(usize),
    /// Send this request, and give it to [`Bulk::handle`] with what comes of it.
    Send(Request),
    /// Wait: for an answer, for the source or for the consumer, and no longer than until this time.
    Wait(f64),
    /// The time for the whole call is over: for [`Bulk::expire`].
    Expire,
    /// Every run is settled.
    Done,
}

/// What a call may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The most requests in flight at once.
    pub concurrency: u32,
    /// Further attempts of a request after its first.
    pub max_retries: u32,
    /// Time for the whole call in ms, waits included; infinite where there is no end.
    pub deadline_ms: f64,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Distinct run ids read so far.
    pub total: usize,
    /// Runs with a result.
    pub succeeded: usize,
    /// Runs that failed.
    pub failed: usize,
    /// Requests sent.
    pub requests: usize,
    /// Those among them that had been sent before.
    pub retries: usize,
}

/// A call on its way. Times are in ms on a clock that never goes back; where it starts does not matter.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Whether it is one batch that succeeds or fails as a whole, at its own pace.
    whole: bool,
    limits: Limits,
    deadline: f64,
    intake: Intake,
    /// Its jobs. Those that wait go before the intake, so there are never many.
    list: List,
    in_flight: usize,
    /// Whether its time was over.
    expired: bool,
    outage: Option<Outage>,
    progress: Progress,
}

/// The connection is lost: one request probes, the others wait.
#[derive(Clone, Copy, Debug)]
struct Outage {
    /// The job that probes: what was lost first.
    prober: usize,
    /// How often, in vain so far.
    probes: u32,
}

/// What could be sent.
#[derive(Clone, Copy)]
enum Candidate {
    /// A job that waits.
    Waiting(usize),
    /// A batch of so many.
    Batch(usize),
}

impl Bulk {
    /// A call that starts now, for any number of runs, which are still to be read.
    pub fn start(limits: Limits, now: f64) -> Self {
        Self::of(limits, 0, true, false, now)
    }

    /// A call that starts now, for one batch of so many. Where it cannot have all of it, it stops.
    pub fn start_whole(limits: Limits, count: usize, now: f64) -> Self {
        Self::of(limits, count, false, true, now)
    }

    /// A call that starts now, for a list of so many distinct runs.
    pub fn start_with(limits: Limits, count: usize, now: f64) -> Self {
        Self::of(limits, count, false, false, now)
    }

    /// A call that starts now, for so many runs; whether more are still to be read, and whether they are one batch, of which it
    /// must have all.
    pub fn of(limits: Limits, total: usize, has_source: bool, whole: bool, now: f64) -> Self {
        Self {
            whole,
            limits,
            deadline: now + limits.deadline_ms,
            intake: Intake::of(total, has_source),
            list: List::EMPTY,
            in_flight: 0,
            expired: false,
            outage: None,
            progress: Progress { total, ..Progress::default() },
        }
    }

    /// What the call may take.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    fn ceiling(&self) -> usize {
        self.limits.concurrency as usize
    }

    /// When the time for the whole call is over.
    pub fn deadline(&self) -> f64 {
        self.deadline
    }

    /// How far the call is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Why an element of the source was no run id, and how many came before. It ended the source.
    pub fn problem(&self) -> Option<(Problem, usize)> {
        self.intake.problem()
    }

    /// Takes one of the numbers that the source gave, and whether it gives this for the first time.
    pub fn add(&mut self, number: f64, is_new: bool) {
        self.intake.add(number, is_new);
        self.progress.total = self.intake.total();
    }

    /// The source has come to its end.
    pub fn end(&mut self) {
        self.intake.end();
    }

    /// A request whose runs have failed, as long as there is one, after [`Verdict::Failed`] or [`Bulk::expire`]. They count as
    /// failed from then on.
    pub fn take_failed(&mut self, jobs: &mut Jobs) -> Option<Request> {
        let request = match jobs.first(self.list, |job| job.state == State::Failed) {
            Some(number) => {
                let request = jobs.request(number);
                jobs.remove(&mut self.list, number);
                request
            }
            // What was never asked for.
            None if self.expired => Request { number: 0, runs: self.intake.take(BATCH_MAX), attempts: 0 },
            None => return None,
        };
        self.progress.failed = self.progress.failed.wrapping_add(request.runs.len());
        (!request.runs.is_empty()).then_some(request)
    }

    /// What to do next. `undelivered` counts the settled runs that the consumer has not taken yet.
    pub fn next(&mut self, jobs: &mut Jobs, pace: &mut Pace, undelivered: usize, now: f64) -> Step {
        // What is settled when its time is over is settled all the same.
        if self.is_settled() {
            return Step::Done;
        }
        if now >= self.deadline {
            return Step::Expire;
        }
        let room = self.room(undelivered);
        if room > 0 && self.intake.ask(now) {
            return Step::Read(room);
        }
        let mut until = self.deadline;
        if self.in_flight < self.ceiling() {
            match self.candidate(jobs, now) {
                Some((due, _)) if due > now => until = smaller(until, due),
                Some((_, candidate)) => {
                    let next = if self.whole { Next::Now } else { pace.next(now, self.ceiling()) };
                    match next {
                        Next::Now => return Step::Send(self.send(candidate, jobs, pace, now)),
                        Next::At(due) => until = smaller(until, due),
                        Next::AfterAnAnswer => {}
                    }
                }
                None => {}
            }
        }
        Step::Wait(until)
    }

    fn is_settled(&self) -> bool {
        self.intake.has_ended() && self.unsettled() == 0
    }

    /// How many of the runs read have neither succeeded nor failed.
    fn unsettled(&self) -> usize {
        let Progress { total, succeeded, failed, .. } = self.progress;
        total.wrapping_sub(succeeded).wrapping_sub(failed)
    }

    /// How many more run ids may be read: no more are ahead of the consumer than can be in flight.
    fn room(&self, undelivered: usize) -> usize {
        let ahead = self.unsettled().wrapping_add(undelivered);
        self.ceiling().wrapping_mul(BATCH_MAX).saturating_sub(ahead)
    }

    /// What could be sent first, and from when on.
    fn candidate(&self, jobs: &mut Jobs, now: f64) -> Option<(f64, Candidate)> {
        if let Some(Outage { prober, .. }) = self.outage {
            let job = jobs.at(prober);
            return (job.state == State::Lost).then_some((job.not_before, Candidate::Waiting(prober)));
        }
        let mut waiting: Option<(f64, Candidate)> = None;
        jobs.each(self.list, |number, job| {
            // Of equal ones the first.
            if job.state == State::Waiting && waiting.is_none_or(|(first, _)| job.not_before < first) {
                waiting = Some((job.not_before, Candidate::Waiting(number)));
            }
        });
        let batch = self.intake.next_batch(now).map(|(due, count)| (due, Candidate::Batch(count)));
        match (waiting, batch) {
            (Some(waiting), Some(batch)) if waiting.0 > now && batch.0 < waiting.0 => Some(batch),
            (waiting, batch) => waiting.or(batch),
        }
    }

    fn send(&mut self, candidate: Candidate, jobs: &mut Jobs, pace: &mut Pace, now: f64) -> Request {
        let number = match candidate {
            Candidate::Waiting(number) => number,
            Candidate::Batch(count) => jobs.add(&mut self.list, self.intake.take(count), Origin::Plan),
        };
        let job = jobs.at(number);
        if job.attempts == 0 {
            job.succeeded_before = self.progress.succeeded;
        } else {
            self.progress.retries = self.progress.retries.wrapping_add(1);
        }
        job.state = State::InFlight;
        job.attempts = job.attempts.wrapping_add(1);
        job.sent_at = now;
        self.progress.requests = self.progress.requests.wrapping_add(1);
        self.in_flight = self.in_flight.wrapping_add(1);
        if !self.whole {
            pace.sent(now);
        }
        jobs.request(number)
    }
}
