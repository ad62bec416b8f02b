//! The pace of a client: one for all its bulk calls.

use std::cell::RefCell;
use std::task::Waker;

use crate::pace::Pace;

/// A [`Pace`], and who waits for the answers of others.
#[derive(Default)]
pub struct SharedPace {
    pace: RefCell<Pace>,
    waiting: RefCell<Vec<Waker>>,
}

impl SharedPace {
    /// Lets the caller use the pace, and wakes those for whom that may change something.
    pub fn update<R>(&self, update: impl FnOnce(&mut Pace) -> R) -> R {
        let result = update(&mut self.pace.borrow_mut());
        self.waiting.take().into_iter().for_each(Waker::wake);
        result
    }

    /// Lets the caller ask.
    pub fn ask<R>(&self, ask: impl FnOnce(&mut Pace) -> R) -> R {
        ask(&mut self.pace.borrow_mut())
    }

    /// Wakes a task at the next update.
    pub fn wake_at_update(&self, waker: &Waker) {
        let mut waiting = self.waiting.borrow_mut();
        if !waiting.iter().any(|other| other.will_wake(waker)) {
            waiting.push(waker.clone());
        }
    }
}
