//! Failures on their way to the caller, of which `pkg-template/errors.js` makes errors.

use crate::answer::{Shape, code_of};
use crate::error::Code;
use crate::run_id::Problem;

/// What went wrong with a request or with a whole call: a code, and the numbers that its class takes. JavaScript has what
/// else there is to it.
#[derive(Clone, Copy)]
pub struct Fault {
    pub code: Code,
    pub first: f64,
    pub second: f64,
}

impl Fault {
    /// The connection failed.
    pub const NETWORK: Self = Self::new(Code::Network, 0.0, 0.0);
    /// A body that is no answer.
    pub const BODY: Self = Self::new(Code::InvalidResponse, -1.0, 0.0);

    const fn new(code: Code, first: f64, second: f64) -> Self {
        Self { code, first, second }
    }

    /// A refusal, and the wait that it asks for.
    pub fn refusal(code: Code, retry_after_ms: Option<f64>) -> Self {
        Self::new(code, retry_after_ms.unwrap_or(f64::NAN), 0.0)
    }

    /// No whole answer within so many ms.
    pub fn timeout(timeout_ms: f64) -> Self {
        Self::new(Code::Timeout, timeout_ms, 0.0)
    }

    /// An answer in which the run at this place has this shape.
    pub fn run(place: usize, shape: Shape) -> Self {
        Self::new(code_of(shape), place as f64, shape)
    }

    /// A number of the source's that is no run id, at this index.
    pub fn run_id(problem: Problem, index: usize) -> Self {
        Self::new(Code::InvalidRunIds, f64::from(problem as u32), index as f64)
    }
}
