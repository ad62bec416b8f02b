//! What comes of a request, and what becomes of its runs.

use std::mem::replace;

use super::job::{Job, Origin};
use super::{Bulk, Outage};
use crate::pace::{Pace, larger};
use crate::retry::{LONGEST_WAIT_MS, backoff_ms};
use crate::run_id::{BATCH_MAX, BATCH_MIN};
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
    /// Runs fail, with what failed just now: those of the jobs that [`Bulk::take_failed`] gives.
    Failed,
    /// The whole call fails, with what failed just now: nothing more can be had.
    Stop,
}

impl Bulk {
    /// Takes a job back, with what came of it. `sample` is random, from 0 up to 1.
    pub fn handle(&mut self, mut job: Job, outcome: Outcome, pace: &mut Pace, now: f64, sample: f64) -> Verdict {
        self.in_flight = self.in_flight.wrapping_sub(1);
        if self.whole {
            return self.handle_whole(job, outcome, now, sample);
        }
        let sent_since = self.outage.is_some_and(|outage| job.sent_at >= outage.since);
        let probed = replace(&mut job.lost, false) && sent_since;
        match outcome {
            Outcome::Answered(sound) => {
                pace.accepted(now, job.sent_at);
                self.connected();
                let left = job.runs.without(sound);
                self.progress.succeeded = self.progress.succeeded.wrapping_add(job.runs.len()).wrapping_sub(left.len());
                job.runs = left;
                if left.is_empty() { Verdict::Settled } else { self.ask_apart(job, Places::default(), Origin::Apart) }
            }
            Outcome::Refused { status, retryable, retry_after_ms, named } => {
                self.connected();
                let mut wait = retry_after_ms;
                if matches!(status, 429 | 503) {
                    let asked = wait.unwrap_or_default();
                    let shut_for = pace.refused(now, job.sent_at, wait, sample);
                    if asked > LONGEST_WAIT_MS || pace.episodes() >= REFUSALS_MAX {
                        return Verdict::Stop;
                    }
                    if status == 429 || wait.is_some() {
                        // A refusal for pace is nobody's failure: the same request goes out once the gate is open.
                        job.not_before = 0.0;
                        self.waiting.push(job);
                        return Verdict::Again(shut_for);
                    }
                    wait = Some(shut_for);
                } else {
                    pace.accepted(now, job.sent_at);
                }
                match status {
                    401 | 402 => Verdict::Stop,
                    403 if self.is_all_forbidden(&job) => Verdict::Stop,
                    403 => {
                        let origin = Origin::Forbidden(self.forbidden.len());
                        self.forbidden.push(job.runs.len());
                        self.ask_apart(job, Places::default(), origin)
                    }
                    _ if retryable => self.again(job, status, wait, now, sample),
                    // It may be one run that is at fault.
                    400 | 404 | 409 | 410 | 413 | 422 => self.ask_apart(job, named, Origin::Apart),
                    _ => self.fail(job),
                }
            }
            Outcome::TimedOut => {
                pace.ended(job.sent_at);
                // A probe that nobody answers is one in vain.
                if probed { self.lost(job, probed, now, sample) } else { self.again(job, 0, None, now, sample) }
            }
            Outcome::Lost => {
                pace.ended(job.sent_at);
                self.lost(job, probed, now, sample)
            }
        }
    }

    /// What becomes of a batch that is to be had as a whole.
    fn handle_whole(&mut self, job: Job, outcome: Outcome, now: f64, sample: f64) -> Verdict {
        match outcome {
            Outcome::Answered(sound) if job.runs.without(sound).is_empty() => {
                self.progress.succeeded = job.runs.len();
                Verdict::Settled
            }
            Outcome::Answered(_) | Outcome::Refused { retryable: false, .. } => Verdict::Stop,
            Outcome::Refused { retry_after_ms, .. } => self.again(job, 0, retry_after_ms, now, sample),
            Outcome::Lost | Outcome::TimedOut => self.again(job, 0, None, now, sample),
        }
    }

    /// The requests of these jobs were in flight and are cancelled.
    pub fn cancel(&self, jobs: &[Job], pace: &mut Pace) {
        if !self.whole {
            jobs.iter().for_each(|job| pace.ended(job.sent_at));
        }
    }

    /// The time is over: gives up every run that is not settled. `in_flight` are the jobs whose requests were cancelled.
    pub fn expire(&mut self, mut in_flight: Vec<Job>) {
        self.in_flight = 0;
        self.failed.append(&mut in_flight);
        self.failed.append(&mut self.waiting);
        loop {
            let rest = self.intake.take(BATCH_MAX);
            if rest.is_empty() {
                break;
            }
            self.failed.push(Job::new(rest, Origin::Plan));
        }
        self.progress.failed = self.progress.total.wrapping_sub(self.progress.succeeded);
    }

    /// The same request goes out again after a wait, if it has a retry left and the wait is one that is waited.
    fn again(&mut self, mut job: Job, status: u16, wait: Option<f64>, now: f64, sample: f64) -> Verdict {
        let wait = wait.unwrap_or_else(|| backoff_ms(job.failures, sample));
        job.failures = job.failures.wrapping_add(1);
        if job.failures <= self.max_retries && wait <= LONGEST_WAIT_MS {
            job.not_before = now + wait;
            // A single batch does not wait for what will be too late.
            if !self.whole || job.not_before < self.deadline {
                self.waiting.push(job);
                return Verdict::Again(wait);
            }
        }
        if self.whole {
            return Verdict::Stop;
        }
        // Where others got through meanwhile, it may be one run of this batch that the service fails on.
        if status >= 500 && self.progress.succeeded > job.succeeded_before {
            self.ask_apart(job, Places::default(), Origin::Apart)
        } else {
            self.fail(job)
        }
    }

    /// Asks for each run alone; where some are named, for those alone and for the others together.
    fn ask_apart(&mut self, job: Job, named: Places, origin: Origin) -> Verdict {
        if job.alone {
            return self.fail(job);
        }
        let runs = job.runs;
        let together = runs.without(named);
        let all_alone = together.len() < BATCH_MIN || together == runs;
        let apart = if all_alone { runs } else { runs.only(named) };
        for place in apart.places.iter() {
            self.waiting.push(Job::new(runs.only(Places(1 << place)), origin));
        }
        if !all_alone {
            self.waiting.push(Job::new(together, origin));
        }
        Verdict::Settled
    }

    /// Whether a 403 is for everything: nothing has succeeded, and every run of a batch is forbidden alone too.
    fn is_all_forbidden(&mut self, job: &Job) -> bool {
        let last = match job.origin {
            _ if !job.alone => false,
            Origin::Plan => true,
            Origin::Apart => false,
            Origin::Forbidden(batch) => self.forbidden.get_mut(batch).is_some_and(|others| {
                *others = others.wrapping_sub(1);
                *others == 0
            }),
        };
        last && self.progress.succeeded == 0
    }

    /// The connection is lost. What was lost first goes out again and again until one answer comes, and all else waits
    /// for that: a service that comes back is not met by a volley. If none comes, all that was lost fails.
    fn lost(&mut self, mut job: Job, probed: bool, now: f64, sample: f64) -> Verdict {
        // Not from 0 on, as other waits: a connection takes its time to come back.
        let wait = |times| backoff_ms(times, 0.5 + sample / 2.0);
        job.lost = true;
        let own_wait = wait(job.failures);
        job.not_before = now + own_wait;
        job.failures = job.failures.wrapping_add(1);
        let until = match &mut self.outage {
            None if job.failures > self.max_retries => return self.fail(job),
            None => {
                self.outage = Some(Outage { since: now, probes: 0, next_probe: job.not_before, probing: false });
                own_wait
            }
            Some(outage) if probed => {
                outage.probing = false;
                outage.probes = outage.probes.wrapping_add(1);
                let probe_wait = wait(outage.probes);
                outage.next_probe = now + probe_wait;
                if outage.probes >= self.max_retries {
                    self.outage = None;
                    while let Some(index) = self.waiting.iter().position(|job| job.lost) {
                        let lost = self.waiting.remove(index);
                        self.fail(lost);
                    }
                    return self.fail(job);
                }
                // In front, so that it probes again.
                self.waiting.insert(0, job);
                return Verdict::Again(probe_wait);
            }
            Some(outage) => larger(outage.next_probe - now, 0.0),
        };
        self.waiting.push(job);
        Verdict::Again(until)
    }

    /// There was an answer, whatever it was: the connection is there.
    fn connected(&mut self) {
        if self.outage.take().is_some() {
            self.waiting.iter_mut().for_each(|job| job.lost = false);
        }
    }

    fn fail(&mut self, job: Job) -> Verdict {
        self.progress.failed = self.progress.failed.wrapping_add(job.runs.len());
        self.failed.push(job);
        Verdict::Failed
    }
}
