//! Options in: each read once, by name, from the object's own members, and refused by name.
//!
//! Own members only, so that nothing on `Object.prototype` can slip in a base URL. Read by hand: serde's way from
//! JavaScript to Rust would be larger than the rest of the module.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::platform::{Headers, href_of, in_browser, is_signal, members, merged};
use crate::attempt::Limits;
use crate::endpoint::{
    CONTENT_TYPE_HEADER, DEFAULT_BASE_URL, KEY_HEADER, batch_url, check_api_key, check_base_url, check_header, mask,
};
use crate::error::Error;

const TIMER_MAX_MS: f64 = 2_147_483_647.0;
const RETRIES_MAX: f64 = 20.0;
const BYTES_MAX: f64 = 9_007_199_254_740_991.0;

/// What a client is made of.
pub struct Config {
    pub url: String,
    /// The URL as events show it.
    pub shown_url: String,
    pub api_key: Option<String>,
    pub fetch: Option<Function>,
    /// A record of every header that is not of one call only.
    pub headers: Headers,
    pub max_response_bytes: f64,
    pub on_event: Option<Function>,
    timeout_ms: u32,
    max_retries: u32,
}

/// What one call has of its own.
pub struct CallOptions {
    pub limits: Limits,
    /// As in [`Config`], with the call's own.
    pub headers: Headers,
    pub signal: Option<AbortSignal>,
}

/// The options of a client and of a call, as far as they are given.
#[derive(Default)]
struct Given {
    api_key: Option<String>,
    base_url: Option<String>,
    allow_browser: bool,
    fetch: Option<Function>,
    max_response_bytes: Option<f64>,
    on_event: Option<Function>,
    signal: Option<AbortSignal>,
    deadline_ms: Option<u32>,
    headers: Option<Headers>,
    timeout_ms: Option<u32>,
    max_retries: Option<u32>,
}

/// Whose options they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Client,
    Call,
}

impl Config {
    /// Reads `ClientOptions`. Fails with an `InvalidOptionsError`, or with what a getter of the caller's threw.
    pub fn read(options: &JsValue) -> Result<Self, JsValue> {
        let given = read(options, Of::Client)?;
        if given.api_key.is_some() && !given.allow_browser && in_browser() {
            let must = "must not be in a page, where every visitor can read it: send requests through a proxy that \
                        adds it, or set dangerouslyAllowBrowser if each visitor brings a key of their own";
            return Err(refused("apiKey", must));
        }
        let key = given.api_key.as_deref();
        let base_url = given.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let base_url = check_base_url(base_url, key.is_some()).map_err(|must| refused("baseUrl", must))?;
        let url = batch_url(base_url);
        let headers = merged(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
        headers.set(CONTENT_TYPE_HEADER, "application/json");
        if let Some(key) = key {
            headers.set(KEY_HEADER, key);
        }
        Ok(Self {
            shown_url: mask(url.clone(), key),
            url,
            headers: with(headers, given.headers),
            api_key: given.api_key,
            fetch: given.fetch,
            max_response_bytes: given.max_response_bytes.unwrap_or(67_108_864.0),
            on_event: given.on_event,
            timeout_ms: given.timeout_ms.unwrap_or(60_000),
            max_retries: given.max_retries.unwrap_or(3),
        })
    }
}

impl CallOptions {
    /// Reads `RequestOptions`. Fails as [`Config::read`] does.
    pub fn read(options: &JsValue, config: &Config) -> Result<Self, JsValue> {
        let given = read(options, Of::Call)?;
        let limits = Limits {
            timeout_ms: given.timeout_ms.unwrap_or(config.timeout_ms),
            max_retries: given.max_retries.unwrap_or(config.max_retries),
            deadline_ms: given.deadline_ms,
        };
        Ok(Self { limits, headers: with(config.headers.clone(), given.headers), signal: given.signal })
    }
}

/// Reads the members of an options object that are not `undefined`, in the order in which it has them.
fn read(options: &JsValue, of: Of) -> Result<Given, JsValue> {
    let mut given = Given::default();
    if options.is_undefined() {
        return Ok(given);
    }
    let members = members(options)?.ok_or_else(|| refused("options", "must be a plain object"))?;
    while let Some(name) = members.shift().as_string() {
        let value = members.shift();
        if value.is_undefined() {
            continue;
        }
        let name = name.as_str();
        match (name, of) {
            ("headers", _) => given.headers = Some(headers(&value)?),
            ("timeoutMs", _) => given.timeout_ms = Some(milliseconds(name, &value)?),
            ("maxRetries", _) => {
                let retries = integer(&value, 0.0, RETRIES_MAX);
                let retries = retries.ok_or_else(|| refused(name, "must be an integer from 0 to 20"))?;
                given.max_retries = Some(retries as u32);
            }
            ("signal", Of::Call) => {
                if !is_signal(&value)? {
                    return Err(refused(name, "must be an AbortSignal"));
                }
                given.signal = Some(value.unchecked_into());
            }
            ("deadlineMs", Of::Call) => given.deadline_ms = Some(milliseconds(name, &value)?),
            ("apiKey", Of::Client) => {
                let key = value.as_string().ok_or_else(|| refused(name, "must be a string"))?;
                check_api_key(&key).map_err(|must| refused(name, must))?;
                given.api_key = Some(key);
            }
            ("baseUrl", Of::Client) => {
                let href = href_of(&value)?.ok_or_else(|| refused(name, "must be a string or a URL"))?;
                if href.is_empty() {
                    return Err(refused(name, "must be a URL, and may be relative in a page only"));
                }
                given.base_url = Some(href);
            }
            ("dangerouslyAllowBrowser", Of::Client) => {
                given.allow_browser = value.as_bool().ok_or_else(|| refused(name, "must be a boolean"))?;
            }
            ("fetch", Of::Client) => given.fetch = Some(function(name, value)?),
            ("onEvent", Of::Client) => given.on_event = Some(function(name, value)?),
            ("maxResponseBytes", Of::Client) => {
                let bytes = integer(&value, 1.0, BYTES_MAX);
                given.max_response_bytes =
                    Some(bytes.ok_or_else(|| refused(name, "must be an integer from 1 to 9007199254740991"))?);
            }
            _ => return Err(refused(name, "is not an option")),
        }
    }
    Ok(given)
}

#[inline(never)]
fn refused(option: &str, must: &'static str) -> JsValue {
    Error::option(option, must).into()
}

fn function(name: &str, value: JsValue) -> Result<Function, JsValue> {
    // By type and not by class, so that a function of another frame or of a test's own realm is one too.
    if value.is_function() { Ok(value.unchecked_into()) } else { Err(refused(name, "must be a function")) }
}

/// Fractions are rounded up: times are often worked out from a clock that has them.
fn milliseconds(name: &str, value: &JsValue) -> Result<u32, JsValue> {
    match value.as_f64() {
        Some(ms) if (1.0..=TIMER_MAX_MS).contains(&ms) => Ok(ms.ceil() as u32),
        _ => Err(refused(name, "must be a number of milliseconds from 1 to 2147483647")),
    }
}

fn integer(value: &JsValue, least: f64, most: f64) -> Option<f64> {
    value.as_f64().filter(|number| (least..=most).contains(number) && number.fract() == 0.0)
}

/// Headers of the caller's, their names in lower case: HTTP tells no difference, and so one overrides the other.
fn headers(value: &JsValue) -> Result<Headers, JsValue> {
    let no_strings = || refused("headers", "must be a plain object of strings");
    let members = members(value)?.ok_or_else(no_strings)?;
    let headers = merged(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    while let Some(mut name) = members.shift().as_string() {
        let value = members.shift().as_string().ok_or_else(no_strings)?;
        check_header(&name, &value).map_err(|must| refused("headers", must))?;
        name.make_ascii_lowercase();
        headers.set(&name, &value);
    }
    Ok(headers)
}

/// Headers, and those of the caller's over them.
fn with(headers: Headers, own: Option<Headers>) -> Headers {
    match own {
        Some(own) => merged(&headers, &own),
        None => headers,
    }
}
