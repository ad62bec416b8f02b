//! The options of Rust applications. They are checked when a client or a call is made with them.

use std::fmt;
use std::time::Duration;

use crate::core::event::{BulkProgress, ClientEvent, Listener};
use crate::core::options::{CallValues, ClientValues};
use crate::core::outcome::StreamItem;

#[cfg(target_arch = "wasm32")]
use crate::web::fetch::Fetch;

/// The options of a [`Client`](crate::Client). Printing them shows neither the key nor the values of headers.
///
/// ```
/// use std::time::Duration;
/// use translation_results::ClientOptions;
///
/// let options = ClientOptions::new()
///     .api_key("a-secret")
///     .header("x-tenant", "acme")
///     .timeout(Duration::from_secs(10))
///     .max_retries(5)
///     .on_event(|event| println!("{event:?}"));
/// assert!(!format!("{options:?}").contains("a-secret"));
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ClientOptions {
    pub(crate) values: ClientValues,
    pub(crate) on_event: Listener<ClientEvent>,
    #[cfg(target_arch = "wasm32")]
    pub(crate) fetch: Option<js_sys::Function>,
}

impl ClientOptions {
    /// Starts with the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the key that is sent as `x-api-key`. Leave it out if the base URL is a proxy that adds the key. In Node, Deno and
    /// Bun the variable `CAMB_API_KEY` is the default, for the default base URL only.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.values.api_key = Some(key.into());
        self
    }

    /// Sets the URL of the service. A relative URL is resolved against the page. Default `https://client.camb.ai/apis`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.values.base_url = Some(url.into());
        self
    }

    /// Adds a header to every request. `x-api-key` and `content-type` are refused.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.request.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the time for one attempt, body included, 1 ms to 2³¹ − 1 ms. Default 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.values.request.timeout_ms = Some(ms(timeout));
        self
    }

    /// Sets how many further attempts follow the first, 0 to 20. Default 3.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.values.request.max_retries = Some(retries.into());
        self
    }

    /// Sets the largest decoded response body, in bytes, from 1 to 2⁵³ − 1. Default 64 MiB.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.values.max_response_bytes = Some(bytes as f64);
        self
    }

    /// Allows a key in a page, where every visitor can read it.
    pub fn dangerously_allow_browser(mut self, allow: bool) -> Self {
        self.values.dangerously_allow_browser = allow;
        self
    }

    /// Sets a listener for every request, response, retry and slow-down.
    pub fn on_event(mut self, listener: impl Fn(&ClientEvent) + 'static) -> Self {
        self.on_event = Listener::new(listener);
        self
    }

    /// Sets a function that is used instead of the global `fetch`.
    #[cfg(target_arch = "wasm32")]
    pub fn fetch(mut self, fetch: js_sys::Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn take_fetch(&mut self) -> Fetch {
        self.fetch.take().map_or(Fetch::Global, Fetch::Given)
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, on_event, .. } = self;
        formatter
            .debug_struct("ClientOptions")
            .field("api_key", &values.api_key.as_ref().map(|_| "•••"))
            .field("base_url", &values.base_url)
            .field("request", &values.request)
            .field("max_response_bytes", &values.max_response_bytes)
            .field("dangerously_allow_browser", &values.dangerously_allow_browser)
            .field("on_event", on_event)
            .finish_non_exhaustive()
    }
}

/// The options of one call. The client's options are the defaults.
///
/// ```
/// use std::time::Duration;
/// use translation_results::CallOptions;
///
/// let options = CallOptions::new().deadline(Duration::from_secs(20)).header("traceparent", "00-…");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) values: CallValues,
    #[cfg(target_arch = "wasm32")]
    pub(crate) signal: Option<wasm_bindgen::JsValue>,
}

impl CallOptions {
    /// Starts with the client's options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time for one attempt, body included, 1 ms to 2³¹ − 1 ms. Default: the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.values.request.timeout_ms = Some(ms(timeout));
        self
    }

    /// Sets how many further attempts follow the first, 0 to 20. Default: the client's.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.values.request.max_retries = Some(retries.into());
        self
    }

    /// Sets the time for the whole call, waits between attempts included, 1 ms to 2³¹ − 1 ms. Default none.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.values.deadline_ms = Some(ms(deadline));
        self
    }

    /// Adds a header to the requests of this call. `x-api-key` and `content-type` are refused.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.request.headers.push((name.into(), value.into()));
        self
    }

    /// Sets a signal that ends the call. Dropping the call's future does the same.
    #[cfg(target_arch = "wasm32")]
    pub fn signal(mut self, signal: &web_sys::AbortSignal) -> Self {
        self.signal = Some(signal.into());
        self
    }
}

/// The options of a bulk call.
///
/// ```
/// use std::time::Duration;
/// use translation_results::{BulkOptions, CallOptions};
///
/// let options = BulkOptions::new()
///     .call(CallOptions::new().deadline(Duration::from_secs(60)))
///     .concurrency(10)
///     .on_progress(|progress| println!("{} of {}", progress.succeeded + progress.failed, progress.total));
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct BulkOptions {
    pub(crate) call: CallOptions,
    pub(crate) on_item: Listener<StreamItem>,
    pub(crate) on_progress: Listener<BulkProgress>,
}

impl BulkOptions {
    /// Starts with the client's options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the options that bulk calls share with others. At the deadline, a bulk call succeeds: the other runs fail with
    /// [`Code::Timeout`](crate::Code::Timeout). A stream ends, and ids that it has not read by then are not reported.
    pub fn call(mut self, call: CallOptions) -> Self {
        let concurrency = self.call.values.concurrency;
        self.call = call;
        self.call.values.concurrency = concurrency;
        self
    }

    /// Sets the most requests in flight at once, 1 to 64. Default 6. A server's rate limit lowers it.
    pub fn concurrency(mut self, concurrency: u32) -> Self {
        self.call.values.concurrency = Some(concurrency.into());
        self
    }

    /// Sets a function that is called for every run as it lands.
    pub fn on_item(mut self, listener: impl Fn(&StreamItem) + 'static) -> Self {
        self.on_item = Listener::new(listener);
        self
    }

    /// Sets a function that is called after every answer, every failed request, and at the end of the call.
    pub fn on_progress(mut self, listener: impl Fn(&BulkProgress) + 'static) -> Self {
        self.on_progress = Listener::new(listener);
        self
    }
}

impl From<CallOptions> for BulkOptions {
    fn from(call: CallOptions) -> Self {
        Self::new().call(call)
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1_000_000.0
}
