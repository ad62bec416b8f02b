//! What JavaScript calls. It reads its arguments at once, so that the caller may change them afterwards, and forwards.

use std::ops::RangeInclusive;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::options::{CallOptions, Config, OF_BULK, OF_CALL};
use super::platform::numbers;
use super::record::{list_of, to_js};
use super::run::{Output, Run};
use super::sink::{Collector, ResultStream};
use crate::error::{Error, Kind};
use crate::plan::batches;
use crate::run_id::{Batch, Problem, RunId, distinct};

/// What is behind the package's `TranslationResultsClient`.
#[wasm_bindgen]
pub struct Client {
    config: Rc<Config>,
}

#[wasm_bindgen]
impl Client {
    /// Checks the options; throws an `InvalidOptionsError` that names the one at fault.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        Ok(Self { config: Rc::new(Config::read(options)?) })
    }

    /// Fetches two to five runs. Everything that can be refused is refused before anything is sent.
    #[wasm_bindgen(js_name = getResults)]
    pub fn get_results(&self, run_ids: &JsValue, options: &JsValue) -> Promise {
        self.call(read(run_ids, true), Output::Batch, options, OF_CALL)
    }

    /// Fetches any number of runs, for the outcome that the collector gathers.
    #[wasm_bindgen(js_name = getAllResults)]
    pub fn get_all_results(&self, run_ids: &JsValue, options: &JsValue, collector: Collector) -> Promise {
        self.call(read(run_ids, false), Output::List(collector), options, OF_BULK)
    }

    /// Fetches the runs that a stream's source gives, for that stream.
    pub fn stream(&self, stream: ResultStream, options: &JsValue) -> Promise {
        self.call(Ok(Vec::new()), Output::Stream(stream), options, OF_BULK)
    }

    fn call(
        &self,
        ids: Result<Vec<RunId>, JsValue>,
        output: Output,
        options: &JsValue,
        of: RangeInclusive<usize>,
    ) -> Promise {
        let run = ids.and_then(|ids| {
            let options = CallOptions::read(options, of, &self.config)?;
            Ok(Run::new(&self.config, options, ids, output))
        });
        future_to_promise(async move { run?.finish().await })
    }
}

/// The problems of a list of run ids as `getResults` takes it; none if it is valid.
#[wasm_bindgen(js_name = checkRunIds)]
pub fn check_run_ids(run_ids: &JsValue) -> Result<JsValue, JsValue> {
    Ok(to_js(&check(run_ids, true)?.err().unwrap_or_default()))
}

/// Splits any number of run ids into the balanced batches that requests would be made of.
#[wasm_bindgen(js_name = planBatches)]
pub fn plan_batches(run_ids: &JsValue) -> Result<JsValue, JsValue> {
    Ok(batches(&read(run_ids, false)?).into_iter().map(list_of).collect::<js_sys::Array>().into())
}

/// Reads the distinct run ids of a batch or of a list. Fails with an `InvalidRunIdsError`, or with what the list itself
/// threw, as only a proxy does.
fn read(run_ids: &JsValue, is_batch: bool) -> Result<Vec<RunId>, JsValue> {
    check(run_ids, is_batch)?.map_err(|problems| Error::from(Kind::RunIds(problems)).into())
}

fn check(run_ids: &JsValue, is_batch: bool) -> Result<Result<Vec<RunId>, Vec<Problem>>, JsValue> {
    Ok(match numbers(run_ids, is_batch)? {
        None => Err(vec![Problem::NotAnArray]),
        Some(numbers) if is_batch => Batch::check(&numbers).map(Batch::into_ids),
        Some(numbers) => distinct(&numbers),
    })
}
