//! What comes of a request, and what becomes of its runs.

use super::job::{Job, Jobs, Origin, Request, State};
use super::{Bulk, Outage};
use crate::pace::{Pace, larger};
use crate::retry::{LONGEST_WAIT_MS, backoff_ms};
use crate::run_id::BATCH_MIN;
use crate::runs::Places;

/// After so many refusals for pace in a row, with nothing accepted between, the call stops.
const REFUSALS_MAX: u32 = 10;

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// An answer, which has the runs at these places well-formed.
    Answered(Places),
    /// A status other than 2xx.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Whether another attempt may fare better.
        retryable: bool,
        /// The wait that the service asked for, in ms.
        retry_after_ms: Option<f64>,
        /// Where the runs stand that it names as the ones at fault.
        named: Places,
    },
    /// The connection failed.
    Lost,
    /// No whole answer in time.
    TimedOut,
}

/// What becomes of the runs that an outcome brought no result for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// There are none, or they are asked for apart.
    Settled,
    /// The same request goes out again, after so many ms.
    Again(f64),
    /// Runs fail, with what failed just now: those of the requests that [`Bulk::take_failed`] gives.
    Failed,
    /// The whole call fails, with what failed just now: nothing more can be had.
    Stop,
}

impl Bulk {
    /// Takes a request back, with what came of it. `sample` is random, from 0 up to 1.
    pub fn handle(
        &mut self,
        request: Request,
        outcome: Outcome,
        jobs: &mut Jobs,
        pace: &mut Pace,
        now: f64,
        sample: f64,
    ) -> Verdict {
        self.in_flight = self.in_flight.wrapping_sub(1);
        let Request { number, runs, .. } = request;
        let job = jobs.at(number);
        job.state = State::Over;
        if self.whole {
            return self.handle_whole(number, outcome, jobs, now, sample);
        }
        let Job { sent_at, origin, alone, .. } = *job;
        let verdict = match outcome {
            Outcome::Answered(sound) => {
                pace.accepted(now, sent_at);
                self.connected(jobs);
                let left = runs.without(sound);
                self.progress.succeeded = self.progress.succeeded.wrapping_add(runs.len()).wrapping_sub(left.len());
                jobs.at(number).runs = left;
                if left.is_empty() {
                    jobs.remove(&mut self.list, number);
                    return Verdict::Settled;
                }
                self.ask_apart(number, Places::default(), Origin::Apart, jobs)
            }
            Outcome::Refused { status, retryable, retry_after_ms, named } => {
                self.connected(jobs);
                let mut wait = retry_after_ms;
                if matches!(status, 429 | 503) {
                    let asked = wait.unwrap_or_default();
                    let shut_for = pace.refused(now, sent_at, wait, sample);
                    if asked > LONGEST_WAIT_MS || pace.episodes() >= REFUSALS_MAX {
                        return Verdict::Stop;
                    }
                    if status == 429 || wait.is_some() {
                        // A refusal for pace is nobody's failure: the same request goes out once the gate is open.
                        let job = jobs.at(number);
                        job.state = State::Waiting;
                        job.not_before = 0.0;
                        return Verdict::Again(shut_for);
                    }
                    wait = Some(shut_for);
                } else {
                    pace.accepted(now, sent_at);
                }
                match status {
                    401 | 402 => Verdict::Stop,
                    403 => {
                        let is_last = alone && self.is_last_forbidden(number, jobs);
                        return if is_last && self.progress.succeeded == 0 {
                            Verdict::Stop
                        } else {
                            self.ask_apart(number, Places::default(), Origin::Forbidden, jobs)
                        };
                    }
                    _ if retryable => self.again(number, status, wait, jobs, now, sample),
                    // It may be one run that is at fault.
                    400 | 404 | 409 | 410 | 413 | 422 => self.ask_apart(number, named, Origin::Apart, jobs),
                    _ => self.fail(number, jobs),
                }
            }
            Outcome::TimedOut => {
                pace.ended(sent_at);
                // A probe that nobody answers is one in vain.
                if self.is_probe(number) {
                    self.lost(number, jobs, now, sample)
                } else {
                    self.again(number, 0, None, jobs, now, sample)
                }
            }
            Outcome::Lost => {
                pace.ended(sent_at);
                self.lost(number, jobs, now, sample)
            }
        };
        if origin == Origin::Forbidden && (verdict == Verdict::Failed || outcome == Outcome::Lost) {
            // For something else, now or in the end: what was asked for along with it is not all forbidden.
            jobs.each(self.list, |_, job| {
                if job.runs.first == runs.first {
                    job.origin = Origin::Apart;
                }
            });
        }
        verdict
    }

    /// What becomes of a batch that is to be had as a whole.
    fn handle_whole(&mut self, number: usize, outcome: Outcome, jobs: &mut Jobs, now: f64, sample: f64) -> Verdict {
        let runs = jobs.at(number).runs;
        match outcome {
            Outcome::Answered(sound) if runs.without(sound).is_empty() => {
                self.progress.succeeded = runs.len();
                Verdict::Settled
            }
            Outcome::Answered(_) | Outcome::Refused { retryable: false, .. } => Verdict::Stop,
            Outcome::Refused { retry_after_ms, .. } => self.again(number, 0, retry_after_ms, jobs, now, sample),
            Outcome::Lost | Outcome::TimedOut => self.again(number, 0, None, jobs, now, sample),
        }
    }

    /// The time is over: cancels what is in flight, and gives up every run that is not settled.
    pub fn expire(&mut self, jobs: &mut Jobs, pace: &mut Pace) {
        self.cancel(jobs, pace);
        self.expired = true;
    }

    /// The call is over: cancels what is in flight, and forgets all that is left.
    pub fn close(&mut self, jobs: &mut Jobs, pace: &mut Pace) {
        self.cancel(jobs, pace);
        jobs.clear(&mut self.list);
    }

    fn cancel(&mut self, jobs: &mut Jobs, pace: &mut Pace) {
        jobs.each(self.list, |_, job| {
            if job.state == State::InFlight && !self.whole {
                pace.ended(job.sent_at);
            }
            job.state = State::Failed;
        });
    }

    /// The same request goes out again after a wait, if it has a retry left and the wait is one that is waited.
    fn again(
        &mut self,
        number: usize,
        status: u16,
        wait: Option<f64>,
        jobs: &mut Jobs,
        now: f64,
        sample: f64,
    ) -> Verdict {
        let job = jobs.at(number);
        let wait = wait.unwrap_or_else(|| backoff_ms(job.failures, sample));
        job.failures = job.failures.wrapping_add(1);
        if job.failures <= self.limits.max_retries && wait <= LONGEST_WAIT_MS {
            job.not_before = now + wait;
            // A single batch does not wait for what will be too late.
            if !self.whole || job.not_before < self.deadline {
                job.state = State::Waiting;
                return Verdict::Again(wait);
            }
        }
        if self.whole {
            return Verdict::Stop;
        }
        // Where others got through meanwhile, it may be one run of this batch that the service fails on.
        if status >= 500 && self.progress.succeeded > job.succeeded_before {
            self.ask_apart(number, Places::default(), Origin::Apart, jobs)
        } else {
            self.fail(number, jobs)
        }
    }

    /// Asks for each run alone; where some are named, for those alone and for the others together.
    fn ask_apart(&mut self, number: usize, named: Places, origin: Origin, jobs: &mut Jobs) -> Verdict {
        let Job { runs, alone, .. } = *jobs.at(number);
        if alone {
            return self.fail(number, jobs);
        }
        jobs.remove(&mut self.list, number);
        let together = runs.without(named);
        let all_alone = together.len() < BATCH_MIN || together == runs;
        let apart = if all_alone { runs } else { runs.only(named) };
        for place in apart.places.iter() {
            jobs.add(&mut self.list, runs.only(Places(1 << place)), origin);
        }
        if !all_alone {
            jobs.add(&mut self.list, together, origin);
        }
        Verdict::Settled
    }

    /// Whether a run that is forbidden alone is the last of a batch's, and none of them has turned out to be anything else.
    fn is_last_forbidden(&self, number: usize, jobs: &mut Jobs) -> bool {
        let Job { runs, origin, .. } = *jobs.at(number);
        match origin {
            Origin::Plan => true,
            Origin::Apart => false,
            // Those of one batch are counted from one and the same on.
            Origin::Forbidden => {
                let is_of_them =
                    |job: &Job| job.origin == origin && job.runs.first == runs.first && job.state != State::Over;
                jobs.first(self.list, is_of_them).is_none()
            }
        }
    }

    fn is_probe(&self, number: usize) -> bool {
        self.outage.is_some_and(|outage| outage.prober == number)
    }

    /// The connection is lost. What was lost first goes out again and again until one answer comes, and all else waits
    /// for that: a service that comes back is not met by a volley. If none comes, all that was lost fails.
    fn lost(&mut self, number: usize, jobs: &mut Jobs, now: f64, sample: f64) -> Verdict {
        // Not from 0 on, as other waits: a connection takes its time to come back.
        let wait = |times| backoff_ms(times, 0.5 + sample / 2.0);
        let job = jobs.at(number);
        job.state = State::Lost;
        let mut delay = wait(job.failures);
        job.failures = job.failures.wrapping_add(1);
        job.not_before = now + delay;
        match &mut self.outage {
            None if job.failures > self.limits.max_retries => return self.fail(number, jobs),
            None => self.outage = Some(Outage { prober: number, probes: 0 }),
            Some(outage) if outage.prober == number => {
                outage.probes = outage.probes.wrapping_add(1);
                if outage.probes >= self.limits.max_retries {
                    self.end_outage(State::Failed, jobs);
                    return Verdict::Failed;
                }
                delay = wait(outage.probes);
                job.not_before = now + delay;
            }
            Some(outage) => delay = larger(jobs.at(outage.prober).not_before - now, 0.0),
        }
        Verdict::Again(delay)
    }

    /// There was an answer, whatever it was: the connection is there.
    fn connected(&mut self, jobs: &mut Jobs) {
        if self.outage.is_some() {
            self.end_outage(State::Waiting, jobs);
        }
    }

    /// What becomes of all that was lost.
    fn end_outage(&mut self, state: State, jobs: &mut Jobs) {
        self.outage = None;
        jobs.each(self.list, |_, job| {
            if job.state == State::Lost {
                job.state = state;
            }
        });
    }

    fn fail(&mut self, number: usize, jobs: &mut Jobs) -> Verdict {
        jobs.at(number).state = State::Failed;
        Verdict::Failed
    }
}
