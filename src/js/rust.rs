//! The client for Rust that runs beside JavaScript. None of this is part of the package, whose entries are in
//! `pkg-template/`: they do the same in JavaScript.

use std::collections::BTreeMap;

use js_sys::{Array, Object, Promise, Reflect};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::client::{begin, of_batch, of_element};
use super::run::BATCH;
use super::table::forget;
use crate::run_id::RunId;

// Of few files, each of which imports one more: the server of the browsers' tests leaves one waiting that asks for more than
// four at once.
#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = clientOptions, catch)]
    fn client_options(given: &JsValue) -> Result<Options, JsValue>;
    #[wasm_bindgen(js_name = read, catch)]
    fn call_options(given: &JsValue, scope: u32, others: &Options) -> Result<Options, JsValue>;

    type Options;
    #[wasm_bindgen(method, getter, js_name = timeoutMs)]
    fn timeout_ms(this: &Options) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxRetries)]
    fn max_retries(this: &Options) -> u32;
    #[wasm_bindgen(method, getter, js_name = deadlineMs)]
    fn deadline_ms(this: &Options) -> f64;
    #[wasm_bindgen(method, getter)]
    fn concurrency(this: &Options) -> u32;

    fn checked(
        numbers: &[f64],
        is_batch: bool,
        of_batch: &mut dyn FnMut(usize) -> i32,
        of_element: &mut dyn FnMut(f64, bool) -> i32,
    ) -> Checked;
    type Checked;
    #[wasm_bindgen(method, getter, js_name = runIds)]
    fn run_ids(this: &Checked) -> Array;
    #[wasm_bindgen(method, getter)]
    fn problems(this: &Checked) -> Array;
}

/// Who takes an option, as `options.js` counts it.
const REQUEST: u32 = 2;

#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    type Connection;
    #[wasm_bindgen(constructor)]
    fn new(options: &Options) -> Connection;
    #[wasm_bindgen(method, getter)]
    fn number(this: &Connection) -> usize;
    #[wasm_bindgen(static_method_of = Connection, js_name = giveBack)]
    fn give_back(number: usize);

    #[wasm_bindgen(js_name = Call)]
    type Batch;
    #[wasm_bindgen(constructor, js_class = Call)]
    fn new(connection: &Connection, run_ids: &Array) -> Batch;
    #[wasm_bindgen(method, js_class = Call, js_name = use)]
    fn take_options(this: &Batch, options: &Options);
    #[wasm_bindgen(method, js_class = Call)]
    fn begin(this: &Batch, begin: &mut dyn FnMut(usize));
    #[wasm_bindgen(method, getter, js_class = Call)]
    fn end(this: &Batch) -> Promise;
    #[wasm_bindgen(static_method_of = Batch, setter, js_class = Call)]
    fn set_tell(tell: &JsValue);
}

// Those above import these, which wasm-bindgen copies along only if they are named.
#[wasm_bindgen(module = "/src/js/options.js")]
extern "C" {
    #[allow(dead_code, reason = "see above")]
    #[wasm_bindgen(js_name = read)]
    fn named_only(options: &JsValue);
}
#[wasm_bindgen(module = "/src/js/exchange.js")]
extern "C" {
    #[allow(dead_code, reason = "see above")]
    type Exchange;
}
#[wasm_bindgen(module = "/src/js/connection.js")]
extern "C" {
    #[allow(dead_code, reason = "see above")]
    #[wasm_bindgen(js_name = Connection)]
    type NamedOnly;
}

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = invalidRunIds)]
    fn invalid_run_ids(problems: &Array) -> JsValue;
}

/// The texts of a run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RunResult {
    /// In the order of the service's.
    pub texts: Vec<String>,
}

/// Runs by their ids.
pub type Results = BTreeMap<RunId, RunResult>;

/// `TranslationResultsClient`, as far as Rust has had a use for it.
pub struct Client {
    connection: Connection,
    options: Options,
}

impl Client {
    /// Takes `ClientOptions`. Fails with an `InvalidOptionsError`.
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        Batch::set_tell(&Reflect::get(&wasm_bindgen::exports(), &"tell".into())?);
        let options = client_options(options)?;
        Ok(Self { connection: Connection::new(&options), options })
    }

    /// Fetches the results of two to five runs, with `RequestOptions`. Fails with what the package's promise rejects with.
    pub async fn get_results(
        &self,
        run_ids: &[f64],
        options: &JsValue,
        signal: Option<&AbortSignal>,
    ) -> Result<Results, JsValue> {
        let results = JsFuture::from(self.start(run_ids, options, signal)?).await?;
        Ok(serde_wasm_bindgen::from_value(results)?)
    }

    /// As [`Client::get_results`], under way at once; a promise of JavaScript's.
    pub fn start(&self, run_ids: &[f64], options: &JsValue, signal: Option<&AbortSignal>) -> Result<Promise, JsValue> {
        let mut given = options.clone();
        if let Some(signal) = signal {
            given = Object::assign(&Object::new(), options.unchecked_ref()).into();
            Reflect::set(&given, &"signal".into(), signal)?;
        }
        let ids = checked(run_ids, true, &mut of_batch, &mut of_element);
        if ids.problems().length() > 0 {
            return Err(invalid_run_ids(&ids.problems()));
        }
        let (run_ids, count) = (ids.run_ids(), ids.run_ids().length() as usize);
        let all = call_options(&given, REQUEST, &self.options)?;
        let batch = Batch::new(&self.connection, &run_ids);
        batch.take_options(&all);
        let (timeout_ms, max_retries, deadline_ms) = (all.timeout_ms(), all.max_retries(), all.deadline_ms());
        let client = self.connection.number();
        batch.begin(&mut |run| {
            begin(run, client, BATCH, count, timeout_ms, max_retries, deadline_ms, all.concurrency());
        });
        Ok(batch.end())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let number = self.connection.number();
        forget(number);
        Connection::give_back(number);
    }
}
