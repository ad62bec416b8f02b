//! What the platform has beside a call: clocks and chance.

#![allow(missing_docs, reason = "what has no words here has its name")]

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Ms on a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn clock() -> f64;
    /// The time of day, in ms since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub fn time_of_day() -> f64;
    /// A random number from 0 up to 1.
    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    pub fn chance() -> f64;
}
