//! What a call has under way, and how Rust hears of it: the class of `wire.js`.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::platform::Connection;
use super::sink::Sink;

#[wasm_bindgen(module = "/src/js/wire.js")]
extern "C" {
    pub type Wire;
    /// For a call with these options, where it has any.
    #[wasm_bindgen(constructor)]
    pub fn new(connection: &Connection, given: &Array, signal: &AbortSignal, sink: &Sink) -> Wire;
    /// Starts to listen, for the call of this number.
    #[wasm_bindgen(method)]
    pub fn open(this: &Wire, call: usize);
    /// The next thing that has happened, if only that nothing has.
    #[wasm_bindgen(method)]
    pub fn take(this: &Wire) -> Event;
    /// Wakes the call at a time of the clock, and not as was said before; never, where it is infinite.
    #[wasm_bindgen(method)]
    pub fn wait(this: &Wire, until: f64);
    /// Asks for runs with a request that is given up after so many ms, 0 for never. It is named by a number.
    #[wasm_bindgen(method)]
    pub fn send(this: &Wire, number: usize, run_ids: &JsValue, attempt: u32, timeout_ms: f64);
    /// Asks the source for as many numbers at the most, after a pause in which others have their turn.
    #[wasm_bindgen(method)]
    pub fn read(this: &Wire, most: usize, pause: bool);
    /// Ends all that is under way.
    #[wasm_bindgen(method)]
    pub fn close(this: &Wire);

    /// Something that has happened.
    pub type Event;
    /// What it is, as counted below.
    #[wasm_bindgen(method, getter)]
    pub fn kind(this: &Event) -> u32;
    /// What the source gave, or what the caller left with.
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Event) -> JsValue;
    /// The request that it happened to.
    #[wasm_bindgen(method, getter)]
    pub fn number(this: &Event) -> usize;
    /// The HTTP status, 0 for a redirect that a browser hides; below 0 where `fetch` threw, NaN where there is none.
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Event) -> f64;
    /// The waits that the service asks for, see [`crate::retry::Asked`].
    #[wasm_bindgen(method, getter, js_name = inMs)]
    pub fn in_ms(this: &Event) -> f64;
    #[wasm_bindgen(method, getter, js_name = inSeconds)]
    pub fn in_seconds(this: &Event) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn until(this: &Event) -> f64;
    /// The positions of the runs that a refusal names, see [`crate::bulk::Outcome`].
    #[wasm_bindgen(method)]
    pub fn named(this: &Event) -> u32;
    /// How the body ended.
    #[wasm_bindgen(method, getter)]
    pub fn end(this: &Event) -> u32;
    /// What the answer has of the run at a place, see [`crate::answer::Shape`].
    #[wasm_bindgen(method)]
    pub fn shape(this: &Event, place: usize) -> f64;
    /// Has what stands under `results` take the place of the answer, if there is an object.
    #[wasm_bindgen(method)]
    pub fn unwrap(this: &Event) -> bool;
    /// Whether the answer is an object.
    #[wasm_bindgen(method, js_name = hasRuns)]
    pub fn has_runs(this: &Event) -> bool;
    /// Takes away all but the well-formed runs, which stand at these places; those at the others are missing.
    #[wasm_bindgen(method)]
    pub fn keep(this: &Event, sound: u32, missing: u32);
}

/// What has happened, as `wire.js` counts it, beside an answer: a request was given up when its time was over; the source
/// has given numbers; the caller has aborted or the source has thrown; nothing.
pub const TIMED_OUT: u32 = 1;
pub const READ: u32 = 2;
pub const LEFT: u32 = 3;
pub const NOTHING: u32 = 4;
