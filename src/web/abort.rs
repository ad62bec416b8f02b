//! The caller's abort signal.

use std::task::{Context, Poll};

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::DomException;

use super::slot::Slot;

#[wasm_bindgen]
extern "C" {
    /// The members of an `AbortSignal` that this crate uses. A polyfill's signal or one of another realm has them too.
    type SignalLike;

    #[wasm_bindgen(method, getter, catch)]
    fn aborted(this: &SignalLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn reason(this: &SignalLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = addEventListener, catch)]
    fn listen_method(this: &SignalLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn listen(this: &SignalLike, event: &str, listener: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn unlisten(this: &SignalLike, event: &str, listener: &Function) -> Result<(), JsValue>;
}

const ABORT: &str = "abort";

/// Returns whether a value can be used as an abort signal. Fails with the value that a getter throws.
pub fn is_signal(value: &JsValue) -> Result<bool, JsValue> {
    if !value.is_object() {
        return Ok(false);
    }
    let signal: &SignalLike = value.unchecked_ref();
    Ok(signal.aborted()?.as_bool().is_some() && signal.listen_method()?.is_function())
}

/// Returns the reason, if a signal has aborted. A signal that throws counts as aborted.
pub fn aborted(signal: &JsValue) -> Option<JsValue> {
    let signal: &SignalLike = signal.unchecked_ref();
    match signal.aborted() {
        Ok(aborted) if aborted.is_truthy() => Some(match signal.reason() {
            // Polyfills may lack a reason. A platform's signal always has one.
            Ok(reason) if reason.is_undefined() => abort_error(),
            Ok(reason) | Err(reason) => reason,
        }),
        Ok(_) => None,
        Err(thrown) => Some(thrown),
    }
}

/// Makes the reason that a platform's signal has by default.
fn abort_error() -> JsValue {
    const MESSAGE: &str = "This operation was aborted";
    const NAME: &str = "AbortError";
    match DomException::new_with_message_and_name(MESSAGE, NAME) {
        Ok(error) => error.into(),
        Err(_) => {
            let error = js_sys::Error::new(MESSAGE);
            error.set_name(NAME);
            error.into()
        }
    }
}

/// The caller's signal, with one listener on it until it is dropped. `fetch` never gets it: its listeners would stay.
#[derive(Debug)]
pub struct Signal {
    signal: JsValue,
    heard: Slot,
    listener: Function,
}

impl Signal {
    /// Listens to a signal. Fails with the value that the signal throws.
    pub fn listen(signal: JsValue) -> Result<Self, JsValue> {
        let heard = Slot::default();
        let listener = heard.fulfill();
        let listening = Self { signal, heard, listener };
        listening.like().listen(ABORT, &listening.listener)?;
        Ok(listening)
    }

    fn like(&self) -> &SignalLike {
        self.signal.unchecked_ref()
    }

    /// Returns whether it listens to this signal.
    pub fn is_of(&self, signal: &JsValue) -> bool {
        self.signal == *signal
    }

    /// Returns the reason of the abort, if there was one.
    pub fn aborted(&self) -> Option<JsValue> {
        aborted(&self.signal)
    }

    /// Wakes the task at the abort.
    pub fn poll(&self, context: &Context<'_>) -> Poll<()> {
        self.heard.poll(context).map(drop)
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        // A signal that throws keeps its listener, which then does nothing.
        let _unlistened = self.like().unlisten(ABORT, &self.listener);
    }
}
