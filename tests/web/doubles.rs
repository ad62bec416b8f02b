//! Doubles of `fetch` and of callers' values, see `doubles.js`, and short names for what all tests need.

#![allow(dead_code, reason = "both test targets include this module, and each uses a part of it")]

use std::task::{Context, Waker};

use js_sys::{Function, Promise};
use translation_results::{
    Batch, Client, ClientOptions, Error, RunId, StreamItem, TranslationResult, TranslationResults,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen(module = "/tests/web/doubles.js")]
extern "C" {
    pub fn ok(body: &str) -> Function;
    #[wasm_bindgen(variadic)]
    fn answering(answers: &JsValue) -> Function;
    #[wasm_bindgen(js_name = inPieces, variadic)]
    pub fn in_pieces(pieces: &JsValue) -> Function;
    pub fn silent() -> Function;
    pub fn endless() -> Function;
    pub fn stalled() -> Function;
    pub fn late(ms: f64) -> Function;
    #[wasm_bindgen(js_name = cutOff)]
    pub fn cut_off(cause: &JsValue) -> Function;
    pub fn failing(cause: &JsValue) -> Function;
    pub fn throwing(cause: &JsValue) -> Function;
    pub fn giving(value: &JsValue) -> Function;
    #[wasm_bindgen(js_name = service)]
    fn service_of(rules: &JsValue) -> Function;
    #[wasm_bindgen(js_name = asked)]
    fn asked_of(fetch: &Function) -> JsValue;
    #[wasm_bindgen(js_name = countedController)]
    pub fn counted_controller() -> web_sys::AbortController;
    #[wasm_bindgen(js_name = countTimers)]
    fn count_timers() -> TimerCount;
    #[wasm_bindgen(js_name = wait)]
    fn promise_of_wait(ms: f64) -> Promise;
    pub fn at(value: &JsValue, path: &str) -> JsValue;
    pub fn json(value: &JsValue) -> Option<String>;
    pub fn parse(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = isPage)]
    pub fn is_page() -> bool;
    pub fn pollute(key: &str, text: &str) -> Pollution;

    pub type Pollution;
    #[wasm_bindgen(method)]
    pub fn restore(this: &Pollution);

    type TimerCount;
    #[wasm_bindgen(method)]
    fn open(this: &TimerCount) -> u32;
    #[wasm_bindgen(method, js_name = restore)]
    fn end(this: &TimerCount);
}

/// An answer with the runs 7 and 8.
pub const WHOLE: &str = r#"{"7":{"texts":["a","b"]},"8":{"texts":[]}}"#;

/// Returns a double that gives these answers: a JSON array of `[status, body, headers]`.
pub fn answers(answers: &str) -> Function {
    answering(&parse(answers))
}

/// Returns a double that answers as the service does. The rules are JSON.
pub fn service(rules: &str) -> Function {
    service_of(&parse(rules))
}

/// Returns the run ids that a double was asked for, as JSON: a list for each POST, a number for each GET.
pub fn asked(fetch: &Function) -> String {
    json(&asked_of(fetch)).unwrap()
}

/// Returns how many requests a double has got.
pub fn requests(fetch: &Function) -> usize {
    at(fetch, "calls.length").as_f64().unwrap() as usize
}

/// Returns the value at the end of a path, as JSON.
pub fn text(value: &JsValue, path: &str) -> String {
    json(&at(value, path)).unwrap_or_else(|| "undefined".into())
}

/// Waits, with a timer that [`Timers`] does not count.
pub async fn wait(ms: f64) {
    JsFuture::from(promise_of_wait(ms)).await.unwrap();
}

/// Waits until a condition holds, for 4 s at most.
pub async fn until(condition: impl Fn() -> bool) {
    for _ in 0..800 {
        if condition() {
            return;
        }
        wait(5.0).await;
    }
    panic!("the condition does not hold");
}

/// Polls a task at once, and spawns the rest of it.
pub fn start_now(task: impl Future<Output = ()> + 'static) {
    let mut task = Box::pin(task);
    if task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
        spawn_local(task);
    }
}

/// Returns the pages of the linear memory, and the size of the table of JavaScript values.
fn memory() -> (f64, f64) {
    const PAGE_BYTES: f64 = 65_536.0;
    let size = |object: &JsValue, path: &str| text(object, path).parse::<f64>().unwrap();
    let pages = size(&wasm_bindgen::memory(), "buffer.byteLength") / PAGE_BYTES;
    (pages, size(&wasm_bindgen::exports(), "__wbindgen_externrefs.length"))
}

/// Runs rounds, and expects that the memory stays as it is after the first ones. The allocator may take one more page
/// for gaps, so there must be enough rounds for a leak to take several.
pub async fn expect_same_memory(rounds: usize, first_rounds: usize, mut round: impl AsyncFnMut()) {
    let mut after_the_first = Default::default();
    for number in 1..=rounds {
        round().await;
        if number == first_rounds {
            after_the_first = memory();
        }
    }
    let ((first_pages, first_table), (pages, table)) = (after_the_first, memory());
    assert_eq!(table, first_table, "values of JavaScript's");
    assert!(pages <= first_pages + 1.0, "{pages} pages after {first_pages}");
}

/// Watches the timers of the module until it is dropped.
pub struct Timers(TimerCount);

impl Timers {
    pub fn watch() -> Self {
        Self(count_timers())
    }

    /// Returns how many have neither fired nor been cleared.
    pub fn open(&self) -> u32 {
        self.0.open()
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        self.0.end();
    }
}

pub fn id(id: u64) -> RunId {
    RunId::new(id).unwrap()
}

pub fn ids(ids: impl IntoIterator<Item = u64>) -> Vec<RunId> {
    ids.into_iter().map(id).collect()
}

/// Returns the batch of the runs 7 and 8.
pub fn batch() -> Batch {
    Batch::try_from([id(7), id(8)]).unwrap()
}

/// Returns options with a key that send through a double.
pub fn options(fetch: &Function) -> ClientOptions {
    ClientOptions::new().api_key("test-key").dangerously_allow_browser(true).fetch(fetch.clone())
}

/// Returns a client that sends through a double.
pub fn client(fetch: &Function) -> Client {
    Client::new(options(fetch)).unwrap()
}

/// Makes a typed result.
pub fn result(texts: &[&str]) -> TranslationResult {
    TranslationResult { texts: texts.iter().map(|&text| text.into()).collect() }
}

/// Makes typed results of runs and their texts.
pub fn results<const N: usize>(runs: [(u64, &[&str]); N]) -> TranslationResults {
    runs.into_iter().map(|(run_id, texts)| (id(run_id), result(texts))).collect()
}

/// Returns the results that [`service`] gives for these runs.
pub fn results_of(run_ids: impl IntoIterator<Item = u64>) -> TranslationResults {
    run_ids.into_iter().map(|run_id| (id(run_id), result(&[&format!("t{run_id}")]))).collect()
}

/// Returns the item of a run that [`service`] has a result for.
pub fn item_of(run_id: u64) -> StreamItem {
    StreamItem { run_id: id(run_id), result: Ok(result(&[&format!("t{run_id}")])) }
}

/// Asks for the runs 7 and 8 through a double. The call must fail.
pub async fn failed(options: ClientOptions) -> Error {
    let client = Client::new(options).unwrap();
    client.get_results(batch()).await.expect_err("a result where a failure was due")
}
