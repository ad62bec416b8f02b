//! The class behind `TranslationResultsClient`.

use std::borrow::Cow;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::options::{self, Scope};
use super::outcome::{Listeners, Outcome};
use super::promise::{Work, promise};
use super::stream::ResultStream;
use super::{error, run_ids};
use crate::client::Client as RustClient;
use crate::client::call::Wanted;
use crate::client::results::BatchResults;
use crate::client::singles::Single;
use crate::web::json::by_id;

/// The client behind the class in `pkg-template/api.js`.
#[wasm_bindgen]
pub struct Client(RustClient);

#[wasm_bindgen]
impl Client {
    /// Makes a client from `ClientOptions`. Fails with `InvalidOptionsError`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        RustClient::new(options::of_client(options)?).map(Self).map_err(error::of_input)
    }

    /// Implements `getResult`. An invalid argument rejects the promise, too.
    #[wasm_bindgen(js_name = getResult)]
    pub fn get_result(&self, run_id: &JsValue, options: &JsValue) -> Promise {
        promise(self.start_single(run_id, options))
    }

    /// Implements `getResults`. An invalid argument rejects the promise, too.
    #[wasm_bindgen(js_name = getResults)]
    pub fn get_results(&self, run_ids: &JsValue, options: &JsValue) -> Promise {
        promise(self.start_batch(run_ids, options))
    }

    /// Implements `getAllResults`. An invalid argument rejects the promise, too.
    #[wasm_bindgen(js_name = getAllResults)]
    pub fn get_all_results(&self, run_ids: &JsValue, options: &JsValue) -> Promise {
        promise(self.start_list(run_ids, options))
    }

    /// Implements `streamResults`. Reads no argument before the first `next()`.
    #[wasm_bindgen(js_name = streamResults)]
    pub fn stream_results(&self, run_ids: JsValue, options: JsValue) -> ResultStream {
        ResultStream::new(self.0.clone(), run_ids, options)
    }

    /// Returns the text without the key, or `undefined` if it does not hold the key. For the package's proxy.
    pub fn masked(&self, text: &str) -> Option<String> {
        match self.0.shared.masked(text) {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        }
    }
}

/// Returns a function that masks a client's key in a text.
pub fn shown_by(client: &RustClient) -> impl Fn(&str) -> String {
    |text| client.shared.masked(text).into_owned()
}

impl Client {
    fn start_single(&self, run_id: &JsValue, options: &JsValue) -> Result<Work, JsValue> {
        let run_id = run_ids::single(run_id, &shown_by(&self.0))?;
        let options = options::of_call(options, Scope::Single)?;
        let run = Single::ask(&self.0.shared, run_id, options.call).map_err(|failure| error::of_call(&failure))?;
        Ok(Box::pin(async { run.await.map_err(|failure| error::of_call(&failure)) }))
    }

    fn start_batch(&self, run_ids: &JsValue, options: &JsValue) -> Result<Work, JsValue> {
        let batch = run_ids::batch(run_ids, &shown_by(&self.0))?;
        let options = options::of_call(options, Scope::Single)?;
        let results = Rc::new(BatchResults::default());
        let wanted = Wanted::Batch(batch.into_ids());
        let call = self.0.call(wanted, options.call, Rc::clone(&results) as _).map_err(error::of_input)?;
        Ok(Box::pin(async move {
            call.make().await.map_err(|failure| error::of_call(&failure))?;
            Ok(by_id(&results.take()))
        }))
    }

    fn start_list(&self, run_ids: &JsValue, options: &JsValue) -> Result<Work, JsValue> {
        let run_ids = run_ids::list(run_ids, &shown_by(&self.0))?;
        let options = options::of_call(options, Scope::Bulk)?;
        let listeners = Listeners { on_item: options.on_item, on_progress: options.on_progress };
        let outcome = Rc::new(Outcome::new(run_ids.clone(), listeners));
        let call =
            self.0.call(Wanted::List(run_ids), options.call, Rc::clone(&outcome) as _).map_err(error::of_input)?;
        Ok(Box::pin(async move {
            call.make().await.map_err(|failure| outcome.stopped(&failure))?;
            Ok(outcome.to_js())
        }))
    }
}
