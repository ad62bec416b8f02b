//! Timers.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use wasm_bindgen::prelude::*;

use super::slot::Slot;

/// A future that ends after a time. Dropping it clears the timer.
#[derive(Debug)]
#[must_use = "a timer that is dropped is cleared"]
pub struct Timer {
    slot: Slot,
    /// A number in browsers, an object in Node. `undefined` if no timer was set.
    id: JsValue,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(id: &JsValue) -> Result<(), JsValue>;
}

impl Timer {
    /// Sets a timer. Fractions of a ms are rounded up.
    pub fn after(ms: f64) -> Self {
        // Longer times would become 1 ms, and negative ones make Node print a warning.
        let ms = ms.ceil().clamp(0.0, f64::from(i32::MAX));
        let slot = Slot::default();
        let id = slot.fulfill_after(ms).unwrap_or_default();
        Self { slot, id }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.slot.poll(context).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // A platform whose `clearTimeout` throws keeps the timer, which then does nothing.
        let _cleared = clear_timeout(&self.id);
    }
}

/// Waits for a future for at most `ms`. Returns `None` when the time is over.
pub async fn within<T>(ms: f64, future: impl Future<Output = T>) -> Option<T> {
    let mut timer = Timer::after(ms);
    let mut future = pin!(future);
    poll_fn(|context| {
        if let Poll::Ready(outcome) = future.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        Pin::new(&mut timer).poll(context).map(|()| None)
    })
    .await
}
