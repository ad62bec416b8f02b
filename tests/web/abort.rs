//! A caller's signal ends a call at every stage.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::join3;
use translation_results::{BulkOptions, CallOptions, Code};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::calls::{methods, stages};
use crate::doubles::{
    Timers, WHOLE, asked, batch, client, counted_controller, id, ids, ok, requests, results_of, service, silent, text,
    until, wait,
};

#[wasm_bindgen_test]
async fn an_abort_ends_the_call_at_every_stage_and_leaves_nothing() {
    for (method, start) in methods() {
        for (stage, fetch) in stages() {
            let at = format!("{method}, {stage}");
            let timers = Timers::watch();
            let controller = counted_controller();
            let call = start(client(&fetch), CallOptions::new().signal(&controller.signal()));
            let aborting = controller.clone();
            spawn_local(async move {
                wait(25.0).await;
                aborting.abort();
            });
            let error = call.await.expect_err(&at);
            let sent = requests(&fetch);
            assert_eq!(sent, 1, "{at}");
            wait(25.0).await;
            assert!(error.is_aborted(), "{at}");
            assert_eq!((error.code(), error.to_string().as_str()), (Code::Aborted, "the call was aborted"), "{at}");
            assert_eq!(requests(&fetch), sent, "a request after the abort: {at}");
            assert_eq!(text(&fetch, "calls.0.signal.aborted"), (stage != "before a retry").to_string(), "{at}");
            assert_eq!(text(&fetch, "cancelled"), if stage == "in the body" { "1" } else { "0" }, "{at}");
            assert_eq!(text(&controller, "listeners"), "0", "{at}");
            assert_eq!(text(&controller, "most"), "1", "{at}");
            assert_eq!(timers.open(), 0, "timers that nothing waits for: {at}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_abort_before_the_call_sends_nothing() {
    for (method, start) in methods() {
        let fetch = ok(WHOLE);
        let controller = counted_controller();
        controller.abort_with_reason(&"why".into());
        let error = start(client(&fetch), CallOptions::new().signal(&controller.signal())).await.expect_err(method);
        assert!(error.is_aborted(), "{method}");
        assert_eq!(error.attempts(), 0, "{method}");
        assert_eq!(requests(&fetch), 0, "{method}");
        assert_eq!(text(&controller, "listeners"), "0", "{method}");
    }
}

#[wasm_bindgen_test]
async fn a_finished_call_leaves_no_listener_and_no_timer() {
    for (method, start) in methods() {
        let timers = Timers::watch();
        let controller = counted_controller();
        let call = start(client(&ok(WHOLE)), CallOptions::new().signal(&controller.signal()));
        assert_eq!(call.await, Ok(()), "{method}");
        assert_eq!(timers.open(), 0, "{method}");
        assert_eq!(text(&controller, "most"), "1", "{method}");
        assert_eq!(text(&controller, "listeners"), "0", "{method}");
    }
}

#[wasm_bindgen_test]
async fn an_abort_of_one_call_leaves_others_alone() {
    let fetch = service(r#"{"delayMs":30}"#);
    let client = client(&fetch);
    let controller = counted_controller();
    let call = CallOptions::new().signal(&controller.signal());
    let aborted = client.get_results_with(batch(), call);
    let other = client.get_results(batch());
    let abort = async {
        wait(5.0).await;
        controller.abort();
    };
    let (aborted, other, ()) = join3(aborted, other, abort).await;
    assert!(aborted.unwrap_err().is_aborted());
    assert_eq!(other.unwrap(), results_of([7, 8]));
}

#[wasm_bindgen_test]
async fn an_abort_of_a_list_keeps_its_results() {
    let fetch = service(r#"{"script":[null,"never"]}"#);
    let controller = counted_controller();
    let bulk = BulkOptions::from(CallOptions::new().signal(&controller.signal())).concurrency(1);
    let (aborting, double) = (controller.clone(), fetch.clone());
    spawn_local(async move {
        until(|| requests(&double) == 2).await;
        aborting.abort();
    });
    let stopped = client(&fetch).get_all_results_with(ids(1..=9), bulk).await.unwrap_err();
    assert!(stopped.error.is_aborted());
    assert_eq!(asked(&fetch), "[[1,2,3,4,5],[6,7,8,9]]");
    assert_eq!(stopped.partial.results, results_of(1..=5));
    assert_eq!(stopped.partial.failures, []);
    assert_eq!(stopped.pending, ids(6..=9));
}

#[wasm_bindgen_test]
async fn an_abort_by_a_listener_loses_no_run_of_the_same_answer() {
    let fetch = service("{}");
    let controller = counted_controller();
    let seen = Rc::new(RefCell::new(vec![]));
    let (aborting, told) = (controller.clone(), Rc::clone(&seen));
    let bulk = BulkOptions::from(CallOptions::new().signal(&controller.signal())).concurrency(1).on_item(move |item| {
        aborting.abort();
        told.borrow_mut().push(item.run_id);
    });
    let stopped = client(&fetch).get_all_results_with(ids(1..=9), bulk).await.unwrap_err();
    assert!(stopped.error.is_aborted());
    assert_eq!(*seen.borrow(), ids(1..=5));
    assert_eq!(stopped.partial.results, results_of(1..=5));
    assert_eq!(requests(&fetch), 1);
}

#[wasm_bindgen_test]
async fn an_abort_after_the_call_changes_nothing() {
    let fetch = ok(WHOLE);
    let controller = counted_controller();
    let call = CallOptions::new().signal(&controller.signal());
    let given = client(&fetch).get_results_with(batch(), call).await;
    controller.abort();
    wait(5.0).await;
    assert_eq!(given.unwrap()[&id(7)].texts, ["a", "b"]);
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "false");
}

#[wasm_bindgen_test]
async fn fetch_gets_a_signal_of_its_own() {
    let fetch = silent();
    let controller = counted_controller();
    let call = CallOptions::new().signal(&controller.signal()).timeout(std::time::Duration::from_millis(20));
    let error = client(&fetch).get_results_with(batch(), call.max_retries(0)).await.unwrap_err();
    assert_eq!(error.code(), Code::Timeout);
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
    assert!(!controller.signal().aborted());
}
