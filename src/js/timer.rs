//! A timer that is cancelled when it is dropped.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::settle::Settled;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(settle: &Function, ms: f64, place: usize, turn: u32, fulfilled: bool) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Completes after its time. Dropped before, it never fires and keeps no process alive.
#[must_use = "a timer that is dropped is cancelled"]
pub struct Timer {
    over: Settled,
    /// A number in browsers, an object in Node.
    id: JsValue,
}

impl Timer {
    /// Times above 2^31 − 1 ms would fire at once; no caller's option and no wait reaches that.
    pub fn new(ms: u32) -> Self {
        let (over, id) = Settled::new(|settle, place, turn| set_timeout(settle, f64::from(ms), place, turn, true));
        Self { over, id }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.over).poll(context).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
