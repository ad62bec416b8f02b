//! The calls that are under way, and how JavaScript has one go on.
//!
//! JavaScript knows a call by a number and calls one function of ours for all: a closure for each would be watched by a
//! `FinalizationRegistry`, which costs more than all else of a small call.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::platform::Direct;
use super::run::Run;

/// What a number stands for.
enum Place {
    Free,
    /// A call that goes on just now.
    Away,
    Here(Box<Run>),
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// Has a call begin, for itself and for JavaScript, which wakes it later.
pub fn begin(run: Run) {
    let number = PLACES.with_borrow_mut(|places| {
        let free = places.iter().position(|place| matches!(place, Place::Free));
        free.unwrap_or_else(|| {
            places.push(Place::Free);
            places.len().wrapping_sub(1)
        })
    });
    let run = Box::new(run);
    // Nothing of ours runs meanwhile: JavaScript wakes calls in turns of their own.
    run.open(number);
    put(number, Place::Here(run));
}

/// Has a call look at what has happened. One that is over has been forgotten.
#[wasm_bindgen]
pub fn wake(number: usize) {
    let next = match put(number, Place::Away) {
        Place::Here(mut run) => {
            if run.go_on() { Place::Here(run) } else { Place::Free }
        }
        other => other,
    };
    put(number, next);
}

/// Puts something else at a place; gives what was there, to be dropped when the places are no longer borrowed.
fn put(number: usize, next: Place) -> Place {
    PLACES.with_borrow_mut(|places| match places.get_mut(number) {
        Some(place) => std::mem::replace(place, next),
        None => Place::Free,
    })
}

/// Has JavaScript wake the calls, which the package's entries see to: for those that use the crate without them, as tests do.
pub fn connect() {
    Direct::set_wake(&Closure::<dyn Fn(usize)>::new(wake).into_js_value());
}
