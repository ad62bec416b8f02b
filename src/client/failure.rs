//! An error together with the values that only JavaScript has.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::core::answer::{Fault, RunFault};
use crate::core::error::{Error, Kind};
use crate::core::run_id::RunId;
use crate::web::json::by_id;

/// Why a request or a call failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The error, as data.
    pub error: Error,
    /// The JavaScript values of the failure.
    pub values: Values,
}

/// The JavaScript values of a failure, by the kind of its error.
#[derive(Clone, Debug)]
pub enum Values {
    /// No values.
    None,
    /// The error of `fetch` or of a stream, or the reason of the signal.
    Cause(JsValue),
    /// A refusal's values.
    Refusal {
        /// The body, parsed if it is JSON.
        body: JsValue,
        /// The field errors of a 422, as the service gave them.
        detail: Array,
    },
    /// The well-formed runs of a faulty answer, by their ids.
    Sound(JsValue),
}

impl Failure {
    /// Makes a failure with JavaScript values.
    pub fn new(kind: Kind, values: Values) -> Self {
        Self { error: Error::new(kind, 0), values }
    }

    /// Makes the failure of a run that has no result.
    pub fn without_result(run_id: RunId) -> Self {
        let kind = Kind::Answer { fault: Fault::of_run(vec![], RunFault::Null), missing: vec![run_id] };
        Self::new(kind, Values::Sound(by_id(&[])))
    }

    /// Makes the failure of a call that was aborted for this reason.
    pub fn aborted(reason: JsValue) -> Self {
        Self::new(Kind::Aborted, Values::Cause(reason))
    }

    /// Returns the same failure with this number of attempts.
    #[must_use]
    pub fn after(self, attempts: u32) -> Self {
        Self { error: self.error.after(attempts), ..self }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, values: Values::None }
    }
}
