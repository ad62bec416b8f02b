//! A flag that a JavaScript callback sets and a Rust future waits for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

/// One-shot: once given it stays given.
pub struct Notice {
    state: Rc<State>,
    callback: Closure<dyn FnMut()>,
}

#[derive(Default)]
struct State {
    given: Cell<bool>,
    waiting: RefCell<Option<Waker>>,
}

impl Notice {
    pub fn new() -> Self {
        let state = Rc::new(State::default());
        let given = Rc::clone(&state);
        let callback = Closure::new(move || {
            given.given.set(true);
            if let Some(waker) = given.waiting.take() {
                waker.wake();
            }
        });
        Self { state, callback }
    }

    /// What JavaScript calls to give the notice.
    pub fn callback(&self) -> &js_sys::Function {
        self.callback.as_ref().unchecked_ref()
    }

    pub fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.state.given.get() {
            return Poll::Ready(());
        }
        self.state.waiting.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}
