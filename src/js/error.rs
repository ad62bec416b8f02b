//! Failures on their way to the caller: the facts of one become one of the classes of `pkg-template/errors.js`.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::wire::Event;
use crate::answer::{Shape, code_of};
use crate::error::Code;
use crate::run_id::{Problem, RunId};

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    // The entries hand the classes on from here, so that there is one set of them.
    #[wasm_bindgen(reexport)]
    pub type TranslationResultsError;
    #[wasm_bindgen(reexport)]
    pub type InvalidOptionsError;
    #[wasm_bindgen(reexport)]
    pub type InvalidRunIdsError;
    #[wasm_bindgen(reexport)]
    pub type ApiError;
    #[wasm_bindgen(reexport)]
    pub type NetworkError;
    #[wasm_bindgen(reexport)]
    pub type TimeoutError;
    #[wasm_bindgen(reexport)]
    pub type InvalidResponseError;

    /// What went wrong: a code, and the facts that its class takes.
    pub type Fault;
    #[wasm_bindgen(constructor)]
    fn of(code: u32, source: &JsValue, first: f64, second: f64) -> Fault;
    #[wasm_bindgen(constructor)]
    fn of_option(code: u32, option: &JsValue, must: &str) -> Fault;
    /// Adds a problem of run ids to a list.
    #[wasm_bindgen(js_name = addProblem)]
    fn add_problem(list: &Array, kind: u32, first: usize, second: usize);

    /// The error that the caller gets.
    #[wasm_bindgen(method)]
    pub fn error(this: &Fault, attempts: u32) -> JsValue;
}

impl Fault {
    /// An option that is not as it must be.
    pub fn option(option: &JsValue, must: &str) -> JsValue {
        Self::of_option(Code::InvalidOptions as u32, option, must).error(0)
    }

    /// Run ids that may not be sent.
    pub fn run_ids(problems: &[Problem]) -> JsValue {
        Self::of(Code::InvalidRunIds as u32, &listed(problems), 0.0, 0.0).error(0)
    }

    /// A refusal, the service's or its network's, and the wait that it asks for: NaN where it asks for none.
    pub fn refusal(code: Code, event: &Event, retry_after_ms: f64) -> Self {
        Self::of(code as u32, event, retry_after_ms, 0.0)
    }

    /// The connection failed.
    pub fn network(event: &Event) -> Self {
        Self::of(Code::Network as u32, event, 0.0, 0.0)
    }

    /// No whole answer within so many ms.
    pub fn timeout(timeout_ms: f64) -> Self {
        Self::of(Code::Timeout as u32, &JsValue::UNDEFINED, timeout_ms, 0.0)
    }

    /// A body that is no answer.
    pub fn body(event: &Event) -> Self {
        Self::of(Code::InvalidResponse as u32, event, 0.0, 0.0)
    }

    /// An answer in which this run has this shape.
    pub fn run(event: &Event, id: RunId, shape: Shape) -> Self {
        Self::of(code_of(shape) as u32, event, id.as_number(), shape)
    }
}

/// Problems as callers get them.
pub fn listed(problems: &[Problem]) -> Array {
    let list = Array::new();
    for problem in problems {
        let (kind, first, second) = problem.numbers();
        add_problem(&list, kind, first, second);
    }
    list
}
