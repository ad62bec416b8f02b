//! Dropping the future of a call cancels the call at every stage.

use std::pin::pin;

use futures_util::future::{Either, join, select};
use futures_util::{FutureExt, StreamExt, stream};
use js_sys::Function;
use translation_results::{BulkOptions, CallOptions, Client, RunId};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{methods, stages};
use crate::doubles::{
    Timers, asked, batch, client, counted_controller, id, ids, late, requests, results_of, service, silent, text,
    until, wait,
};

/// Polls a call until a condition holds. Fails if the call ends.
async fn run_until<T>(condition: impl Fn() -> bool, call: &mut (impl Future<Output = T> + Unpin)) {
    let holds = pin!(until(condition));
    assert!(matches!(select(call, holds).await, Either::Right(_)), "the call has ended");
}

/// Polls a call for a time. Fails if the call ends.
async fn run_for<T>(ms: f64, call: &mut (impl Future<Output = T> + Unpin)) {
    let time = pin!(wait(ms));
    assert!(matches!(select(call, time).await, Either::Right(_)), "the call has ended");
}

#[wasm_bindgen_test]
async fn a_dropped_call_is_cancelled_at_every_stage_and_leaves_nothing() {
    for (method, start) in methods() {
        for (stage, fetch) in stages() {
            let at = format!("{method}, {stage}");
            let timers = Timers::watch();
            let controller = counted_controller();
            let mut call = start(client(&fetch), CallOptions::new().signal(&controller.signal()));
            run_for(25.0, &mut call).await;
            assert_eq!(requests(&fetch), 1, "{at}");
            assert_eq!(text(&controller, "listeners"), "1", "{at}");
            assert_ne!(timers.open(), 0, "{at}");
            if stage != "before a retry" {
                assert_eq!(text(&fetch, "calls.0.signal.aborted"), "false", "{at}");
            }
            assert_eq!(text(&fetch, "cancelled"), "0", "{at}");

            drop(call);
            assert_eq!(text(&controller, "listeners"), "0", "{at}");
            if method == "get_result" {
                // Its request ends after the code that is running: another caller may want the run by then.
                wait(0.0).await;
            }
            assert_eq!(timers.open(), 0, "timers that nothing waits for: {at}");
            if stage != "before a retry" {
                assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true", "{at}");
            }
            assert_eq!(text(&fetch, "cancelled"), if stage == "in the body" { "1" } else { "0" }, "{at}");
            wait(25.0).await;
            assert_eq!(requests(&fetch), 1, "a request after the drop: {at}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_call_that_is_never_polled_does_nothing() {
    let fetch = silent();
    let client = client(&fetch);
    let controller = counted_controller();
    let options = || CallOptions::new().signal(&controller.signal());
    let source = stream::iter(ids([7, 8])).inspect(|_| panic!("the source is read"));
    let calls = (
        client.get_result_with(id(7), options()),
        client.get_results_with(batch(), options()),
        client.get_all_results_with(ids([7, 8]), options().into()),
        client.stream_results_with(source, options().into()),
    );
    wait(5.0).await;
    drop(calls);
    assert_eq!((requests(&fetch), text(&controller, "most").as_str()), (0, "0"));
}

#[wasm_bindgen_test]
async fn a_response_that_comes_after_the_drop_is_cancelled() {
    for (method, start) in methods() {
        let fetch = late(30.0);
        let mut call = start(client(&fetch), CallOptions::new());
        run_for(10.0, &mut call).await;
        drop(call);
        assert_eq!(text(&fetch, "cancelled"), "0", "{method}");
        wait(40.0).await;
        assert_eq!(text(&fetch, "cancelled"), "1", "{method}");
    }
}

/// As many requests as may be in flight before the service has answered any.
const FIRST_VOLLEY: u64 = 12;

/// Returns a client of a service that never answers the first volley.
fn stuck_client() -> (Client, Function) {
    let never = [r#""never""#; FIRST_VOLLEY as usize].join(",");
    let fetch = service(&format!(r#"{{"script":[{never}]}}"#));
    (client(&fetch), fetch)
}

/// Returns run ids for more requests than the first volley has, and options that allow as many in flight.
fn many() -> (Vec<RunId>, BulkOptions) {
    (ids(1..=10 * FIRST_VOLLEY), BulkOptions::new().concurrency(64))
}

#[wasm_bindgen_test]
async fn a_dropped_call_frees_its_places_for_the_next_call() {
    let (client, fetch) = stuck_client();
    let (list, bulk) = many();
    let mut call = Box::pin(client.get_all_results_with(list, bulk));
    run_until(|| requests(&fetch) == 12, &mut call).await;
    drop(call);
    let outcome = client.get_all_results(ids([7, 8])).await.unwrap();
    assert_eq!(outcome.results, results_of([7, 8]));
}

#[wasm_bindgen_test]
async fn a_dropped_stream_frees_its_places_for_the_next_call() {
    let (client, fetch) = stuck_client();
    let (list, bulk) = many();
    let mut items = Box::pin(client.stream_results_with(stream::iter(list), bulk));
    run_until(|| requests(&fetch) == 12, &mut items.next()).await;
    drop(items);
    let outcome = client.get_all_results(ids([7, 8])).await.unwrap();
    assert_eq!(outcome.results, results_of([7, 8]));
}

#[wasm_bindgen_test]
async fn a_dropped_call_wakes_the_calls_that_wait_for_its_places() {
    let (client, fetch) = stuck_client();
    let (list, bulk) = many();
    let mut call = Box::pin(client.get_all_results_with(list, bulk));
    run_until(|| requests(&fetch) == 12, &mut call).await;
    let mut other = Box::pin(client.get_all_results(ids([7, 8])));
    run_for(30.0, &mut other).await;
    assert_eq!(requests(&fetch), 12, "the other call has not waited");
    let drop_it = async move {
        wait(5.0).await;
        drop(call);
    };
    let (outcome, ()) = join(other, drop_it).await;
    assert_eq!(outcome.unwrap().results, results_of([7, 8]));
    assert_eq!(requests(&fetch), 13);
}

#[wasm_bindgen_test]
async fn a_dropped_call_leaves_others_of_its_client_alone() {
    let fetch = service(r#"{"script":["never"],"delayMs":20}"#);
    let client = client(&fetch);
    let mut dropped = Box::pin(client.get_results(batch()));
    assert!(dropped.as_mut().now_or_never().is_none());
    let mut other = Box::pin(client.get_results(batch()));
    run_for(5.0, &mut other).await;
    drop(dropped);
    assert_eq!(other.await.unwrap(), results_of([7, 8]));
    assert_eq!(asked(&fetch), "[[7,8],[7,8]]");
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
    assert_eq!(text(&fetch, "calls.1.signal.aborted"), "false");
}
