//! `get_all_results`: typed outcomes, and what listeners hear.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use translation_results::{BulkOptions, BulkProgress, CallOptions, Code, StreamItem};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{asked, client, id, ids, item_of, requests, results_of, service, silent, start_now, text, until};

#[wasm_bindgen_test]
async fn the_outcome_has_every_run_once() {
    let fetch = service("{}");
    let outcome = client(&fetch).get_all_results(ids([3, 1, 2, 3, 7, 1, 5, 4, 6, 7])).await.unwrap();
    assert_eq!(outcome.results, results_of(1..=7));
    assert_eq!(outcome.failures, []);
    let BulkProgress { total, succeeded, failed, requests, retries, elapsed_ms, .. } = outcome.stats;
    assert_eq!((total, succeeded, failed, requests, retries), (7, 7, 0, 2, 0));
    assert!(elapsed_ms > 0.0);
    assert_eq!(asked(&fetch), "[[3,1,2,7],[5,4,6]]");
}

#[wasm_bindgen_test]
async fn a_bad_run_fails_alone() {
    let fetch = service(r#"{"absent":[9,2]}"#);
    let outcome = client(&fetch).get_all_results(ids(1..=9)).await.unwrap();
    assert_eq!(outcome.results, results_of([1, 3, 4, 5, 6, 7, 8]));
    let failures: Vec<_> = outcome
        .failures
        .iter()
        .map(|failure| (failure.run_id, failure.error.code(), failure.error.attempts(), failure.error.status()))
        .collect();
    assert_eq!(failures, [2, 9].map(|run_id| (id(run_id), Code::NotFound, 1, Some(404))));
    assert_eq!(outcome.failures[0].error.to_string(), "run 2 was not found, or baseUrl is wrong (404: no such run)");
    let stats = outcome.stats;
    assert_eq!((stats.total, stats.succeeded, stats.failed, stats.requests), (9, 7, 2, 4));
}

#[wasm_bindgen_test]
async fn one_run_is_a_get_and_an_empty_list_sends_nothing() {
    let fetch = service("{}");
    let client = client(&fetch);
    let outcome = client.get_all_results(ids([])).await.unwrap();
    assert_eq!((outcome.results.len(), outcome.failures.len(), outcome.stats.total), (0, 0, 0));
    assert_eq!(requests(&fetch), 0);
    let outcome = client.get_all_results([id(7)]).await.unwrap();
    assert_eq!(outcome.results, results_of([7]));
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://client.camb.ai/apis/translation-result/7""#);
    assert_eq!(text(&fetch, "calls.0.method"), r#""GET""#);
    assert_eq!(text(&fetch, "calls.0.body"), "undefined");
    assert_eq!(text(&fetch, "calls.0.headers"), r#"{"x-api-key":"test-key"}"#);
}

#[wasm_bindgen_test]
async fn the_largest_run_id_comes_through_whole() {
    let largest = translation_results::RunId::MAX;
    let fetch = service("{}");
    let outcome = client(&fetch).get_all_results(ids([largest - 1, largest])).await.unwrap();
    assert_eq!(outcome.results, results_of([largest - 1, largest]));
    let outcome = client(&fetch).get_all_results(ids([largest])).await.unwrap();
    assert_eq!(outcome.results, results_of([largest]));
}

#[wasm_bindgen_test]
async fn no_more_requests_are_in_flight_than_allowed() {
    let fetch = service(r#"{"delayMs":5}"#);
    let bulk = BulkOptions::new().concurrency(3).call(CallOptions::new().header("x-call", "2"));
    let outcome = client(&fetch).get_all_results_with(ids(1..=60), bulk).await.unwrap();
    assert_eq!(outcome.results, results_of(1..=60));
    assert_eq!((text(&fetch, "most").as_str(), requests(&fetch)), ("3", 12));
    assert_eq!(text(&fetch, "calls.11.headers.x-call"), r#""2""#);
}

#[wasm_bindgen_test]
async fn on_item_gets_each_run_as_it_lands() {
    let fetch = service(r#"{"absent":[4],"delayMs":30,"script":[null,"never"]}"#);
    let items = Rc::new(RefCell::new(vec![]));
    let told = Rc::clone(&items);
    let bulk = BulkOptions::from(CallOptions::new().deadline(Duration::from_millis(300)))
        .concurrency(2)
        .on_item(move |item: &StreamItem| told.borrow_mut().push(item.clone()));
    let outcome = client(&fetch).get_all_results_with(ids(1..=9), bulk).await.unwrap();
    let items = items.take();
    assert_eq!(items[..4], [1, 2, 3, 5].map(item_of));
    let failed: Vec<_> = items[4..].iter().map(|item| (item.run_id, item.result.clone().unwrap_err())).collect();
    assert_eq!((failed[0].0, failed[0].1.code()), (id(4), Code::NotFound));
    // The second request is given up at the deadline.
    for (number, (run_id, error)) in (6..=9).zip(&failed[1..]) {
        let message = "the call took longer than deadlineMs (300 ms): raise the option to wait longer";
        assert_eq!((*run_id, error.to_string().as_str()), (id(number), message));
        assert_eq!((error.code(), error.attempts()), (Code::Timeout, 1));
    }
    assert_eq!(items.len(), 9);
    let failures: Vec<_> = outcome.failures.into_iter().map(|failure| (failure.run_id, failure.error)).collect();
    assert_eq!(failures, failed);
    assert_eq!(outcome.results, results_of([1, 2, 3, 5]));
}

#[wasm_bindgen_test]
async fn on_progress_is_called_after_every_answer_and_at_the_end() {
    let fetch = service(r#"{"absent":[4]}"#);
    let told = Rc::new(RefCell::new(vec![]));
    let progress = Rc::clone(&told);
    let bulk = BulkOptions::new().concurrency(1).on_progress(move |&now| progress.borrow_mut().push(now));
    let outcome = client(&fetch).get_all_results_with(ids(1..=9), bulk).await.unwrap();
    let told = told.take();
    let facts: Vec<_> = told.iter().map(|now| (now.total, now.succeeded, now.failed, now.requests)).collect();
    assert_eq!(facts, [(9, 4, 0, 1), (9, 4, 1, 2), (9, 8, 1, 3), (9, 8, 1, 3)]);
    assert!(told.is_sorted_by(|before, after| before.elapsed_ms <= after.elapsed_ms));
    assert_eq!(told.last(), Some(&outcome.stats));
}

#[wasm_bindgen_test]
async fn a_deadline_ends_with_an_outcome() {
    let fetch = silent();
    let bulk = CallOptions::new().deadline(Duration::from_millis(40)).into();
    let outcome = client(&fetch).get_all_results_with(ids([7, 8]), bulk).await.unwrap();
    assert!(outcome.results.is_empty());
    let failures: Vec<_> = outcome.failures.iter().map(|failure| (failure.run_id, failure.error.code())).collect();
    assert_eq!(failures, [7, 8].map(|run_id| (id(run_id), Code::Timeout)));
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn a_listener_may_call_the_client() {
    let fetch = service("{}");
    let client = client(&fetch);
    let (again, inner) = (client.clone(), Rc::new(RefCell::new(vec![])));
    let received = Rc::clone(&inner);
    let bulk = BulkOptions::new().on_item(move |item| {
        let (again, received, run_id) = (again.clone(), Rc::clone(&received), item.run_id);
        start_now(async move {
            let outcome = again.get_all_results([run_id]).await.unwrap();
            received.borrow_mut().extend(outcome.results.into_keys());
        });
    });
    let outcome = client.get_all_results_with(ids([7, 8]), bulk).await.unwrap();
    assert_eq!(outcome.results, results_of([7, 8]));
    until(|| inner.borrow().len() == 2).await;
    let mut received = inner.take();
    received.sort();
    assert_eq!(received, ids([7, 8]));
}
