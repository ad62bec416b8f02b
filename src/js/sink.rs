//! Where the runs of a bulk call go, and where those of a stream come from: the classes of `pkg-template/sink.js`.

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a list and a stream have in common. It is given lists of its own: a slice would be a view of the module's
    /// memory, which a callback of the caller's may grow.
    pub type Sink;
    #[wasm_bindgen(method)]
    pub fn listen(this: &Sink, on_item: Option<&Function>, on_progress: Option<&Function>);
    #[wasm_bindgen(method)]
    pub fn landed(this: &Sink, results: &Object, ids: Vec<f64>);
    #[wasm_bindgen(method)]
    pub fn failed(this: &Sink, ids: Vec<f64>, error: &JsValue);
    #[wasm_bindgen(method)]
    pub fn progress(
        this: &Sink,
        total: usize,
        succeeded: usize,
        failed: usize,
        requests: usize,
        retries: usize,
        elapsed_ms: f64,
    );
    #[wasm_bindgen(method)]
    pub fn undelivered(this: &Sink) -> f64;

    /// Gathers the outcome of a list.
    #[wasm_bindgen(extends = Sink)]
    pub type Collector;
    #[wasm_bindgen(method)]
    pub fn expect(this: &Collector, ids: Vec<f64>);
    #[wasm_bindgen(method)]
    pub fn outcome(this: &Collector) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn stopped(this: &Collector, error: &JsValue) -> JsValue;

    /// Hands runs out one by one, and reads their ids from a source.
    #[wasm_bindgen(extends = Sink)]
    pub type ResultStream;
    #[wasm_bindgen(method, js_name = isOpen)]
    pub fn is_open(this: &ResultStream) -> bool;
}
