//! Makes JavaScript errors: each kind has a class in `pkg-template/errors.js`.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::event::to_js;
use super::run_ids::array_of;
use crate::client::failure::{Failure, Values};
use crate::core::error::{Error, Kind};
use crate::web::json::Members;

thread_local! {
    static MAKE_ERROR: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
}

/// Sets `makeError` of `pkg-template/errors.js`.
pub fn set_up(make_error: Function) {
    MAKE_ERROR.set(make_error.into());
}

/// Makes the error of invalid options or run ids.
pub fn of_input(error: Error) -> JsValue {
    of_call(&error.into())
}

/// Makes the error of a call that has failed.
pub fn of_call(failure: &Failure) -> JsValue {
    of(failure, failure.error.attempts())
}

/// Makes the error of a failure after this many attempts. For an abort, it is the signal's own reason.
pub fn of(failure: &Failure, attempts: u32) -> JsValue {
    let Failure { error, values } = failure;
    if let (Kind::Aborted, Values::Cause(reason)) = (error.kind(), values) {
        return reason.clone();
    }
    let error = error.clone().after(attempts);
    let fields = Members::new().with("code", error.code().as_str()).with("attempts", attempts);
    let (class, fields) = match error.kind() {
        // Unreachable: every abort has a reason.
        Kind::Aborted => ("TranslationResultsError", fields),
        Kind::InvalidOption { option, .. } | Kind::UnknownOption { option, .. } => {
            ("InvalidOptionsError", fields.with("option", option))
        }
        Kind::InvalidRunIds(invalid) => ("InvalidRunIdsError", fields.with("problems", to_js(&invalid.problems))),
        Kind::Refused(refusal) => {
            let fields = fields
                .with("status", refusal.status)
                .with_some("requestId", refusal.request_id.as_ref())
                .with_some("retryAfterMs", refusal.retry_after_ms);
            ("ApiError", fields)
        }
        Kind::Network(_) => ("NetworkError", fields),
        Kind::Timeout { ms, .. } => ("TimeoutError", fields.with("timeoutMs", *ms)),
        Kind::Answer { fault, missing } => {
            let fields = fields
                .with("path", to_js(&fault.path()))
                .with("expected", fault.expected())
                .with("received", fault.received())
                .with("missing", array_of(missing.iter().copied()));
            ("InvalidResponseError", fields)
        }
    };
    let (fields, cause) = match values {
        Values::None => (fields, None),
        Values::Cause(cause) => (fields, Some(cause)),
        Values::Refusal { body, detail } => (fields.with("body", body).with("detail", detail), None),
        Values::Sound(runs) => (fields.with("results", runs), None),
    };
    make_error(class, &error.to_string(), &fields.into(), cause)
}

fn make_error(class: &str, message: &str, fields: &JsValue, cause: Option<&JsValue>) -> JsValue {
    let options = cause.map_or(JsValue::UNDEFINED, |cause| Members::new().with("cause", cause).into());
    let make_error: Function = MAKE_ERROR.with_borrow(JsValue::clone).unchecked_into();
    let made = make_error.call4(&JsValue::UNDEFINED, &class.into(), &message.into(), fields, &options);
    made.unwrap_or_else(|thrown| thrown)
}
