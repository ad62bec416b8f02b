//! Promises that Rust settles.

use std::cell::RefCell;
use std::pin::Pin;

use js_sys::{Function, Promise, Set};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

thread_local! {
    static PENDING: RefCell<Set> = RefCell::default();
}

/// Sets the set of functions that reject pending promises. The shell calls them after a trap, when Rust cannot.
pub fn set_up(pending: Set) {
    PENDING.set(pending);
}

fn pending() -> Set {
    PENDING.with_borrow(Set::clone)
}

/// The functions that settle a promise.
pub struct Deferred {
    resolve: Function,
    reject: Function,
}

impl Deferred {
    /// Makes a promise, and the functions that settle it. A trap rejects it.
    pub fn new() -> (Promise, Self) {
        let (promise, deferred) = Self::unregistered();
        pending().add(&deferred.reject);
        (promise, deferred)
    }

    fn unregistered() -> (Promise, Self) {
        let mut functions = None;
        let promise = Promise::new(&mut |resolve, reject| functions = Some((resolve, reject)));
        // A promise calls its executor at once.
        let (resolve, reject) = functions.unwrap_or_default();
        (promise, Self { resolve, reject })
    }

    /// Settles the promise.
    pub fn settle(self, outcome: Result<JsValue, JsValue>) {
        pending().delete(&self.reject);
        let (settle, value) = match outcome {
            Ok(value) => (self.resolve, value),
            Err(reason) => (self.reject, reason),
        };
        // The platform's own functions do not throw.
        let _settled = settle.call1(&JsValue::UNDEFINED, &value);
    }
}

/// The work of a method until its promise settles. It is boxed, so that the module has one copy of the code
/// around it.
pub type Work = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Returns the promise of some work, or a rejected one if the arguments were invalid.
pub fn promise(work: Result<Work, JsValue>) -> Promise {
    let (promise, deferred) = Deferred::unregistered();
    match work {
        Ok(work) => {
            let reject = deferred.reject.clone();
            spawn_local(async move { deferred.settle(work.await) });
            // Last: a trap before this throws. The caller then has no promise, and its rejection would be unhandled.
            pending().add(&reject);
        }
        Err(error) => deferred.settle(Err(error)),
    }
    promise
}
