//! Sends requests.

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit};

use super::body;
use super::json::Members;
use super::promise::{self, settled};
use super::response::Response;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(url: &JsValue, init: &RequestInit) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = AbortController)]
    type Controller;

    #[wasm_bindgen(constructor, js_class = "AbortController", catch)]
    fn new() -> Result<Controller, JsValue>;

    #[wasm_bindgen(js_namespace = Object, js_name = assign)]
    fn assign(target: &JsValue, source: &JsValue) -> JsValue;
}

/// The parts of a request that are the same for every attempt: made once, and copied for each. They have the key, so they are
/// not printed.
pub struct Template {
    init: Members,
    headers: Members,
}

impl Template {
    /// Makes the template of a method.
    ///
    /// Redirects are not followed, as they would carry the key to wherever they point, and are not an error, which would look
    /// like a lost connection. `credentials`, `mode`, `cache` and `referrerPolicy` are not set: some versions of workerd
    /// throw on them.
    pub fn new(method: &str) -> Self {
        Self { init: Members::new().with("method", method).with("redirect", "manual"), headers: Members::new() }
    }

    /// Adds a header. It replaces one of the same name, in small letters or capitals.
    pub fn add(&self, name: &str, value: &str) {
        self.headers.set(&name.to_ascii_lowercase(), &value.into());
    }

    /// Makes the init of one attempt. The headers are a copy, as a caller's `fetch` may write to what it is given.
    fn init(&self, body: Option<&str>, controller: &AbortController) -> RequestInit {
        let init: RequestInit = assign(&Object::new(), self.init.as_ref()).unchecked_into();
        init.set_headers(&assign(&Object::new(), self.headers.as_ref()));
        if let Some(body) = body {
            init.set_body(&body.into());
        }
        init.set_signal(Some(&controller.signal()));
        init
    }
}

/// The `fetch` that a client uses.
#[derive(Clone, Debug)]
pub enum Fetch {
    /// The global one, looked up for each request, so that what replaces it on the page or in a test takes part.
    Global,
    /// The caller's.
    Given(Function),
}

/// A request that is under way. Dropping it aborts the request, headers and body alike.
#[derive(Debug)]
#[must_use = "a request that is dropped is aborted"]
pub struct Sending {
    controller: AbortController,
    is_over: bool,
}

impl Sending {
    /// Makes the guard of a request that is still to be sent. Fails where the platform has no `AbortController`.
    pub fn new() -> Result<Self, JsValue> {
        let controller: AbortController = Controller::new()?.unchecked_into();
        under_way::add(&controller);
        Ok(Self { controller, is_over: false })
    }

    /// Sends the request. Returns the response once its headers are there; fails with what `fetch` threw or rejected with.
    pub async fn send(
        &self,
        fetch: &Fetch,
        url: &JsValue,
        template: &Template,
        body: Option<&str>,
    ) -> Result<Response, JsValue> {
        let init = template.init(body, &self.controller);
        let promise = match fetch {
            Fetch::Global => global_fetch(url, &init),
            Fetch::Given(fetch) => fetch.call2(&JsValue::UNDEFINED, url, &init),
        }?;
        let mut late = LateResponse(Some(promise.clone()));
        let response = settled(&promise)?.await;
        late.0 = None;
        response.map(Response::new)
    }

    /// Notes that the body was read to its end: there is nothing left to abort.
    pub fn finished(&mut self) {
        self.is_over = true;
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        under_way::remove(&self.controller);
        if !self.is_over {
            self.controller.abort();
        }
    }
}

thread_local! {
    static DISCARD: Closure<dyn Fn(JsValue)> = Closure::new(|response| body::discard(&Response::new(response)));
}

/// The promise of a response that nobody may be waiting for any more. A `fetch` that ignores its signal may answer all the
/// same: dropping the promise before that has the body given up.
struct LateResponse(Option<JsValue>);

impl Drop for LateResponse {
    fn drop(&mut self) {
        if let Some(promise) = &self.0 {
            DISCARD.with(|discard| promise::when_fulfilled(promise, discard.as_ref().unchecked_ref()));
        }
    }
}

/// The requests under way, where the shell of the npm package finds them: after a trap, nothing in Rust aborts them.
pub mod under_way {
    use web_sys::AbortController;

    #[cfg(feature = "npm")]
    mod kept {
        use std::cell::RefCell;

        use js_sys::Set;

        thread_local! {
            static REQUESTS: RefCell<Set> = RefCell::default();
        }

        /// Sets where the controllers of requests are kept.
        pub fn set_up(requests: Set) {
            REQUESTS.set(requests);
        }

        pub fn requests() -> Set {
            REQUESTS.with_borrow(Set::clone)
        }
    }

    #[cfg(feature = "npm")]
    pub use kept::set_up;

    pub(super) fn add(controller: &AbortController) {
        #[cfg(feature = "npm")]
        kept::requests().add(controller);
        let _ = controller;
    }

    pub(super) fn remove(controller: &AbortController) {
        #[cfg(feature = "npm")]
        kept::requests().delete(controller);
        let _ = controller;
    }
}
