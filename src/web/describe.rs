//! Describes foreign values.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::core::message::Shortened;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String, catch)]
    fn text_of(value: &JsValue) -> Result<String, JsValue>;

    /// Fails for a revoked proxy.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// Describes a value, as a part of a sentence: `the string "12345"`, `an object`. `shown` may change a text before it
/// is shortened.
pub fn in_words(value: &JsValue, shown: &dyn Fn(&str) -> String) -> String {
    /// The most characters shown of a text.
    const MOST: usize = 40;
    let kind = value.js_typeof().as_string().unwrap_or_default();
    match kind.as_str() {
        "string" => format!("the string \"{}\"", Shortened(&shown(&value.as_string().unwrap_or_default()), MOST)),
        // Converting a primitive value to a text runs no code of the caller.
        "number" | "bigint" => {
            format!("the {kind} {}", Shortened(&text_of(value).unwrap_or_default(), MOST))
        }
        "boolean" | "undefined" => text_of(value).unwrap_or_default(),
        "object" if value.is_null() => "null".to_owned(),
        "object" if is_array(value).unwrap_or_default() => "an array".to_owned(),
        "object" => "an object".to_owned(),
        _ => format!("a {kind}"),
    }
}

/// Returns the platform's name of an error of `fetch`: `getaddrinfo ENOTFOUND`. Node has it on the cause of the error,
/// other platforms on the error itself.
pub fn reason_of(error: &JsValue) -> Option<String> {
    let member = |value: &JsValue, name: &str| Reflect::get(value, &name.into()).unwrap_or_default();
    [member(error, "cause"), error.clone()].iter().find_map(|error| {
        let code = member(error, "code").as_string().filter(|code| is_name(code))?;
        let call = member(error, "syscall").as_string().filter(|call| is_name(call));
        Some(call.map_or_else(|| code.clone(), |call| format!("{call} {code}")))
    })
}

/// Returns whether a text is a name. A sentence could hold anything.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 60;
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
