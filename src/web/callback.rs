//! Calls the caller's listeners.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::promise::ignore_rejection;

/// Calls a listener. Ignores its exceptions and rejections.
///
/// Call it only while nothing is borrowed: the listener may call back.
pub fn notify(listener: &Function, fact: &JsValue) {
    if let Ok(returned) = listener.call1(&JsValue::UNDEFINED, fact) {
        ignore_rejection(&returned);
    }
}
