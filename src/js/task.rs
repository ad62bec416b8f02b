//! Tasks: futures that end in a promise.
//!
//! All that a future here waits for is a `Settled`, which remembers the task that polled it and has it run again. So a
//! task is woken without a waker: a future that relies on one would sleep for ever. wasm-bindgen-futures, which has
//! wakers and a queue, is six times as large.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    type Deferred;
    #[wasm_bindgen(constructor)]
    fn new() -> Deferred;
    #[wasm_bindgen(method, getter)]
    fn promise(this: &Deferred) -> Promise;
    #[wasm_bindgen(method)]
    fn settle(this: &Deferred, fulfilled: bool, value: &JsValue);
}

type Outcome = Result<JsValue, JsValue>;

struct Task {
    future: Pin<Box<dyn Future<Output = Outcome>>>,
    deferred: Deferred,
}

enum Slot {
    Free,
    Waiting(Task),
    /// It is out, being polled; and whether what it waits for has come meanwhile.
    Running {
        again: bool,
    },
}

thread_local! {
    static SLOTS: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
    static CURRENT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// The task that is being polled.
pub fn current() -> usize {
    CURRENT.get()
}

/// Starts a task: it runs until it has to wait. The promise settles as the future completes.
pub fn spawn(future: impl Future<Output = Outcome> + 'static) -> Promise {
    let deferred = Deferred::new();
    let promise = deferred.promise();
    let task = Slot::Waiting(Task { future: Box::pin(future), deferred });
    let index = SLOTS.with_borrow_mut(|slots| {
        let free = slots.iter().position(|slot| matches!(slot, Slot::Free));
        match free.and_then(|free| slots.get_mut(free)) {
            Some(slot) => *slot = task,
            None => slots.push(task),
        }
        free.unwrap_or(slots.len().saturating_sub(1))
    });
    run(index);
    promise
}

/// Polls a task that waits. One that is being polled is polled once more.
pub fn run(index: usize) {
    while let Slot::Waiting(mut task) = exchange(index, Slot::Running { again: false }) {
        let before = CURRENT.replace(index);
        let polled = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        CURRENT.set(before);
        if let Poll::Ready(outcome) = polled {
            exchange(index, Slot::Free);
            let (Ok(value) | Err(value)) = &outcome;
            return task.deferred.settle(outcome.is_ok(), value);
        }
        match exchange(index, Slot::Waiting(task)) {
            Slot::Running { again: true } => {}
            _ => return,
        }
    }
}

/// What a slot holds, and puts another thing there. What runs already is only told to run again.
fn exchange(index: usize, next: Slot) -> Slot {
    SLOTS.with_borrow_mut(|slots| match (slots.get_mut(index), next) {
        (Some(Slot::Running { again }), Slot::Running { .. }) => {
            *again = true;
            Slot::Free
        }
        (Some(Slot::Free), Slot::Running { .. }) | (None, _) => Slot::Free,
        (Some(slot), next) => std::mem::replace(slot, next),
    })
}
