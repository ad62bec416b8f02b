//! Options in: each read once, by name, from the object's own members, and refused by name.
//!
//! Own members only, so that nothing on `Object.prototype` can slip in a base URL. Read by hand: serde's way from
//! JavaScript to Rust would be larger than the rest of the module.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::platform::{in_browser, members, resolve_url};
use crate::attempt::Limits;
use crate::endpoint::{
    CONTENT_TYPE_HEADER, DEFAULT_BASE_URL, KEY_HEADER, batch_url, check_api_key, check_base_url, check_header, mask,
};
use crate::error::Error;

const TIMER_MAX_MS: f64 = 2_147_483_647.0;
const MUST_BE_MS: &str = "must be a number of milliseconds from 1 to 2147483647";
const RETRIES_MAX: f64 = 20.0;
const BYTES_MAX: f64 = 9_007_199_254_740_991.0;
const UNKNOWN: &str = "is not an option";

/// What a client is made of.
pub struct Config {
    pub url: String,
    /// The URL as events show it.
    pub shown_url: String,
    pub api_key: Option<String>,
    pub fetch: Option<Function>,
    /// A record of every header that is not of one call only.
    pub headers: Object,
    pub max_response_bytes: f64,
    pub on_event: Option<Function>,
    timeout_ms: u32,
    max_retries: u32,
}

/// What one call has of its own.
pub struct CallOptions {
    pub limits: Limits,
    /// As in [`Config`], with the call's own.
    pub headers: Object,
    pub signal: Option<AbortSignal>,
}

impl Config {
    /// Reads `ClientOptions`. Fails with an `InvalidOptionsError`, or with what a getter of the caller's threw.
    pub fn read(options: &JsValue) -> Result<Self, JsValue> {
        let mut base_url = None;
        let mut allow_browser = false;
        let mut extra_headers = Vec::new();
        let mut config = Self {
            url: String::new(),
            shown_url: String::new(),
            api_key: None,
            fetch: None,
            headers: bare_object(),
            max_response_bytes: 67_108_864.0,
            on_event: None,
            timeout_ms: 60_000,
            max_retries: 3,
        };
        for_each(options, |name, value| {
            match name {
                "apiKey" => config.api_key = Some(api_key(value)?),
                "baseUrl" => base_url = Some(url(value)?),
                "dangerouslyAllowBrowser" => {
                    allow_browser = value.as_bool().ok_or_else(|| Error::option(name, "must be a boolean"))?;
                }
                "fetch" => config.fetch = Some(function(name, value)?),
                "headers" => extra_headers = headers(value)?,
                "timeoutMs" => config.timeout_ms = milliseconds(name, value)?,
                "maxRetries" => config.max_retries = retries(value)?,
                "maxResponseBytes" => config.max_response_bytes = bytes(value)?,
                "onEvent" => config.on_event = Some(function(name, value)?),
                _ => return Err(Error::option(name, UNKNOWN).into()),
            }
            Ok(())
        })?;
        if config.api_key.is_some() && !allow_browser && in_browser() {
            let must = "must not be in a page, where every visitor can read it: send requests through a proxy that \
                        adds it, or set dangerouslyAllowBrowser if each visitor brings a key of their own";
            return Err(Error::option("apiKey", must).into());
        }
        let key = config.api_key.as_deref();
        let base_url = base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let base_url = check_base_url(base_url, key.is_some()).map_err(|must| Error::option("baseUrl", must))?;
        config.url = batch_url(base_url);
        config.shown_url = mask(config.url.clone(), key);
        set(&config.headers, CONTENT_TYPE_HEADER, "application/json");
        if let Some(key) = key {
            set(&config.headers, KEY_HEADER, key);
        }
        for (name, value) in &extra_headers {
            set(&config.headers, name, value);
        }
        Ok(config)
    }
}

impl CallOptions {
    /// Reads `RequestOptions`. Fails as [`Config::read`] does.
    pub fn read(options: &JsValue, config: &Config) -> Result<Self, JsValue> {
        let limits = Limits { timeout_ms: config.timeout_ms, max_retries: config.max_retries, deadline_ms: None };
        let mut call = Self { limits, headers: config.headers.clone(), signal: None };
        for_each(options, |name, value| {
            match name {
                "signal" => call.signal = Some(signal(value)?),
                "deadlineMs" => call.limits.deadline_ms = Some(milliseconds(name, value)?),
                "timeoutMs" => call.limits.timeout_ms = milliseconds(name, value)?,
                "maxRetries" => call.limits.max_retries = retries(value)?,
                "headers" => {
                    call.headers = Object::assign(&bare_object(), &config.headers);
                    headers(value)?.iter().for_each(|(name, value)| set(&call.headers, name, value));
                }
                _ => return Err(Error::option(name, UNKNOWN).into()),
            }
            Ok(())
        })?;
        Ok(call)
    }
}

/// Walks the members of an options object that are not `undefined`.
fn for_each(options: &JsValue, mut read: impl FnMut(&str, &JsValue) -> Result<(), JsValue>) -> Result<(), JsValue> {
    if options.is_undefined() {
        return Ok(());
    }
    let members = members(options)?.ok_or_else(|| Error::option("options", "must be a plain object"))?;
    for member in members.chunks_exact(2) {
        if let [name, value] = member
            && !value.is_undefined()
        {
            read(&name.as_string().unwrap_or_default(), value)?;
        }
    }
    Ok(())
}

fn api_key(value: &JsValue) -> Result<String, Error> {
    let key = value.as_string().ok_or_else(|| Error::option("apiKey", "must be a string"))?;
    check_api_key(&key).map_err(|must| Error::option("apiKey", must))?;
    Ok(key)
}

/// The absolute URL that a string or a `URL` stands for.
fn url(value: &JsValue) -> Result<String, JsValue> {
    let refused = |must| JsValue::from(Error::option("baseUrl", must));
    let text = if value.is_object() { Reflect::get(value, &"href".into())? } else { value.clone() };
    if !text.is_string() {
        return Err(refused("must be a string or a URL"));
    }
    resolve_url(&text).map_err(|_| refused("must be a URL, and may be relative in a page only"))
}

fn function(name: &str, value: &JsValue) -> Result<Function, Error> {
    // By type and not by class, so that a function of another frame or of a test's own realm is one too.
    if value.is_function() {
        Ok(value.clone().unchecked_into())
    } else {
        Err(Error::option(name, "must be a function"))
    }
}

fn signal(value: &JsValue) -> Result<AbortSignal, JsValue> {
    let is_signal = value.is_object()
        && Reflect::get(value, &"aborted".into())?.as_bool().is_some()
        && Reflect::get(value, &"addEventListener".into())?.is_function();
    if is_signal {
        Ok(value.clone().unchecked_into())
    } else {
        Err(Error::option("signal", "must be an AbortSignal").into())
    }
}

/// Fractions are rounded up: times are often worked out from a clock that has them.
fn milliseconds(name: &str, value: &JsValue) -> Result<u32, Error> {
    match value.as_f64() {
        Some(ms) if (1.0..=TIMER_MAX_MS).contains(&ms) => Ok(ms.ceil() as u32),
        _ => Err(Error::option(name, MUST_BE_MS)),
    }
}

fn retries(value: &JsValue) -> Result<u32, Error> {
    integer(value, 0.0, RETRIES_MAX)
        .map(|retries| retries as u32)
        .ok_or_else(|| Error::option("maxRetries", "must be an integer from 0 to 20"))
}

fn bytes(value: &JsValue) -> Result<f64, Error> {
    integer(value, 1.0, BYTES_MAX)
        .ok_or_else(|| Error::option("maxResponseBytes", "must be an integer from 1 to 9007199254740991"))
}

fn integer(value: &JsValue, least: f64, most: f64) -> Option<f64> {
    value.as_f64().filter(|number| (least..=most).contains(number) && number.fract() == 0.0)
}

/// Headers of the caller's, their names in lower case: HTTP tells no difference, and so one overrides the other.
fn headers(value: &JsValue) -> Result<Vec<(String, String)>, JsValue> {
    let refused = || Error::option("headers", "must be a plain object of strings");
    let members = members(value)?.ok_or_else(refused)?;
    let mut headers = Vec::new();
    for member in members.chunks_exact(2) {
        if let [name, value] = member {
            let name = name.as_string().unwrap_or_default();
            let value = value.as_string().ok_or_else(refused)?;
            check_header(&name, &value).map_err(|must| Error::option("headers", must))?;
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    Ok(headers)
}

/// Without a prototype, so that no name is special.
fn bare_object() -> Object {
    Object::create(JsValue::NULL.unchecked_ref())
}

/// Sets a member of an object of our own, which does not fail.
fn set(object: &Object, name: &str, value: &str) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}
