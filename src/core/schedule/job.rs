//! Jobs: groups of runs that are asked for with one request, from the first attempt to the last.

use crate::core::run_id::RunId;

/// A request as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Identifies a job of a call.
    pub number: u32,
    /// The runs that it asks for: a batch, or one run alone.
    pub run_ids: Vec<RunId>,
    /// Attempts made so far, this one included.
    pub attempts: u32,
}

/// Runs that are asked for with one request, and its attempts so far.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// Identifies a job of a call.
    pub number: u32,
    pub run_ids: Vec<RunId>,
    /// Its runs that no caller waits for, while it is in flight for others.
    pub given_up: Vec<RunId>,
    /// How many runs its latest request asked for.
    pub asked_for: usize,
    pub state: State,
    pub origin: Origin,
    pub attempts: u32,
    /// Failed attempts that used up retries.
    pub failures: u32,
    pub sent_at: f64,
    /// It may not be sent before this time.
    pub not_before: f64,
    /// Runs of the call that had succeeded when it was first sent.
    pub succeeded_before: usize,
}

impl Job {
    /// Returns whether its latest request asked for one run only, by GET.
    pub fn is_alone(&self) -> bool {
        self.asked_for == 1
    }

    /// Returns whether a caller waits for one of its runs.
    pub fn is_wanted(&self) -> bool {
        self.given_up.len() < self.run_ids.len()
    }

    /// Returns its request, with the attempts made so far.
    pub fn request(&self) -> Request {
        Request { number: self.number, run_ids: self.run_ids.clone(), attempts: self.attempts }
    }
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    /// It is to be sent at `not_before`.
    Waiting,
    /// Its last attempt lost the connection, and no answer has come since.
    Lost,
    InFlight,
    /// Its last attempt has ended. The call has ended too, or decides on the job.
    Over,
}

/// Why a job exists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// It was planned.
    Plan,
    /// Its batch was taken apart.
    Apart,
    /// Its batch was taken apart as forbidden, and no run of it has had another outcome.
    Forbidden {
        /// The number of that batch's job.
        batch: u32,
    },
}

/// The jobs of a call, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Jobs {
    all: Vec<Job>,
    made: u32,
}

impl Jobs {
    /// Adds a job that waits. Returns its number.
    pub fn add(&mut self, run_ids: Vec<RunId>, origin: Origin) -> u32 {
        self.made = self.made.wrapping_add(1);
        self.all.push(Job {
            number: self.made,
            run_ids,
            given_up: vec![],
            asked_for: 0,
            state: State::Waiting,
            origin,
            attempts: 0,
            failures: 0,
            sent_at: 0.0,
            not_before: 0.0,
            succeeded_before: 0,
        });
        self.made
    }

    /// Puts a job back in its place.
    pub fn put(&mut self, job: Job) {
        let place = self.all.partition_point(|other| other.number < job.number);
        self.all.insert(place, job);
    }

    /// Takes a job out.
    pub fn take(&mut self, number: u32) -> Option<Job> {
        let place = self.all.iter().position(|job| job.number == number)?;
        Some(self.all.remove(place))
    }

    /// Takes out every job.
    pub fn take_all(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.all)
    }

    /// Takes out every job whose connection was lost.
    pub fn take_lost(&mut self) -> Vec<Job> {
        let (lost, others) = self.take_all().into_iter().partition(|job| job.state == State::Lost);
        self.all = others;
        lost
    }

    /// Returns the job that has this run.
    pub fn of_run(&mut self, run_id: RunId) -> Option<&mut Job> {
        self.all.iter_mut().find(|job| job.run_ids.contains(&run_id))
    }

    /// Returns the number of the job that was lost first.
    pub fn first_lost(&self) -> Option<u32> {
        self.all.iter().find(|job| job.state == State::Lost).map(|job| job.number)
    }

    pub fn get(&self, number: u32) -> Option<&Job> {
        self.all.iter().find(|job| job.number == number)
    }

    pub fn all(&mut self) -> impl Iterator<Item = &mut Job> {
        self.all.iter_mut()
    }

    /// Returns the waiting job that is due first; of several, the oldest.
    pub fn first_waiting(&self) -> Option<&Job> {
        let waiting = self.all.iter().filter(|job| job.state == State::Waiting);
        waiting.reduce(|first, job| if job.not_before < first.not_before { job } else { first })
    }

    pub fn in_flight(&self) -> usize {
        self.all.iter().filter(|job| job.state == State::InFlight).count()
    }

    /// Returns whether a job of this origin is left.
    pub fn has(&self, origin: Origin) -> bool {
        self.all.iter().any(|job| job.origin == origin)
    }
}
