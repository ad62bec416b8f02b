//! One request of a bulk call: the runs that it asks for, and what has become of it so far.

use std::ops::{Deref, DerefMut};

use crate::runs::Runs;

/// Runs that are asked for with one request: a batch, or one run alone. Behind a pointer, as it goes from hand to hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Job(Box<Facts>);

/// What is known of a job.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "nobody else can name it")]
pub struct Facts {
    /// Those that have no result yet.
    pub(super) runs: Runs,
    /// Whether it asks for one run only.
    pub(super) alone: bool,
    pub(super) origin: Origin,
    pub(super) attempts: u32,
    /// Failed attempts that took from the retries.
    pub(super) failures: u32,
    /// Which request of the call the last attempt is.
    pub(super) number: usize,
    pub(super) sent_at: f64,
    pub(super) not_before: f64,
    /// Whether its last attempt was lost with the connection, and none was answered since.
    pub(super) lost: bool,
    /// How many runs of the call had succeeded when it was first sent.
    pub(super) succeeded_before: usize,
}

/// How a job came to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// It was planned.
    Plan,
    /// Its runs were asked for with others, and are now asked for apart.
    Apart,
    /// As `Apart`, where the others were forbidden too. They have a place in [`super::Bulk::forbidden`] in common.
    Forbidden(usize),
}

impl Job {
    pub(super) fn new(runs: Runs, origin: Origin) -> Self {
        Self(Box::new(Facts {
            alone: runs.len() == 1,
            runs,
            origin,
            attempts: 0,
            failures: 0,
            number: 0,
            sent_at: 0.0,
            not_before: 0.0,
            lost: false,
            succeeded_before: 0,
        }))
    }

    /// The runs that it asks for.
    pub fn runs(&self) -> Runs {
        self.0.runs
    }

    /// Attempts made so far, the one under way included.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Which request of the call the attempt under way is.
    pub fn number(&self) -> usize {
        self.0.number
    }
}

impl Deref for Job {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Job {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}
