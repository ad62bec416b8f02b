//! Calls to the listeners of JavaScript callers.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use translation_results::npm::client::Client;

use crate::doubles::{WHOLE, answers, at, json, parse, service, text};
use crate::values::{NONE, client, ids, keys, listener, range, set_up, settled, with_member};

/// Returns the arguments of a listener's calls. Fails unless each call has one argument.
fn told(listener: &Function) -> Vec<JsValue> {
    let calls: js_sys::Array = at(listener, "told").unchecked_into();
    let first = |call: JsValue| {
        assert_eq!(text(&call, "length"), "1");
        at(&call, "0")
    };
    calls.iter().map(first).collect()
}

/// Returns a client with a key whose `onEvent` is this listener.
fn listened_to(on_event: &Function, fetch: &Function) -> Client {
    set_up();
    let options = parse(r#"{"apiKey":"test-key","dangerouslyAllowBrowser":true}"#);
    let options = with_member(&with_member(&options, "onEvent", on_event), "fetch", fetch);
    Client::new(&options).unwrap_or_else(|error| panic!("{error:?}"))
}

#[wasm_bindgen_test]
async fn on_event_is_called_for_each_request_response_end_and_retry() {
    let whole = json(&WHOLE.into()).unwrap();
    let fetch = answers(&format!(r#"[[503,"",{{"retry-after-ms":"3"}}],[200,{whole},{{"x-request-id":"r-8"}}]]"#));
    let on_event = listener("");
    let client = listened_to(&on_event, &fetch);
    assert!(settled(client.get_results(&ids(), &NONE)).await.is_ok());
    let events = told(&on_event);
    let of = |event: &JsValue| {
        let event = with_member(event, "durationMs", &at(event, "durationMs").as_f64().map_or(NONE, |_| 0.into()));
        json(&event).unwrap()
    };
    let url = "https://client.camb.ai/apis/translation-results";
    let expected = [
        format!(r#"{{"type":"request","runIds":[7,8],"attempt":1,"url":"{url}"}}"#),
        r#"{"type":"response","runIds":[7,8],"attempt":1,"status":503,"durationMs":0}"#.into(),
        r#"{"type":"end","runIds":[7,8],"attempt":1,"outcome":"failed","code":"SERVER_ERROR","durationMs":0}"#.into(),
        r#"{"type":"retry","runIds":[7,8],"attempt":1,"delayMs":3,"code":"SERVER_ERROR"}"#.into(),
        format!(r#"{{"type":"request","runIds":[7,8],"attempt":2,"url":"{url}"}}"#),
        r#"{"type":"response","runIds":[7,8],"attempt":2,"status":200,"durationMs":0,"requestId":"r-8"}"#.into(),
        r#"{"type":"end","runIds":[7,8],"attempt":2,"outcome":"ok","durationMs":0}"#.into(),
    ];
    assert_eq!(events.iter().map(of).collect::<Vec<_>>(), expected);
}

#[wasm_bindgen_test]
async fn on_item_and_on_progress_are_called_for_a_list_and_a_stream() {
    for is_stream in [false, true] {
        let fetch = service(r#"{"absent":[4]}"#);
        let (on_item, on_progress) = (listener(""), listener(""));
        let options = with_member(&parse(r#"{"concurrency":1}"#), "onItem", &on_item);
        let options = with_member(&options, "onProgress", &on_progress);
        let client = client(&fetch, "{}");
        if is_stream {
            let stream = client.stream_results(range(1, 9), options);
            while text(&settled(stream.next()).await.unwrap(), "done") == "false" {}
        } else {
            assert!(settled(client.get_all_results(&range(1, 9), &options)).await.is_ok());
        }
        let mut items = told(&on_item);
        items.sort_by_key(|item| at(item, "runId").as_f64().unwrap() as u32);
        assert_eq!(items.len(), 9);
        assert_eq!(json(&items[0]).unwrap(), r#"{"ok":true,"runId":1,"texts":["t1"]}"#);
        assert_eq!(keys(&items[3]), ["ok", "runId", "error"]);
        assert_eq!(text(&items[3], "error.code"), r#""NOT_FOUND""#);
        let progress = told(&on_progress);
        let last = progress.last().unwrap();
        assert_eq!(keys(last), ["total", "succeeded", "failed", "requests", "retries", "elapsedMs"]);
        assert_eq!((text(last, "succeeded").as_str(), text(last, "failed").as_str()), ("8", "1"));
        // Each call gets an object of its own.
        assert!(!js_sys::Object::is(last, &progress[0]));
    }
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_or_rejects_disturbs_nothing() {
    for then in ["throw", "reject"] {
        let on_event = listener(then);
        let client = listened_to(&on_event, &service("{}"));
        let (on_item, on_progress) = (listener(then), listener(then));
        let options = with_member(&with_member(&parse("{}"), "onItem", &on_item), "onProgress", &on_progress);
        let outcome = settled(client.get_all_results(&range(1, 9), &options)).await.unwrap();
        assert_eq!(text(&outcome, "stats.succeeded"), "9");
        assert_eq!((told(&on_event).len(), told(&on_item).len(), told(&on_progress).len()), (6, 9, 3), "{then}");
    }
}
