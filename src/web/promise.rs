//! Promises as futures.

use std::pin::Pin;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::slot::Slot;

/// Waits for a promise. It may be dropped at any time, even if the promise never settles.
#[derive(Debug)]
pub struct Settled(Slot);

#[wasm_bindgen]
extern "C" {
    type Thenable;

    #[wasm_bindgen(js_namespace = Promise, js_name = resolve, catch)]
    fn resolve(value: &JsValue) -> Result<Thenable, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn then(this: &Thenable, on_fulfilled: &JsValue, on_rejected: &JsValue) -> Result<JsValue, JsValue>;
}

/// Waits for a value that may be a promise, a foreign thenable, or neither.
pub fn settled(value: &JsValue) -> Result<Settled, JsValue> {
    let promise = resolve(value)?;
    let slot = Slot::default();
    promise.then(&slot.fulfill(), &slot.reject())?;
    Ok(Settled(slot))
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(context)
    }
}

/// Keeps a rejected promise from being reported as unhandled. Ignores other values.
pub fn ignore_rejection(value: &JsValue) {
    if value.is_object() {
        let _nobody_waits = settled(value);
    }
}

/// Calls a function with the value of a promise, if it is ever fulfilled.
pub fn when_fulfilled(promise: &JsValue, listener: &JsValue) {
    if let Ok(promise) = resolve(promise)
        && let Ok(handled) = promise.then(listener, &JsValue::UNDEFINED)
    {
        ignore_rejection(&handled);
    }
}
