//! `streamResults`: `next()` and `return()`.

use translation_results::npm::stream::ResultStream;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    Timers, asked, at, counted_controller, json, parse, requests, service, silent, text, until, wait,
};
use crate::values::{
    NONE, assert_same, client, range, set_up, settled, silent_source, source, throwing_source, with_signal,
};

const DONE: &str = r#"{"done":true}"#;

/// Takes the next result, as JSON.
async fn next(stream: &ResultStream) -> String {
    json(&settled(stream.next()).await.unwrap()).unwrap()
}

fn item(run_id: u32) -> String {
    format!(r#"{{"done":false,"value":{{"ok":true,"runId":{run_id},"texts":["t{run_id}"]}}}}"#)
}

#[wasm_bindgen_test]
async fn next_gives_each_run_once_and_then_the_end() {
    for is_async in [false, true] {
        let fetch = service(r#"{"absent":[3]}"#);
        let ids = source(&parse("[1,2,3,3,2,1]"), is_async);
        let stream = client(&fetch, "{}").stream_results(ids.clone(), NONE);
        assert_eq!(next(&stream).await, item(1));
        assert_eq!(next(&stream).await, item(2));
        let failed = settled(stream.next()).await.unwrap();
        assert_eq!(text(&failed, "value.runId"), "3");
        assert_eq!(text(&failed, "value.ok"), "false");
        assert_eq!(text(&failed, "value.error.code"), r#""NOT_FOUND""#);
        for _ in 0..2 {
            assert_eq!(next(&stream).await, DONE);
        }
        assert_eq!(text(&ids, "returned"), "0", "a source that has ended is closed");
    }
}

#[wasm_bindgen_test]
async fn nothing_is_read_before_the_first_next() {
    let fetch = service("{}");
    let ids = source(&range(1, 9), false);
    let stream = client(&fetch, "{}").stream_results(ids.clone(), NONE);
    wait(5.0).await;
    assert_eq!(text(&ids, "read"), "0");
    assert_eq!(next(&stream).await, item(1));
    assert_eq!(text(&ids, "read"), "9");
}

#[wasm_bindgen_test]
async fn several_next_are_served_in_order() {
    let fetch = service("{}");
    let stream = client(&fetch, "{}").stream_results(range(1, 3), NONE);
    let all: js_sys::Array = (0..5).map(|_| stream.next()).collect();
    let all = settled(js_sys::Promise::all(&all)).await.unwrap();
    assert_eq!(json(&all).unwrap(), format!("[{},{},{},{DONE},{DONE}]", item(1), item(2), item(3)));
}

#[wasm_bindgen_test]
async fn a_stream_reads_at_most_five_ids_ahead_for_each_possible_request() {
    for is_async in [false, true] {
        let fetch = service("{}");
        let ids = source(&range(1, 200), is_async);
        let stream = client(&fetch, "{}").stream_results(ids.clone(), parse(r#"{"concurrency":2}"#));
        let mut most_ahead = 0.0;
        for taken in 1..=200 {
            assert_ne!(next(&stream).await, DONE);
            // Nothing is taken for a while, so that items wait.
            wait(1.0).await;
            most_ahead = f64::max(most_ahead, at(&ids, "read").as_f64().unwrap() - f64::from(taken));
        }
        assert_eq!(most_ahead, 10.0);
        assert_eq!(next(&stream).await, DONE);
    }
}

#[wasm_bindgen_test]
async fn return_cancels_what_is_in_flight_and_closes_the_source() {
    for is_async in [false, true] {
        let timers = Timers::watch();
        let requests_under_way = set_up().requests;
        let fetch = service(r#"{"script":[null,"never","never"]}"#);
        let controller = counted_controller();
        let ids = source(&range(1, 100), is_async);
        let options = with_signal(r#"{"concurrency":2}"#, &controller);
        let stream = client(&fetch, "{}").stream_results(ids.clone(), options);
        for run_id in 1..=5 {
            assert_eq!(next(&stream).await, item(run_id));
        }
        until(|| requests(&fetch) > 1).await;
        let waiting = stream.next();
        let returned = settled(stream.leave("value".into())).await.unwrap();
        assert_eq!(json(&returned).unwrap(), r#"{"done":true,"value":"value"}"#);
        assert_eq!(json(&settled(waiting).await.unwrap()).unwrap(), DONE);
        assert_eq!(text(&ids, "returned"), "1");
        assert_eq!(text(&fetch, "calls.1.signal.aborted"), "true");
        assert_eq!(text(&controller, "listeners"), "0");
        assert_eq!((timers.open(), requests_under_way.size()), (0, 0));
        let (sent, read) = (requests(&fetch), text(&ids, "read"));
        wait(10.0).await;
        assert_eq!((requests(&fetch), text(&ids, "read")), (sent, read), "after the end");
        assert_eq!(next(&stream).await, DONE);
        settled(stream.leave(NONE)).await.unwrap();
        assert_eq!(text(&ids, "returned"), "1", "closed twice");
    }
}

#[wasm_bindgen_test]
async fn return_before_the_first_next_reads_and_sends_nothing() {
    let fetch = service("{}");
    let ids = source(&range(1, 9), false);
    let stream = client(&fetch, "{}").stream_results(ids.clone(), NONE);
    assert_eq!(json(&settled(stream.leave(NONE)).await.unwrap()).unwrap(), DONE);
    assert_eq!(next(&stream).await, DONE);
    wait(5.0).await;
    assert_eq!((text(&ids, "read").as_str(), text(&ids, "returned").as_str()), ("0", "0"));
    assert_eq!(requests(&fetch), 0);
}

#[wasm_bindgen_test]
async fn return_does_not_wait_for_a_silent_source() {
    let stream = client(&silent(), "{}").stream_results(silent_source(), NONE);
    let waiting = stream.next();
    wait(5.0).await;
    assert_eq!(json(&settled(stream.leave(NONE)).await.unwrap()).unwrap(), DONE);
    assert_eq!(json(&settled(waiting).await.unwrap()).unwrap(), DONE);
}

#[wasm_bindgen_test]
async fn an_error_is_thrown_once_after_the_items_before_it() {
    let fetch = service(r#"{"script":[null,[401,""]]}"#);
    let stream = client(&fetch, "{}").stream_results(range(1, 30), parse(r#"{"concurrency":1}"#));
    for run_id in 1..=5 {
        assert_eq!(next(&stream).await, item(run_id));
    }
    let error = settled(stream.next()).await.unwrap_err();
    assert_eq!(text(&error, "code"), r#""UNAUTHORIZED""#);
    assert_eq!(next(&stream).await, DONE);
}

#[wasm_bindgen_test]
async fn a_value_that_is_not_a_run_id_ends_the_stream_with_an_error() {
    let fetch = service("{}");
    let ids = source(&parse(r#"[1,2,3,"4",5,6,7,8,9]"#), false);
    let stream = client(&fetch, "{}").stream_results(ids.clone(), parse(r#"{"concurrency":1}"#));
    for run_id in 1..=3 {
        assert_eq!(next(&stream).await, item(run_id));
    }
    let error = settled(stream.next()).await.unwrap_err();
    assert_eq!(text(&error, "problems"), r#"[{"problem":"not_an_integer","index":3}]"#);
    assert_eq!(next(&stream).await, DONE);
    assert_eq!((text(&ids, "returned").as_str(), asked(&fetch).as_str()), ("1", "[[1,2,3]]"));
}

#[wasm_bindgen_test]
async fn a_source_that_throws_ends_the_stream_with_its_error() {
    let cause = JsValue::from(js_sys::TypeError::new("why"));
    let stream = client(&silent(), "{}").stream_results(throwing_source(&range(1, 3), &cause), NONE);
    assert_same(&settled(stream.next()).await.unwrap_err(), &cause);
    assert_eq!(next(&stream).await, DONE);
}

#[wasm_bindgen_test]
async fn wrong_arguments_reject_the_first_next() {
    for (ids, options, name) in [
        (parse("7"), NONE, r#""InvalidRunIdsError""#),
        (NONE, NONE, r#""InvalidRunIdsError""#),
        (range(1, 3), parse(r#"{"concurrency":0}"#), r#""InvalidOptionsError""#),
        (range(1, 3), parse(r#"{"nothing":0}"#), r#""InvalidOptionsError""#),
    ] {
        let stream = client(&silent(), "{}").stream_results(ids, options);
        let error = settled(stream.next()).await.unwrap_err();
        assert_eq!(text(&error, "name"), name);
        assert_eq!(next(&stream).await, DONE);
    }
}
