//! The one place that knows `fetch`: a request on its way, and its answer.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::error::Failure;
use super::platform::Headers;
use super::settle::Settled;
use crate::error::Error;

#[wasm_bindgen(module = "/src/js/exchange.js")]
extern "C" {
    #[wasm_bindgen(js_name = Exchange)]
    type Wire;
    #[wasm_bindgen(constructor, js_class = "Exchange")]
    fn new() -> Wire;
    #[wasm_bindgen(method, js_class = "Exchange")]
    fn send(this: &Wire, fetch: Option<&Function>, url: &str, headers: &Headers, body: &str) -> Promise;
    #[wasm_bindgen(method, js_class = "Exchange")]
    fn status(this: &Wire) -> f64;
    #[wasm_bindgen(method, js_class = "Exchange")]
    fn header(this: &Wire, name: &str) -> Option<String>;
    #[wasm_bindgen(method, js_class = "Exchange", js_name = readText)]
    fn read_text(this: &Wire, most_bytes: f64) -> Promise;
    #[wasm_bindgen(method, js_class = "Exchange")]
    fn cancel(this: &Wire);
}

/// A request on its way, or its answer while the body is read. Dropped before its end, it is aborted.
#[must_use = "an exchange that is dropped is aborted"]
pub struct Exchange {
    wire: Wire,
    finished: bool,
}

/// A body as far as it was read, as a JavaScript string.
pub struct Body {
    pub text: JsValue,
    pub end: BodyEnd,
}

/// Why no more of a body was read.
pub enum BodyEnd {
    /// All of it was.
    Whole,
    /// It is larger than it may be.
    TooLarge,
    /// The stream broke, with this cause.
    Broken(JsValue),
    /// Somebody else has read it.
    AlreadyRead,
    /// What `fetch` gave is no `Response`.
    NoResponse,
}

impl Body {
    /// The text of a body that is whole.
    pub fn into_whole(self) -> Result<JsValue, Box<Failure>> {
        let error = match self.end {
            BodyEnd::Whole => return Ok(self.text),
            BodyEnd::Broken(cause) => return Err(Failure::network(cause)),
            BodyEnd::TooLarge => Error::body("a body within maxResponseBytes", "a larger one"),
            BodyEnd::AlreadyRead => Error::body("a body that is still to be read", "one that was already read"),
            BodyEnd::NoResponse => no_response(),
        };
        Err(error.into())
    }
}

impl Exchange {
    /// Sends a POST and waits for status and headers.
    pub async fn post(
        fetch: Option<&Function>,
        url: &str,
        headers: &Headers,
        body: &str,
    ) -> Result<Self, Box<Failure>> {
        // Made before the wait, so that dropping the wait aborts the request.
        let exchange = Self { wire: Wire::new(), finished: false };
        let sent = exchange.wire.send(fetch, url, headers, body);
        Settled::promise(&sent).await.map_err(Failure::network)?;
        Ok(exchange)
    }

    /// The HTTP status; 0 for a redirect that a browser hides.
    pub fn status(&self) -> Result<u16, Box<Failure>> {
        let status = self.wire.status();
        // A range of numbers holds no NaN, and HTTP has no further statuses (RFC 9110 section 15).
        let is_status = (0.0..600.0).contains(&status) && status.fract() == 0.0;
        if is_status { Ok(status as u16) } else { Err(no_response().into()) }
    }

    /// A header, where the service sends it and, in a page, exposes it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.wire.header(name)
    }

    /// Reads the body, decoded, up to a number of bytes.
    pub async fn read_body(mut self, most_bytes: f64) -> Body {
        // It never rejects; if it did, what came would be no body either.
        let read: Array = Settled::promise(&self.wire.read_text(most_bytes)).await.unwrap_or_default().unchecked_into();
        let end = match read.get(1).as_f64() {
            Some(0.0) => BodyEnd::Whole,
            Some(1.0) => BodyEnd::TooLarge,
            Some(2.0) => BodyEnd::Broken(read.get(2)),
            Some(3.0) => BodyEnd::AlreadyRead,
            _ => BodyEnd::NoResponse,
        };
        self.finished = matches!(end, BodyEnd::Whole);
        Body { text: read.get(0), end }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.finished {
            self.wire.cancel();
        }
    }
}

fn no_response() -> Error {
    Error::body("a Response from fetch", "something else")
}
