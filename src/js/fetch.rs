//! The one place that calls `fetch` and reads a body.
//!
//! What comes back is not trusted to be a `Response`: a caller's own `fetch` may give anything, and a `Response` of
//! another realm is none to `instanceof`. So its members are asked for by name, each with `catch`.

use js_sys::{Array, Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::error::Failure;
use crate::error::Error;

#[wasm_bindgen]
extern "C" {
    // Looked up at each call, so that what replaces it on the page or in a test takes part.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &str, init: &Init) -> Result<JsValue, JsValue>;

    /// A `RequestInit`. Neither `credentials`, `mode`, `cache` nor `referrerPolicy`: some versions of workerd throw on
    /// them.
    #[wasm_bindgen(extends = Object)]
    type Init;
    #[wasm_bindgen(method, setter)]
    fn set_method(this: &Init, method: &str);
    #[wasm_bindgen(method, setter)]
    fn set_headers(this: &Init, headers: &Object);
    #[wasm_bindgen(method, setter)]
    fn set_body(this: &Init, body: &str);
    #[wasm_bindgen(method, setter)]
    fn set_redirect(this: &Init, redirect: &str);
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &Init, signal: &AbortSignal);

    /// What `fetch` resolved with.
    type Response;
    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn headers(this: &Response) -> Result<Headers, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn body(this: &Response) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<Promise, JsValue>;

    type Headers;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Headers, name: &str) -> Result<JsValue, JsValue>;

    type Stream;
    #[wasm_bindgen(method, js_name = getReader, catch)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;

    type Reader;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Promise, JsValue>;

    type Chunk;
    #[wasm_bindgen(method, getter, catch)]
    fn done(this: &Chunk) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn value(this: &Chunk) -> Result<JsValue, JsValue>;

    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextDecoder;
    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// Used for whole bodies only, so it keeps no state from one to the next. It drops a BOM and mends what is no UTF-8,
    /// as `Response.json` does.
    static DECODER: TextDecoder = TextDecoder::new();
}

/// A request on its way, or its answer while the body is read. Dropped before its end, it is aborted.
#[must_use = "an exchange that is dropped is aborted"]
pub struct Exchange {
    controller: AbortController,
    response: Response,
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
}

impl Body {
    /// What a body is that is not JSON.
    pub fn looks_like(&self) -> &'static str {
        match self.text.as_string().as_deref().map(str::trim_start) {
            Some("") => "an empty body",
            Some(text) if text.starts_with('<') => "HTML or XML",
            _ => "something else, or JSON that breaks off",
        }
    }
}

impl Exchange {
    /// Sends a POST and waits for status and headers.
    pub async fn post(fetch: Option<&Function>, url: &str, headers: &Object, body: &str) -> Result<Self, Failure> {
        let controller = AbortController::new().map_err(Failure::network)?;
        let init: Init = Object::new().unchecked_into();
        init.set_method("POST");
        init.set_headers(headers);
        init.set_body(body);
        // Followed, a redirect would carry the key to wherever it points; as an error, it would look like a lost
        // connection.
        init.set_redirect("manual");
        init.set_signal(&controller.signal());
        // Made before the wait, so that dropping the wait aborts the request.
        let mut exchange = Self { controller, response: JsValue::UNDEFINED.unchecked_into(), finished: false };
        let sent = match fetch {
            Some(fetch) => fetch.call2(&JsValue::UNDEFINED, &url.into(), &init),
            None => global_fetch(url, &init),
        };
        let response = settled(sent).await.map_err(Failure::network)?;
        if !response.is_object() {
            return Err(not_a_response());
        }
        exchange.response = response.unchecked_into();
        Ok(exchange)
    }

    /// The HTTP status; 0 for a redirect that a browser hides.
    pub fn status(&self) -> Result<u16, Failure> {
        let status = self.response.status().ok().and_then(|status| status.as_f64());
        status.map(|status| status as u16).ok_or_else(not_a_response)
    }

    /// A header, where the service sends it and, in a page, exposes it.
    pub fn header(&self, name: &str) -> Option<String> {
        self.response.headers().ok()?.get(name).ok()?.as_string()
    }

    /// Reads the body, decoded, up to a number of bytes. It is counted piece by piece: `Content-Length` says how many
    /// bytes travel, and a few of them can unpack to any number.
    pub async fn read_body(mut self, most_bytes: f64) -> Result<Body, Failure> {
        let stream = self.response.body().map_err(|_| not_a_response())?;
        let body = if stream.is_null() {
            Body { text: "".into(), end: BodyEnd::Whole }
        } else if stream.is_undefined() {
            // React Native and some doubles have no streams.
            self.read_at_once(most_bytes).await?
        } else {
            read_stream(&stream.unchecked_into(), most_bytes).await?
        };
        self.finished = matches!(body.end, BodyEnd::Whole);
        Ok(body)
    }

    async fn read_at_once(&self, most_bytes: f64) -> Result<Body, Failure> {
        let text = self.response.text().map_err(|_| not_a_response())?;
        let text = JsFuture::from(text).await.map_err(Failure::network)?;
        let length = text.dyn_ref::<js_sys::JsString>().map(js_sys::JsString::length).ok_or_else(not_a_response)?;
        let end = if f64::from(length) > most_bytes { BodyEnd::TooLarge } else { BodyEnd::Whole };
        Ok(Body { text, end })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.finished {
            self.controller.abort();
        }
    }
}

async fn read_stream(stream: &Stream, most_bytes: f64) -> Result<Body, Failure> {
    let already_read = || Failure::from(Error::body("a body that is still to be read", "one that was already read"));
    let reader = ReaderGuard(stream.get_reader().map_err(|_| already_read())?);
    let chunks = Array::new();
    let mut length = 0.0;
    let end = loop {
        let chunk = match settled(reader.0.read().map(JsValue::from)).await {
            Ok(chunk) => chunk.unchecked_into::<Chunk>(),
            Err(cause) => break BodyEnd::Broken(cause),
        };
        if chunk.done().unwrap_or(true) {
            break BodyEnd::Whole;
        }
        let bytes = chunk.value().ok().filter(js_sys::ArrayBuffer::is_view).ok_or_else(not_a_response)?;
        let bytes: Uint8Array = bytes.unchecked_into();
        let with_it = length + f64::from(bytes.byte_length());
        if with_it > most_bytes {
            break BodyEnd::TooLarge;
        }
        length = with_it;
        chunks.push(&bytes);
    };
    if matches!(end, BodyEnd::Whole) {
        reader.finish();
    }
    let text = DECODER.with(|decoder| decoder.decode(&joined(&chunks, length)));
    // The engine's longest string is shorter than some bodies.
    let text = text.map_err(|_| Failure::from(Error::body("a body that fits a string", "a larger one")))?;
    Ok(Body { text, end })
}

/// The chunks as one; most bodies come in one, which is used as it is.
fn joined(chunks: &Array, length: f64) -> Uint8Array {
    if chunks.length() == 1 {
        return chunks.get(0).unchecked_into();
    }
    let all = Uint8Array::new(&length.into());
    let mut offset = 0_u32;
    for chunk in chunks.iter() {
        let chunk: Uint8Array = chunk.unchecked_into();
        all.set(&chunk, offset);
        offset = offset.saturating_add(chunk.byte_length());
    }
    all
}

/// Cancels the stream when it is dropped before its end, for streams that no signal reaches.
struct ReaderGuard(Reader);

impl ReaderGuard {
    /// The stream is at its end: nothing is left to cancel.
    fn finish(self) {
        std::mem::forget(self);
    }
}

impl Drop for ReaderGuard {
    fn drop(&mut self) {
        if let Ok(cancelled) = self.0.cancel() {
            // Listened to, so that a cancel that fails is no unhandled rejection.
            drop(JsFuture::from(cancelled));
        }
    }
}

/// Waits for what was given, a promise or the value itself; what was thrown counts as a rejection.
async fn settled(given: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&given?)).await
}

fn not_a_response() -> Failure {
    Error::body("a Response from fetch", "something else").into()
}
