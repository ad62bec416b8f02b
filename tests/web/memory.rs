//! Calls leave the memory as it was.

use std::time::Duration;

use futures_util::FutureExt;
use js_sys::{Array, Promise};
use translation_results::{CallOptions, Client};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{Call, methods};
use crate::doubles::{WHOLE, client, expect_same_memory, ok, options, silent, wait};

#[wasm_bindgen_test]
async fn many_calls_leave_the_memory_as_it_was() {
    let client = client(&ok(WHOLE));
    for (method, start) in methods() {
        let round = async || assert_eq!(start(client.clone(), CallOptions::new()).await, Ok(()), "{method}");
        expect_same_memory(4_000, 400, round).await;
    }
}

/// Makes calls at once, and waits until all have ended.
async fn all_at_once(calls: impl Iterator<Item = Call>) {
    let promise = |call: Call| {
        future_to_promise(async {
            // Runs of a list fail alone, and the call succeeds.
            let _ended = call.await;
            Ok(JsValue::UNDEFINED)
        })
    };
    let calls: Array = calls.map(promise).collect();
    JsFuture::from(Promise::all(&calls)).await.unwrap();
}

#[wasm_bindgen_test]
async fn calls_that_are_never_answered_keep_nothing() {
    let limits = || options(&silent()).timeout(Duration::from_millis(1)).max_retries(0);
    for (method, start) in methods() {
        let client = Client::new(limits()).unwrap();
        // Bulk calls share a pace, so they wait for each other.
        let count = if method == "get_results" { 500 } else { 50 };
        let round = async || all_at_once((0..count).map(|_| start(client.clone(), CallOptions::new()))).await;
        expect_same_memory(40, 4, round).await;
    }
}

#[wasm_bindgen_test]
async fn dropped_calls_keep_nothing() {
    let fetch = silent();
    for (_, start) in methods() {
        let round = async || {
            let client = client(&fetch);
            let mut calls: Vec<_> = (0..500).map(|_| start(client.clone(), CallOptions::new())).collect();
            assert!(calls.iter_mut().all(|call| call.now_or_never().is_none()));
            wait(0.0).await;
            drop(calls);
            // The tasks of the calls end in a turn of their own.
            wait(0.0).await;
        };
        expect_same_memory(150, 10, round).await;
    }
}
