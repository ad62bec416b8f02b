//! Calls of Rust applications as tasks.
//!
//! Calls of one client wait in line for its pace. A call that runs only while it is polled would block the calls behind
//! it, for instance while the consumer of a stream is busy with an item.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen_futures::spawn_local;

/// A future that runs without being polled. Dropping it cancels the work.
#[must_use = "a task that is dropped is cancelled"]
pub struct Task<T>(Rc<State<T>>);

struct State<T> {
    /// Taken out while it is polled.
    work: RefCell<Option<Pin<Box<dyn Future<Output = T>>>>>,
    outcome: RefCell<Option<T>>,
    /// Wakes the work.
    worker: RefCell<Option<Waker>>,
    /// Wakes the holder of the task.
    waiting: RefCell<Option<Waker>>,
}

impl<T: 'static> Task<T> {
    /// Starts the work.
    pub fn start(work: impl Future<Output = T> + 'static) -> Self {
        let state = Rc::new(State {
            work: RefCell::new(Some(Box::pin(work))),
            outcome: RefCell::default(),
            worker: RefCell::default(),
            waiting: RefCell::default(),
        });
        // Dropping the task drops the state. The spawned future then ends.
        let weak = Rc::downgrade(&state);
        spawn_local(poll_fn(move |context| weak.upgrade().map_or(Poll::Ready(()), |state| state.poll(context))));
        Self(state)
    }
}

impl<T> State<T> {
    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        self.worker.replace(Some(context.waker().clone()));
        let Some(mut work) = self.work.take() else { return Poll::Ready(()) };
        let Poll::Ready(outcome) = work.as_mut().poll(context) else {
            self.work.replace(Some(work));
            return Poll::Pending;
        };
        self.outcome.replace(Some(outcome));
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
        Poll::Ready(())
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        // A spawned task holds its own waker, and is freed only at its end.
        if let Some(worker) = self.0.worker.take() {
            worker.wake();
        }
    }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.0.outcome.take() {
            Some(outcome) => Poll::Ready(outcome),
            None => {
                self.0.waiting.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}
