//! Reads the headers and bodies of refusals, and masks the key.

use std::borrow::Cow;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use super::exchange::{Attempt, Reply};
use super::failure::{Failure, Values};
use super::shared::Shared;
use crate::core::answer::PathPart;
use crate::core::error::{FieldError, Kind, Refusal};
use crate::core::key::ApiKey;
use crate::core::message::cut;
use crate::core::retry::{Meaning, RetryHeaders, retry_after_ms};
use crate::core::run_id::RunId;
use crate::core::schedule::Outcome;
use crate::web::body;
use crate::web::fetch::Sending;
use crate::web::host::unix_now;
use crate::web::response::Response;
use crate::web::{json, timer};

/// The most bytes of a refusal's body that are read.
const MAX_BODY_BYTES: u64 = 1 << 20;
/// The longest wait for the body. Without it, the refusal still counts.
const MAX_BODY_MS: f64 = 2_000.0;
/// The longest text of a body that is not JSON, in UTF-16 units.
const MAX_TEXT_UNITS: u32 = 2_000;
/// The most characters of the service's text in a message.
const MAX_QUOTE_CHARS: usize = 200;

/// Reads a refusal with this status.
pub async fn read(
    attempt: &Attempt,
    response: &Response,
    sending: &mut Sending,
    status: u16,
    meaning: Meaning,
) -> Reply {
    let shared = &attempt.shared;
    let body = if status >= 400 {
        read_body(shared, response, sending).await
    } else {
        // A redirect: its body is of no use.
        body::discard(response);
        JsValue::UNDEFINED
    };
    let (errors, detail) = if status == 422 { field_errors(&body) } else { Default::default() };
    let named = errors.iter().filter_map(|error| named(error, &attempt.request.run_ids)).collect();
    let [in_ms, retry_after, date] = ["retry-after-ms", "retry-after", "date"].map(|name| response.header(name));
    let headers =
        RetryHeaders { retry_after_ms: in_ms.as_deref(), retry_after: retry_after.as_deref(), date: date.as_deref() };
    let retry_after_ms = retry_after_ms(&headers, unix_now());
    let refusal = Refusal {
        code: meaning.code,
        status,
        run_ids: attempt.request.run_ids.clone(),
        proxy: match shared.settings.api_key {
            Some(_) => None,
            None => Some(shared.settings.host().to_owned()),
        },
        said: said(&body),
        detail: errors,
        request_id: request_id(shared, response),
        retry_after_ms,
    };
    let outcome = Outcome::Refused { status, retryable: meaning.retryable, retry_after_ms, named };
    Reply::failed(outcome, Failure::new(Kind::Refused(refusal), Values::Refusal { body, detail }))
}

/// Returns the service's id of the request, if there is one, without the key.
pub fn request_id(shared: &Shared, response: &Response) -> Option<String> {
    let request_id = response.header("x-request-id").or_else(|| response.header("cf-ray"))?;
    Some(shared.masked(&request_id).into_owned())
}

async fn read_body(shared: &Shared, response: &Response, sending: &mut Sending) -> JsValue {
    let max_bytes = shared.settings.max_response_bytes.min(MAX_BODY_BYTES);
    let read = timer::within(MAX_BODY_MS, body::text(response, max_bytes)).await;
    let key = shared.settings.api_key.as_ref();
    match read {
        Some(Ok(text)) => {
            sending.finished();
            parsed(text, key, ApiKey::mask)
        }
        // An incomplete body may end in the middle of the key.
        Some(Err(broken)) => parsed(broken.text_before(), key, ApiKey::mask_cut_off),
        None => JsValue::UNDEFINED,
    }
}

type Mask = for<'t> fn(&ApiKey, &'t str) -> Cow<'t, str>;

/// Returns a body without the key: parsed if it is JSON, else the start of its text.
fn parsed(text: JsValue, key: Option<&ApiKey>, mask: Mask) -> JsValue {
    let masked = key.and_then(|key| match mask(key, &text.as_string()?) {
        Cow::Owned(masked) => Some(masked.into()),
        Cow::Borrowed(_) => None,
    });
    let text = masked.unwrap_or(text);
    // If the key is a JSON number, for example, the masked text is not JSON.
    json::parse(&text).unwrap_or_else(|| text.unchecked_ref::<JsString>().slice(0, MAX_TEXT_UNITS).into())
}

fn member(value: &JsValue, name: &str) -> Option<JsValue> {
    if value.is_object() { json::own(value, &name.into()) } else { None }
}

/// Returns the service's explanation: a `detail`, the first field error's `msg`, or an `error`.
fn said(body: &JsValue) -> Option<String> {
    let detail = member(body, "detail");
    let msg = detail.as_ref().and_then(|detail| member(&detail.dyn_ref::<Array>()?.get(0), "msg"));
    let texts = [detail, msg, member(body, "error")];
    let mut texts = texts.iter().flatten().filter_map(JsValue::as_string);
    let said = texts.find(|text| !text.chars().all(char::is_whitespace))?;
    Some(cut(&said, MAX_QUOTE_CHARS).to_owned())
}

/// Returns the field errors of the documented shape: as data, and as the service gave them.
fn field_errors(body: &JsValue) -> (Vec<FieldError>, Array) {
    let (mut errors, given) = (vec![], Array::new());
    if let Some(Ok(detail)) = member(body, "detail").map(JsCast::dyn_into::<Array>) {
        for value in detail {
            if let Some(error) = field_error(&value) {
                errors.push(error);
                given.push(&value);
            }
        }
    }
    (errors, given)
}

fn field_error(error: &JsValue) -> Option<FieldError> {
    let loc: Array = member(error, "loc")?.dyn_into().ok()?;
    let part = |part: JsValue| match part.as_f64() {
        Some(index) if index >= 0.0 && index.fract() == 0.0 => PathPart::Index(index as usize),
        _ => PathPart::Key(part.as_string().unwrap_or_default()),
    };
    Some(FieldError {
        loc: loc.into_iter().map(part).collect(),
        msg: member(error, "msg")?.as_string()?,
        kind: member(error, "type")?.as_string()?,
    })
}

/// Returns the run that a field error names: `["body", "run_ids", 1]` is the second.
fn named(error: &FieldError, run_ids: &[RunId]) -> Option<RunId> {
    match error.loc.as_slice() {
        [PathPart::Key(part), PathPart::Key(field), PathPart::Index(index), ..]
            if part == "body" && field == "run_ids" =>
        {
            run_ids.get(*index).copied()
        }
        _ => None,
    }
}
