//! Calls leave the memory as it was.

use js_sys::{Array, Promise};
use translation_results::npm::client::Client;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{WHOLE, expect_same_memory, ok, parse, silent};
use crate::values::{NONE, client, ids, range, set_up, settled, source};

#[wasm_bindgen_test]
async fn many_calls_leave_the_memory_as_it_was() {
    let client = client(&ok(WHOLE), "{}");
    expect_same_memory(2_000, 200, async || {
        assert!(settled(client.get_results(&ids(), &NONE)).await.is_ok());
    })
    .await;
    expect_same_memory(500, 50, async || {
        assert!(settled(client.get_all_results(&ids(), &NONE)).await.is_ok());
    })
    .await;
}

#[wasm_bindgen_test]
async fn many_streams_leave_the_memory_as_it_was() {
    let client = client(&ok(WHOLE), "{}");
    expect_same_memory(500, 50, async || {
        let stream = client.stream_results(source(&ids(), true), NONE);
        assert!(settled(stream.next()).await.is_ok());
        settled(stream.leave(NONE)).await.unwrap();
    })
    .await;
}

#[wasm_bindgen_test]
async fn many_refusals_leave_the_memory_as_it_was() {
    let fetch = ok("[]");
    expect_same_memory(500, 50, async || {
        let client = client(&fetch, "{}");
        assert!(settled(client.get_results(&ids(), &NONE)).await.is_err());
        assert!(settled(client.get_results(&range(1, 9), &NONE)).await.is_err());
        assert!(Client::new(&parse("[]")).is_err());
    })
    .await;
}

#[wasm_bindgen_test]
async fn calls_that_are_never_answered_keep_nothing() {
    let requests_under_way = set_up().requests;
    let client = client(&silent(), r#"{"timeoutMs":1,"maxRetries":0}"#);
    expect_same_memory(20, 2, async || {
        let calls: Array = (0..500).map(|_| client.get_results(&ids(), &NONE)).collect();
        settled(Promise::all_settled(&calls)).await.unwrap();
    })
    .await;
    assert_eq!(requests_under_way.size(), 0);
}
