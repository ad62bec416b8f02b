//! The value that `fetch` resolved to. It may be the platform's `Response`, a polyfill's, a test double, or any other value.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The members of a `Response` that this crate uses.
    type ResponseLike;

    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn redirected(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = type, catch)]
    fn kind(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &ResponseLike) -> Result<HeadersLike, JsValue>;

    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = bodyUsed, catch)]
    fn body_used(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn text(this: &ResponseLike) -> Result<JsValue, JsValue>;

    /// The members of `Headers` that this crate uses. web-sys assumes that `get` returns a string; a double need not.
    type HeadersLike;

    #[wasm_bindgen(method, catch)]
    fn get(this: &HeadersLike, name: &str) -> Result<JsValue, JsValue>;
}

/// A response. Every access may throw.
#[derive(Clone, Debug)]
pub struct Response(JsValue);

impl Response {
    /// Wraps the value that `fetch` gave.
    pub fn new(given: JsValue) -> Self {
        Self(given)
    }

    fn like(&self) -> &ResponseLike {
        self.0.unchecked_ref()
    }

    /// Returns the HTTP status (RFC 9110 section 15), `None` if there is none. It is 0 for a redirect that a browser
    /// hides or a caller's `fetch` has followed: the answer may come from anywhere.
    pub fn status(&self) -> Option<u16> {
        let status = self.like().status().ok()?.as_f64()?;
        if self.like().redirected().ok()?.is_truthy() {
            return Some(0);
        }
        if status == 0.0 {
            let is_hidden = self.like().kind().ok()?.as_string()? == "opaqueredirect";
            return is_hidden.then_some(0);
        }
        let is_status = status.fract() == 0.0 && (1.0..1000.0).contains(&status);
        is_status.then_some(status as u16)
    }

    /// Returns a header, if the service sends it and, in a page, exposes it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.like().headers().ok()?.get(name).ok()?.as_string()
    }

    /// Returns the body; `null` if there is none. Fails with the value that its getter throws.
    pub fn body(&self) -> Result<JsValue, JsValue> {
        self.like().body()
    }

    /// Returns whether other code has read the body. Fails with the value that its getter throws.
    pub fn is_used(&self) -> Result<bool, JsValue> {
        Ok(self.like().body_used()?.is_truthy())
    }

    /// Begins to read the whole body as a text.
    pub fn text(&self) -> Result<JsValue, JsValue> {
        self.like().text()
    }
}
