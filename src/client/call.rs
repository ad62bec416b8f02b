//! A call before it is made: its runs, its options, and the sink for the results.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Waker;

use wasm_bindgen::prelude::*;

use super::drive::Drive;
use super::failure::Failure;
use super::reading::Source;
use super::shared::Shared;
use super::singles::Group;
use crate::core::event::BulkProgress;
use crate::core::options::CallSettings;
use crate::core::run_id::RunId;
use crate::web::abort::Signal;

/// Receives the results of a call. Nothing is borrowed meanwhile, so methods may call the client.
pub trait Sink {
    /// Receives a run: an object with `texts`.
    fn succeeded(&self, run_id: RunId, run: JsValue);

    /// Receives failed runs and their number of attempts.
    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32);

    /// Receives the progress of the call.
    fn progress(&self, _progress: BulkProgress) {}

    /// Returns how many settled runs the consumer has not taken; `None` once the consumer has left.
    fn undelivered(&self) -> Option<usize> {
        Some(0)
    }

    /// Wakes a task when the consumer takes something or leaves.
    fn wake_at_change(&self, _waker: &Waker) {}
}

/// A call before it is made.
pub struct Call {
    /// The client's state.
    pub shared: Rc<Shared>,
    /// The checked options.
    pub settings: CallSettings,
    /// Headers that this call adds.
    pub headers: Vec<(String, String)>,
    /// The runs to ask for.
    pub wanted: Wanted,
    /// The caller's signal.
    pub signal: Option<JsValue>,
    /// Receives the results.
    pub sink: Rc<dyn Sink>,
}

/// The runs that a call is for.
pub enum Wanted {
    /// All runs of one batch, or an error.
    Batch(Vec<RunId>),
    /// A list of distinct ids. Each run fails alone.
    List(Vec<RunId>),
    /// Ids as a source yields them. Each run fails alone.
    Source(Source),
    /// The runs that callers of `getResult` wait for. Each run fails alone.
    Singles(Rc<Group>),
}

impl Call {
    /// Makes the call. Fails if no further run can be fetched. Dropping the future cancels the requests.
    pub async fn make(self) -> Result<(), Failure> {
        let signal = self.signal.clone().map(Signal::listen).transpose().map_err(Failure::aborted)?;
        let mut drive = Drive::start(self, signal);
        let end = poll_fn(|context| drive.poll(context)).await;
        drive.close();
        end
    }
}
