//! The caller's signal: listened to while a call is on its way, and not a moment longer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::platform::aborted_by;
use super::settle::Settled;

const EVENT: &str = "abort";

/// The one listener that a call has on its caller's signal. Dropping it takes the listener off.
///
/// The signal itself never reaches `fetch`, which leaves its own listeners behind: a signal that outlives many calls
/// would gather them.
#[must_use = "a listener that is dropped is taken off"]
pub struct AbortListener<'a> {
    signal: &'a AbortSignal,
    listener: Function,
    heard: Settled,
}

impl<'a> AbortListener<'a> {
    /// Fails with what the signal threw, as only a test double does.
    pub fn new(signal: &'a AbortSignal) -> Result<Self, JsValue> {
        let (heard, listener) = Settled::new(|settle, place, turn| {
            let bound = settle.bind3(&JsValue::UNDEFINED, &place.into(), &turn.into(), &JsValue::TRUE);
            bound.unchecked_into::<Function>()
        });
        signal.add_event_listener_with_callback(EVENT, &listener)?;
        Ok(Self { signal, listener, heard })
    }
}

/// Completes with the signal's own reason once it is aborted.
impl Future for AbortListener<'_> {
    type Output = JsValue;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JsValue> {
        // The signal and not only the listener: it may have been aborted before the listener was there.
        match aborted_by(self.signal) {
            Ok(Some(reason)) => Poll::Ready(reason.get(0)),
            // Only a test double throws.
            Err(thrown) => Poll::Ready(thrown),
            Ok(None) => {
                let _ = Pin::new(&mut self.heard).poll(context);
                Poll::Pending
            }
        }
    }
}

impl Drop for AbortListener<'_> {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener_with_callback(EVENT, &self.listener);
    }
}
