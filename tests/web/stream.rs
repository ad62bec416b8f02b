//! `stream_results`: items as they land, reading ahead, and the end.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};
use js_sys::Function;
use translation_results::{BulkOptions, CallOptions, Code, Error, StreamItem};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    Timers, asked, at, client, counted_controller, id, ids, item_of, requests, results_of, service, silent, text, wait,
};

type Items = Vec<Result<StreamItem, Error>>;

/// Streams the runs 1 to `count` to the end.
async fn streamed(fetch: &Function, count: u64, options: BulkOptions) -> Items {
    client(fetch).stream_results_with(stream::iter(ids(1..=count)), options).collect().await
}

#[wasm_bindgen_test]
async fn every_run_is_one_item() {
    let fetch = service(r#"{"absent":[3]}"#);
    let source = stream::iter(ids((1..=9).chain(1..=9)));
    let items: Items = client(&fetch).stream_results(source).collect().await;
    let mut items: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    items.sort_by_key(|item| item.run_id);
    let failed = items.remove(2);
    assert_eq!((failed.run_id, failed.result.unwrap_err().code()), (id(3), Code::NotFound));
    let expected: Vec<_> = results_of([1, 2, 4, 5, 6, 7, 8, 9]).into_keys().map(|id| item_of(id.get())).collect();
    assert_eq!(items, expected);
}

#[wasm_bindgen_test]
async fn items_come_as_they_land() {
    let fetch = service(r#"{"script":["never"]}"#);
    let options = BulkOptions::new().concurrency(2);
    let mut items = pin!(client(&fetch).stream_results_with(stream::iter(ids(1..=10)), options));
    for run_id in 6..=10 {
        assert_eq!(items.next().await, Some(Ok(item_of(run_id))));
    }
    assert_eq!(items.next().now_or_never(), None);
    assert_eq!(asked(&fetch), "[[1,2,3,4,5],[6,7,8,9,10]]");
}

#[wasm_bindgen_test]
async fn a_stream_reads_at_most_five_ids_ahead_for_each_possible_request() {
    let fetch = service("{}");
    let read = Rc::new(Cell::new(0));
    let counted = Rc::clone(&read);
    let source = stream::iter(ids(1..=200)).inspect(move |_| counted.set(counted.get() + 1));
    let options = BulkOptions::new().concurrency(2);
    let mut items = pin!(client(&fetch).stream_results_with(source, options));
    let (mut taken, mut most_ahead) = (0, 0);
    while let Some(item) = items.next().await {
        item.unwrap();
        most_ahead = most_ahead.max(read.get() - taken);
        taken += 1;
        // The consumer is slow, so that items wait for it.
        wait(1.0).await;
    }
    assert_eq!((taken, most_ahead), (200, 10));
}

#[wasm_bindgen_test]
async fn runs_of_a_source_that_pauses_are_sent() {
    let fetch = service("{}");
    let started = js_sys::Date::now();
    let source = stream::iter(ids([7, 8])).chain(stream::pending());
    let mut items = pin!(client(&fetch).stream_results(source));
    assert_eq!(items.next().await, Some(Ok(item_of(7))));
    assert_eq!(items.next().await, Some(Ok(item_of(8))));
    assert!(js_sys::Date::now() - started > 15.0, "a small request without a pause");
    assert_eq!(asked(&fetch), "[[7,8]]");
}

#[wasm_bindgen_test]
async fn an_error_is_the_last_item() {
    let fetch = service(r#"{"script":[null,[402,""]]}"#);
    let mut items =
        pin!(client(&fetch).stream_results_with(stream::iter(ids(1..=30)), BulkOptions::new().concurrency(1)));
    for run_id in 1..=5 {
        assert_eq!(items.next().await, Some(Ok(item_of(run_id))));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.status(), error.attempts()), (Code::PaymentRequired, Some(402), 1));
    for _ in 0..2 {
        assert_eq!(items.next().await, None);
    }
    assert_eq!(requests(&fetch), 2);
}

#[wasm_bindgen_test]
async fn options_that_are_refused_are_the_only_item() {
    let fetch = service("{}");
    let items = streamed(&fetch, 9, BulkOptions::new().concurrency(65)).await;
    let [Err(error)] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(error.to_string(), "concurrency must be an integer from 1 to 64");
    assert_eq!(requests(&fetch), 0);
}

#[wasm_bindgen_test]
async fn an_empty_source_is_an_empty_stream() {
    let fetch = service("{}");
    assert_eq!(streamed(&fetch, 0, BulkOptions::new()).await, []);
    assert_eq!(requests(&fetch), 0);
}

#[wasm_bindgen_test]
async fn a_deadline_fails_the_runs_that_were_read() {
    let fetch = silent();
    let source = stream::iter(ids([7, 8])).chain(stream::pending());
    let options = CallOptions::new().deadline(Duration::from_millis(60)).into();
    let items: Items = client(&fetch).stream_results_with(source, options).collect().await;
    let failed: Vec<_> = items.into_iter().map(|item| item.unwrap()).collect();
    let codes: Vec<_> = failed.iter().map(|item| (item.run_id, item.result.as_ref().unwrap_err().code())).collect();
    assert_eq!(codes, [7, 8].map(|run_id| (id(run_id), Code::Timeout)));
}

#[wasm_bindgen_test]
async fn a_dropped_stream_cancels_its_requests_and_drops_its_source() {
    let timers = Timers::watch();
    let fetch = silent();
    let controller = counted_controller();
    let held = Rc::new(());
    let in_source = Rc::clone(&held);
    let source = stream::iter(ids(1..=1_000)).inspect(move |_| _ = &in_source);
    let options = BulkOptions::from(CallOptions::new().signal(&controller.signal())).concurrency(3);
    let mut items = Box::pin(client(&fetch).stream_results_with(source, options));
    assert_eq!(items.next().now_or_never(), None);
    wait(10.0).await;
    assert_eq!(items.next().now_or_never(), None);
    let sent = requests(&fetch);
    assert_ne!(sent, 0);
    assert_eq!((Rc::strong_count(&held), text(&controller, "listeners").as_str()), (2, "1"));

    drop(items);
    assert_eq!((Rc::strong_count(&held), text(&controller, "listeners").as_str()), (1, "0"));
    assert_eq!(timers.open(), 0, "timers that nothing waits for");
    for number in 0..sent {
        assert_eq!(text(&at(&fetch, &format!("calls.{number}")), "signal.aborted"), "true");
    }
    wait(10.0).await;
    assert_eq!(requests(&fetch), sent, "a request after the drop");
}

#[wasm_bindgen_test]
async fn a_source_of_nothing_but_repeats_lets_the_platform_run() {
    let fetch = silent();
    let controller = counted_controller();
    let options = CallOptions::new().signal(&controller.signal()).into();
    let aborting = controller.clone();
    spawn_local(async move {
        wait(25.0).await;
        aborting.abort();
    });
    let items: Items = client(&fetch).stream_results_with(stream::repeat(id(7)), options).collect().await;
    let [Err(error)] = items.as_slice() else { panic!("{items:?}") };
    assert!(error.is_aborted());
}

#[wasm_bindgen_test]
async fn listeners_hear_of_items_and_progress() {
    let fetch = service("{}");
    let (items_told, last_total) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let (items, total) = (Rc::clone(&items_told), Rc::clone(&last_total));
    let options = BulkOptions::new()
        .on_item(move |_| items.set(items.get() + 1))
        .on_progress(move |progress| total.set(progress.total));
    assert_eq!(streamed(&fetch, 12, options).await.len(), 12);
    assert_eq!((items_told.get(), last_total.get()), (12, 12));
}
