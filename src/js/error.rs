//! Failures on their way to the caller: an [`Error`] and what only JavaScript can hold of it become one of the classes
//! of `pkg-template/errors.js`.

use wasm_bindgen::prelude::*;

use super::platform::named_runs;
use super::record::{list_of, to_js};
use crate::bulk::Outcome;
use crate::error::{AnswerFault, Error, Kind, Step};

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

    /// The fields of the code's class in the order in which it names them.
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(
        code: &str,
        message: &str,
        attempts: u32,
        first: JsValue,
        second: JsValue,
        third: JsValue,
        fourth: JsValue,
        fifth: JsValue,
    ) -> JsValue;
}

/// A failed attempt.
#[derive(Clone)]
pub struct Failure {
    pub error: Error,
    pub values: Values,
    /// Whether another attempt may fare better.
    pub retryable: bool,
}

/// What of a failure only JavaScript can hold. `undefined` where the kind of error has no such field.
#[derive(Clone, Default)]
pub struct Values {
    /// What `fetch` or the body's stream rejected with, as it was.
    pub cause: JsValue,
    /// What a refusal said.
    pub body: JsValue,
    /// The field errors of a 422.
    pub detail: JsValue,
    /// By which the service knows the request.
    pub request_id: Option<String>,
    /// The well-formed runs of an answer with a fault; none where it could not be read.
    pub results: js_sys::Object,
}

impl Failure {
    /// The connection failed.
    pub fn network(cause: JsValue) -> Box<Self> {
        let values = Values { cause, ..Values::default() };
        Box::new(Self { error: Kind::Network.into(), values, retryable: true })
    }

    /// What a call is told of it.
    pub fn outcome(&self) -> Outcome {
        match *self.error.kind() {
            Kind::Status { status, retry_after_ms, .. } => {
                let named = named_runs(&self.values.detail).into_iter().map(|index| index as usize).collect();
                Outcome::Refused { status, retryable: self.retryable, retry_after_ms, named }
            }
            Kind::Network => Outcome::Lost,
            Kind::Timeout { .. } => Outcome::TimedOut,
            _ => Outcome::Answered(Vec::new()),
        }
    }

    /// The error that the caller gets.
    pub fn into_js(self, attempts: u32) -> JsValue {
        const NONE: JsValue = JsValue::UNDEFINED;
        let Self { error, values, .. } = self;
        let [first, second, third, fourth, fifth] = match error.kind() {
            Kind::Options { option, .. } => [option.as_str().into(), NONE, NONE, NONE, NONE],
            Kind::RunIds(problems) => [to_js(problems), NONE, NONE, NONE, NONE],
            Kind::Status { status, retry_after_ms, .. } => {
                let request_id = values.request_id.map_or(NONE, JsValue::from);
                let retry_after_ms = retry_after_ms.map_or(NONE, |ms| (ms as f64).into());
                [f64::from(*status).into(), values.body, values.detail, request_id, retry_after_ms]
            }
            Kind::Network => [values.cause, NONE, NONE, NONE, NONE],
            Kind::Timeout { timeout_ms } => [f64::from(*timeout_ms).into(), NONE, NONE, NONE, NONE],
            Kind::Answer(AnswerFault { path, expected, received, missing }) => [
                path.iter().map(step_of).collect::<js_sys::Array>().into(),
                (*expected).into(),
                (*received).into(),
                list_of(missing),
                values.results.into(),
            ],
        };
        make_error(error.code().as_str(), &error.message(), attempts, first, second, third, fourth, fifth)
    }
}

impl From<Error> for Box<Failure> {
    fn from(error: Error) -> Self {
        Box::new(Failure { error, values: Values::default(), retryable: false })
    }
}

/// What was refused before anything was sent.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        Box::<Failure>::from(error).into_js(0)
    }
}

fn step_of(step: &Step) -> JsValue {
    match step {
        Step::Key(key) => key.as_str().into(),
        Step::Index(index) => (*index).into(),
    }
}
