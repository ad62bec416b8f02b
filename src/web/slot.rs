//! Slots: where JavaScript leaves a value for a future that waits.
//!
//! A promise, a timer and an abort listener all end in a call of a function. A closure for each would leak with a
//! promise that never settles. Instead, two closures live as long as the module, and find the waiting future by the
//! number of its slot. A call for a slot that is gone does nothing.

use std::cell::RefCell;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// A place for the outcome of one JavaScript operation. Dropping it ends the wait.
#[derive(Debug)]
#[must_use = "dropping a slot ends the wait"]
pub struct Slot {
    place: u32,
    /// Places are reused; this tells their users apart.
    generation: u32,
}

enum State {
    Free,
    Waiting(Option<Waker>),
    Settled(Result<JsValue, JsValue>),
}

struct Place {
    generation: u32,
    state: State,
}

struct Places {
    all: Vec<Place>,
    free: Vec<u32>,
}

type Settle = Closure<dyn Fn(u32, u32, JsValue)>;

thread_local! {
    static PLACES: RefCell<Places> = const { RefCell::new(Places { all: vec![], free: vec![] }) };
    static FULFILL: Settle = Closure::new(|place, generation, value| settle(place, generation, Ok(value)));
    static REJECT: Settle = Closure::new(|place, generation, reason| settle(place, generation, Err(reason)));
}

fn settle(place: u32, generation: u32, outcome: Result<JsValue, JsValue>) {
    let waker = PLACES.with_borrow_mut(|places| {
        let place = places.get(place, generation)?;
        match std::mem::replace(&mut place.state, State::Settled(outcome)) {
            State::Waiting(waker) => waker,
            settled => {
                // Only the first outcome counts.
                place.state = settled;
                None
            }
        }
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Places {
    fn get(&mut self, place: u32, generation: u32) -> Option<&mut Place> {
        self.all.get_mut(place as usize).filter(|place| place.generation == generation)
    }
}

impl Default for Slot {
    /// Takes a free slot.
    fn default() -> Self {
        PLACES.with_borrow_mut(|places| {
            let place = places.free.pop().unwrap_or_else(|| {
                places.all.push(Place { generation: 0, state: State::Free });
                places.all.len().saturating_sub(1) as u32
            });
            let generation = places.all.get_mut(place as usize).map_or(0, |place| {
                place.state = State::Waiting(None);
                place.generation
            });
            Self { place, generation }
        })
    }
}

impl Slot {
    /// Sets a timer that fulfills the slot. Returns the platform's id of it; fails with what the platform throws.
    pub fn fulfill_after(&self, ms: f64) -> Result<JsValue, JsValue> {
        FULFILL.with(|settle| set_timeout(settle.as_ref().unchecked_ref(), ms, self.place, self.generation))
    }

    /// Returns a function that fulfills the slot with its argument.
    pub fn fulfill(&self) -> Function {
        FULFILL.with(|settle| self.bound(settle))
    }

    /// Returns a function that rejects the slot with its argument.
    pub fn reject(&self) -> Function {
        REJECT.with(|settle| self.bound(settle))
    }

    fn bound(&self, settle: &Settle) -> Function {
        settle.as_ref().unchecked_ref::<Bindable>().bind(&JsValue::UNDEFINED, self.place, self.generation)
    }

    /// Takes the outcome, or wakes the task once it has come.
    pub fn poll(&self, context: &Context<'_>) -> Poll<Result<JsValue, JsValue>> {
        let waker = context.waker().clone();
        let before = PLACES.with_borrow_mut(|places| {
            let place = places.get(self.place, self.generation)?;
            Some(std::mem::replace(&mut place.state, State::Waiting(Some(waker))))
        });
        // The old waker is dropped here, and not while the places are borrowed: it may drop a task and its slots.
        match before {
            Some(State::Settled(outcome)) => Poll::Ready(outcome),
            _ => Poll::Pending,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let left = PLACES.with_borrow_mut(|places| {
            let place = places.get(self.place, self.generation)?;
            place.generation = place.generation.wrapping_add(1);
            let left = std::mem::replace(&mut place.state, State::Free);
            places.free.push(self.place);
            Some(left)
        });
        // As in `poll`.
        drop(left);
    }
}

#[wasm_bindgen]
extern "C" {
    /// A function whose first arguments can be fixed.
    type Bindable;

    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &Function, ms: f64, place: u32, generation: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn bind(this: &Bindable, this_value: &JsValue, place: u32, generation: u32) -> Function;
}
