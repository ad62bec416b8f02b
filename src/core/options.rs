//! Options of clients and calls: their defaults, their ranges, and the rules for URLs and headers.
//!
//! The Rust and the JavaScript options are unchecked values; [`Settings::check`] and [`CallSettings::check`] check
//! both. A rule never repeats the value that breaks it: the value may be the key.

use std::fmt;
use std::ops::RangeInclusive;

use crate::core::error::Error;
use crate::core::key::ApiKey;

/// The default base URL of the service.
pub const DEFAULT_BASE_URL: &str = "https://client.camb.ai/apis";

const DEFAULT_TIMEOUT_MS: u32 = 60_000;
const DEFAULT_MAX_RETRIES: u32 = 3;
const DEFAULT_CONCURRENCY: u32 = 6;
const DEFAULT_MAX_RESPONSE_BYTES: u64 = 64 << 20;

/// The options of a client, by their JavaScript names.
pub const CLIENT_OPTIONS: &[&str] = &[
    "apiKey",
    "baseUrl",
    "dangerouslyAllowBrowser",
    "fetch",
    "headers",
    "timeoutMs",
    "maxRetries",
    "maxResponseBytes",
    "onEvent",
];
/// The options of a call for one batch or one run.
pub const CALL_OPTIONS: &[&str] = &["signal", "deadlineMs", "timeoutMs", "maxRetries", "headers"];
/// The options of a call for any number of runs.
pub const BULK_OPTIONS: &[&str] =
    &["signal", "deadlineMs", "timeoutMs", "maxRetries", "headers", "concurrency", "onItem", "onProgress"];

/// The unchecked options for the requests of a client or a call. Times are in ms.
#[derive(Clone, Default)]
pub struct RequestValues {
    /// Time for one attempt, body included.
    pub timeout_ms: Option<f64>,
    /// Further attempts after the first.
    pub max_retries: Option<f64>,
    /// Names and values.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for RequestValues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { timeout_ms, max_retries, headers } = self;
        formatter
            .debug_struct("RequestValues")
            .field("timeout_ms", timeout_ms)
            .field("max_retries", max_retries)
            .field("headers", &names(headers))
            .finish()
    }
}

/// Returns the names of headers, for printing: their values may be secrets.
fn names(headers: &[(String, String)]) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}

/// The unchecked options of a client. They hold the key, so they are not printed.
#[derive(Clone, Default)]
pub struct ClientValues {
    /// The defaults of every call.
    pub request: RequestValues,
    /// The key.
    pub api_key: Option<String>,
    /// The base URL; the platform resolves a relative one.
    pub base_url: Option<String>,
    /// The largest decoded response body, in bytes.
    pub max_response_bytes: Option<f64>,
    /// Whether a key may be used in a page.
    pub dangerously_allow_browser: bool,
}

/// The unchecked options of one call.
#[derive(Clone, Debug, Default)]
pub struct CallValues {
    /// The options that differ from the client's.
    pub request: RequestValues,
    /// Time for the whole call.
    pub deadline_ms: Option<f64>,
    /// The most requests in flight at once.
    pub concurrency: Option<f64>,
}

/// The checked options of a client.
#[derive(Clone)]
pub struct Settings {
    /// The key.
    pub api_key: Option<ApiKey>,
    /// Without a slash at its end.
    pub base_url: String,
    /// The largest decoded response body, in bytes.
    pub max_response_bytes: u64,
    /// Added to every request.
    pub headers: Vec<(String, String)>,
    /// The defaults of every call.
    pub call: CallSettings,
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_key, base_url, max_response_bytes, headers, call } = self;
        formatter
            .debug_struct("Settings")
            .field("api_key", api_key)
            .field("base_url", base_url)
            .field("max_response_bytes", max_response_bytes)
            .field("headers", &names(headers))
            .field("call", call)
            .finish()
    }
}

/// The checked options of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallSettings {
    /// Time for one attempt, body included, in ms.
    pub timeout_ms: u32,
    /// Further attempts after the first.
    pub max_retries: u32,
    /// Time for the whole call, in ms.
    pub deadline_ms: Option<u32>,
    /// The most requests in flight at once.
    pub concurrency: u32,
}

impl Default for CallSettings {
    fn default() -> Self {
        Self {
            timeout_ms: DEFAULT_TIMEOUT_MS,
            max_retries: DEFAULT_MAX_RETRIES,
            deadline_ms: None,
            concurrency: DEFAULT_CONCURRENCY,
        }
    }
}

/// The facts of the platform that options are checked with.
#[derive(Clone, Copy, Debug)]
pub struct Platform<'a> {
    /// The base URL as the platform's parser writes it, or `None` if it cannot parse it.
    pub href: Option<&'a str>,
    /// The API key of the environment, for a client without a key. It is used for the default base URL only: a key must
    /// not go to another host unasked.
    pub environment_key: Option<&'a str>,
    /// Whether every visitor can read the memory, as in a page.
    pub in_browser: bool,
}

impl Settings {
    /// Checks the options of a client.
    pub fn check(values: ClientValues, platform: Platform<'_>) -> Result<Self, Error> {
        let given_key = values.api_key.as_deref().map(ApiKey::new).transpose()?;
        let base_url = base_url(platform.href)?;
        // Files of secrets often end in a line break.
        let environment_key = platform.environment_key.map(str::trim_ascii);
        let environment_key = environment_key.filter(|key| !key.is_empty() && base_url == DEFAULT_BASE_URL);
        let api_key = match (given_key, environment_key) {
            (None, Some(key)) => Some(ApiKey::new(key)?),
            (given_key, _) => given_key,
        };
        let max_response_bytes = match values.max_response_bytes {
            None => DEFAULT_MAX_RESPONSE_BYTES,
            Some(bytes) => {
                const RULE: &str = "must be an integer from 1 to 9007199254740991";
                whole("maxResponseBytes", bytes, 1..=(1 << 53) - 1, RULE)?
            }
        };
        let call = CallSettings::default().with(&values.request)?;
        if api_key.is_some() {
            if platform.in_browser && !values.dangerously_allow_browser {
                return Err(Error::invalid_option(
                    "apiKey",
                    "must not be in a page, where every visitor can read it: send requests through a proxy that adds it, \
                     or set dangerouslyAllowBrowser if each visitor uses their own key",
                ));
            }
            check_base_url_with_key(&base_url)?;
        } else if base_url == DEFAULT_BASE_URL {
            return Err(Error::invalid_option(
                "apiKey",
                match platform.in_browser {
                    true => "is missing: set baseUrl to your proxy, which adds it",
                    false => "is missing: pass it, set CAMB_API_KEY, or set baseUrl to your proxy, which adds it",
                },
            ));
        }
        Ok(Self { api_key, base_url, max_response_bytes, headers: values.request.headers, call })
    }

    /// Returns the host of the base URL, with its port.
    pub fn host(&self) -> &str {
        until(after_scheme(&self.base_url).unwrap_or_default(), b'/')
    }

    /// Returns whether the base URL is of this origin, as the platform's parser writes both.
    pub fn is_of_origin(&self, origin: &str) -> bool {
        self.base_url.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl CallSettings {
    /// Checks the options of a call. The client's options are the defaults.
    pub fn check(self, values: &CallValues) -> Result<Self, Error> {
        let mut settings = self.with(&values.request)?;
        if let Some(ms) = values.deadline_ms {
            settings.deadline_ms = Some(milliseconds("deadlineMs", ms)?);
        }
        if let Some(number) = values.concurrency {
            settings.concurrency = whole("concurrency", number, 1..=64, "must be an integer from 1 to 64")? as u32;
        }
        Ok(settings)
    }

    fn with(mut self, values: &RequestValues) -> Result<Self, Error> {
        if let Some(ms) = values.timeout_ms {
            self.timeout_ms = milliseconds("timeoutMs", ms)?;
        }
        if let Some(retries) = values.max_retries {
            self.max_retries = whole("maxRetries", retries, 0..=20, "must be an integer from 0 to 20")? as u32;
        }
        for (name, value) in &values.headers {
            check_header(name, value)?;
        }
        Ok(self)
    }
}

/// Checks a time. A fraction is rounded up: times from a clock often have one.
fn milliseconds(option: &str, ms: f64) -> Result<u32, Error> {
    // The longest time of a timer, in ms.
    const MOST: f64 = i32::MAX as f64;
    if (1.0..=MOST).contains(&ms) {
        Ok(ms.ceil() as u32)
    } else {
        Err(Error::invalid_option(option, "must be a number of milliseconds from 1 to 2147483647"))
    }
}

/// Checks an integer.
fn whole(option: &str, number: f64, range: RangeInclusive<u64>, rule: &'static str) -> Result<u64, Error> {
    let integer = number as u64;
    let is_whole = number >= 0.0 && number.fract() == 0.0 && range.contains(&integer);
    if is_whole { Ok(integer) } else { Err(Error::invalid_option(option, rule)) }
}

/// Checks a base URL as the platform's parser writes it, and takes the slashes off its end.
fn base_url(href: Option<&str>) -> Result<String, Error> {
    let mut href =
        href.ok_or_else(|| Error::invalid_option("baseUrl", "must be a URL, and may be relative in a page only"))?;
    while let Some(shorter) = href.strip_suffix("/") {
        href = shorter;
    }
    let rest = after_scheme(href);
    let is_base = rest.is_some_and(|rest| {
        let host = until(rest, b'/');
        !host.is_empty()
            && !host.bytes().any(|byte| byte == b'@')
            && !rest.bytes().any(|byte| matches!(byte, b'?' | b'#'))
    });
    if is_base {
        Ok(href.to_owned())
    } else {
        const RULE: &str = "must be an http or https URL without user, password, query or fragment";
        Err(Error::invalid_option("baseUrl", RULE))
    }
}

/// Refuses plain http, except for loopback hosts (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section
/// 2.5.3). The platform's parser has turned every spelling of an IPv4 address into four decimal numbers, and no name
/// looks like that.
fn check_base_url_with_key(base_url: &str) -> Result<(), Error> {
    const RULE: &str =
        "must be https where there is an apiKey, which http would send unencrypted (loopback hosts may be http)";
    let Some(rest) = base_url.strip_prefix("http://") else { return Ok(()) };
    let authority = until(rest, b'/');
    let is_ipv6_loopback = authority == "[::1]" || authority.starts_with("[::1]:");
    let host = until(authority, b':');
    let is_ipv4_loopback = host.starts_with("127.") && host.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    let is_localhost = host == "localhost" || host.ends_with(".localhost");
    if is_ipv6_loopback || is_ipv4_loopback || is_localhost {
        Ok(())
    } else {
        Err(Error::invalid_option("baseUrl", RULE))
    }
}

/// Returns the rest of an http or https URL.
fn after_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}

/// Returns the text before the first `end`, or all of it.
fn until(text: &str, end: u8) -> &str {
    text.bytes().position(|byte| byte == end).and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Headers that frame a message or belong to its connection (RFC 9110 sections 6.6, 7.2, 7.6 and 10.1, RFC 9112 section 6).
/// Most engines refuse a request that sets one, which looks like a lost connection.
const OF_HTTP: [&str; 10] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Checks a header by RFC 9110 sections 5.1 and 5.5. Values are JavaScript strings of Latin-1 characters.
fn check_header(name: &str, value: &str) -> Result<(), Error> {
    let refused = |rule| Err(Error::invalid_option("headers", rule));
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return refused("must have names of letters, digits and !#$%&'*+-.^_`|~");
    }
    if name.eq_ignore_ascii_case("x-api-key") {
        return refused("must not have x-api-key, which is set from apiKey");
    }
    if name.eq_ignore_ascii_case("content-type") {
        return refused("must not have content-type, which is always application/json");
    }
    if OF_HTTP.iter().any(|header| name.eq_ignore_ascii_case(header)) {
        return Err(Error::invalid_option(
            "headers",
            format!("must not have {}, which fetch sets itself", name.to_ascii_lowercase()),
        ));
    }
    if !value.chars().all(|character| matches!(character, '\t' | ' '..='~' | '\u{a0}'..='\u{ff}')) {
        return refused("must have values of Latin-1 characters, without control characters except tabs");
    }
    Ok(())
}
