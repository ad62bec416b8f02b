//! Values that JavaScript callers give and get, see `values.js`.

use js_sys::{Array, Function, Promise, Set};
use translation_results::npm;
use translation_results::npm::client::Client;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::doubles::parse;

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = makeError)]
    static MAKE_ERROR: Function;
}

#[wasm_bindgen(module = "/tests/web_npm/values.js")]
extern "C" {
    fn options(fetch: &Function, rest: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = withMember)]
    pub fn with_member(object: &JsValue, key: &str, value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = source)]
    fn source_of(values: &JsValue, is_async: bool) -> JsValue;
    #[wasm_bindgen(js_name = silentSource)]
    pub fn silent_source() -> JsValue;
    #[wasm_bindgen(js_name = throwingSource)]
    pub fn throwing_source(values: &JsValue, cause: &JsValue) -> JsValue;
    pub fn listener(then: &str) -> Function;
    #[wasm_bindgen(js_name = keepParsed)]
    pub fn keep_parsed(wanted: &str) -> Parsed;
    pub fn classes(value: &JsValue) -> Vec<String>;
    pub fn keys(value: &JsValue) -> Vec<String>;
    pub fn has(value: &JsValue, key: &str) -> bool;

    pub type Parsed;
    #[wasm_bindgen(method, getter)]
    pub fn values(this: &Parsed) -> Array;
    #[wasm_bindgen(method)]
    pub fn restore(this: &Parsed);
}

pub const NONE: JsValue = JsValue::UNDEFINED;

thread_local! {
    static UNDER_WAY: UnderWay = UnderWay::default();
}

/// The promises and requests that the shell ends after a trap.
#[derive(Clone, Default)]
pub struct UnderWay {
    /// The functions that reject the pending promises.
    pub promises: Set,
    /// The controllers of the requests.
    pub requests: Set,
}

/// Sets up the module, as the package's shell does.
pub fn set_up() -> UnderWay {
    let under_way = UNDER_WAY.with(Clone::clone);
    npm::set_up(MAKE_ERROR.with(Function::clone), under_way.promises.clone(), under_way.requests.clone());
    under_way
}

/// Returns a client with a key that sends through a double. `rest` is JSON, the client's other options.
pub fn client(fetch: &Function, rest: &str) -> Client {
    set_up();
    Client::new(&options(fetch, &parse(rest))).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the run ids 7 and 8.
pub fn ids() -> JsValue {
    parse("[7,8]")
}

/// Returns the run ids from `first` to `last`.
pub fn range(first: u32, last: u32) -> JsValue {
    (first..=last).map(JsValue::from).collect::<Array>().into()
}

/// Returns an iterable of JSON values that counts what is read, and whether it is closed.
pub fn source(values: &JsValue, is_async: bool) -> JsValue {
    source_of(values, is_async)
}

/// Returns options of a call with a signal. `rest` is JSON, the other options.
pub fn with_signal(rest: &str, controller: &web_sys::AbortController) -> JsValue {
    with_member(&parse(rest), "signal", &controller.signal())
}

pub async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// Asks for the runs 7 and 8. The call must fail.
pub async fn failed(fetch: &Function, rest: &str) -> JsValue {
    let call = client(fetch, rest).get_results(&ids(), &NONE);
    settled(call).await.expect_err("a result where a failure was due")
}

/// Fails if two values are not the same, by `Object.is`.
#[track_caller]
pub fn assert_same(left: &JsValue, right: &JsValue) {
    assert!(js_sys::Object::is(left, right), "{left:?} is not {right:?}");
}
