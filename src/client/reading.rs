//! Reads the source of a call, as far as the schedule allows.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::prelude::*;

use super::failure::Failure;
use crate::core::schedule::Schedule;
use crate::web::timer::Timer;

/// A stream of run ids as JavaScript numbers, NaN for a value that is not a number. An error ends the call.
pub type Source = Pin<Box<dyn Stream<Item = Result<f64, JsValue>>>>;

/// A source, and how much of it may be read.
pub struct Reading {
    source: Source,
    /// Values that may still be read.
    room: usize,
    /// A pause after nothing but repeats, so that the platform gets a turn.
    pause: Option<Timer>,
}

/// What was read.
pub enum Read {
    /// The source has nothing yet, or may not be read.
    Nothing,
    /// One value or more.
    Something,
    /// The end of the source.
    End,
}

impl Reading {
    /// Wraps a source. Nothing may be read yet.
    pub fn of(source: Source) -> Self {
        Self { source, room: 0, pause: None }
    }

    /// Sets how many values may be read.
    pub fn allow(&mut self, room: usize) {
        self.room = room;
    }

    /// Gives the schedule the values that the source has ready. Fails with the value that it throws.
    pub fn poll(&mut self, schedule: &mut Schedule, context: &mut Context<'_>) -> Result<Read, Failure> {
        if let Some(pause) = &mut self.pause {
            if Pin::new(pause).poll(context).is_pending() {
                return Ok(Read::Nothing);
            }
            self.pause = None;
        }
        let (mut has_read, mut is_new) = (false, false);
        while self.room > 0 {
            let Poll::Ready(value) = self.source.as_mut().poll_next(context) else { break };
            has_read = true;
            self.room = self.room.saturating_sub(1);
            match value {
                Some(Ok(number)) => {
                    is_new |= schedule.add(number);
                    if schedule.has_read_all() {
                        // The value was not a run id.
                        return Ok(Read::End);
                    }
                }
                Some(Err(thrown)) => return Err(Failure::aborted(thrown)),
                None => {
                    schedule.end();
                    return Ok(Read::End);
                }
            }
        }
        if has_read && !is_new {
            self.pause = Some(Timer::after(0.0));
        }
        Ok(if has_read { Read::Something } else { Read::Nothing })
    }
}
