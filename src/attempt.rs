//! One call's life as a state machine: attempts, the waits between them, and giving up.
//!
//! It is told what happened and when, and answers what to do. It has no clock, no timer, no randomness and no socket of
//! its own, so a test can run it through any schedule. A call that succeeds or is aborted is simply dropped.

use crate::retry::{LONGEST_WAIT_MS, backoff_ms};

/// What a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for one attempt, to the last byte of the body, in ms.
    pub timeout_ms: u32,
    /// Further attempts after the first.
    pub max_retries: u32,
    /// Time for the whole call in ms, waits included.
    pub deadline_ms: Option<u32>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The attempt failed.
    Failed {
        /// Whether another attempt may fare better.
        retryable: bool,
        /// The wait that the service asked for, in ms.
        retry_after_ms: Option<u64>,
    },
    /// The time that [`Action::Send`] named is over.
    TimedOut,
    /// The wait that [`Action::Sleep`] named is over.
    Woke,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make an attempt; give it up after `timeout_ms`.
    Send {
        /// How long the attempt may take, in ms.
        timeout_ms: u32,
    },
    /// Wait, then say [`Event::Woke`].
    Sleep {
        /// How long, in ms.
        ms: u32,
    },
    /// Give up: the call fails as its last attempt did.
    Fail,
    /// Give up: the time for the whole call is over.
    Expire {
        /// The time that was allowed, in ms.
        deadline_ms: u32,
    },
}

/// A call on its way. Times are in ms on a clock that never goes back; where it starts does not matter.
#[derive(Clone, Debug)]
pub struct Call {
    limits: Limits,
    deadline: Option<Deadline>,
    attempts: u32,
    given_up: Option<Action>,
}

#[derive(Clone, Copy, Debug)]
struct Deadline {
    from: f64,
    ms: u32,
    /// Whether the attempt under way may take just what is left. Remembered, and not worked out anew when its time is
    /// over: timers may fire early.
    bounds_attempt: bool,
}

impl Deadline {
    /// Whole ms that are left, rounded up.
    fn left(&self, now: f64) -> u32 {
        (f64::from(self.ms) - (now - self.from)).ceil() as u32
    }
}

impl Call {
    /// A call that starts now, and its first [`Action::Send`].
    pub fn start(limits: Limits, now: f64) -> (Self, Action) {
        let deadline = limits.deadline_ms.map(|ms| Deadline { from: now, ms, bounds_attempt: false });
        let mut call = Self { limits, deadline, attempts: 0, given_up: None };
        let first = call.send(now);
        (call, first)
    }

    /// Attempts made so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What to do about what happened. `sample` is random, from 0 up to 1. A call that was given up stays so.
    pub fn handle(&mut self, event: Event, now: f64, sample: f64) -> Action {
        if let Some(action) = self.given_up {
            return action;
        }
        match (event, self.deadline) {
            (Event::Woke, _) => self.send(now),
            (Event::TimedOut, Some(Deadline { bounds_attempt: true, ms, .. })) => {
                self.give_up(Action::Expire { deadline_ms: ms })
            }
            (Event::TimedOut, _) => self.again(None, now, sample),
            (Event::Failed { retryable: true, retry_after_ms }, _) => self.again(retry_after_ms, now, sample),
            (Event::Failed { retryable: false, .. }, _) => self.give_up(Action::Fail),
        }
    }

    fn send(&mut self, now: f64) -> Action {
        let mut timeout_ms = self.limits.timeout_ms;
        if let Some(deadline) = &mut self.deadline {
            let left = deadline.left(now);
            if left == 0 {
                let deadline_ms = deadline.ms;
                return self.give_up(Action::Expire { deadline_ms });
            }
            deadline.bounds_attempt = left <= timeout_ms;
            timeout_ms = timeout_ms.min(left);
        }
        self.attempts = self.attempts.saturating_add(1);
        Action::Send { timeout_ms }
    }

    /// Another attempt, if one is left and its wait is short enough to be waited.
    fn again(&mut self, retry_after_ms: Option<u64>, now: f64, sample: f64) -> Action {
        let retries = self.attempts.saturating_sub(1);
        let wait = retry_after_ms.unwrap_or_else(|| backoff_ms(retries, sample));
        let in_time = self.deadline.is_none_or(|deadline| wait < u64::from(deadline.left(now)));
        match u32::try_from(wait) {
            Ok(ms) if retries < self.limits.max_retries && wait <= LONGEST_WAIT_MS && in_time => Action::Sleep { ms },
            _ => self.give_up(Action::Fail),
        }
    }

    fn give_up(&mut self, action: Action) -> Action {
        self.given_up = Some(action);
        action
    }
}
