//! What `onEvent` is told.

use serde::Serialize;

use super::error::to_js;
use super::platform::tell;
use crate::run_id::RunId;

/// The package's `ClientEvent`. Attempts count from 1.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Event<'a> {
    /// A request is about to be sent.
    Request { run_ids: &'a [RunId], attempt: u32, url: &'a str },
    /// A status and headers have come; the body is still to be read.
    Response {
        run_ids: &'a [RunId],
        attempt: u32,
        status: u16,
        duration_ms: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<&'a str>,
    },
    /// The attempt failed; another follows after `delay_ms`.
    Retry { run_ids: &'a [RunId], attempt: u32, delay_ms: u32, code: &'static str },
}

impl Event<'_> {
    /// Tells the listener. What it throws is its own affair: the call goes on.
    pub fn tell(&self, listener: &js_sys::Function) {
        tell(listener, &to_js(self));
    }
}
