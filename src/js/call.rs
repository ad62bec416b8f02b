//! The JavaScript side of a call: what it has under way, and whom it tells; the class of `call.js`. And what Rust hears.

use wasm_bindgen::prelude::*;

use super::error::Fault;
use crate::retry::Asked;
use crate::run_id::Places;

#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    /// A call for one batch, or for what the classes derived from this in `pkg-template/bulk.js` are for.
    pub type Call;
    /// Starts to listen, for the run of this number.
    #[wasm_bindgen(method)]
    pub fn open(this: &Call, run: usize);
    /// Wakes the run at a time of the clock, and not as was said before; never, where it is infinite.
    #[wasm_bindgen(method)]
    pub fn wait(this: &Call, until: f64);
    /// Asks for runs with a request that is given up after so many ms, 0 for never. It is named by a number. Whether it was
    /// sent: it is not, once the caller has aborted, which is told next.
    #[wasm_bindgen(method)]
    pub fn send(this: &Call, number: usize, run_ids: &JsValue, attempt: u32, timeout_ms: f64) -> bool;
    /// Asks the source for as many numbers at the most, after a pause in which others have their turn.
    #[wasm_bindgen(method)]
    pub fn read(this: &Call, most: usize, pause: bool);
    /// Ends all that is under way.
    #[wasm_bindgen(method)]
    pub fn close(this: &Call);

    /// What the answer that was told of has of the run at a place, see [`crate::answer::Shape`].
    #[wasm_bindgen(method)]
    pub fn shape(this: &Call, place: usize) -> f64;
    /// Has what stands under `results` take the place of that answer, if there is an object.
    #[wasm_bindgen(method)]
    pub fn unwrap(this: &Call) -> bool;
    /// The runs at these places are well-formed, and are the call's; those at the others are missing.
    #[wasm_bindgen(method)]
    pub fn landed(this: &Call, sound: u32, missing: u32);

    /// What is told next is owed to this.
    #[wasm_bindgen(method, js_name = blame)]
    fn blame_numbers(this: &Call, code: u32, first: f64, second: f64, attempts: u32);
    /// Runs have failed.
    #[wasm_bindgen(method)]
    pub fn failed(this: &Call, run_ids: &JsValue);
    #[wasm_bindgen(method, js_name = retry)]
    fn retry_code(this: &Call, code: u32, attempts: u32, delay_ms: f64);
    /// How many requests may be in flight now.
    #[wasm_bindgen(method)]
    pub fn limit(this: &Call, limit: u32);
    /// Has every call of the client's that is under way look at the pace again.
    #[wasm_bindgen(method)]
    pub fn stir(this: &Call);
    #[wasm_bindgen(method)]
    pub fn progress(
        this: &Call,
        total: usize,
        succeeded: usize,
        failed: usize,
        requests: usize,
        retries: usize,
        elapsed_ms: f64,
    );
    /// How many items nobody has taken yet; below 0 once whoever took them has left.
    #[wasm_bindgen(method)]
    pub fn undelivered(this: &Call) -> f64;
    /// The end, as [`super::run::End`] counts it.
    #[wasm_bindgen(method)]
    pub fn settle(this: &Call, how: u32);
}

impl Call {
    /// What is told next is owed to this, after so many attempts.
    pub fn blame(&self, fault: Fault, attempts: u32) {
        self.blame_numbers(fault.code as u32, fault.first, fault.second, attempts);
    }

    /// A request that failed so goes out again.
    pub fn retry(&self, fault: Fault, attempts: u32, delay_ms: f64) {
        self.retry_code(fault.code as u32, attempts, delay_ms);
    }
}

/// Something that has happened, if only that it is time to look what there is to be done.
pub struct News {
    /// Whether nothing else has happened.
    pub is_all: bool,
    /// What: one of those below.
    pub what: u32,
    /// The number of the request that it happened to.
    pub request: usize,
    /// Its HTTP status, 0 for a redirect that a browser hides; below 0 where `fetch` threw, NaN where there is none.
    pub status: f64,
    /// Of a refusal, the waits that the service asks for.
    pub asked: Asked,
    /// Of a refusal, the places of the runs that it names.
    pub named: Places,
}

/// What has happened, as `exchange.js` and `call.js` count it. An answer has come, and its body is whole and an object, or
/// has ended in a way that only the message of an error knows…
pub const WHOLE: u32 = 0;
/// …or has broken off.
pub const BROKEN: u32 = 2;
/// A request was given up when its time was over.
pub const TIMED_OUT: u32 = 7;
/// The source has given numbers.
pub const READ: u32 = 8;
/// The caller has aborted or the source has thrown.
pub const LEFT: u32 = 9;
/// It is time to look.
pub const WOKEN: u32 = 10;
