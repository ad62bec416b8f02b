//! An abort rejects with the signal's own reason, at every stage, and leaves nothing.

use js_sys::{Object, Promise};
use translation_results::npm::client::Client;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    Timers, WHOLE, answers, counted_controller, ok, requests, service, silent, stalled, text, until, wait,
};
use crate::values::{NONE, assert_same, client, ids, range, set_up, settled, with_signal};

type Start = fn(&Client, &JsValue) -> Promise;

/// Returns a function for each method of a client, by the method's name. It makes a call for the runs 7 and 8.
fn methods() -> [(&'static str, Start); 3] {
    [
        ("getResults", |client, options| client.get_results(&ids(), options)),
        ("getAllResults", |client, options| client.get_all_results(&ids(), options)),
        ("streamResults", |client, options| client.stream_results(ids(), options.clone()).next()),
    ]
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_the_reason_and_leaves_nothing() {
    for (method, start) in methods() {
        for (stage, fetch) in [
            ("before the headers", silent()),
            ("in the body", stalled()),
            ("before a retry", answers(r#"[[503,"",{"retry-after":"30"}]]"#)),
        ] {
            let at = format!("{method}, {stage}");
            let timers = Timers::watch();
            let controller = counted_controller();
            let reason = JsValue::from(Object::new());
            let (aborting, with) = (controller.clone(), reason.clone());
            spawn_local(async move {
                // A busy machine may take long to reach the stage.
                wait(100.0).await;
                aborting.abort_with_reason(&with);
            });
            let requests_under_way = set_up().requests;
            let client = client(&fetch, "{}");
            let outcome = settled(start(&client, &with_signal("{}", &controller))).await;
            let sent = requests(&fetch);
            assert_same(&outcome.expect_err(&at), &reason);
            wait(25.0).await;
            assert_eq!((sent, requests(&fetch)), (1, 1), "a request after the abort: {at}");
            assert_eq!(text(&fetch, "calls.0.signal.aborted"), (stage != "before a retry").to_string(), "{at}");
            assert_eq!(text(&fetch, "cancelled"), if stage == "in the body" { "1" } else { "0" }, "{at}");
            assert_eq!(text(&controller, "listeners"), "0", "{at}");
            assert_eq!(text(&controller, "most"), "1", "{at}");
            assert_eq!(timers.open(), 0, "timers that nothing waits for: {at}");
            assert_eq!(requests_under_way.size(), 0, "{at}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_abort_before_the_call_sends_nothing() {
    for (method, start) in methods() {
        let fetch = ok(WHOLE);
        let controller = counted_controller();
        controller.abort_with_reason(&"why".into());
        let outcome = settled(start(&client(&fetch, "{}"), &with_signal("{}", &controller))).await;
        assert_eq!(outcome.unwrap_err(), "why", "{method}");
        assert_eq!(requests(&fetch), 0, "{method}");
        assert_eq!(text(&controller, "listeners"), "0", "{method}");
    }
}

#[wasm_bindgen_test]
async fn a_finished_call_leaves_no_listener_and_no_timer() {
    for (method, start) in methods() {
        let timers = Timers::watch();
        let controller = counted_controller();
        let answer = settled(start(&client(&ok(WHOLE), "{}"), &with_signal("{}", &controller))).await;
        assert!(answer.is_ok(), "{method}");
        // A stream is over with its last item, which nothing has taken.
        wait(0.0).await;
        assert_eq!(timers.open(), 0, "{method}");
        assert_eq!(text(&controller, "most"), "1", "{method}");
        assert_eq!(text(&controller, "listeners"), "0", "{method}");
    }
}

#[wasm_bindgen_test]
async fn the_requests_under_way_are_known() {
    let requests = set_up().requests;
    assert_eq!(requests.size(), 0);
    let fetch = silent();
    let controller = counted_controller();
    let call = client(&fetch, "{}").get_all_results(&range(1, 20), &with_signal("{}", &controller));
    until(|| requests.size() == 4).await;
    let first: web_sys::AbortController = requests.values().next().unwrap().value().unchecked_into();
    assert_same(&first.signal(), &crate::doubles::at(&fetch, "calls.0.signal"));
    controller.abort();
    assert!(settled(call).await.is_err());
    assert_eq!(requests.size(), 0);
}

#[wasm_bindgen_test]
async fn the_promises_that_are_pending_are_known() {
    let promises = set_up().promises;
    assert_eq!(promises.size(), 0);
    let client = client(&service(r#"{"delayMs":10}"#), "{}");
    let call = client.get_all_results(&range(1, 20), &NONE);
    let next = client.stream_results(range(1, 3), NONE).next();
    assert_eq!(promises.size(), 2);
    let reject: js_sys::Function = promises.values().next().unwrap().value().unchecked_into();
    reject.call1(&NONE, &"trapped".into()).unwrap();
    assert_eq!(settled(call).await.unwrap_err(), "trapped");
    assert!(settled(next).await.is_ok());
    until(|| promises.size() == 0).await;
}
