//! Options in: each read once, by name, from the object's own members, and refused by name.
//!
//! Own members only, so that nothing on `Object.prototype` can slip in a base URL. Read by hand: serde's way from
//! JavaScript to Rust would be larger than the rest of the module.

use std::ops::RangeInclusive;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::connection::Connection;
use super::pace::SharedPace;
use super::platform::{Direct, Headers, href_of, is_signal, members};
use crate::bulk::Limits;
use crate::endpoint::{DEFAULT_BASE_URL, KEY_HEADER, check_api_key, check_base_url, check_header, mask};
use crate::error::Error;

/// What a client is made of.
pub struct Config {
    pub api_key: Option<String>,
    pub connection: Connection,
    /// Whether there is somebody to tell of events.
    pub is_told: bool,
    /// What the bulk calls share, so that they do not fight.
    pub pace: SharedPace,
    /// A record of every header that is not of one call only.
    headers: Headers,
    timeout_ms: f64,
    max_retries: f64,
}

/// What one call has of its own.
pub struct CallOptions {
    pub limits: Limits,
    /// Time for one attempt.
    pub timeout_ms: f64,
    /// As in [`Config`], with the call's own.
    pub headers: Headers,
    pub signal: Option<AbortSignal>,
    pub on_item: Option<Function>,
    pub on_progress: Option<Function>,
}

/// What an option is.
#[derive(Clone, Copy)]
enum Kind {
    /// From, to, whether a fraction is taken, and what it must be.
    Number(f64, f64, bool, &'static str),
    Boolean,
    Function,
    Key,
    Url,
    Headers,
    Signal,
}

const MS: Kind = Kind::Number(1.0, 2_147_483_647.0, true, "must be a number of milliseconds from 1 to 2147483647");

/// Every option, with its name. Whose they are, the ranges below say.
const OPTIONS: [(&str, Kind); 14] = [
    ("apiKey", Kind::Key),
    ("baseUrl", Kind::Url),
    ("dangerouslyAllowBrowser", Kind::Boolean),
    ("fetch", Kind::Function),
    ("onEvent", Kind::Function),
    (
        "maxResponseBytes",
        Kind::Number(1.0, 9_007_199_254_740_991.0, false, "must be an integer from 1 to 9007199254740991"),
    ),
    ("headers", Kind::Headers),
    ("timeoutMs", MS),
    ("maxRetries", Kind::Number(0.0, 20.0, false, "must be an integer from 0 to 20")),
    ("signal", Kind::Signal),
    ("deadlineMs", MS),
    ("concurrency", Kind::Number(1.0, 64.0, false, "must be an integer from 1 to 64")),
    ("onItem", Kind::Function),
    ("onProgress", Kind::Function),
];

const OF_CLIENT: RangeInclusive<usize> = 0..=8;
/// What one call takes.
pub const OF_CALL: RangeInclusive<usize> = 6..=10;
/// What a bulk call takes.
pub const OF_BULK: RangeInclusive<usize> = 6..=13;

/// The values of [`OPTIONS`] in their order, checked; `undefined` where one is not given.
type Given = [JsValue; 14];

impl Config {
    /// Reads `ClientOptions`. Fails with an `InvalidOptionsError`, or with what a getter of the caller's threw.
    pub fn read(options: &JsValue) -> Result<Self, JsValue> {
        let [api_key, base_url, allow_browser, fetch, on_event, most_bytes, headers, timeout_ms, max_retries, ..] =
            read(options, OF_CLIENT)?;
        let api_key = api_key.as_string();
        let key = api_key.as_deref();
        if key.is_some() && !allow_browser.is_truthy() && Direct::in_browser() {
            let must = "must not be in a page, where every visitor can read it: send requests through a proxy that \
                        adds it, or set dangerouslyAllowBrowser if each visitor brings a key of their own";
            return Err(refused("apiKey", must));
        }
        let base_url = base_url.as_string();
        let base_url = check_base_url(base_url.as_deref().unwrap_or(DEFAULT_BASE_URL), key.is_some());
        let base_url = base_url.map_err(|must| refused("baseUrl", must))?;
        let own = Direct::merged(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
        if let Some(key) = key {
            own.set(KEY_HEADER, key);
        }
        let shown_url = mask(base_url.into(), key);
        Ok(Self {
            connection: Connection::new(base_url, &shown_url, &fetch, number(&most_bytes, 67_108_864.0), &on_event),
            is_told: !on_event.is_undefined(),
            pace: SharedPace::default(),
            headers: Direct::merged(&own, &headers),
            timeout_ms: number(&timeout_ms, 60_000.0),
            max_retries: number(&max_retries, 3.0),
            api_key,
        })
    }
}

impl CallOptions {
    /// Reads `RequestOptions` or `BulkOptions`. Fails as [`Config::read`] does.
    pub fn read(options: &JsValue, of: RangeInclusive<usize>, config: &Config) -> Result<Self, JsValue> {
        let [.., headers, timeout_ms, max_retries, signal, deadline_ms, concurrency, on_item, on_progress] =
            read(options, of)?;
        Ok(Self {
            limits: Limits {
                concurrency: number(&concurrency, 6.0) as u32,
                max_retries: number(&max_retries, config.max_retries) as u32,
                deadline_ms: number(&deadline_ms, f64::INFINITY),
            },
            timeout_ms: number(&timeout_ms, config.timeout_ms),
            headers: Direct::merged(&config.headers, &headers),
            signal: given(signal),
            on_item: given(on_item),
            on_progress: given(on_progress),
        })
    }
}

/// What was given, as what it was checked to be.
fn given<T: JsCast>(value: JsValue) -> Option<T> {
    (!value.is_undefined()).then(|| value.unchecked_into())
}

/// Fractions are rounded up, where they are taken: times are often worked out from a clock that has them.
fn number(value: &JsValue, default: f64) -> f64 {
    value.as_f64().unwrap_or(default).ceil()
}

/// Reads the members of an options object that are not `undefined`, in the order in which it has them.
fn read(options: &JsValue, of: RangeInclusive<usize>) -> Result<Given, JsValue> {
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
        let index = OPTIONS.iter().position(|(option, _)| *option == name).filter(|index| of.contains(index));
        let option = index.and_then(|index| Some((OPTIONS.get(index)?.1, given.get_mut(index)?)));
        let Some((kind, place)) = option else { return Err(refused(&name, "is not an option")) };
        *place = check(&name, kind, value)?;
    }
    Ok(given)
}

/// The value of an option as it is kept.
fn check(name: &str, kind: Kind, value: JsValue) -> Result<JsValue, JsValue> {
    let (sound, must) = match kind {
        Kind::Number(least, most, fraction, must) => {
            let sound = value
                .as_f64()
                .is_some_and(|number| (least..=most).contains(&number) && (fraction || number.fract() == 0.0));
            (sound, must)
        }
        Kind::Boolean => (value.as_bool().is_some(), "must be a boolean"),
        // By type and not by class, so that a function of another frame or of a test's own realm is one too.
        Kind::Function => (value.is_function(), "must be a function"),
        Kind::Key => match value.as_string().map(|key| check_api_key(&key)) {
            Some(Err(must)) => (false, must),
            checked => (checked.is_some(), "must be a string"),
        },
        Kind::Url => {
            let href = href_of(&value)?;
            let is_url = href.as_string().is_some_and(|href| !href.is_empty());
            if is_url {
                return Ok(href);
            }
            let must = if href.is_undefined() {
                "must be a string or a URL"
            } else {
                "must be a URL, and may be relative in a page only"
            };
            (false, must)
        }
        Kind::Headers => return headers(&value).map(JsValue::from),
        Kind::Signal => (is_signal(&value)?, "must be an AbortSignal"),
    };
    if sound { Ok(value) } else { Err(refused(name, must)) }
}

#[inline(never)]
fn refused(option: &str, must: &'static str) -> JsValue {
    Error::option(option, must).into()
}

/// Headers of the caller's, their names in lower case: HTTP tells no difference, and so one overrides the other.
fn headers(value: &JsValue) -> Result<Headers, JsValue> {
    let no_strings = || refused("headers", "must be a plain object of strings");
    let members = members(value)?.ok_or_else(no_strings)?;
    let headers = Direct::merged(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
    while let Some(mut name) = members.shift().as_string() {
        let value = members.shift().as_string().ok_or_else(no_strings)?;
        check_header(&name, &value).map_err(|must| refused("headers", must))?;
        name.make_ascii_lowercase();
        headers.set(&name, &value);
    }
    Ok(headers)
}
