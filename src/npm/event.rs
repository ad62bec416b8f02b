//! Events and progress, as JavaScript's listeners get them.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::core::event::{ClientEvent, Listener};
use crate::web::callback;

/// Returns a listener that tells a function of JavaScript's.
pub fn on_event(listener: Function) -> Listener<ClientEvent> {
    Listener::new(move |event| tell(&listener, event))
}

/// Tells a function of JavaScript's of a fact. Each call gets an object of its own.
pub fn tell(listener: &Function, fact: &impl Serialize) {
    callback::tell(listener, &to_js(fact));
}

/// Returns plain data as JavaScript has it.
pub fn to_js(data: &impl Serialize) -> JsValue {
    // Plain data can always be converted.
    serde_wasm_bindgen::to_value(data).unwrap_or_default()
}
