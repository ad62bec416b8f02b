//! What a call has under way, and how Rust hears of it: the class of `wire.js`.

use std::cell::RefCell;
use std::task::Waker;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::platform::{Connection, Direct};
use super::sink::Sink;

#[wasm_bindgen(module = "/src/js/wire.js")]
extern "C" {
    pub type Wire;
    /// For a call with these options, where it has any.
    #[wasm_bindgen(constructor)]
    pub fn new(connection: &Connection, given: &Array, signal: &AbortSignal, sink: &Sink) -> Wire;
    /// Starts to listen, for this task.
    #[wasm_bindgen(method)]
    pub fn open(this: &Wire, task: usize);
    /// The next thing that has happened, if only that nothing has.
    #[wasm_bindgen(method)]
    pub fn take(this: &Wire) -> Event;
    /// Wakes the task at a time of the clock, and not as was said before; never, where it is infinite.
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

thread_local! {
    /// Who is to be woken, by the numbers that JavaScript has of them. It calls one function of ours for all: a closure
    /// for each call would be watched by a `FinalizationRegistry`, which costs more than all else of a small call.
    static TASKS: RefCell<Vec<Option<Waker>>> = const { RefCell::new(Vec::new()) };
}

/// Has a task look at what has happened. One that is over has been forgotten.
#[wasm_bindgen]
pub fn wake(task: usize) {
    let waker = TASKS.with_borrow(|tasks| tasks.get(task).cloned().flatten());
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Has JavaScript wake the tasks, which the package's entries see to: for those that use the crate without them, as tests do.
pub fn connect() {
    Direct::set_wake(&Closure::<dyn Fn(usize)>::new(wake).into_js_value());
}

/// A place among those that can be woken. Dropped, it is free again.
pub struct Task(pub usize);

impl Task {
    pub fn new(waker: &Waker) -> Self {
        TASKS.with_borrow_mut(|tasks| {
            let index = tasks.iter().position(Option::is_none).unwrap_or(tasks.len());
            match tasks.get_mut(index) {
                Some(place) => *place = Some(waker.clone()),
                None => tasks.push(Some(waker.clone())),
            }
            Self(index)
        })
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // Dropped when the places are no longer borrowed.
        let _waker = TASKS.with_borrow_mut(|tasks| tasks.get_mut(self.0).and_then(Option::take));
    }
}
