//! One call as a state machine: which runs to ask for next, how many requests at once, and which runs fail alone.
//!
//! The schedule gets events with their times, and returns the next step. It has no clock, timer, randomness or socket,
//! so a test can run it through any sequence of events.
//!
//! A run is in exactly one place: in the intake, in a job, or settled. A job is in one state at a time. So no run is in two
//! requests at once, is settled twice, or gets lost.

mod callers;
mod intake;
mod job;
mod outcome;

use crate::core::batch::BATCH_MAX;
use crate::core::event::BulkProgress;
use crate::core::invalid_run_ids::InvalidRunIds;
use crate::core::line::CallNumber;
use crate::core::pace::{Next, Pace};
use crate::core::run_id::RunId;

pub use intake::SILENCE_MS;
use intake::{Intake, Ready};
pub use job::Request;
use job::{Job, Jobs, Origin, State};
pub use outcome::{Outcome, Verdict};

/// The next step of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Read at most this many values from the source, for [`Schedule::add`] and [`Schedule::end`].
    Read(usize),
    /// Send this request, and give it to [`Schedule::handle`] with its outcome.
    Send(Request),
    /// Wait for an answer, for the source or for the consumer, but no longer than until this time.
    Wait(f64),
    /// The time for the whole call is over: call [`Schedule::expire`].
    Expire,
    /// Every run is settled.
    Done,
}

/// The limits of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The most requests in flight at once.
    pub concurrency: u32,
    /// Further attempts of a request after its first.
    pub max_retries: u32,
    /// Time for the whole call in ms, waits included; infinite where there is no deadline.
    pub deadline_ms: f64,
}

/// The goal of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// All runs of one batch, or an error.
    WholeBatch,
    /// As many runs as possible.
    EveryRun,
    /// As many runs as possible, each for its own callers.
    RunsOfCallers,
}

/// The state of one call. Times are in ms on a monotonic clock with any start.
#[derive(Clone, Debug)]
pub struct Schedule {
    goal: Goal,
    limits: Limits,
    deadline: f64,
    intake: Intake,
    /// Waiting jobs go before the intake, so there are never many.
    jobs: Jobs,
    outage: Option<Outage>,
    /// Refusals for pace in a row.
    refusals: u32,
    /// The number by which the call queues, once it has been ready to send.
    number: Option<CallNumber>,
    is_queued: bool,
    progress: BulkProgress,
}

/// The connection is lost: one job probes, the others wait.
#[derive(Clone, Copy, Debug)]
struct Outage {
    /// The number of the job that probes: the first lost one.
    prober: u32,
    /// Probes that failed so far.
    probes: u32,
}

/// A candidate for the next request.
enum Candidate {
    /// The waiting job with this number.
    Waiting(u32),
    /// A new batch of this many runs.
    Batch(usize),
}

impl Schedule {
    /// Starts a call that wants all runs of one batch, or an error.
    pub fn of_batch(limits: Limits, run_ids: Vec<RunId>, now: f64) -> Self {
        Self::new(Goal::WholeBatch, limits, Intake::of_list(run_ids), now)
    }

    /// Starts a call for a list of distinct runs.
    pub fn of_list(limits: Limits, run_ids: Vec<RunId>, now: f64) -> Self {
        Self::new(Goal::EveryRun, limits, Intake::of_list(run_ids), now)
    }

    /// Starts a call for runs that are still to be read from a source.
    pub fn of_source(limits: Limits, now: f64) -> Self {
        Self::new(Goal::EveryRun, limits, Intake::of_source(), now)
    }

    /// Starts a call for single runs, each for its own callers: see [`ask_for`](Self::ask_for).
    pub fn of_callers(limits: Limits, now: f64) -> Self {
        Self::new(Goal::RunsOfCallers, limits, Intake::of_list(vec![]), now)
    }

    fn new(goal: Goal, limits: Limits, intake: Intake, now: f64) -> Self {
        Self {
            goal,
            limits,
            deadline: now + limits.deadline_ms,
            progress: BulkProgress { total: intake.total(), ..BulkProgress::default() },
            intake,
            jobs: Jobs::default(),
            outage: None,
            refusals: 0,
            number: None,
            is_queued: false,
        }
    }

    /// Returns whether the call wants all runs of one batch, or an error.
    pub fn is_whole_batch(&self) -> bool {
        self.goal == Goal::WholeBatch
    }

    fn ceiling(&self) -> usize {
        self.limits.concurrency as usize
    }

    /// Returns the deadline of the call, in ms.
    pub fn deadline(&self) -> f64 {
        self.deadline
    }

    /// Returns the number by which the call queues, if it has ever queued.
    pub fn number(&self) -> Option<CallNumber> {
        self.number
    }

    /// Returns the number of the call if it waits in line for the pace.
    pub fn queued(&self) -> Option<CallNumber> {
        self.number.filter(|_| self.is_queued)
    }

    /// Returns the progress of the call. `elapsed_ms` is left at 0.
    pub fn progress(&self) -> BulkProgress {
        self.progress
    }

    /// Returns why a value of the source is not a run id. Such a value ends the source.
    pub fn problem(&self) -> Option<InvalidRunIds> {
        self.intake.problem()
    }

    /// Takes one value of the source; NaN for a value that is not a number. Returns whether it is a new run id.
    pub fn add(&mut self, number: f64) -> bool {
        let is_new = self.intake.add(number);
        self.progress.total = self.intake.total();
        is_new
    }

    /// Returns whether the source has ended, or has given a value that is not a run id.
    pub fn has_read_all(&self) -> bool {
        self.intake.has_ended()
    }

    /// Notes that the source has ended.
    pub fn end(&mut self) {
        self.intake.end();
    }

    /// Returns whether the runs of a request, or some of them, are neither settled nor given up.
    pub fn is_pending(&self, request: &Request) -> bool {
        self.jobs.get(request.number).is_some()
    }

    /// Returns what to do next. `undelivered` counts the settled runs that the consumer has not taken yet.
    pub fn next(&mut self, pace: &mut Pace, undelivered: usize, now: f64) -> Step {
        // A settled call is done, even at its deadline.
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
        match self.candidate(now) {
            Some((due, candidate)) if due <= now => {
                let call = *self.number.get_or_insert_with(|| pace.line.number());
                self.is_queued = true;
                match self.may_send(call, pace, now) {
                    Next::Now => {
                        self.leave_line(pace);
                        let number = self.number_of(candidate);
                        match self.send(number, pace, now) {
                            Some(request) => Step::Send(request),
                            None => Step::Wait(self.deadline),
                        }
                    }
                    Next::At(due) => Step::Wait(due.min(self.deadline)),
                    Next::AfterAnAnswer => Step::Wait(self.deadline),
                }
            }
            later => {
                self.leave_line(pace);
                Step::Wait(later.map_or(self.deadline, |(due, _)| due.min(self.deadline)))
            }
        }
    }

    fn may_send(&self, call: CallNumber, pace: &mut Pace, now: f64) -> Next {
        match self.goal {
            // The calls ahead in the line go first.
            _ if !pace.line.queue(call) => Next::AfterAnAnswer,
            Goal::WholeBatch => pace.next_single(now),
            Goal::EveryRun | Goal::RunsOfCallers => pace.next(now, self.ceiling()),
        }
    }

    fn leave_line(&mut self, pace: &mut Pace) {
        if let Some(call) = self.queued() {
            pace.line.leave(call);
            self.is_queued = false;
        }
    }

    fn is_settled(&self) -> bool {
        self.intake.has_ended() && self.unsettled() == 0
    }

    /// Returns how many of the runs read have neither succeeded nor failed.
    fn unsettled(&self) -> usize {
        let BulkProgress { total, succeeded, failed, .. } = self.progress;
        total.saturating_sub(succeeded).saturating_sub(failed)
    }

    /// Returns how many more run ids may be read: no more are ahead of the consumer than can be in flight.
    fn room(&self, undelivered: usize) -> usize {
        let ahead = self.unsettled().saturating_add(undelivered);
        self.ceiling().saturating_mul(BATCH_MAX).saturating_sub(ahead)
    }

    /// Returns the next candidate and its earliest time, in ms.
    fn candidate(&self, now: f64) -> Option<(f64, Candidate)> {
        if self.jobs.in_flight() >= self.ceiling() {
            return None;
        }
        if let Some(Outage { prober, .. }) = self.outage {
            let job = self.jobs.get(prober)?;
            return (job.state == State::Lost).then_some((job.not_before, Candidate::Waiting(prober)));
        }
        let waiting = self.jobs.first_waiting().map(|job| (job.not_before, Candidate::Waiting(job.number)));
        let batch = self.intake.next_batch(now).map(|Ready { at, count }| (at, Candidate::Batch(count)));
        match (waiting, batch) {
            (Some(waiting), Some(batch)) if waiting.0 > now && batch.0 < waiting.0 => Some(batch),
            (waiting, batch) => waiting.or(batch),
        }
    }

    /// Returns the number of a candidate's job. Turns a new batch into a job.
    fn number_of(&mut self, candidate: Candidate) -> u32 {
        match candidate {
            Candidate::Waiting(number) => number,
            Candidate::Batch(count) => self.jobs.add(self.intake.take(count), Origin::Plan),
        }
    }

    fn send(&mut self, number: u32, pace: &mut Pace, now: f64) -> Option<Request> {
        let job = self.jobs.all().find(|job| job.number == number)?;
        if job.attempts == 0 {
            job.succeeded_before = self.progress.succeeded;
        } else {
            self.progress.retries = self.progress.retries.saturating_add(1);
        }
        job.state = State::InFlight;
        job.attempts = job.attempts.saturating_add(1);
        job.asked_for = job.run_ids.len();
        job.sent_at = now;
        self.progress.requests = self.progress.requests.saturating_add(1);
        pace.sent(now);
        Some(job.request())
    }

    /// Gives up all unsettled runs. Returns the requests whose runs fail. The last one has the runs that were never
    /// asked for, and 0 attempts.
    pub fn expire(&mut self, pace: &mut Pace) -> Vec<Request> {
        self.cancel(pace);
        let never_sent = self.intake.take(usize::MAX);
        if !never_sent.is_empty() {
            self.jobs.add(never_sent, Origin::Plan);
        }
        let failed = self.jobs.take_all();
        self.fail(&failed)
    }

    /// Tells the pace that no request of this call is in flight any more. A second time, it does nothing.
    pub fn cancel(&mut self, pace: &mut Pace) {
        self.leave_line(pace);
        for job in self.jobs.all() {
            if job.state == State::InFlight {
                job.state = State::Over;
                pace.ended(job.sent_at);
            }
        }
    }

    /// Counts the runs of these jobs as failed.
    fn fail(&mut self, jobs: &[Job]) -> Vec<Request> {
        let count = jobs.iter().map(|job| job.run_ids.len()).sum();
        self.progress.failed = self.progress.failed.saturating_add(count);
        jobs.iter().map(Job::request).collect()
    }
}
