//! The caller's signal: listened to while a call is on its way, and not a moment longer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::settle::Settled;

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn listen(signal: &AbortSignal, settle: &Function, place: usize, turn: u32) -> Result<Function, JsValue>;
    fn tell(stop: &Function, event: &JsValue);
}

/// The one listener that a call has on its caller's signal. Dropping it takes the listener off.
///
/// The signal itself never reaches `fetch`, which leaves its own listeners behind: a signal that outlives many calls
/// would gather them.
#[must_use = "a listener that is dropped is taken off"]
pub struct AbortListener {
    stop: Function,
    heard: Settled,
}

impl AbortListener {
    /// Fails with what the signal threw, as only a test double does.
    pub fn new(signal: &AbortSignal) -> Result<Self, JsValue> {
        let (heard, stop) = Settled::new(|settle, place, turn| listen(signal, settle, place, turn));
        Ok(Self { stop: stop?, heard })
    }
}

/// Completes with the signal's own reason once it is aborted.
impl Future for AbortListener {
    type Output = JsValue;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JsValue> {
        Pin::new(&mut self.heard).poll(context).map(|heard| heard.unwrap_or_else(|reason| reason))
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        tell(&self.stop, &JsValue::UNDEFINED);
    }
}
