//! The outcome of a request, and the fate of its runs: one `match` over all outcomes, and its arms.

use std::slice;

use super::job::{Job, Origin, Request, State};
use super::{Goal, Outage, Schedule};
use crate::core::batch::BATCH_MIN;
use crate::core::pace::Pace;
use crate::core::retry::{MAX_WAIT_MS, backoff_ms, named_wait};
use crate::core::run_id::RunId;

/// The call stops after this many refusals for pace in a row, with no accepted request between.
const MAX_REFUSALS: u32 = 10;

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The answer has these runs well-formed.
    Answered(Vec<RunId>),
    /// The status is not 2xx.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Whether another attempt may succeed.
        retryable: bool,
        /// The wait that the service asked for, in ms.
        retry_after_ms: Option<f64>,
        /// The runs at fault, if the service names them.
        named: Vec<RunId>,
    },
    /// The connection failed.
    Lost,
    /// No complete answer came in time.
    TimedOut,
}

/// The decision on the runs that a request left without a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// No runs are left, or other requests will ask for them.
    Settled,
    /// The same request goes out again after this wait, in ms.
    Again(f64),
    /// The runs of these requests fail, with the error of the handled one.
    Failed(Vec<Request>),
    /// The whole call fails with this error: no further run can be fetched.
    Stop,
}

impl Schedule {
    /// Handles the outcome of a request. `sample` is random, from 0 up to 1.
    pub fn handle(&mut self, request: &Request, outcome: Outcome, pace: &mut Pace, now: f64, sample: f64) -> Verdict {
        let Some(mut job) = self.jobs.take(request.number) else { return Verdict::Settled };
        job.state = State::Over;
        self.drop_given_up(&mut job);
        match self.goal {
            Goal::WholeBatch => self.handle_whole_batch(job, outcome, pace, now, sample),
            Goal::EveryRun | Goal::RunsOfCallers => self.handle_one_of_many(job, outcome, pace, now, sample),
        }
    }

    /// Handles the request of a batch that is wanted as a whole.
    fn handle_whole_batch(&mut self, job: Job, outcome: Outcome, pace: &mut Pace, now: f64, sample: f64) -> Verdict {
        match outcome {
            Outcome::Answered(sound) => {
                pace.accepted(now, job.sent_at);
                if job.run_ids.iter().any(|run_id| !sound.contains(run_id)) {
                    return self.stop(job);
                }
                self.progress.succeeded = job.run_ids.len();
                Verdict::Settled
            }
            Outcome::Refused { status: 429 | 503, retry_after_ms, .. } => {
                let wait = wait_before_retry(&job, retry_after_ms, sample);
                let shut_for = pace.refused(now, job.sent_at, Some(wait), sample);
                self.again(job, 0, wait.max(shut_for), now)
            }
            Outcome::Refused { retryable, retry_after_ms, .. } => {
                pace.accepted(now, job.sent_at);
                match retryable {
                    true => self.retry(job, 0, retry_after_ms, now, sample),
                    false => self.stop(job),
                }
            }
            Outcome::Lost | Outcome::TimedOut => {
                pace.ended(job.sent_at);
                self.retry(job, 0, None, now, sample)
            }
        }
    }

    fn handle_one_of_many(&mut self, job: Job, outcome: Outcome, pace: &mut Pace, now: f64, sample: f64) -> Verdict {
        let origin = job.origin;
        let is_lost = outcome == Outcome::Lost;
        let verdict = match outcome {
            Outcome::Answered(sound) => {
                self.accepted(&job, pace, now);
                self.end_outage();
                self.answered(job, &sound)
            }
            Outcome::Refused { status, retryable, retry_after_ms, named } => {
                self.end_outage();
                match status {
                    429 | 503 => self.refused_for_pace(job, status, retry_after_ms, pace, now, sample),
                    _ => {
                        self.accepted(&job, pace, now);
                        match status {
                            401 | 402 => self.stop(job),
                            403 => return self.forbidden(job),
                            _ if retryable => self.retry(job, status, retry_after_ms, now, sample),
                            // One run of the batch may be at fault.
                            400 | 404 | 409 | 410 | 413 | 422 => self.ask_apart(job, &named, Origin::Apart),
                            _ => self.failed(job),
                        }
                    }
                }
            }
            Outcome::TimedOut => {
                pace.ended(job.sent_at);
                // A probe without an answer has failed.
                if self.is_prober(&job) { self.lost(job, now, sample) } else { self.retry(job, 0, None, now, sample) }
            }
            Outcome::Lost => {
                pace.ended(job.sent_at);
                self.lost(job, now, sample)
            }
        };
        if let Origin::Forbidden { .. } = origin
            && (is_lost || matches!(verdict, Verdict::Failed(_)))
        {
            // The run fails for another reason, or may do so later: not the whole batch is forbidden.
            for job in self.jobs.all().filter(|job| job.origin == origin) {
                job.origin = Origin::Apart;
            }
        }
        verdict
    }

    /// Notes that the service has accepted a request.
    fn accepted(&mut self, job: &Job, pace: &mut Pace, now: f64) {
        pace.accepted(now, job.sent_at);
        self.refusals = 0;
    }

    fn answered(&mut self, job: Job, sound: &[RunId]) -> Verdict {
        let (received, missing): (Vec<_>, Vec<_>) =
            job.run_ids.iter().copied().partition(|run_id| sound.contains(run_id));
        self.progress.succeeded = self.progress.succeeded.saturating_add(received.len());
        match missing.is_empty() {
            true => Verdict::Settled,
            false if job.is_alone() => self.failed(job),
            false => {
                self.ask_each_alone(missing, Origin::Apart);
                Verdict::Settled
            }
        }
    }

    fn refused_for_pace(
        &mut self,
        mut job: Job,
        status: u16,
        asked: Option<f64>,
        pace: &mut Pace,
        now: f64,
        sample: f64,
    ) -> Verdict {
        let before = pace.episodes();
        let shut_for = pace.refused(now, job.sent_at, named_wait(asked, before), sample);
        if pace.episodes() > before {
            // The pace counts the refusals of all calls: an answer to any call resets the count.
            self.refusals = self.refusals.saturating_add(1).min(pace.episodes());
        }
        if asked.is_some_and(|ms| ms > MAX_WAIT_MS) || self.refusals >= MAX_REFUSALS {
            return self.stop(job);
        }
        if status == 503 && asked.is_none() {
            // The service may be broken and not busy, so this uses up a retry.
            return self.again(job, status, shut_for, now);
        }
        // No run is at fault: the same request goes out once the gate is open.
        job.state = State::Waiting;
        job.not_before = 0.0;
        self.jobs.put(job);
        Verdict::Again(shut_for)
    }

    /// Takes a forbidden batch apart. Stops the call if every run of the batch is forbidden alone too and nothing has
    /// succeeded.
    fn forbidden(&mut self, job: Job) -> Verdict {
        if !job.is_alone() {
            let batch = job.number;
            return self.ask_apart(job, &[], Origin::Forbidden { batch });
        }
        let nothing_else = match job.origin {
            Origin::Plan => true,
            Origin::Apart => false,
            Origin::Forbidden { .. } => !self.jobs.has(job.origin),
        };
        // A run of other callers may be allowed.
        let may_stop = self.goal != Goal::RunsOfCallers;
        if may_stop && nothing_else && self.progress.succeeded == 0 { self.stop(job) } else { self.failed(job) }
    }

    /// Sends the same request again after the wait that the service has named, or a backoff.
    fn retry(&mut self, job: Job, status: u16, asked: Option<f64>, now: f64, sample: f64) -> Verdict {
        let wait = wait_before_retry(&job, asked, sample);
        self.again(job, status, wait, now)
    }

    /// Sends the same request again after a wait, if it has a retry left and the wait is not too long.
    fn again(&mut self, mut job: Job, status: u16, wait: f64, now: f64) -> Verdict {
        job.failures = job.failures.saturating_add(1);
        if job.failures <= self.limits.max_retries && wait <= MAX_WAIT_MS {
            job.not_before = now + wait;
            // A single batch does not wait for an attempt that would come too late.
            if self.goal != Goal::WholeBatch || job.not_before < self.deadline {
                job.state = State::Waiting;
                self.jobs.put(job);
                return Verdict::Again(wait);
            }
        }
        if self.goal == Goal::WholeBatch {
            return self.stop(job);
        }
        // If other batches succeeded meanwhile, one run of this batch may be at fault.
        if status >= 500 && self.progress.succeeded > job.succeeded_before {
            self.ask_apart(job, &[], Origin::Apart)
        } else {
            self.failed(job)
        }
    }

    /// Asks for each run of a batch alone. If the service names runs, asks for them alone and for the others together.
    fn ask_apart(&mut self, job: Job, named: &[RunId], origin: Origin) -> Verdict {
        if job.is_alone() {
            return self.failed(job);
        }
        let (alone, together): (Vec<_>, Vec<_>) = job.run_ids.iter().copied().partition(|id| named.contains(id));
        if alone.is_empty() || together.len() < BATCH_MIN {
            self.ask_each_alone(job.run_ids, origin);
        } else {
            self.ask_each_alone(alone, origin);
            self.jobs.add(together, origin);
        }
        Verdict::Settled
    }

    fn ask_each_alone(&mut self, run_ids: Vec<RunId>, origin: Origin) {
        for run_id in run_ids {
            self.jobs.add(vec![run_id], origin);
        }
    }

    fn is_prober(&self, job: &Job) -> bool {
        self.outage.is_some_and(|outage| outage.prober == job.number)
    }

    /// Handles a lost connection. The first lost job probes until an answer comes, and all others wait for it: a
    /// recovering service does not get a volley. If no answer comes, all lost jobs fail.
    fn lost(&mut self, mut job: Job, now: f64, sample: f64) -> Verdict {
        // At least half of the backoff: a connection needs time to recover.
        let wait = |times| backoff_ms(times, 0.5 + sample / 2.0);
        let own_wait = wait(job.failures);
        job.failures = job.failures.saturating_add(1);
        let is_prober = self.is_prober(&job);
        match &mut self.outage {
            None if job.failures > self.limits.max_retries => self.failed(job),
            None => {
                self.outage = Some(Outage { prober: job.number, probes: 0 });
                self.set_aside(job, now, own_wait)
            }
            Some(outage) if is_prober => {
                outage.probes = outage.probes.saturating_add(1);
                let probes = outage.probes;
                let verdict = self.set_aside(job, now, wait(probes));
                if probes < self.limits.max_retries { verdict } else { self.give_up_lost() }
            }
            Some(outage) => {
                // It goes out after the probe, but not before its own wait is over.
                let probe_at = self.jobs.get(outage.prober).map_or(now, |prober| prober.not_before);
                self.set_aside(job, now, own_wait);
                Verdict::Again((probe_at - now).max(0.0))
            }
        }
    }

    /// Sets a lost job aside until the outage is over, and for at least `wait` ms.
    fn set_aside(&mut self, mut job: Job, now: f64, wait: f64) -> Verdict {
        job.state = State::Lost;
        job.not_before = now + wait;
        self.jobs.put(job);
        Verdict::Again(wait)
    }

    /// Fails every lost job.
    fn give_up_lost(&mut self) -> Verdict {
        self.outage = None;
        let lost = self.jobs.take_lost();
        Verdict::Failed(self.fail(&lost))
    }

    /// Ends an outage after any answer: all lost jobs may go out again.
    fn end_outage(&mut self) {
        if self.outage.take().is_some() {
            for job in self.jobs.all().filter(|job| job.state == State::Lost) {
                job.state = State::Waiting;
            }
        }
    }

    /// Fails the runs of a job.
    fn failed(&mut self, job: Job) -> Verdict {
        Verdict::Failed(self.fail(slice::from_ref(&job)))
    }

    /// Stops the call. The runs of this job stay pending.
    fn stop(&mut self, job: Job) -> Verdict {
        self.jobs.put(job);
        Verdict::Stop
    }
}

/// Returns the wait before the next attempt, in ms: the wait that the service has named, or a backoff.
fn wait_before_retry(job: &Job, asked: Option<f64>, sample: f64) -> f64 {
    named_wait(asked, job.failures).unwrap_or_else(|| backoff_ms(job.failures, sample))
}
