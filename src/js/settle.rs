//! Promises, timers and events as futures.
//!
//! wasm-bindgen makes every Rust closure a JavaScript function that a `FinalizationRegistry` watches, and a `JsFuture`
//! takes two of them: a small call would spend more on these than on all else. Here one function serves all, and is
//! told by number whom it concerns. What is dropped is forgotten, so a promise that never settles keeps nothing alive.

use std::cell::RefCell;
use std::future::Future;
use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::task::{current, run};

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    fn watch(promise: &JsValue, settle: &Function, place: usize, turn: u32);
}

thread_local! {
    static PLACES: RefCell<Places> = const { RefCell::new(Places { all: Vec::new(), free: Vec::new() }) };
    static SETTLE: Function = Closure::<dyn Fn(usize, u32, bool, JsValue)>::new(settle).into_js_value().unchecked_into();
}

struct Places {
    all: Vec<Place>,
    free: Vec<usize>,
}

/// Where something is waited for. Places are used again: the turn tells whether what comes is still meant.
#[derive(Default)]
struct Place {
    turn: u32,
    state: State,
}

#[derive(Default)]
enum State {
    #[default]
    Free,
    /// By this task, once it has been polled.
    Waiting(Option<usize>),
    Settled(Result<JsValue, JsValue>),
}

/// Completes with what a promise fulfils or rejects with.
#[must_use = "what is dropped is no longer waited for"]
pub struct Settled {
    place: usize,
    turn: u32,
}

impl Settled {
    /// Waits for what `start` begins: it is given the function to call and the two numbers to call it with, before a
    /// boolean (fulfilled or rejected) and a value.
    pub fn new<T>(start: impl FnOnce(&Function, usize, u32) -> T) -> (Self, T) {
        let (place, turn) = PLACES.with_borrow_mut(Places::take);
        let settled = Self { place, turn };
        let started = SETTLE.with(|settle| start(settle, place, turn));
        (settled, started)
    }

    /// Waits for a promise, or for the next turn where this is none.
    pub fn promise(promise: &JsValue) -> Self {
        Self::new(|settle, place, turn| watch(promise, settle, place, turn)).0
    }
}

impl Places {
    /// A place that is free, and whose turn it is there.
    fn take(&mut self) -> (usize, u32) {
        let index = self.free.pop().unwrap_or(self.all.len());
        if index == self.all.len() {
            self.all.push(Place::default());
        }
        let turn = self.all.get_mut(index).map(|place| {
            place.state = State::Waiting(None);
            place.turn = place.turn.wrapping_add(1);
            place.turn
        });
        (index, turn.unwrap_or_default())
    }
}

/// Uses the state of a place, if it is still this turn's.
fn with_state<R>(place: usize, turn: u32, use_state: impl FnOnce(&mut State) -> Option<R>) -> Option<R> {
    PLACES.with_borrow_mut(|places| {
        let own = places.all.get_mut(place).filter(|own| own.turn == turn)?;
        use_state(&mut own.state)
    })
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let settled = with_state(self.place, self.turn, |state| {
            let waiting = State::Waiting(Some(current()));
            match replace(state, waiting) {
                State::Settled(outcome) => Some(outcome),
                State::Free | State::Waiting(_) => None,
            }
        });
        settled.map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Settled {
    fn drop(&mut self) {
        // The state is dropped when the places are no longer borrowed: a value's end is JavaScript's affair.
        drop(with_state(self.place, self.turn, |state| Some(replace(state, State::Free))));
        PLACES.with_borrow_mut(|places| places.free.push(self.place));
    }
}

/// What JavaScript calls.
fn settle(place: usize, turn: u32, fulfilled: bool, value: JsValue) {
    let outcome = if fulfilled { Ok(value) } else { Err(value) };
    let waiting = with_state(place, turn, |state| match state {
        State::Waiting(task) => {
            let task = *task;
            *state = State::Settled(outcome);
            task
        }
        State::Free | State::Settled(_) => None,
    });
    if let Some(task) = waiting {
        run(task);
    }
}
