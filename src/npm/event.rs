//! Passes events and progress to JavaScript listeners.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::core::event::{ClientEvent, Listener};
use crate::web::callback;

/// Returns a listener that calls a JavaScript function.
pub fn on_event(listener: Function) -> Listener<ClientEvent> {
    Listener::new(move |event| notify(&listener, event))
}

/// Calls a JavaScript function with a fact. Each call gets its own object.
pub fn notify(listener: &Function, fact: &impl Serialize) {
    callback::notify(listener, &to_js(fact));
}

/// Converts plain data for JavaScript.
pub fn to_js(data: &impl Serialize) -> JsValue {
    // Plain data can always be converted.
    serde_wasm_bindgen::to_value(data).unwrap_or_default()
}
