//! URLs as the platform's parser writes them.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::host::global;

/// Resolves a URL, a relative one against the page or the worker's script. Returns `None` if it is not a URL.
pub fn resolve(url: &str) -> Option<String> {
    let page = [global(&["document", "baseURI"]), global(&["location", "href"])];
    let base = page.iter().find_map(JsValue::as_string);
    let parsed = match base {
        Some(base) => Url::new_with_base(url, &base),
        None => Url::new(url),
    };
    parsed.ok().map(|url| url.href())
}

/// Returns the `href` of a `URL` of any realm. Fails with the value that its getter throws.
pub fn href(url: &JsValue) -> Result<JsValue, JsValue> {
    Reflect::get(url, &"href".into())
}
