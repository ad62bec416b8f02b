//! Single runs: futures of one client share requests, and each of them settles alone.

use futures_util::FutureExt;
use futures_util::future::{join, join_all, join3};
use translation_results::{CallOptions, Code};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{asked, client, id, ids, requests, result, service, silent, text, until, wait};

#[wasm_bindgen_test]
async fn futures_that_are_polled_together_share_requests() {
    let fetch = service("{}");
    let client = client(&fetch);
    let results = join_all((1..=7).map(|run_id| client.get_result(id(run_id)))).await;
    for (run_id, given) in (1..=7).zip(results) {
        assert_eq!(given.unwrap(), result(&[&format!("t{run_id}")]));
    }
    assert_eq!(asked(&fetch), "[[1,2,3,4],[5,6,7]]");
}

#[wasm_bindgen_test]
async fn a_run_alone_is_a_get() {
    let fetch = service("{}");
    let client = client(&fetch);
    let (one, same) = join(client.get_result(id(7)), client.get_result(id(7))).await;
    assert_eq!((one.unwrap(), same.unwrap()), (result(&["t7"]), result(&["t7"])));
    assert_eq!(asked(&fetch), "[7]");
}

#[wasm_bindgen_test]
async fn an_unknown_run_fails_alone() {
    let fetch = service(r#"{"absent":[8]}"#);
    let client = client(&fetch);
    let (sound, unknown, other) =
        join3(client.get_result(id(7)), client.get_result(id(8)), client.get_result(id(9))).await;
    assert_eq!((sound.unwrap(), other.unwrap()), (result(&["t7"]), result(&["t9"])));
    let outcome = client.get_all_results(ids([7, 8, 9])).await.unwrap();
    assert_eq!(unknown.unwrap_err(), outcome.failures[0].error);
}

#[wasm_bindgen_test]
async fn a_dropped_future_gives_up_its_run_only() {
    let fetch = service(r#"{"delayMs":30}"#);
    let client = client(&fetch);
    let mut dropped = Box::pin(client.get_result(id(7)));
    let mut other = Box::pin(client.get_result(id(8)));
    assert!(dropped.as_mut().now_or_never().is_none() && other.as_mut().now_or_never().is_none());
    until(|| requests(&fetch) == 1).await;
    drop(dropped);
    assert_eq!(other.await.unwrap(), result(&["t8"]));
    assert_eq!(asked(&fetch), "[[7,8]]");
}

#[wasm_bindgen_test]
async fn a_request_ends_with_the_last_future_that_waits_for_it() {
    let fetch = silent();
    let client = client(&fetch);
    let mut calls: Vec<_> = (7..=8).map(|run_id| Box::pin(client.get_result(id(run_id)))).collect();
    assert!(calls.iter_mut().all(|call| call.as_mut().now_or_never().is_none()));
    until(|| requests(&fetch) == 1).await;
    calls.pop();
    wait(1.0).await;
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "false");
    calls.pop();
    wait(1.0).await;
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn a_deadline_is_of_one_future() {
    let fetch = service(r#"{"delayMs":80}"#);
    let client = client(&fetch);
    let hurried = CallOptions::new().deadline(std::time::Duration::from_millis(20));
    let (late, patient) = join(client.get_result_with(id(7), hurried), client.get_result(id(7))).await;
    let error = late.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Code::Timeout, 1));
    assert_eq!(patient.unwrap(), result(&["t7"]));
    assert_eq!(asked(&fetch), "[7]");
}
