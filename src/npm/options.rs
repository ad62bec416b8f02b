//! Reads each member of an options object once. Serde's deserializer would cost 15 kB and lose the option's name.
//!
//! Only the types are checked here; [`core::options`](crate::core::options) has the rules.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::error;
use super::event::on_event;
use super::run_ids::{array_from, number};
use crate::core::error::Error;
use crate::core::options::{BULK_OPTIONS, CALL_OPTIONS, CLIENT_OPTIONS, RequestValues};
use crate::options::{CallOptions, ClientOptions};
use crate::web::{abort, url};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    fn entries(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries, catch)]
    fn from_entries(entries: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = Object, js_name = getPrototypeOf, catch)]
    fn prototype_of(object: &JsValue) -> Result<JsValue, JsValue>;

    /// `Object.prototype.toString.call(value)`
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call, catch)]
    fn tag(value: &JsValue) -> Result<String, JsValue>;
}

/// The options of a bulk call. Single calls have no listeners.
#[derive(Default)]
pub struct BulkOptions {
    /// The options that all calls have.
    pub call: CallOptions,
    /// Called for every run.
    pub on_item: Option<Function>,
    /// Called with the progress.
    pub on_progress: Option<Function>,
}

/// The set of options that a call accepts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The options of `getResult` and `getResults`.
    Single,
    /// The options of `getAllResults` and `streamResults`.
    Bulk,
}

/// Reads the options of a client.
pub fn of_client(given: &JsValue) -> Result<ClientOptions, JsValue> {
    let mut options = ClientOptions::new();
    each_option(given, &mut |name, value| {
        let values = &mut options.values;
        match name {
            "apiKey" => values.api_key = Some(text(name, &value)?),
            "baseUrl" => values.base_url = href(name, &value)?.as_string(),
            "dangerouslyAllowBrowser" => {
                let allow = value.as_bool().ok_or_else(|| refused(name, "must be a boolean"))?;
                values.dangerously_allow_browser = allow;
            }
            "maxResponseBytes" => values.max_response_bytes = Some(number(&value)),
            "fetch" => options.fetch = Some(function(name, value)?),
            "onEvent" => options.on_event = on_event(function(name, value)?),
            _ => of_request(&mut values.request, name, &value, CLIENT_OPTIONS)?,
        }
        Ok(())
    })?;
    Ok(options)
}

/// Reads the options of a call.
pub fn of_call(given: &JsValue, scope: Scope) -> Result<BulkOptions, JsValue> {
    let is_bulk = scope == Scope::Bulk;
    let known = if is_bulk { BULK_OPTIONS } else { CALL_OPTIONS };
    let mut options = BulkOptions::default();
    each_option(given, &mut |name, value| {
        let call = &mut options.call;
        match name {
            // As in `fetch`.
            "signal" if value.is_null() => {}
            "signal" if abort::is_signal(&value)? => call.signal = Some(value),
            "signal" => return Err(refused(name, "must be an AbortSignal")),
            "deadlineMs" => call.values.deadline_ms = Some(number(&value)),
            "concurrency" if is_bulk => call.values.concurrency = Some(number(&value)),
            "onItem" if is_bulk => options.on_item = Some(function(name, value)?),
            "onProgress" if is_bulk => options.on_progress = Some(function(name, value)?),
            _ => of_request(&mut call.values.request, name, &value, known)?,
        }
        Ok(())
    })?;
    Ok(options)
}

/// Reads an option that clients and calls share. Fails if it is unknown; `known` lists the known options.
fn of_request(
    values: &mut RequestValues,
    name: &str,
    value: &JsValue,
    known: &'static [&'static str],
) -> Result<(), JsValue> {
    match name {
        "timeoutMs" => values.timeout_ms = Some(number(value)),
        "maxRetries" => values.max_retries = Some(number(value)),
        "headers" => {
            const RULE: &str = "must be Headers or a plain object of strings";
            let headers = header_entries(value)?.ok_or_else(|| refused(name, RULE))?;
            each_entry(headers, &mut |header, value| {
                let value = value.as_string().ok_or_else(|| refused(name, RULE))?;
                values.headers.push((header.to_owned(), value));
                Ok(())
            })?;
        }
        _ => return Err(error::of_input(Error::unknown_option(name, known))),
    }
    Ok(())
}

/// A function that reads a member by name and value. An error ends the reading.
type Read<'a> = &'a mut dyn FnMut(&str, JsValue) -> Result<(), JsValue>;

/// Reads the members of an options object that are not `undefined`.
fn each_option(given: &JsValue, read: Read<'_>) -> Result<(), JsValue> {
    if given.is_undefined() {
        return Ok(());
    }
    if !is_plain(given)? {
        return Err(refused("options", "must be a plain object"));
    }
    each_entry(entries(given)?, read)
}

/// Reads entries whose value is not `undefined`.
fn each_entry(entries: Array, read: Read<'_>) -> Result<(), JsValue> {
    for pair in entries {
        let pair: Array = pair.unchecked_into();
        let value = pair.get(1);
        if !value.is_undefined() {
            read(&pair.get(0).as_string().unwrap_or_default(), value)?;
        }
    }
    Ok(())
}

/// Returns the entries of a plain object or of `Headers` of any realm or library; `None` for other values.
fn header_entries(headers: &JsValue) -> Result<Option<Array>, JsValue> {
    if is_plain(headers)? {
        entries(headers).map(Some)
    } else if tag(headers)? == "[object Headers]" {
        array_from(headers).map(Some)
    } else {
        Ok(None)
    }
}

/// Returns whether a value is a plain object of any realm. Other objects may inherit members, which would be missed.
fn is_plain(value: &JsValue) -> Result<bool, JsValue> {
    if !value.is_object() {
        return Ok(false);
    }
    let prototype = prototype_of(value)?;
    Ok(prototype.is_null() || prototype_of(&prototype)?.is_null())
}

fn text(option: &str, value: &JsValue) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| refused(option, "must be a string"))
}

/// Reads a string, or a `URL` by its `href`.
fn href(option: &str, value: &JsValue) -> Result<JsValue, JsValue> {
    let href = if value.is_object() { url::href(value)? } else { value.clone() };
    if href.is_string() { Ok(href) } else { Err(refused(option, "must be a string or a URL")) }
}

/// Checks the type and not the class: a function of another frame is valid.
fn function(option: &str, value: JsValue) -> Result<Function, JsValue> {
    if value.is_function() { Ok(value.unchecked_into()) } else { Err(refused(option, "must be a function")) }
}

fn refused(option: &str, rule: &'static str) -> JsValue {
    error::of_input(Error::invalid_option(option, rule))
}

/// Copies the options of a client, and reads each once. Later changes of the given objects do not affect the copy.
#[wasm_bindgen(js_name = copyOptions)]
pub fn copy(given: &JsValue) -> Result<JsValue, JsValue> {
    let copied = Array::new();
    each_option(given, &mut |name, value| {
        let value = match name {
            "headers" => match header_entries(&value)? {
                Some(headers) => from_entries(&headers)?,
                None => value,
            },
            "baseUrl" => href(name, &value)?,
            _ => value,
        };
        copied.push(&Array::of2(&name.into(), &value));
        Ok(())
    })?;
    from_entries(&copied)
}
