//! What JavaScript answers: the clock, chance, and the questions of `platform.js`.

use wasm_bindgen::prelude::*;

use crate::answer::{Json, Strings};
use crate::run_id::RunId;

#[wasm_bindgen]
extern "C" {
    /// Ms on a clock that never goes back.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;

    /// Ms since 1970.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub fn unix_now() -> f64;

    /// From 0 up to 1.
    #[wasm_bindgen(js_namespace = Math)]
    pub fn random() -> f64;

    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    pub fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
}

// The class is for those that need no glue: the module would import them itself, and from elsewhere than the rest.
#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    #[wasm_bindgen(reexport)]
    pub type Direct;
    #[wasm_bindgen(static_method_of = Direct)]
    fn own(value: &JsValue, key: &str) -> JsValue;
    #[wasm_bindgen(static_method_of = Direct, js_name = own)]
    fn own_numbered(value: &JsValue, key: f64) -> JsValue;
    #[wasm_bindgen(static_method_of = Direct, js_name = firstOther)]
    fn first_other(value: &JsValue) -> f64;
    #[wasm_bindgen(static_method_of = Direct, js_name = typeOf)]
    fn type_of(value: &JsValue) -> usize;
    #[wasm_bindgen(static_method_of = Direct, js_name = numberAt)]
    pub fn number_at(list: &js_sys::Array, index: u32) -> f64;
    #[wasm_bindgen(static_method_of = Direct, js_name = firstCode)]
    pub fn first_code(text: &JsValue) -> f64;
    #[wasm_bindgen(static_method_of = Direct, js_name = inBrowser)]
    pub fn in_browser() -> bool;
    #[wasm_bindgen(static_method_of = Direct)]
    pub fn merged(record: &JsValue, over: &JsValue) -> Headers;
    #[wasm_bindgen(static_method_of = Direct)]
    pub fn tell(listener: &js_sys::Function, event: &JsValue);
    #[wasm_bindgen(static_method_of = Direct, js_name = fieldErrors)]
    pub fn field_errors(body: &JsValue) -> JsValue;

    #[wasm_bindgen(catch)]
    pub fn numbers(value: &JsValue, arrays_only: bool) -> Result<Option<Vec<f64>>, JsValue>;
    #[wasm_bindgen(catch)]
    pub fn members(value: &JsValue) -> Result<Option<js_sys::Array>, JsValue>;
    #[wasm_bindgen(js_name = hrefOf, catch)]
    pub fn href_of(url: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = isSignal, catch)]
    pub fn is_signal(value: &JsValue) -> Result<bool, JsValue>;

    /// A record of names and values.
    #[derive(Clone)]
    pub type Headers;
    #[wasm_bindgen(method, indexing_setter)]
    pub fn set(this: &Headers, name: &str, text: &str);

    pub fn list(numbers: &[f64]) -> JsValue;

    #[wasm_bindgen(js_name = refusalBody)]
    pub fn refusal_body(text: &JsValue, whole: bool, key: Option<&str>, mask: &str) -> JsValue;
    #[wasm_bindgen(js_name = namedRuns)]
    pub fn named_runs(detail: &JsValue) -> Vec<u32>;
    #[wasm_bindgen(js_name = keepOnly)]
    pub fn keep_only(runs: &JsValue, ids: &[f64], alone: bool) -> js_sys::Object;
}

/// What is behind a key, `None` for `undefined`.
fn present(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}

/// The values that the engine's parser made, checked where they are.
impl Json for JsValue {
    fn own(&self, key: &str) -> Option<Self> {
        present(Direct::own(self, key))
    }

    fn own_run(&self, id: RunId) -> Option<Self> {
        present(Direct::own_numbered(self, id.as_number()))
    }

    fn strings(&self) -> Strings {
        match Direct::first_other(self) {
            -2.0 => Strings::NotAList,
            -1.0 => Strings::All,
            index => Strings::AllUntil(index as usize),
        }
    }

    fn type_name(&self) -> &'static str {
        const NAMES: [&str; 6] = ["null", "an array", "an object", "a string", "a number", "a boolean"];
        NAMES.get(Direct::type_of(self)).copied().unwrap_or("something else")
    }

    fn element(&self, index: usize) -> Option<Self> {
        js_sys::Array::is_array(self).then(|| js_sys::Array::unchecked_from_js_ref(self).get(index as u32))
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }
}
