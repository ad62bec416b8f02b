//! Options and run ids as JavaScript callers give them.

use js_sys::Function;
use translation_results::npm::client::Client;
use translation_results::npm::run_ids::{check_run_ids, plan_batches};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{WHOLE, at, is_page, json, ok, parse, requests, service, text};
use crate::values::{NONE, client, ids, listener, range, set_up, settled, source, throwing_source, with_member};

fn refused(options: &JsValue) -> Option<JsValue> {
    set_up();
    Client::new(options).err()
}

#[wasm_bindgen_test]
fn options_are_refused_by_name() {
    for (given, option) in [
        (r#"{"apikey":"a"}"#, "apikey"),
        (r#"{"apiKey":7}"#, "apiKey"),
        (r#"{"baseUrl":7}"#, "baseUrl"),
        (r#"{"dangerouslyAllowBrowser":1}"#, "dangerouslyAllowBrowser"),
        (r#"{"fetch":{}}"#, "fetch"),
        (r#"{"onEvent":null}"#, "onEvent"),
        (r#"{"timeoutMs":0}"#, "timeoutMs"),
        (r#"{"timeoutMs":"20"}"#, "timeoutMs"),
        (r#"{"maxRetries":1.5}"#, "maxRetries"),
        (r#"{"maxResponseBytes":0}"#, "maxResponseBytes"),
        (r#"{"headers":{"X-Api-Key":"a"}}"#, "headers"),
        (r#"{"headers":{"a":1}}"#, "headers"),
        (r#"{"headers":[]}"#, "headers"),
        (r#"{"concurrency":3}"#, "concurrency"),
        (r#"{"baseUrl":"http://elsewhere.test","apiKey":"a","dangerouslyAllowBrowser":true}"#, "baseUrl"),
        ("[]", "options"),
        ("null", "options"),
        ("7", "options"),
    ] {
        let error = refused(&parse(given)).expect(given);
        assert_eq!(text(&error, "code"), r#""INVALID_OPTIONS""#, "{given}");
        assert_eq!(text(&error, "option"), json(&option.into()).unwrap(), "{given}");
    }
}

#[wasm_bindgen_test]
async fn options_of_a_call_are_refused_by_name() {
    let fetch = ok(WHOLE);
    let client = client(&fetch, "{}");
    let single = |options: &JsValue| client.get_results(&ids(), options);
    let bulk = |options: &JsValue| client.get_all_results(&ids(), options);
    for (call, given, option) in [
        (&single as &dyn Fn(&JsValue) -> _, r#"{"deadline":1}"#, "deadline"),
        (&single, r#"{"apiKey":"a"}"#, "apiKey"),
        (&single, r#"{"concurrency":3}"#, "concurrency"),
        (&single, r#"{"signal":{}}"#, "signal"),
        (&single, r#"{"signal":7}"#, "signal"),
        (&single, "[]", "options"),
        (&bulk, r#"{"concurrency":0}"#, "concurrency"),
        (&bulk, r#"{"concurrency":65}"#, "concurrency"),
        (&bulk, r#"{"onItem":7}"#, "onItem"),
        (&bulk, r#"{"onProgress":7}"#, "onProgress"),
        (&bulk, r#"{"deadlineMs":0}"#, "deadlineMs"),
    ] {
        let error = settled(call(&parse(given))).await.expect_err(given);
        assert_eq!(text(&error, "name"), r#""InvalidOptionsError""#, "{given}");
        assert_eq!(text(&error, "option"), json(&option.into()).unwrap(), "{given}");
    }
    assert_eq!(requests(&fetch), 0);
}

#[wasm_bindgen_test]
async fn undefined_options_count_as_absent() {
    let fetch = ok(WHOLE);
    let client = client(&fetch, "{}");
    let options = ["signal", "timeoutMs", "maxRetries", "deadlineMs", "headers"]
        .into_iter()
        .fold(parse("{}"), |options, name| with_member(&options, name, &NONE));
    assert!(settled(client.get_results(&ids(), &options)).await.is_ok());
    assert!(settled(client.get_results(&ids(), &NONE)).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_base_url_may_be_a_url() {
    set_up();
    let fetch = ok(WHOLE);
    let url = web_sys::Url::new("https://api.test/base/").unwrap();
    let options = with_member(&with_member(&parse("{}"), "baseUrl", &url), "fetch", &fetch);
    let client = Client::new(&options).ok().unwrap();
    assert!(settled(client.get_results(&ids(), &NONE)).await.is_ok());
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://api.test/base/translation-results""#);
}

#[wasm_bindgen_test]
fn a_key_in_a_page_must_be_allowed() {
    let refused = refused(&parse(r#"{"apiKey":"a"}"#));
    assert_eq!(refused.is_some(), is_page());
    if let Some(error) = refused {
        assert_eq!(text(&error, "option"), r#""apiKey""#);
    }
}

#[wasm_bindgen_test]
fn a_relative_base_url_needs_a_page() {
    assert_eq!(refused(&parse(r#"{"baseUrl":"/apis"}"#)).is_none(), is_page());
}

const EVERY_PROBLEM: &str = concat!(
    r#"[{"problem":"too_many","count":6,"max":5},{"problem":"duplicate","index":1,"firstIndex":0},"#,
    r#"{"problem":"not_an_integer","index":2},{"problem":"not_an_integer","index":3},"#,
    r#"{"problem":"not_positive","index":4},{"problem":"too_large","index":5}]"#
);

#[wasm_bindgen_test]
async fn run_ids_are_checked() {
    let fetch = ok(WHOLE);
    let client = client(&fetch, "{}");
    let given = parse(r#"[1,1,2.5,"3",0,9007199254740992]"#);
    let error = settled(client.get_results(&given, &NONE)).await.unwrap_err();
    assert_eq!(text(&error, "name"), r#""InvalidRunIdsError""#);
    assert_eq!(text(&error, "problems"), EVERY_PROBLEM);
    // The next call starts without these problems.
    let error = settled(client.get_results(&parse("[1]"), &NONE)).await.unwrap_err();
    assert_eq!(text(&error, "problems"), r#"[{"problem":"too_few","count":1,"min":2}]"#);
    for given in ["null", "7", "{}", r#""78""#] {
        let error = settled(client.get_results(&parse(given), &NONE)).await.unwrap_err();
        assert_eq!(text(&error, "problems"), r#"[{"problem":"not_an_array"}]"#, "{given}");
    }
    assert!(settled(client.get_results(&ids(), &NONE)).await.is_ok());
    assert_eq!(requests(&fetch), 1);
}

#[wasm_bindgen_test]
async fn a_list_may_be_any_iterable_and_is_checked_as_a_whole() {
    let fetch = service("{}");
    let client = client(&fetch, "{}");
    let set = js_sys::Set::new(&range(1, 3));
    for list in [source(&range(1, 3), false), set.into()] {
        let outcome = settled(client.get_all_results(&list, &NONE)).await.unwrap();
        assert_eq!(text(&outcome, "stats.succeeded"), "3");
    }
    let error = settled(client.get_all_results(&parse("[1,0,2,2,2.5]"), &NONE)).await.unwrap_err();
    let expected = r#"[{"problem":"not_positive","index":1},{"problem":"not_an_integer","index":4}]"#;
    assert_eq!(text(&error, "problems"), expected);
    for given in [parse("7"), parse("{}"), NONE, source(&range(1, 3), true)] {
        let error = settled(client.get_all_results(&given, &NONE)).await.unwrap_err();
        assert_eq!(text(&error, "problems"), r#"[{"problem":"not_an_array"}]"#);
    }
    let thrown = settled(client.get_all_results(&throwing_source(&range(1, 3), &"why".into()), &NONE)).await;
    assert_eq!(thrown.unwrap_err(), "why");
    assert_eq!(requests(&fetch), 2);
}

#[wasm_bindgen_test]
fn check_run_ids_returns_every_problem() {
    set_up();
    let given = parse(r#"[1,1,2.5,"3",0,9007199254740992]"#);
    assert_eq!(json(&check_run_ids(&given).unwrap()).unwrap(), EVERY_PROBLEM);
    assert_eq!(json(&check_run_ids(&ids()).unwrap()).unwrap(), "[]");
    assert_eq!(json(&check_run_ids(&NONE).unwrap()).unwrap(), r#"[{"problem":"not_an_array"}]"#);
}

#[wasm_bindgen_test]
fn plan_batches_returns_balanced_batches() {
    set_up();
    let planned = |given: &JsValue| plan_batches(given).map(|batches| json(&batches).unwrap());
    assert_eq!(planned(&parse("[1,2,3,3,4,5,6,7,1]")).unwrap(), "[[1,2,3,4],[5,6,7]]");
    assert_eq!(planned(&source(&range(1, 6), false)).unwrap(), "[[1,2,3],[4,5,6]]");
    assert_eq!(planned(&parse("[]")).unwrap(), "[]");
    let error = planned(&parse("[0]")).unwrap_err();
    assert_eq!(text(&error, "name"), r#""InvalidRunIdsError""#);
    assert_eq!(text(&error, "problems"), r#"[{"problem":"not_positive","index":0}]"#);
}

#[wasm_bindgen_test]
async fn the_callers_fetch_gets_no_this_and_its_own_init() {
    let fetch: Function = listener("");
    let _refused = settled(client(&fetch, r#"{"maxRetries":0}"#).get_results(&ids(), &NONE)).await;
    assert_eq!(text(&fetch, "told.0.length"), "2");
    assert_eq!(text(&at(&fetch, "told.0.1"), "headers.x-api-key"), r#""test-key""#);
}
