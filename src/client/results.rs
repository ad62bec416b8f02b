//! Collects the typed results of calls.

use std::cell::RefCell;
use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::call::Sink;
use super::failure::Failure;
use crate::core::answer::{BodyFault, TranslationResult};
use crate::core::error::{Error, Kind};
use crate::core::event::{BulkProgress, Listener};
use crate::core::outcome::{BulkOutcome, RunFailure, StreamItem, TranslationResults};
use crate::core::run_id::RunId;

/// Copies a checked run into Rust.
pub fn typed(run: JsValue) -> Result<TranslationResult, Error> {
    // A checked run is as documented, so this does not fail.
    serde_wasm_bindgen::from_value(run)
        .map_err(|_| Error::new(Kind::Answer { fault: BodyFault::NotAResponse.into(), missing: vec![] }, 0))
}

/// The runs of one batch.
#[derive(Default)]
pub struct BatchResults(RefCell<Vec<(RunId, JsValue)>>);

impl BatchResults {
    /// Takes the runs as JavaScript values.
    pub fn take(&self) -> Vec<(RunId, JsValue)> {
        self.0.take()
    }

    /// Takes the runs as typed results.
    pub fn typed(&self) -> Result<TranslationResults, Error> {
        self.take().into_iter().map(|(run_id, run)| Ok((run_id, typed(run)?))).collect()
    }
}

impl Sink for BatchResults {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        self.0.borrow_mut().push((run_id, run));
    }

    fn failed(&self, _run_ids: &[RunId], _failure: &Failure, _attempts: u32) {}
}

/// The runs of a list.
pub struct ListResults {
    items: RefCell<BTreeMap<RunId, Result<TranslationResult, Error>>>,
    stats: RefCell<BulkProgress>,
    on_item: Listener<StreamItem>,
    on_progress: Listener<BulkProgress>,
}

impl ListResults {
    /// Starts without any run.
    pub fn new(on_item: Listener<StreamItem>, on_progress: Listener<BulkProgress>) -> Self {
        Self { items: RefCell::default(), stats: RefCell::default(), on_item, on_progress }
    }

    /// Takes the outcome so far, and the pending runs. The ids are distinct.
    pub fn take(&self, run_ids: &[RunId]) -> (BulkOutcome, Vec<RunId>) {
        let mut items = self.items.take();
        let mut outcome = BulkOutcome { stats: self.stats.take(), ..BulkOutcome::default() };
        let mut pending = vec![];
        for &run_id in run_ids {
            match items.remove(&run_id) {
                Some(Ok(result)) => drop(outcome.results.insert(run_id, result)),
                Some(Err(error)) => outcome.failures.push(RunFailure { run_id, error }),
                None => pending.push(run_id),
            }
        }
        (outcome, pending)
    }

    fn settle(&self, run_id: RunId, result: Result<TranslationResult, Error>) {
        self.on_item.notify(|| StreamItem { run_id, result: result.clone() });
        self.items.borrow_mut().insert(run_id, result);
    }
}

impl Sink for ListResults {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        self.settle(run_id, typed(run));
    }

    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32) {
        for &run_id in run_ids {
            self.settle(run_id, Err(failure.error.clone().after(attempts)));
        }
    }

    fn progress(&self, progress: BulkProgress) {
        self.stats.replace(progress);
        self.on_progress.notify(|| progress);
    }
}
