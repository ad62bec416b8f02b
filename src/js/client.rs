//! What the entries call. They have read the arguments, so that a caller may change these afterwards; here they are checked.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::calls::begin;
use super::error::{Fault, listed};
use super::options::{CallOptions, Config};
use super::platform::{read_numbers, to_js};
use super::run::Run;
use super::sink::{BATCH, LIST, STREAM, Sink};
use super::wire::Wire;
use crate::id_set::IdSet;
use crate::plan::batches;
use crate::run_id::{self, Problem};

/// What is behind the package's `TranslationResultsClient`.
#[wasm_bindgen]
pub struct Client {
    config: Rc<Config>,
}

#[wasm_bindgen]
impl Client {
    /// Checks the options; throws an `InvalidOptionsError` that names the one at fault.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &Array) -> Result<Client, JsValue> {
        Ok(Self { config: Rc::new(Config::read(given)?) })
    }

    /// Fetches runs for a sink, which says how many, and is told of the end. Everything that can be refused is refused
    /// before anything is sent. `undefined` stands for options, run ids and a signal that are not there.
    pub fn fetch(&self, run_ids: &Array, given: &Array, signal: &AbortSignal, sink: Sink) -> Result<(), JsValue> {
        let kind = sink.kind();
        let ids = match kind {
            BATCH | LIST => Some(read(run_ids, kind == BATCH)?),
            STREAM => None,
            _ => return Err(Fault::run_ids(&[Problem::NotAnArray])),
        };
        let options = CallOptions::read(given, &self.config)?;
        let wire = Wire::new(&self.config.connection, given, signal, &sink);
        begin(Run::new(&self.config, options, ids, wire, sink, kind));
        Ok(())
    }
}

/// The problems of a list of run ids as `getResults` takes it; none if it is valid.
#[wasm_bindgen(js_name = checkRunIds)]
pub fn check_run_ids(run_ids: &Array) -> Array {
    listed(&check(run_ids, true).err().unwrap_or_default())
}

/// Splits any number of run ids into the balanced batches that requests would be made of.
#[wasm_bindgen(js_name = planBatches)]
pub fn plan_batches(run_ids: &Array) -> Result<Array, JsValue> {
    let plan = Array::new();
    for batch in batches(&read(run_ids, false)?) {
        plan.push(&to_js(batch));
    }
    Ok(plan)
}

/// Reads the distinct run ids of a batch or of a list. Fails with an `InvalidRunIdsError`.
fn read(run_ids: &Array, is_batch: bool) -> Result<IdSet, JsValue> {
    check(run_ids, is_batch).map_err(|problems| Fault::run_ids(&problems))
}

fn check(run_ids: &Array, is_batch: bool) -> Result<IdSet, Vec<Problem>> {
    if run_ids.is_undefined() {
        return Err(vec![Problem::NotAnArray]);
    }
    run_id::check(&read_numbers(run_ids), is_batch)
}
