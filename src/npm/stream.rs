//! The async iterator behind `streamResults`.
//!
//! Written by hand: a generator would queue `return()` behind a pending `next()`, but a caller that leaves wants
//! `next()` cancelled at once.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::client::shown_by;
use super::error;
use super::options::{self, Scope};
use super::outcome::{Listeners, failed_item, succeeded_item, texts_in};
use super::promise::{Deferred, Work, promise};
use super::source::{Closing, Source, Unfit};
use crate::client::Client;
use crate::client::call::{Call, Sink, Wanted};
use crate::client::failure::Failure;
use crate::core::batch::BATCH_MAX;
use crate::core::event::BulkProgress;
use crate::core::run_id::RunId;
use crate::web::abort::aborted;
use crate::web::describe::in_words;
use crate::web::json::Members;
use crate::web::promise::settled;

/// The stream behind the class in `pkg-template/api.js`.
#[wasm_bindgen]
pub struct ResultStream {
    /// The arguments of the call, until it begins.
    arguments: RefCell<Option<Arguments>>,
    items: Rc<Items>,
}

struct Arguments {
    client: Client,
    run_ids: JsValue,
    options: JsValue,
}

#[wasm_bindgen]
impl ResultStream {
    /// Implements `next()` of an async iterator. The first one begins the call.
    pub fn next(&self) -> Promise {
        if let Some(arguments) = self.arguments.take() {
            arguments.begin(&self.items);
        }
        self.items.drop_if_aborted();
        let (next, taker) = Deferred::new();
        self.items.takers.borrow_mut().push_back(taker);
        self.items.serve();
        next
    }

    /// Implements `return()` of an async iterator: cancels the requests and closes the source.
    #[wasm_bindgen(js_name = return)]
    pub fn leave(&self, value: JsValue) -> Promise {
        let never_began = self.arguments.take().is_some();
        let items = Rc::clone(&self.items);
        items.leave(never_began);
        let work: Work = Box::pin(async move {
            items.until_over().await;
            let closing = items.closing.take();
            if let Some(closed) = closing.and_then(|closing| settled(&closing).ok()) {
                // The caller has left, so errors of the source are ignored.
                let _closed = closed.await;
            }
            Ok(step(true, value))
        });
        promise(Ok(work))
    }
}

impl ResultStream {
    /// Makes a stream that begins with its first `next()`.
    pub fn new(client: Client, run_ids: JsValue, options: JsValue) -> Self {
        Self { arguments: RefCell::new(Some(Arguments { client, run_ids, options })), items: Rc::default() }
    }
}

impl Arguments {
    fn begin(self, items: &Rc<Items>) {
        let client = self.client.clone();
        let call = self.call(items);
        let items = Rc::clone(items);
        spawn_local(async move {
            let end = match call {
                Ok(call) => call.make().await.map_err(|failure| {
                    let words = |_| in_words(&items.unfit.borrow(), &shown_by(&client));
                    error::of_call(&Failure { error: failure.error.with_values(words), ..failure })
                }),
                Err(error) => Err(error),
            };
            items.end(end);
        });
    }

    fn call(self, items: &Rc<Items>) -> Result<Call, JsValue> {
        let options = options::of_call(&self.options, Scope::Bulk)?;
        items.listeners.replace(Listeners { on_item: options.on_item, on_progress: options.on_progress });
        items.signal.replace(options.call.signal.clone());
        let source =
            Source::open(&self.run_ids, Rc::clone(&items.closing), Rc::clone(&items.unfit), &shown_by(&self.client))?;
        let wanted = Wanted::Source(Box::pin(source));
        self.client.call(wanted, options.call, Rc::clone(items) as _).map_err(error::of_input)
    }
}

/// Items between the call and its consumer.
#[derive(Default)]
struct Items {
    waiting: RefCell<VecDeque<JsValue>>,
    takers: RefCell<VecDeque<Deferred>>,
    /// Items taken since the call was last woken.
    taken: Cell<usize>,
    has_left: Cell<bool>,
    is_over: Cell<bool>,
    /// The error that stopped the call, until a taker has it.
    error: RefCell<Option<JsValue>>,
    /// Wake the call, and callers of `return()`.
    wakers: RefCell<Vec<Waker>>,
    signal: RefCell<Option<JsValue>>,
    listeners: RefCell<Listeners>,
    closing: Closing,
    unfit: Unfit,
}

/// Makes the result of an async iterator's `next()`.
fn step(done: bool, value: JsValue) -> JsValue {
    Members::new().with("done", done).with("value", value).into()
}

impl Items {
    fn push(&self, item: &JsValue) {
        if self.has_left.get() || self.drop_if_aborted() {
            return;
        }
        self.waiting.borrow_mut().push_back(item.clone());
        self.serve();
    }

    /// Passes items to takers, as long as there are both.
    fn serve(&self) {
        while !self.takers.borrow().is_empty() {
            let item = self.waiting.borrow_mut().pop_front();
            let is_over = self.is_over.get() || self.has_left.get();
            if item.is_none() && !is_over {
                break;
            }
            let Some(taker) = self.takers.borrow_mut().pop_front() else { break };
            taker.settle(match item {
                Some(item) => {
                    self.taken.update(|taken| taken.saturating_add(1));
                    Ok(step(false, item))
                }
                None => match self.error.take() {
                    Some(error) if !self.has_left.get() => Err(error),
                    _ => Ok(step(true, JsValue::UNDEFINED)),
                },
            });
        }
        if self.taken.get() >= BATCH_MAX || self.waiting.borrow().is_empty() {
            self.taken.set(0);
            self.wake();
        }
    }

    /// Drops the items that were not taken, if the caller has aborted. Returns whether it has.
    fn drop_if_aborted(&self) -> bool {
        let signal = self.signal.borrow().clone();
        let is_aborted = signal.is_some_and(|signal| aborted(&signal).is_some());
        if is_aborted {
            self.waiting.take();
        }
        is_aborted
    }

    fn leave(&self, never_began: bool) {
        self.has_left.set(true);
        if never_began {
            self.is_over.set(true);
        }
        self.waiting.take();
        self.serve();
        self.wake();
    }

    fn end(&self, end: Result<(), JsValue>) {
        self.error.replace(end.err());
        self.is_over.set(true);
        self.serve();
        self.wake();
    }

    async fn until_over(&self) {
        poll_fn(|context| {
            if self.is_over.get() {
                return Poll::Ready(());
            }
            self.wake_at_change(context.waker());
            Poll::Pending
        })
        .await;
    }

    fn wake(&self) {
        for waker in self.wakers.take() {
            waker.wake();
        }
    }

    fn with_listeners(&self, notify: impl FnOnce(&Listeners)) {
        // Taken and not borrowed: a listener may call the stream.
        let listeners = self.listeners.take();
        notify(&listeners);
        self.listeners.replace(listeners);
    }
}

impl Sink for Items {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        let item = succeeded_item(run_id, texts_in(&run));
        self.push(&item);
        self.with_listeners(|listeners| listeners.notify_item(&item));
    }

    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32) {
        let error = error::of(failure, attempts);
        for &run_id in run_ids {
            let item = failed_item(run_id, error.clone());
            self.push(&item);
            self.with_listeners(|listeners| listeners.notify_item(&item));
        }
    }

    fn progress(&self, progress: BulkProgress) {
        self.with_listeners(|listeners| listeners.notify_progress(&progress));
    }

    fn undelivered(&self) -> Option<usize> {
        (!self.has_left.get()).then(|| self.waiting.borrow().len())
    }

    fn wake_at_change(&self, waker: &Waker) {
        let mut wakers = self.wakers.borrow_mut();
        if !wakers.iter().any(|other| other.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }
}
