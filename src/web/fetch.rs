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

/// The parts of a request that are the same for every attempt: made once, and copied for each. They hold the key, so
/// they are not printed.
pub struct Template {
    init: Members,
    headers: Members,
}

impl Template {
    /// Makes the template of a method.
    ///
    /// Redirects are not followed, as they would send the key to another address. They are not an error of `fetch`,
    /// which would look like a lost connection. `credentials`, `mode`, `cache` and `referrerPolicy` are not set: some
    /// versions of workerd throw on them.
    pub fn new(method: &str) -> Self {
        Self { init: Members::new().with("method", method).with("redirect", "manual"), headers: Members::new() }
    }

    /// Adds a header. It replaces a header of the same name in any case.
    pub fn add(&self, name: &str, value: &str) {
        self.headers.set(&name.to_ascii_lowercase(), &value.into());
    }

    /// Makes the init of one attempt. The headers are a copy, as a caller's `fetch` may change them.
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
    /// The global one, looked up for each request, so that a replacement takes effect.
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

    /// Sends the request. Returns the response once its headers have come. Fails with the error of `fetch`.
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

/// The promise of a response. Dropping it before the response comes cancels the body of the late response: a `fetch`
/// may ignore its signal and answer anyway.
struct LateResponse(Option<JsValue>);

impl Drop for LateResponse {
    fn drop(&mut self) {
        if let Some(promise) = &self.0 {
            DISCARD.with(|discard| promise::when_fulfilled(promise, discard.as_ref().unchecked_ref()));
        }
    }
}

/// The requests under way. The shell of the npm package aborts them after a trap, when Rust cannot.
pub mod under_way {
    use web_sys::AbortController;

    #[cfg(feature = "npm")]
    mod kept {
        use std::cell::RefCell;

        use js_sys::Set;

        thread_local! {
            static REQUESTS: RefCell<Set> = RefCell::default();
        }

        /// Sets the set of the requests' controllers.
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
