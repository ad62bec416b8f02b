//! What JavaScript answers: the clock, chance, and the questions of `platform.js`; and lists of ours as its own.

#![allow(missing_docs, reason = "`platform.js` says what each does")]

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::Fault;
use super::wire::Event;
use crate::run_id::RunId;

#[wasm_bindgen]
extern "C" {
    /// Ms on a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub fn clock() -> f64;

    /// Ms since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub fn unix_now() -> f64;

    /// From 0 up to 1.
    #[wasm_bindgen(js_namespace = Math)]
    pub fn random() -> f64;
}

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    #[wasm_bindgen(reexport)]
    pub type Direct;
    #[wasm_bindgen(static_method_of = Direct, setter, js_name = wake)]
    pub fn set_wake(wake: &JsValue);
    /// What the entries make of options and of run ids, for those that use the crate without them.
    #[wasm_bindgen(static_method_of = Direct, catch)]
    pub fn given(options: &JsValue, first: u32, last: u32) -> Result<Array, JsValue>;
    #[wasm_bindgen(static_method_of = Direct, catch)]
    pub fn numbers(value: &JsValue, arrays_only: bool) -> Result<Array, JsValue>;
    /// What the first 16 of a list are, three bits each, the first one's the lowest; 0 for `undefined`.
    #[wasm_bindgen(static_method_of = Direct, js_name = typesOf)]
    pub fn types_of(list: &Array) -> f64;
    #[wasm_bindgen(static_method_of = Direct, js_name = numberAt)]
    pub fn number_at(list: &Array, index: u32) -> f64;
    #[wasm_bindgen(static_method_of = Direct, js_name = matchesAt)]
    pub fn matches_at(list: &Array, index: u32, pattern: &str) -> bool;
    #[wasm_bindgen(static_method_of = Direct, js_name = inBrowser)]
    pub fn in_browser() -> bool;
    /// What the requests of a client have in common.
    pub type Connection;
    /// Of the client's options, by their places among the names.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &Array, most_bytes: f64) -> Connection;
    #[wasm_bindgen(method, js_name = tellRetry)]
    pub fn tell_retry(this: &Connection, event: &Event, attempt: u32, delay_ms: f64, fault: &Fault);
    #[wasm_bindgen(method, js_name = tellLimit)]
    pub fn tell_limit(this: &Connection, limit: u32);
    /// Has every call that is under way look at the pace again.
    #[wasm_bindgen(method)]
    pub fn stir(this: &Connection);
}

/// Numbers of types, as `typesOf` has them.
pub const ARRAY: u32 = 2;
pub const OBJECT: u32 = 3;
pub const STRING: u32 = 4;
pub const NUMBER: u32 = 5;
pub const BOOLEAN: u32 = 6;
pub const FUNCTION: u32 = 7;

/// Run ids as a list of the numbers that they were. It never fails for run ids.
pub fn to_js(ids: &[RunId]) -> JsValue {
    ids.serialize(&serde_wasm_bindgen::Serializer::new()).unwrap_or_default()
}

/// A list that has numbers only.
pub fn read_numbers(list: &Array) -> Vec<f64> {
    let mut numbers = Vec::new();
    for index in 0..list.length() {
        numbers.push(Direct::number_at(list, index));
    }
    numbers
}
