//! What `onEvent` is told.

use super::platform::tell;
use super::record::{Record, Value, to_js};
use crate::error::Code;
use crate::run_id::RunId;

/// The package's `ClientEvent`. Attempts count from 1.
pub enum Event<'a> {
    /// A request is about to be sent.
    Request { url: &'a str },
    /// A status and headers have come; the body is still to be read.
    Response { status: u16, duration_ms: f64, request_id: Option<&'a str> },
    /// The attempt failed; another follows after `delay_ms`.
    Retry { delay_ms: u32, code: Code },
}

impl Event<'_> {
    /// Tells the listener. What it throws is its own affair: the call goes on.
    pub fn tell(&self, listener: &js_sys::Function, run_ids: &[RunId], attempt: u32) {
        let (name, [first, second, third]) = match *self {
            Self::Request { url } => ("request", [("url", Value::Text(url)), ABSENT, ABSENT]),
            Self::Response { status, duration_ms, request_id } => {
                let status = ("status", Value::Number(status.into()));
                let request_id = ("requestId", request_id.map_or(Value::Absent, Value::Text));
                ("response", [status, ("durationMs", Value::Number(duration_ms)), request_id])
            }
            Self::Retry { delay_ms, code } => {
                let delay_ms = ("delayMs", Value::Number(delay_ms.into()));
                ("retry", [delay_ms, ("code", Value::Text(code.as_str())), ABSENT])
            }
        };
        let attempt = ("attempt", Value::Number(attempt.into()));
        let members = [("type", Value::Text(name)), ("runIds", Value::RunIds(run_ids)), attempt, first, second, third];
        tell(listener, &to_js(&Record(&members)));
    }
}

const ABSENT: (&str, Value<'_>) = ("", Value::Absent);
