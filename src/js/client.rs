//! What JavaScript calls. It reads its arguments at once, so that the caller may change them afterwards, and forwards.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::call::{Request, next_turn};
use super::options::{CallOptions, Config};
use super::platform::numbers;
use super::record::{list_of, to_js};
use super::task::spawn;
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
        let config = Rc::clone(&self.config);
        let read = check(run_ids).and_then(|checked| {
            let batch = checked.map_err(|problems| Error::from(Kind::RunIds(problems)))?;
            Ok((batch, CallOptions::read(options, &config)?))
        });
        spawn(async move {
            // Whatever follows the call is done before anything is sent.
            next_turn().await;
            let (batch, options) = read?;
            Request { config: &config, options: &options, run_ids: batch.ids() }.results().await
        })
    }
}

/// The problems of a list of run ids as `getResults` takes it; none if it is valid.
#[wasm_bindgen(js_name = checkRunIds)]
pub fn check_run_ids(run_ids: &JsValue) -> Result<JsValue, JsValue> {
    Ok(to_js(&check(run_ids)?.err().unwrap_or_default()))
}

/// Splits any number of run ids into the balanced batches that requests would be made of.
#[wasm_bindgen(js_name = planBatches)]
pub fn plan_batches(run_ids: &JsValue) -> Result<JsValue, JsValue> {
    let ids = match numbers(run_ids, false)? {
        Some(numbers) => distinct(&numbers),
        None => Err(vec![Problem::NotAnArray]),
    };
    let ids: Vec<RunId> = ids.map_err(|problems| Error::from(Kind::RunIds(problems)))?;
    Ok(batches(&ids).into_iter().map(list_of).collect::<js_sys::Array>().into())
}

/// Reads a list. Fails with what the list itself threw, as only a proxy does.
fn check(run_ids: &JsValue) -> Result<Result<Batch, Vec<Problem>>, JsValue> {
    Ok(numbers(run_ids, true)?.map_or(Err(vec![Problem::NotAnArray]), |numbers| Batch::check(&numbers)))
}
