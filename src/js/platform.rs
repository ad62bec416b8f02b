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

#[wasm_bindgen(module = "/src/js/platform.js")]
extern "C" {
    fn own(value: &JsValue, key: &str) -> JsValue;
    #[wasm_bindgen(js_name = own)]
    fn own_numbered(value: &JsValue, key: f64) -> JsValue;
    #[wasm_bindgen(js_name = firstOther)]
    fn first_other(value: &JsValue) -> f64;
    #[wasm_bindgen(js_name = typeOf)]
    fn type_of(value: &JsValue) -> String;

    #[wasm_bindgen(catch)]
    pub fn numbers(value: &JsValue, arrays_only: bool) -> Result<Option<Vec<f64>>, JsValue>;
    #[wasm_bindgen(catch)]
    pub fn members(value: &JsValue) -> Result<Option<Vec<JsValue>>, JsValue>;
    #[wasm_bindgen(js_name = resolveUrl, catch)]
    pub fn resolve_url(url: &JsValue) -> Result<String, JsValue>;
    #[wasm_bindgen(js_name = inBrowser)]
    pub fn in_browser() -> bool;

    #[wasm_bindgen(js_name = abortedBy, catch)]
    pub fn aborted_by(signal: &JsValue) -> Result<Option<js_sys::Array>, JsValue>;
    pub fn tell(listener: &js_sys::Function, event: &JsValue);

    #[wasm_bindgen(js_name = refusalBody)]
    pub fn refusal_body(text: &JsValue, whole: bool, key: Option<&str>, mask: &str) -> JsValue;
    #[wasm_bindgen(js_name = fieldErrors)]
    pub fn field_errors(body: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = keepOnly)]
    pub fn keep_only(runs: &JsValue, ids: &[f64]) -> js_sys::Object;
}

/// What is behind a key, `None` for `undefined`.
fn present(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined()).then_some(value)
}

/// The values that the engine's parser made, checked where they are.
impl Json for JsValue {
    fn own(&self, key: &str) -> Option<Self> {
        present(own(self, key))
    }

    fn own_run(&self, id: RunId) -> Option<Self> {
        present(own_numbered(self, id.as_number()))
    }

    fn strings(&self) -> Strings {
        match first_other(self) {
            -2.0 => Strings::NotAList,
            -1.0 => Strings::All,
            index => Strings::AllUntil(index as usize),
        }
    }

    fn type_name(&self) -> &'static str {
        match type_of(self).as_str() {
            "null" => "null",
            "array" => "an array",
            "object" => "an object",
            "string" => "a string",
            "number" => "a number",
            "boolean" => "a boolean",
            _ => "something else",
        }
    }

    fn element(&self, index: usize) -> Option<Self> {
        js_sys::Array::is_array(self).then(|| js_sys::Array::unchecked_from_js_ref(self).get(index as u32))
    }

    fn as_text(&self) -> Option<String> {
        self.as_string()
    }
}
