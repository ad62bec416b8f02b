//! Failures on their way to the caller: an [`Error`] and what only JavaScript can hold of it become one of the classes
//! of `pkg-template/errors.js`.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::error::{AnswerFault, Error, Kind, Step};
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

    #[wasm_bindgen(js_name = makeError)]
    fn make_error(code: &str, message: &str, attempts: u32, fields: JsValue, cause: &JsValue) -> JsValue;
}

/// A failed attempt.
pub struct Failure {
    pub error: Error,
    pub values: Values,
    /// Whether another attempt may fare better.
    pub retryable: bool,
}

/// What of a failure only JavaScript can hold. `undefined` where the kind of error has no such field.
#[derive(Default)]
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

/// The fields of the class that a kind of error becomes.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Fields<'a> {
    Options {
        option: &'a str,
    },
    RunIds {
        problems: &'a [Problem],
    },
    Status {
        status: u16,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        body: JsValue,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        detail: JsValue,
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Network {},
    Timeout {
        timeout_ms: u32,
    },
    Answer {
        path: &'a [Step],
        expected: &'a str,
        received: &'a str,
        missing: &'a [RunId],
        #[serde(with = "serde_wasm_bindgen::preserve")]
        results: JsValue,
    },
}

impl Failure {
    /// The connection failed.
    pub fn network(cause: JsValue) -> Self {
        Self { error: Kind::Network.into(), values: Values { cause, ..Values::default() }, retryable: true }
    }

    /// The wait that the service asked for, in ms.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self.error.kind() {
            Kind::Status { retry_after_ms, .. } => *retry_after_ms,
            _ => None,
        }
    }

    /// The error that the caller gets.
    pub fn into_js(self, attempts: u32) -> JsValue {
        let Self { error, values, .. } = self;
        let fields = match error.kind() {
            Kind::Options { option, .. } => Fields::Options { option },
            Kind::RunIds(problems) => Fields::RunIds { problems },
            &Kind::Status { status, retry_after_ms, .. } => Fields::Status {
                status,
                body: values.body,
                detail: values.detail,
                request_id: values.request_id,
                retry_after_ms,
            },
            Kind::Network => Fields::Network {},
            &Kind::Timeout { timeout_ms } => Fields::Timeout { timeout_ms },
            Kind::Answer(AnswerFault { path, expected, received, missing }) => {
                Fields::Answer { path, expected, received, missing, results: values.results.into() }
            }
        };
        make_error(error.code().as_str(), &error.to_string(), attempts, to_js(&fields), &values.cause)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, values: Values::default(), retryable: false }
    }
}

/// What was refused before anything was sent.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        Failure::from(error).into_js(0)
    }
}

/// A value of ours as plain JavaScript. All that we have to say is numbers that fit, texts and lists of them, which
/// never fail.
pub fn to_js(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or_default()
}
