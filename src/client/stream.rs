//! Results as a stream.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use wasm_bindgen::prelude::*;

use super::Client;
use super::call::{Sink, Wanted};
use super::failure::Failure;
use super::results::typed;
use super::task::Task;
use crate::core::error::Error;
use crate::core::event::{BulkProgress, Listener};
use crate::core::outcome::StreamItem;
use crate::core::run_id::RunId;
use crate::options::BulkOptions;

/// Makes the stream of a call. The call begins with the first poll, and ends when the stream is dropped.
pub fn results<S>(
    client: &Client,
    ids: S,
    options: BulkOptions,
) -> impl Stream<Item = Result<StreamItem, Error>> + use<S>
where
    S: Stream<Item = RunId> + 'static,
{
    let items = Rc::new(Items { on_item: options.on_item, on_progress: options.on_progress, ..Items::default() });
    let source = Box::pin(Numbers { ids: Box::pin(ids) });
    let call = client.call(Wanted::Source(source), options.call, Rc::clone(&items) as _);
    let call = Box::pin(async { Task::start(call?.make()).await.map_err(|failure| failure.error) });
    Results { call: Some(call), error: None, items }
}

/// Items that wait for the consumer.
#[derive(Default)]
struct Items {
    waiting: RefCell<VecDeque<StreamItem>>,
    /// Wakes the call when an item is taken.
    call: RefCell<Option<Waker>>,
    /// Wakes the consumer when an item has come.
    consumer: RefCell<Option<Waker>>,
    on_item: Listener<StreamItem>,
    on_progress: Listener<BulkProgress>,
}

impl Items {
    fn settle(&self, item: StreamItem) {
        self.on_item.notify(|| item.clone());
        self.waiting.borrow_mut().push_back(item);
        wake(&self.consumer);
    }

    fn take(&self) -> Option<StreamItem> {
        let item = self.waiting.borrow_mut().pop_front()?;
        wake(&self.call);
        Some(item)
    }
}

impl Sink for Items {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        self.settle(StreamItem { run_id, result: typed(run) });
    }

    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32) {
        for &run_id in run_ids {
            self.settle(StreamItem { run_id, result: Err(failure.error.clone().after(attempts)) });
        }
    }

    fn progress(&self, progress: BulkProgress) {
        self.on_progress.notify(|| progress);
    }

    fn undelivered(&self) -> Option<usize> {
        Some(self.waiting.borrow().len())
    }

    fn wake_at_change(&self, waker: &Waker) {
        self.call.replace(Some(waker.clone()));
    }
}

fn wake(waker: &RefCell<Option<Waker>>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

struct Results<F> {
    /// `None` once the call is over.
    call: Option<F>,
    /// The error that stopped the call: the last item.
    error: Option<Error>,
    items: Rc<Items>,
}

impl<F: Future<Output = Result<(), Error>> + Unpin> Stream for Results<F> {
    type Item = Result<StreamItem, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(Poll::Ready(end)) = self.call.as_mut().map(|call| Pin::new(call).poll(context)) {
            self.call = None;
            self.error = end.err();
        }
        match self.items.take() {
            Some(item) => Poll::Ready(Some(Ok(item))),
            None if self.call.is_some() => {
                self.items.consumer.replace(Some(context.waker().clone()));
                Poll::Pending
            }
            None => Poll::Ready(self.error.take().map(Err)),
        }
    }
}

/// Run ids as the numbers that a call reads.
struct Numbers<S> {
    ids: Pin<Box<S>>,
}

impl<S: Stream<Item = RunId>> Stream for Numbers<S> {
    type Item = Result<f64, JsValue>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.ids.as_mut().poll_next(context).map(|id| id.map(|id| Ok(id.as_number())))
    }
}
