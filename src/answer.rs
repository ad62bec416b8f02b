//! Reading an answer: which requested runs it holds, and what is wrong with it.
//!
//! Lenient where nothing is at stake (further runs, further fields) and strict where something is: each requested run
//! is `{"texts": [strings]}` or its fault is found. The texts stay where the engine's parser put them: what comes in here
//! is the shape of what stands where each run should.

use crate::error::Code;
use crate::runs::Places;

/// What stands where a run should: a number, as `shape` of `src/js/exchange.js` makes it. All but these two is a fault.
pub type Shape = f64;

/// There is no such run.
pub const ABSENT: Shape = 0.0;

/// A run as it is documented.
pub const SOUND: Shape = 1.0;

/// What an answer holds of the runs that were asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Where the well-formed ones stand among those that were asked for.
    pub sound: Places,
    /// Where those stand that are not there at all.
    pub missing: Places,
    /// Where the first run stands that is malformed, if there is one, else the first that is missing; and its shape.
    pub fault: Option<(usize, Shape)>,
}

impl Reading {
    /// Whether it holds nothing of any of them.
    pub fn is_of_none(&self) -> bool {
        self.sound == Places::default() && self.fault.is_none_or(|(_, shape)| shape == ABSENT)
    }
}

/// Reads the shapes of the runs that were asked for, which stand at these places.
pub fn read(asked: Places, shape: impl Fn(usize) -> Shape) -> Reading {
    let mut reading = Reading { sound: Places::default(), missing: Places::default(), fault: None };
    for place in asked.iter() {
        let shape = shape(place);
        if shape == SOUND {
            reading.sound.add(place);
            continue;
        }
        if shape == ABSENT {
            reading.missing.add(place);
        }
        if reading.fault.is_none_or(|(_, first)| first == ABSENT && shape != ABSENT) {
            reading.fault = Some((place, shape));
        }
    }
    reading
}

/// The code of an answer whose first fault is of this shape.
pub fn code_of(shape: Shape) -> Code {
    if shape == ABSENT { Code::MissingResult } else { Code::InvalidResponse }
}
