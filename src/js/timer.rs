//! A timer that is cancelled when it is dropped.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::notice::Notice;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Completes after its time. Dropped before, it never fires and keeps no process alive.
#[must_use = "a timer that is dropped is cancelled"]
pub struct Timer {
    notice: Notice,
    /// A number in browsers, an object in Node.
    id: JsValue,
}

impl Timer {
    /// Times above 2^31 − 1 ms would fire at once; no caller's option and no wait reaches that.
    pub fn new(ms: u32) -> Self {
        let notice = Notice::new();
        let id = set_timeout(notice.callback(), f64::from(ms));
        Self { notice, id }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.notice.poll(context)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
