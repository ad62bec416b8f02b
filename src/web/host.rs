//! Clocks, random numbers, and the platform.

use std::cell::Cell;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::json::Members;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now, catch)]
    fn performance_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = Date, js_name = now, catch)]
    fn date_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_namespace = Math, js_name = random, catch)]
    fn math_random() -> Result<f64, JsValue>;
}

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(0.0) };
}

/// Returns the time of a monotonic clock, in ms. A patched clock that throws stands still.
pub fn now() -> f64 {
    let now = performance_now().unwrap_or(LAST.get());
    LAST.set(now);
    now
}

/// Returns the time of day, in ms since 1970.
pub fn unix_now() -> f64 {
    date_now().unwrap_or_default()
}

/// Returns a random number from 0 up to 1.
pub fn random() -> f64 {
    math_random().unwrap_or(0.5)
}

/// Returns whether every visitor can read the memory: in a page or a browser's worker, but not on a server with their
/// globals.
pub fn in_browser() -> bool {
    let is_server = is_own("Bun") || is_own("Deno") || is_like_node() || is_cloudflare();
    !is_server && (is_defined(&["document"]) || is_defined(&["WorkerGlobalScope"]))
}

/// Returns the origin of the page or of the browser's worker.
pub fn page_origin() -> Option<String> {
    if in_browser() { global(&["location", "origin"]).as_string() } else { None }
}

/// Returns the API key in the environment of Node, Deno or Bun.
pub fn environment_key() -> Option<String> {
    const NAME: &str = "CAMB_API_KEY";
    let may_read = is_like_node() && !is_cloudflare() && (!is_own("Deno") || deno_may_read(NAME));
    if may_read { global(&["process", "env", NAME]).as_string() } else { None }
}

/// Returns whether Deno allows reading a variable. Otherwise, reading it prompts the user or throws.
fn deno_may_read(variable: &str) -> bool {
    let permissions = global(&["Deno", "permissions"]);
    let permission = Members::new().with("name", "env").with("variable", variable);
    let status = global(&["Deno", "permissions", "querySync"])
        .dyn_into::<Function>()
        .and_then(|query| query.call1(&permissions, permission.as_ref()))
        .and_then(|status| Reflect::get(&status, &"state".into()));
    status.is_ok_and(|state| state.as_string().as_deref() == Some("granted"))
}

fn is_like_node() -> bool {
    is_own("process") && global(&["process", "versions", "node"]).is_truthy()
}

fn is_cloudflare() -> bool {
    global(&["navigator", "userAgent"]).as_string().as_deref() == Some("Cloudflare-Workers")
}

/// Returns a member of the global object by its path; `undefined` where there is none.
pub fn global(path: &[&str]) -> JsValue {
    let member = |object: JsValue, name: &&str| {
        if object.is_undefined() { object } else { Reflect::get(&object, &JsValue::from_str(name)).unwrap_or_default() }
    };
    path.iter().fold(js_sys::global().into(), member)
}

/// Returns whether the global object itself has the member. A page can define inherited members: `<img id=Deno>` makes
/// `Deno` an element.
fn is_own(name: &str) -> bool {
    Object::has_own(&js_sys::global(), &JsValue::from_str(name))
}

fn is_defined(path: &[&str]) -> bool {
    !global(path).is_undefined()
}
