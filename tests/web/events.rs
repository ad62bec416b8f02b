//! The events that a client's listener gets.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::Function;
use translation_results::{BulkOptions, Client, ClientEvent, Code, RequestOutcome};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    WHOLE, answers, batch, giving, id, ids, json, ok, options, parse, results_of, service, silent, start_now, until,
};

type Heard = Rc<RefCell<Vec<ClientEvent>>>;

/// Returns a client whose events are kept.
fn listening(fetch: &Function) -> (Client, Heard) {
    let heard = Heard::default();
    let told = Rc::clone(&heard);
    let options = options(fetch).on_event(move |event| told.borrow_mut().push(event.clone()));
    (Client::new(options).unwrap(), heard)
}

const URL: &str = "https://client.camb.ai/apis/translation-results";

fn request(attempt: u32) -> ClientEvent {
    ClientEvent::Request { run_ids: ids([7, 8]), attempt, url: URL.into() }
}

/// Returns a response event, with the time set to 0.
fn response(attempt: u32, status: f64, request_id: Option<&str>) -> ClientEvent {
    ClientEvent::Response {
        run_ids: ids([7, 8]),
        attempt,
        status,
        duration_ms: 0.0,
        request_id: request_id.map(str::to_owned),
    }
}

/// Returns an end event, with the time set to 0.
fn end(attempt: u32, outcome: RequestOutcome, code: Option<Code>) -> ClientEvent {
    ClientEvent::End { run_ids: ids([7, 8]), attempt, outcome, code, duration_ms: 0.0 }
}

/// Takes the events, with all times set to 0.
fn timeless(heard: &Heard) -> Vec<ClientEvent> {
    let mut events = heard.take();
    for event in &mut events {
        if let ClientEvent::Response { duration_ms, .. } | ClientEvent::End { duration_ms, .. } = event {
            assert!((0.0..1_000.0).contains(duration_ms), "{duration_ms}");
            *duration_ms = 0.0;
        }
    }
    events
}

#[wasm_bindgen_test]
async fn each_request_response_end_and_retry_is_an_event() {
    let whole = json(&WHOLE.into()).unwrap();
    let fetch = answers(&format!(r#"[[503,"",{{"retry-after-ms":"3"}}],[200,{whole},{{"x-request-id":"r-8"}}]]"#));
    let (client, heard) = listening(&fetch);
    assert!(client.get_results(batch()).await.is_ok());
    let retry = ClientEvent::Retry { run_ids: ids([7, 8]), attempt: 1, delay_ms: 3.0, code: Code::ServerError };
    let expected = [
        request(1),
        response(1, 503.0, None),
        end(1, RequestOutcome::Failed, Some(Code::ServerError)),
        retry,
        request(2),
        response(2, 200.0, Some("r-8")),
        end(2, RequestOutcome::Ok, None),
    ];
    assert_eq!(timeless(&heard), expected);
}

#[wasm_bindgen_test]
async fn a_request_of_a_dropped_call_ends_as_cancelled() {
    let (client, heard) = listening(&silent());
    let mut call = Box::pin(client.get_results(batch()));
    assert!(call.as_mut().now_or_never().is_none());
    until(|| heard.borrow().len() == 1).await;
    drop(call);
    assert_eq!(timeless(&heard), [request(1), end(1, RequestOutcome::Cancelled, None)]);
}

#[wasm_bindgen_test]
async fn a_slow_down_is_an_event() {
    let fetch = service(r#"{"script":[null,[429,"",{"retry-after-ms":"5"}]]}"#);
    let (client, heard) = listening(&fetch);
    let outcome = client.get_all_results_with(ids(1..=30), BulkOptions::new().concurrency(12)).await.unwrap();
    assert_eq!(outcome.results, results_of(1..=30));
    let events = heard.take();
    let limits = events.iter().filter_map(|event| match event {
        ClientEvent::Concurrency { limit } => Some(*limit),
        _ => None,
    });
    assert!(matches!(limits.clone().next(), Some(1..12)), "{:?}", limits.collect::<Vec<_>>());
}

#[wasm_bindgen_test]
async fn a_value_that_is_not_a_response_has_no_status() {
    let (client, heard) = listening(&giving(&parse("{}")));
    assert!(client.get_results(batch()).await.is_err());
    let events = heard.take();
    let [_, ClientEvent::Response { status, .. }, ClientEvent::End { .. }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert!(status.is_nan());
}

#[wasm_bindgen_test]
async fn events_do_not_have_the_key() {
    let fetch = answers(r#"[[401,"test-key",{"x-request-id":"for test-key"}]]"#);
    let heard = Heard::default();
    let told = Rc::clone(&heard);
    let options = options(&fetch)
        .base_url("https://api.test/test-key")
        .on_event(move |event| told.borrow_mut().push(event.clone()));
    let client = Client::new(options).unwrap();
    assert!(client.get_results(batch()).await.is_err());
    let events = format!("{:?}", heard.take());
    assert!(events.contains("https://api.test/•••/translation-results"), "{events}");
    assert!(events.contains("for •••"), "{events}");
    assert!(!events.contains("test-key"), "{events}");
}

#[wasm_bindgen_test]
async fn a_listener_may_call_the_client() {
    let fetch = ok(WHOLE);
    let own: Rc<RefCell<Option<Client>>> = Rc::default();
    let inner = Rc::new(RefCell::new(vec![]));
    let (client, results) = (Rc::clone(&own), Rc::clone(&inner));
    let options = options(&fetch).on_event(move |_| {
        // Only the first event starts a call.
        if let Some(client) = client.take() {
            let results = Rc::clone(&results);
            start_now(async move {
                let given = client.get_all_results(ids([7, 8])).await;
                results.borrow_mut().push(given);
            });
        }
    });
    let client = Client::new(options).unwrap();
    own.replace(Some(client.clone()));
    assert!(client.get_all_results(ids([7, 8])).await.is_ok());
    until(|| !inner.borrow().is_empty()).await;
    assert_eq!(inner.borrow()[0].as_ref().unwrap().results[&id(7)].texts, ["a", "b"]);
}
