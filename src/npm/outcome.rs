//! Collects the outcome of `getAllResults`, and makes the items that listeners and streams get.

use std::cell::Cell;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::error;
use super::event::{notify, to_js};
use super::run_ids::array_of;
use crate::client::call::Sink;
use crate::client::failure::Failure;
use crate::core::event::BulkProgress;
use crate::core::run_id::RunId;
use crate::web::callback;
use crate::web::json::{Members, name_of, own, run_with, set_run, texts_of};

/// The caller's listeners of a bulk call.
#[derive(Default)]
pub struct Listeners {
    /// Called for every run.
    pub on_item: Option<Function>,
    /// Called with the progress.
    pub on_progress: Option<Function>,
}

impl Listeners {
    /// Calls `on_item` with an item.
    pub fn notify_item(&self, item: &JsValue) {
        if let Some(on_item) = &self.on_item {
            callback::notify(on_item, item);
        }
    }

    /// Calls `on_progress`.
    pub fn notify_progress(&self, progress: &BulkProgress) {
        if let Some(on_progress) = &self.on_progress {
            notify(on_progress, progress);
        }
    }
}

/// Makes the item of a run that has succeeded with these texts.
pub fn succeeded_item(run_id: RunId, texts: JsValue) -> JsValue {
    item(true, run_id, "texts", texts)
}

/// Makes the item of a run that has failed with this error.
pub fn failed_item(run_id: RunId, error: JsValue) -> JsValue {
    item(false, run_id, "error", error)
}

fn item(ok: bool, run_id: RunId, name: &str, value: JsValue) -> JsValue {
    Members::new().with("ok", ok).with("runId", run_id.as_number()).with(name, value).into()
}

/// Returns the texts of a run that has succeeded.
pub fn texts_in(run: &JsValue) -> JsValue {
    texts_of(run).unwrap_or_default()
}

/// The outcome of a list so far.
pub struct Outcome {
    run_ids: Vec<RunId>,
    /// The runs by run id.
    results: JsValue,
    /// The errors by run id.
    errors: JsValue,
    stats: Cell<BulkProgress>,
    listeners: Listeners,
}

impl Outcome {
    /// Starts without any run.
    pub fn new(run_ids: Vec<RunId>, listeners: Listeners) -> Self {
        Self { run_ids, results: Object::new().into(), errors: Object::new().into(), stats: Cell::default(), listeners }
    }

    /// Returns the `BulkOutcome`.
    pub fn to_js(&self) -> JsValue {
        self.members().into()
    }

    fn members(&self) -> Members {
        let failures = Array::new();
        for run_id in &self.run_ids {
            let run_id = name_of(*run_id);
            if let Some(error) = own(&self.errors, &run_id) {
                failures.push(&Members::new().with("runId", run_id).with("error", error).into());
            }
        }
        Members::new().with("results", &self.results).with("failures", failures).with("stats", to_js(&self.stats.get()))
    }

    /// Makes the error of a stopped call. An error of the package has the outcome so far as `partial`, which is not
    /// enumerable, so that logs do not print it.
    pub fn stopped(&self, failure: &Failure) -> JsValue {
        let error = error::of_call(failure);
        if !failure.error.is_aborted() {
            let is_pending = |run_id: &RunId| {
                let run_id = name_of(*run_id);
                own(&self.results, &run_id).is_none() && own(&self.errors, &run_id).is_none()
            };
            let pending = array_of(self.run_ids.iter().copied().filter(is_pending));
            let partial = self.members().with("pending", pending);
            let hidden: JsValue = Members::new().with("value", partial).with("configurable", true).into();
            let _is_defined =
                Reflect::define_property(error.unchecked_ref::<Object>(), &"partial".into(), hidden.unchecked_ref());
        }
        error
    }
}

impl Sink for Outcome {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        let texts = texts_in(&run);
        set_run(&self.results, run_id, &run_with(&texts));
        if self.listeners.on_item.is_some() {
            self.listeners.notify_item(&succeeded_item(run_id, texts));
        }
    }

    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32) {
        let error = error::of(failure, attempts);
        for &run_id in run_ids {
            set_run(&self.errors, run_id, &error);
            self.listeners.notify_item(&failed_item(run_id, error.clone()));
        }
    }

    fn progress(&self, progress: BulkProgress) {
        self.stats.set(progress);
        self.listeners.notify_progress(&progress);
    }
}
