//! Runs that callers ask for one by one, and give up.

use super::job::{Job, State};
use super::{Outage, Schedule};
use crate::core::pace::Pace;
use crate::core::run_id::RunId;

impl Schedule {
    /// Asks for a run, unless it is pending.
    pub fn ask_for(&mut self, run_id: RunId) {
        if let Some(job) = self.jobs.of_run(run_id) {
            job.given_up.retain(|&other| other != run_id);
        } else if self.intake.ask_for(run_id) {
            self.progress.total = self.progress.total.saturating_add(1);
        }
    }

    /// Gives up a run that no caller waits for. A run that is not pending is left alone.
    ///
    /// Returns the number of the request to cancel, if no caller waits for any of its runs.
    pub fn give_up(&mut self, run_id: RunId, pace: &mut Pace) -> Option<u32> {
        if self.intake.give_up(run_id) {
            self.forget(1);
            return None;
        }
        let number = self.jobs.of_run(run_id)?.number;
        let mut job = self.jobs.take(number)?;
        if !job.given_up.contains(&run_id) {
            job.given_up.push(run_id);
        }
        let is_in_flight = job.state == State::InFlight;
        if is_in_flight && job.is_wanted() {
            self.jobs.put(job);
            return None;
        }
        self.drop_given_up(&mut job);
        if job.is_wanted() {
            self.jobs.put(job);
            return None;
        }
        if is_in_flight {
            pace.ended(job.sent_at);
        }
        self.replace_prober(number);
        is_in_flight.then_some(number)
    }

    /// Removes the given-up runs from a job.
    pub(super) fn drop_given_up(&mut self, job: &mut Job) {
        let given_up = std::mem::take(&mut job.given_up);
        job.run_ids.retain(|run_id| !given_up.contains(run_id));
        self.forget(given_up.len());
    }

    /// Subtracts runs from the total.
    fn forget(&mut self, runs: usize) {
        self.progress.total = self.progress.total.saturating_sub(runs);
    }

    /// Lets another lost job probe the connection, if the prober is gone.
    fn replace_prober(&mut self, gone: u32) {
        if let Some(Outage { prober, probes }) = self.outage
            && prober == gone
        {
            self.outage = self.jobs.first_lost().map(|prober| Outage { prober, probes });
        }
    }
}
