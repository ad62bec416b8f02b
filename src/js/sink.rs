//! Where the runs of a call go, and where those of a stream come from: the classes of `pkg-template/sink.js`.

#![allow(missing_docs, reason = "what has no words here has its name")]

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::wire::Event;

#[wasm_bindgen]
extern "C" {
    /// What a batch, a list and a stream have in common.
    #[derive(Clone)]
    pub type Sink;
    /// One of those below.
    #[wasm_bindgen(method, getter)]
    pub fn kind(this: &Sink) -> u32;
    /// The well-formed runs of an answer have landed.
    #[wasm_bindgen(method)]
    pub fn landed(this: &Sink, answer: &Event);
    /// Runs that all failed with one error.
    #[wasm_bindgen(method)]
    pub fn failed(this: &Sink, ids: &JsValue, error: &JsValue);
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
    /// How many items nobody has taken yet; below 0 once whoever took them has left.
    #[wasm_bindgen(method)]
    pub fn undelivered(this: &Sink) -> f64;
    /// The end of the call, with all that has landed.
    #[wasm_bindgen(method)]
    pub fn resolve(this: &Sink);
    /// Its end with an error of ours, which gets what has landed.
    #[wasm_bindgen(method)]
    pub fn stop(this: &Sink, error: &JsValue);
    /// Its end with what somebody else threw.
    #[wasm_bindgen(method)]
    pub fn reject(this: &Sink, reason: &JsValue);
    /// What that end is.
    #[wasm_bindgen(method, getter)]
    pub fn end(this: &Sink) -> Promise;
}

impl Sink {
    /// What a call comes to, for Rust that waits for it. The package's entries hand the promise on as it is, so that none
    /// of what it takes to wait is part of the package.
    pub async fn outcome(&self) -> Result<JsValue, JsValue> {
        JsFuture::from(self.end()).await
    }
}

/// One batch, which succeeds or fails as a whole.
pub const BATCH: u32 = 0;
/// A list of any length.
pub const LIST: u32 = 1;
/// What a source gives, one by one.
pub const STREAM: u32 = 2;
