//! A stopped `get_all_results`: its error, its results, and the pending runs.

use std::error::Error;

use translation_results::{BulkOptions, BulkProgress, CallOptions, Code};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{Timers, asked, client, counted_controller, id, ids, requests, results_of, service, text, wait};

const REFUSED: &str = r#"[401,"{\"error\":\"Invalid API key\"}"]"#;

#[wasm_bindgen_test]
async fn a_stopped_call_has_its_results_and_pending_runs() {
    let fetch = service(&format!(r#"{{"absent":[2],"script":[null,null,{REFUSED}]}}"#));
    let client = client(&fetch);
    let bulk = BulkOptions::new().concurrency(1);
    let stopped = client.get_all_results_with(ids((1..=12).chain([3])), bulk).await.unwrap_err();
    assert_eq!(stopped.error.code(), Code::Unauthorized);
    let message = "the service did not accept the API key: check apiKey (401: Invalid API key)";
    assert_eq!((stopped.to_string().as_str(), stopped.error.to_string().as_str()), (message, message));
    assert!(stopped.source().is_none(), "a chain of errors shows the message once");
    assert_eq!((stopped.error.attempts(), stopped.error.status()), (1, Some(401)));
    assert_eq!(stopped.partial.results, results_of([1, 3, 4]));
    let failures: Vec<_> =
        stopped.partial.failures.iter().map(|failure| (failure.run_id, failure.error.code())).collect();
    assert_eq!(failures, [(id(2), Code::NotFound)]);
    assert_eq!(stopped.pending, ids(5..=12));
    let BulkProgress { total, succeeded, failed, requests, retries, .. } = stopped.partial.stats;
    assert_eq!((total, succeeded, failed, requests, retries), (12, 3, 1, 3, 0));
    assert_eq!(asked(&fetch), "[[1,2,3,4],2,[5,6,7,8]]");

    let outcome = client.get_all_results(stopped.pending).await.unwrap();
    assert_eq!(outcome.results, results_of(5..=12));
}

#[wasm_bindgen_test]
async fn a_stop_cancels_what_is_in_flight() {
    let timers = Timers::watch();
    let fetch = service(&format!(r#"{{"script":["never",{REFUSED}]}}"#));
    let controller = counted_controller();
    let bulk = BulkOptions::from(CallOptions::new().signal(&controller.signal())).concurrency(2);
    let stopped = client(&fetch).get_all_results_with(ids(1..=20), bulk).await.unwrap_err();
    assert_eq!(stopped.pending, ids(1..=20));
    assert_eq!(stopped.partial.results, results_of([]));
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
    assert_eq!(text(&controller, "listeners"), "0");
    assert_eq!(timers.open(), 0, "timers that nothing waits for");
    let sent = requests(&fetch);
    wait(20.0).await;
    assert_eq!(requests(&fetch), sent, "a request after the stop");
}

#[wasm_bindgen_test]
async fn a_wait_of_more_than_a_minute_stops_the_call() {
    let fetch = service(r#"{"script":[[429,"",{"retry-after":"61"}]]}"#);
    let stopped = client(&fetch).get_all_results(ids([7, 8])).await.unwrap_err();
    assert_eq!(stopped.error.code(), Code::RateLimited);
    assert_eq!(stopped.error.retry_after(), Some(std::time::Duration::from_secs(61)));
    assert_eq!(stopped.pending, ids([7, 8]));
}

#[wasm_bindgen_test]
async fn options_that_are_refused_leave_every_run_pending() {
    let fetch = service("{}");
    let bulk = BulkOptions::new().concurrency(0);
    let stopped = client(&fetch).get_all_results_with(ids([7, 8, 7]), bulk).await.unwrap_err();
    assert_eq!(stopped.error.code(), Code::InvalidOptions);
    assert_eq!(stopped.to_string(), "concurrency must be an integer from 1 to 64");
    assert_eq!(stopped.partial, Default::default());
    assert_eq!(stopped.pending, ids([7, 8]));
    assert_eq!(requests(&fetch), 0);
}
