//! Reads bodies up to a limit.
//!
//! The decoded bytes are counted piece by piece: `Content-Length` says how many bytes travel, and a few of them can unpack to
//! any number.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::json::Members;
use super::promise::{ignore_rejection, next_value, settled};
use super::response::Response;
use crate::core::answer::BodyFault;

#[wasm_bindgen]
extern "C" {
    /// What is used of a body and of its reader.
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

    #[wasm_bindgen(method, getter, js_name = byteLength, catch)]
    fn byte_length(this: &View) -> Result<JsValue, JsValue>;

    /// The engine's decoder: drops a BOM and mends what is not UTF-8, as `Response.json` does. The stand-in of
    /// `pkg-template/platform.js` does not, so the global is named.
    #[wasm_bindgen(js_namespace = globalThis)]
    type TextDecoder;

    #[wasm_bindgen(constructor, js_namespace = globalThis, catch)]
    fn new() -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, piece: &JsValue, options: &JsValue) -> Result<Text, JsValue>;

    /// A string. js-sys's does not catch where it gets longer than the engine allows.
    #[wasm_bindgen(extends = JsString)]
    type Text;

    #[wasm_bindgen(method, catch)]
    fn concat(this: &Text, more: &Text) -> Result<Text, JsValue>;
}

thread_local! {
    /// `{ stream: true }`
    static STREAM: JsValue = Members::new().with("stream", true).into();
}

/// Why a body was not read to its end.
#[derive(Debug)]
pub struct Broken {
    /// What happened.
    pub why: Why,
    /// The text that had come before, as JavaScript has it.
    pub before: JsValue,
}

/// What can happen to a body.
#[derive(Debug)]
pub enum Why {
    /// It is not what it should be.
    Fault(BodyFault),
    /// The connection was lost: what the stream failed with.
    Lost(JsValue),
}

impl From<BodyFault> for Broken {
    fn from(fault: BodyFault) -> Self {
        Self { why: Why::Fault(fault), before: JsValue::from_str("") }
    }
}

/// Anything that an access throws: this is not a body.
impl From<JsValue> for Broken {
    fn from(_thrown: JsValue) -> Self {
        BodyFault::NotAResponse.into()
    }
}

/// The reader of a body. Dropping it before the end cancels the stream, for streams that no signal reaches.
struct Reader(JsValue);

impl Reader {
    fn stream(&self) -> &StreamLike {
        self.0.unchecked_ref()
    }

    /// Notes that the stream has ended: there is nothing left to cancel.
    fn finished(&mut self) {
        self.0 = JsValue::UNDEFINED;
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        cancel(&self.0);
    }
}

/// Cancels a stream or the reader of one, if it is one.
fn cancel(stream: &JsValue) {
    if stream.is_object()
        && let Ok(cancelled) = stream.unchecked_ref::<StreamLike>().cancel()
    {
        ignore_rejection(&cancelled);
    }
}

/// Gives up the body of a response that nobody reads.
pub fn discard(response: &Response) {
    if let Ok(body) = response.body() {
        cancel(&body);
    }
}

/// Reads a body of at most so many bytes. Returns its text, as JavaScript has it.
pub async fn text(response: &Response, most_bytes: u64) -> Result<JsValue, Broken> {
    let body = response.body()?;
    if body.is_null() {
        return Ok(JsValue::from_str(""));
    }
    let stream: &StreamLike = body.unchecked_ref();
    let is_object = body.is_object();
    if response.is_used()? || (is_object && stream.locked()?.is_truthy()) {
        return Err(BodyFault::AlreadyRead.into());
    }
    match TextDecoder::new() {
        Ok(decoder) if is_object && stream.get_reader_method()?.is_function() => {
            let mut reader = Reader(stream.get_reader()?);
            let mut decoded = Decoded { decoder, text: None, bytes: 0, most_bytes };
            stream_text(&mut reader, &mut decoded).await
        }
        // React Native, node-fetch, Jest's jsdom environment and some test doubles lack one or the other.
        _ => whole_text(response, most_bytes).await,
    }
}

async fn stream_text(reader: &mut Reader, decoded: &mut Decoded) -> Result<JsValue, Broken> {
    let why = loop {
        let read = reader.stream().read().and_then(|result| settled(&result));
        let result = match read {
            Ok(result) => result.await,
            Err(thrown) => Err(thrown),
        };
        let result = match result {
            Ok(result) => result,
            Err(cause) => break Why::Lost(cause),
        };
        let Some(piece) = next_value(&result)? else {
            reader.finished();
            return decoded.end().ok_or_else(|| BodyFault::TooLarge.into());
        };
        if !is_view(&piece) {
            return Err(BodyFault::NotAResponse.into());
        }
        let piece: View = piece.unchecked_into();
        let bytes = piece.byte_length()?.as_f64().ok_or(BodyFault::NotAResponse)?;
        if decoded.add(&piece, bytes as u64).is_none() {
            break Why::Fault(BodyFault::TooLarge);
        }
    };
    Err(Broken { why, before: decoded.end().unwrap_or_default() })
}

/// The text of a body, as far as it has come. It stays in JavaScript.
struct Decoded {
    decoder: TextDecoder,
    text: Option<Text>,
    bytes: u64,
    most_bytes: u64,
}

impl Decoded {
    /// Adds a piece. Returns `None` where the body gets too large by it: for the caller, or for the engine's strings.
    fn add(&mut self, piece: &View, bytes: u64) -> Option<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.most_bytes {
            return None;
        }
        let more = STREAM.with(|options| self.decoder.decode(piece, options)).ok()?;
        self.append(more)
    }

    fn append(&mut self, more: Text) -> Option<()> {
        self.text = Some(match self.text.take() {
            Some(text) => text.concat(&more).ok()?,
            None => more,
        });
        Some(())
    }

    fn end(&mut self) -> Option<JsValue> {
        // Bytes are left where the body breaks off within a character.
        let end = self.decoder.decode(&JsValue::UNDEFINED, &JsValue::UNDEFINED).ok()?;
        self.append(end)?;
        self.text.take().map(JsValue::from)
    }
}

async fn whole_text(response: &Response, most_bytes: u64) -> Result<JsValue, Broken> {
    let text = match settled(&response.text()?)?.await {
        Ok(text) => text,
        Err(cause) => return Err(Broken { why: Why::Lost(cause), before: JsValue::from_str("") }),
    };
    if !text.is_string() {
        return Err(BodyFault::NotAResponse.into());
    }
    let length = text.unchecked_ref::<JsString>().length();
    if u64::from(length) > most_bytes { Err(BodyFault::TooLarge.into()) } else { Ok(text) }
}
