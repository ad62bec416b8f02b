//! The limits of a call: time and size.

use std::time::Duration;

use translation_results::{CallOptions, Client, Code};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{Timers, answers, batch, client, endless, failed, options, requests, silent, stalled, text};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[wasm_bindgen_test]
async fn a_timeout_ends_the_attempt_and_leaves_no_timer() {
    let timers = Timers::watch();
    let fetch = silent();
    let error = failed(options(&fetch).timeout(ms(20)).max_retries(0)).await;
    assert_eq!(timers.open(), 0, "timers that nothing waits for");
    assert_eq!(error.code(), Code::Timeout);
    assert_eq!(error.to_string(), "no complete answer within timeoutMs (20 ms): raise the option to wait longer");
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn a_timeout_covers_the_body() {
    let fetch = stalled();
    let error = failed(options(&fetch).timeout(ms(30)).max_retries(0)).await;
    assert_eq!(error.code(), Code::Timeout);
    assert_eq!(text(&fetch, "cancelled"), "1");
}

#[wasm_bindgen_test]
async fn a_timeout_is_retried() {
    let fetch = silent();
    let error = failed(options(&fetch).timeout(ms(10)).max_retries(1)).await;
    assert_eq!((error.code(), error.attempts(), requests(&fetch)), (Code::Timeout, 2, 2));
}

#[wasm_bindgen_test]
async fn the_timeout_of_a_call_replaces_the_clients() {
    let fetch = silent();
    let call = CallOptions::new().timeout(ms(15)).max_retries(0);
    let error = client(&fetch).get_results_with(batch(), call).await.unwrap_err();
    assert_eq!(error.to_string(), "no complete answer within timeoutMs (15 ms): raise the option to wait longer");
}

#[wasm_bindgen_test]
async fn a_deadline_covers_all_attempts_and_leaves_no_timer() {
    let timers = Timers::watch();
    let fetch = silent();
    let call = CallOptions::new().deadline(ms(40));
    let error = client(&fetch).get_results_with(batch(), call).await.unwrap_err();
    assert_eq!(timers.open(), 0, "timers that nothing waits for");
    assert_eq!(error.to_string(), "the call took longer than deadlineMs (40 ms): raise the option to wait longer");
    assert_eq!((error.attempts(), requests(&fetch)), (1, 1));
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn a_retry_after_the_deadline_is_not_waited_for() {
    let fetch = answers(r#"[[503,"",{"retry-after":"30"}]]"#);
    let call = CallOptions::new().deadline(ms(5_000));
    let error = client(&fetch).get_results_with(batch(), call).await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Code::ServerError, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
}

#[wasm_bindgen_test]
async fn a_body_above_the_limit_is_cancelled() {
    let fetch = endless();
    let client = Client::new(options(&fetch).max_response_bytes(2_500)).unwrap();
    let error = client.get_results(batch()).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidResponse);
    assert_eq!(error.to_string(), "the answer is larger than maxResponseBytes (2500 bytes): raise the option");
    assert_eq!(text(&fetch, "cancelled"), "1");
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}
