//! What the calls of a client have in common: the class of `platform.js`, and what it tells.

use wasm_bindgen::prelude::*;

use super::options::Config;
use super::record::numbers_of;
use crate::run_id::RunId;

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    pub type Connection;
    #[wasm_bindgen(constructor)]
    pub fn new(url: &str, shown_url: &str, fetch: &JsValue, most_bytes: f64, on_event: &JsValue) -> Connection;
    #[wasm_bindgen(method)]
    fn tell(
        this: &Connection,
        event: u32,
        run_ids: Vec<f64>,
        attempt: u32,
        first: JsValue,
        second: JsValue,
        third: JsValue,
    );
    #[wasm_bindgen(method, js_name = tellLimit)]
    pub fn tell_limit(this: &Connection, limit: u32);
}

/// What `onEvent` is told of a request, by its place among the events of `platform.js`.
#[derive(Clone, Copy)]
pub enum Told {
    /// It is about to be sent.
    Request,
    /// A status and headers have come: the status, the ms since it was sent, and the service's name for it.
    Response,
    /// The attempt failed, another follows: the ms until then, and the code.
    Retry,
}

impl Config {
    /// Tells the listener, if there is one. Attempts count from 1.
    pub fn tell(&self, event: Told, run_ids: &[RunId], attempt: u32, values: impl FnOnce() -> [JsValue; 3]) {
        if self.is_told {
            let [first, second, third] = values();
            self.connection.tell(event as u32, numbers_of(run_ids), attempt, first, second, third);
        }
    }
}
