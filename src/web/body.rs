//! Reads bodies up to a limit.
//!
//! The decoded bytes are counted piece by piece: `Content-Length` counts compressed bytes, and a few of them can expand
//! to any number. The pieces are joined and decoded at the end, as decoding each one takes twice as long in Node 20.

use js_sys::{JsString, Symbol, Uint8Array};
use wasm_bindgen::prelude::*;

use super::iterator::{ForeignIterator, method, next_value};
use super::promise::{ignore_rejection, settled};
use super::response::Response;
use crate::core::answer::BodyFault;

#[wasm_bindgen]
extern "C" {
    /// The members of web streams and their readers that this crate uses.
    type StreamLike;

    #[wasm_bindgen(method, getter, catch)]
    fn locked(this: &StreamLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = getReader, catch)]
    fn get_reader_method(this: &StreamLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = getReader, catch)]
    fn get_reader(this: &StreamLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn read(this: &StreamLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &StreamLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    fn is_view(value: &JsValue) -> bool;

    /// A typed array or a `DataView`.
    type View;

    #[wasm_bindgen(method, getter, catch)]
    fn buffer(this: &View) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = byteOffset, catch)]
    fn byte_offset(this: &View) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, getter, js_name = byteLength, catch)]
    fn byte_length(this: &View) -> Result<JsValue, JsValue>;

    /// Unlike js-sys, this catches a lack of memory and a buffer that was resized meanwhile.
    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    fn of_length(length: f64) -> Result<Bytes, JsValue>;

    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    fn of_buffer(buffer: &JsValue, offset: &JsValue, length: &JsValue) -> Result<Bytes, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn set(this: &Bytes, bytes: &Bytes, offset: f64) -> Result<(), JsValue>;

    /// The engine's decoder: drops a BOM and replaces invalid UTF-8, as `Response.json` does. The fallback in
    /// `pkg-template/platform.js` does not, so the global is named.
    #[wasm_bindgen(js_namespace = globalThis)]
    type TextDecoder;

    #[wasm_bindgen(constructor, js_namespace = globalThis, catch)]
    fn new() -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &JsValue) -> Result<JsValue, JsValue>;
}

/// Every engine holds strings of this length; V8 on 32 bits has the lowest limit.
const MAX_TEXT_LENGTH: u64 = (1 << 28) - 16;

/// Why a body was not read to its end.
#[derive(Debug)]
pub struct Broken {
    /// The cause.
    pub why: Why,
    before: Joined,
}

impl Broken {
    /// Returns the text before that, as a JavaScript string. It is decoded only here: an answer that is too large is not.
    pub fn text_before(&self) -> JsValue {
        let text = TextDecoder::new().map_err(Self::from).and_then(|decoder| self.before.text(&decoder));
        text.unwrap_or_else(|_| JsValue::from_str(""))
    }
}

/// The reasons why reading a body fails.
#[derive(Debug)]
pub enum Why {
    /// The body is faulty.
    Fault(BodyFault),
    /// The connection was lost, with the error of the stream.
    Lost(JsValue),
}

impl From<BodyFault> for Broken {
    fn from(fault: BodyFault) -> Self {
        Self { why: Why::Fault(fault), before: Joined::default() }
    }
}

/// Converts any exception of an access: this is not a body.
impl From<JsValue> for Broken {
    fn from(_thrown: JsValue) -> Self {
        BodyFault::NotAResponse.into()
    }
}

/// The source of the pieces of a body.
enum Source {
    /// The reader of a web stream.
    Reader(StreamLike),
    /// The iterator of a Node stream, as in node-fetch.
    Iterator(ForeignIterator),
    /// The body has ended.
    Ended,
}

/// The pieces of a body. Dropping them before the end cancels the stream, for streams that no signal reaches.
struct Pieces(Source);

impl Pieces {
    /// Begins to read a body. Returns `None` if it is not a stream.
    fn of(body: &JsValue) -> Result<Option<Self>, JsValue> {
        if !body.is_object() {
            return Ok(None);
        }
        let stream: &StreamLike = body.unchecked_ref();
        if stream.get_reader_method()?.is_function() {
            let reader = stream.get_reader()?.unchecked_into();
            return Ok(Some(Self(Source::Reader(reader))));
        }
        let iterator = ForeignIterator::open(body, &method(body, &Symbol::async_iterator())?)?;
        Ok(iterator.map(|iterator| Self(Source::Iterator(iterator))))
    }

    /// Returns the result of the next read. Fails with the error of the stream.
    async fn next(&self) -> Result<JsValue, JsValue> {
        let result = match &self.0 {
            Source::Reader(reader) => reader.read(),
            Source::Iterator(iterator) => iterator.next(),
            Source::Ended => Ok(JsValue::UNDEFINED),
        };
        settled(&result?)?.await
    }

    /// Returns a text of a Node stream as bytes. A web stream may give bytes only.
    fn as_bytes(&self, piece: JsValue) -> JsValue {
        match (&self.0, piece.as_string()) {
            (Source::Iterator(_), Some(text)) => Uint8Array::from(text.as_bytes()).into(),
            _ => piece,
        }
    }

    /// Notes that the stream has ended: there is nothing left to cancel.
    fn finished(&mut self) {
        self.0 = Source::Ended;
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        match &self.0 {
            Source::Reader(reader) => cancel(reader),
            Source::Iterator(iterator) => {
                if let Ok(Some(closed)) = iterator.close() {
                    ignore_rejection(&closed);
                }
            }
            Source::Ended => {}
        }
    }
}

/// Cancels a stream or its reader. Ignores other values.
fn cancel(stream: &JsValue) {
    if stream.is_object()
        && let Ok(cancelled) = stream.unchecked_ref::<StreamLike>().cancel()
    {
        ignore_rejection(&cancelled);
    }
}

/// Cancels the body of a response that is not read.
pub fn discard(response: &Response) {
    if let Ok(body) = response.body() {
        cancel(&body);
    }
}

/// Reads a body of at most `max_bytes`. Returns its text as a JavaScript string.
pub async fn text(response: &Response, max_bytes: u64) -> Result<JsValue, Broken> {
    let body = response.body()?;
    if body.is_null() {
        return Ok(JsValue::from_str(""));
    }
    let is_locked = body.is_object() && body.unchecked_ref::<StreamLike>().locked()?.is_truthy();
    if is_locked || response.is_used()? {
        return Err(BodyFault::AlreadyRead.into());
    }
    // Jest's jsdom environment has no decoder. React Native and some test doubles have no stream.
    let Ok(decoder) = TextDecoder::new() else { return whole_text(response, max_bytes).await };
    match Pieces::of(&body)? {
        Some(pieces) => joined_text(pieces, &decoder, max_bytes).await,
        None => whole_text(response, max_bytes).await,
    }
}

async fn joined_text(mut pieces: Pieces, decoder: &TextDecoder, max_bytes: u64) -> Result<JsValue, Broken> {
    let mut joined = Joined::default();
    let why = loop {
        let result = match pieces.next().await {
            Ok(result) => result,
            Err(cause) => break Why::Lost(cause),
        };
        let Some(piece) = next_value(&result)? else {
            pieces.finished();
            return joined.text(decoder);
        };
        if joined.add(pieces.as_bytes(piece))? > max_bytes {
            break Why::Fault(BodyFault::TooLarge { max_bytes });
        }
    };
    Err(Broken { why, before: joined })
}

/// The pieces of a body so far.
#[derive(Debug, Default)]
struct Joined {
    pieces: Vec<(JsValue, u64)>,
    bytes: u64,
}

impl Joined {
    /// Adds a piece. Returns the number of bytes so far.
    fn add(&mut self, piece: JsValue) -> Result<u64, Broken> {
        if !is_view(&piece) {
            return Err(BodyFault::NotAResponse.into());
        }
        let bytes = piece.unchecked_ref::<View>().byte_length()?.as_f64().ok_or(BodyFault::NotAResponse)? as u64;
        self.bytes = self.bytes.saturating_add(bytes);
        self.pieces.push((piece, bytes));
        Ok(self.bytes)
    }

    /// Returns the text of all pieces.
    fn text(&self, decoder: &TextDecoder) -> Result<JsValue, Broken> {
        let decoded = match self.pieces.as_slice() {
            [(piece, _)] => decoder.decode(piece),
            pieces => self.join(pieces).and_then(|bytes| decoder.decode(&bytes)),
        };
        // The pieces are bytes, so decoding fails only if the text is too long for the engine.
        let too_long = self.bytes > MAX_TEXT_LENGTH;
        decoded.map_err(|_| if too_long { BodyFault::TooLong } else { BodyFault::NotAResponse }.into())
    }

    fn join(&self, pieces: &[(JsValue, u64)]) -> Result<Bytes, JsValue> {
        let joined = Bytes::of_length(self.bytes as f64)?;
        let mut offset: u64 = 0;
        for (piece, bytes) in pieces {
            let view: &View = piece.unchecked_ref();
            let piece = Bytes::of_buffer(&view.buffer()?, &view.byte_offset()?, &view.byte_length()?)?;
            joined.set(&piece, offset as f64)?;
            offset = offset.saturating_add(*bytes);
        }
        Ok(joined)
    }
}

/// Reads the text of a body at once.
async fn whole_text(response: &Response, max_bytes: u64) -> Result<JsValue, Broken> {
    /// A UTF-16 unit takes three bytes of UTF-8 at most.
    const MAX_BYTES_PER_UNIT: u64 = 3;
    let text = match settled(&response.text()?)?.await {
        Ok(text) => text,
        Err(cause) => return Err(Broken { why: Why::Lost(cause), before: Joined::default() }),
    };
    if !text.is_string() {
        return Err(BodyFault::NotAResponse.into());
    }
    let units = u64::from(text.unchecked_ref::<JsString>().length());
    let is_small = units.saturating_mul(MAX_BYTES_PER_UNIT) <= max_bytes;
    // Bytes are counted only near the limit, as counting copies the text.
    let bytes = || text.as_string().map_or(0, |text| text.len() as u64);
    if is_small || (units <= max_bytes && bytes() <= max_bytes) {
        Ok(text)
    } else {
        Err(BodyFault::TooLarge { max_bytes }.into())
    }
}
