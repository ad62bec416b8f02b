//! JavaScript iterators as a source of run ids.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_core::Stream;
use js_sys::Symbol;
use wasm_bindgen::prelude::*;

use super::run_ids::{Shown, not_a_list, number};
use crate::core::run_id::RunId;
use crate::web::iterator::{ForeignIterator, method, next_value};
use crate::web::promise::{Settled, ignore_rejection, settled};

/// The result of the source's `return()`, for callers that wait until the source is closed.
pub type Closing = Rc<RefCell<Option<JsValue>>>;

/// The value that is not a run id, for the message.
pub type Unfit = Rc<RefCell<JsValue>>;

/// The iterator of an iterable or an async iterable. Dropping it closes the iterator, unless it has ended.
pub struct Source {
    iterator: ForeignIterator,
    is_async: bool,
    /// The pending result of an async iterator.
    next: Option<Settled>,
    has_ended: bool,
    closing: Closing,
    unfit: Unfit,
}

impl Source {
    /// Opens an iterable. Fails with `InvalidRunIdsError` if it is not one, or with the value that it throws.
    pub fn open(given: &JsValue, closing: Closing, unfit: Unfit, shown: Shown<'_>) -> Result<Self, JsValue> {
        // As in `for await`, an asynchronous method of `null` counts as absent.
        let (open, is_async) = match method(given, &Symbol::async_iterator())? {
            open if open.is_undefined() || open.is_null() => (method(given, &Symbol::iterator())?, false),
            open => (open, true),
        };
        let iterator = ForeignIterator::open(given, &open)?.ok_or_else(|| not_a_list("an iterable", given, shown))?;
        Ok(Self { iterator, is_async, next: None, has_ended: false, closing, unfit })
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Result<Poll<Option<f64>>, JsValue> {
        let mut next = match self.next.take() {
            Some(next) => next,
            None => {
                let next = self.iterator.next()?;
                if !self.is_async {
                    return self.read(next).map(Poll::Ready);
                }
                settled(&next)?
            }
        };
        match Pin::new(&mut next).poll(context) {
            Poll::Ready(next) => self.read(next?).map(Poll::Ready),
            Poll::Pending => {
                self.next = Some(next);
                Ok(Poll::Pending)
            }
        }
    }

    fn read(&mut self, next: JsValue) -> Result<Option<f64>, JsValue> {
        let value = next_value(&next)?;
        self.has_ended = value.is_none();
        let number = value.as_ref().map(number);
        if number.is_some_and(|number| RunId::from_number(number).is_err()) {
            self.unfit.replace(value.unwrap_or_default());
        }
        Ok(number)
    }

    /// Calls the iterator's `return()`, if it has one.
    fn close(&self) -> Result<(), JsValue> {
        if let Some(closed) = self.iterator.close()? {
            if self.next.is_some() {
                // Its pending `next()` may never settle, and it does not close before.
                ignore_rejection(&closed);
            } else {
                self.closing.replace(Some(closed));
            }
        }
        Ok(())
    }
}

impl Stream for Source {
    type Item = Result<f64, JsValue>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.poll(context) {
            Ok(Poll::Ready(number)) => Poll::Ready(number.map(Ok)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(thrown) => {
                // An iterator that has thrown is over.
                self.has_ended = true;
                Poll::Ready(Some(Err(thrown)))
            }
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if !self.has_ended {
            // No caller waits for the source any more, so its errors are ignored.
            let _closed = self.close();
        }
    }
}
