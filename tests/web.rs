//! The rim in the engines that it runs in: Node, Chromium (page and worker), Firefox and WebKit.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy knows the tests of #[test] only as such"
)]

use js_sys::{Function, Promise};
use translation_results::js::{Client, Results, RunResult};
use translation_results::run_id::RunId;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/tests/web/doubles.js")]
extern "C" {
    fn ok(body: &str) -> Function;
    #[wasm_bindgen(variadic)]
    fn answering(answers: &JsValue) -> Function;
    #[wasm_bindgen(js_name = inPieces, variadic)]
    fn in_pieces(pieces: &JsValue) -> Function;
    fn silent() -> Function;
    fn endless() -> Function;
    fn stalled() -> Function;
    fn failing(cause: &JsValue) -> Function;
    fn throwing(cause: &JsValue) -> Function;
    fn giving(value: &JsValue) -> Function;
    #[wasm_bindgen(js_name = countedController)]
    fn counted_controller() -> web_sys::AbortController;
    #[wasm_bindgen(js_name = countTimers)]
    fn count_timers() -> TimerCount;
    fn wait(ms: f64) -> Promise;
    fn at(value: &JsValue, path: &str) -> JsValue;
    fn json(value: &JsValue) -> Option<String>;
    fn parse(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = isPage)]
    fn is_page() -> bool;
    fn options(fetch: &Function, rest: &JsValue) -> JsValue;
    fn pollute(key: &str, text: &str) -> Pollution;

    type Pollution;
    #[wasm_bindgen(method, js_name = restore)]
    fn take_off(this: &Pollution);

    type TimerCount;
    #[wasm_bindgen(method)]
    fn open(this: &TimerCount) -> u32;
    #[wasm_bindgen(method)]
    fn restore(this: &TimerCount);
}

const WHOLE: &str = r#"{"7":{"texts":["a","b"]},"8":{"texts":[]}}"#;

const IDS: [f64; 2] = [7.0, 8.0];

/// Asks for the runs 7 and 8 through a stand-in for `fetch`.
async fn fetched(fetch: &Function, client: &str, call: JsValue) -> Result<Results, JsValue> {
    let client = Client::new(&options(fetch, &parse(client)))?;
    client.get_results(&IDS, &call, None).await
}

/// As [`fetched`], until a signal says so.
async fn fetched_until(fetch: &Function, client: &str, signal: &AbortSignal) -> Result<Results, JsValue> {
    let client = Client::new(&options(fetch, &parse(client)))?;
    client.get_results(&IDS, &JsValue::UNDEFINED, Some(signal)).await
}

/// As [`fetched`], for calls that must fail.
async fn failed(fetch: &Function, client: &str, call: JsValue) -> JsValue {
    fetched(fetch, client, call).await.expect_err("a result where a failure was due")
}

/// Runs and their texts.
fn results<const N: usize>(runs: [(f64, &[&str]); N]) -> Results {
    let run = |(id, texts): (f64, &[&str])| {
        let texts = texts.iter().map(|&text| text.into()).collect();
        (RunId::from_number(id).unwrap(), RunResult { texts })
    };
    runs.into_iter().map(run).collect()
}

fn text(value: &JsValue, path: &str) -> String {
    json(&at(value, path)).unwrap_or_else(|| "undefined".into())
}

#[wasm_bindgen_test]
async fn asks_as_documented_and_gives_the_answer() {
    let fetch = ok(WHOLE);
    let answer =
        fetched(&fetch, r#"{"baseUrl":"https://api.test/base/","headers":{"X-Trace":"1"}}"#, JsValue::UNDEFINED);
    assert!(answer.await.is_ok());
    let answer = fetched(&fetch, r#"{"baseUrl":"https://api.test/base/"}"#, parse(r#"{"headers":{"x-call":"2"}}"#));
    assert_eq!(answer.await.unwrap(), results([(7.0, &["a", "b"]), (8.0, &[])]));
    let call = at(&fetch, "calls.1");
    assert_eq!(text(&call, "url"), r#""https://api.test/base/translation-results""#);
    assert_eq!(text(&call, "method"), r#""POST""#);
    assert_eq!(text(&call, "body"), r#""{\"run_ids\":[7,8]}""#);
    assert_eq!(text(&call, "redirect"), r#""manual""#);
    let headers = r#"{"content-type":"application/json","x-api-key":"test-key","x-call":"2"}"#;
    assert_eq!(text(&call, "headers"), headers);
    let with_trace = r#"{"content-type":"application/json","x-api-key":"test-key","x-trace":"1"}"#;
    assert_eq!(text(&at(&fetch, "calls.0"), "headers"), with_trace);
    for unset in ["credentials", "mode", "cache", "referrerPolicy"] {
        assert!(at(&call, unset).is_undefined(), "{unset} is set");
    }
}

#[wasm_bindgen_test]
async fn drops_what_was_not_asked_for_and_unwraps_results() {
    let fetch = ok(r#"{"results":{"7":{"texts":["a"]},"8":{"texts":[]},"9":{"texts":[]},"note":1}}"#);
    let answer = fetched(&fetch, "{}", JsValue::UNDEFINED).await.unwrap();
    assert_eq!(answer, results([(7.0, &["a"]), (8.0, &[])]));
}

#[wasm_bindgen_test]
async fn joins_a_body_whose_pieces_split_characters() {
    // {"7":{"texts":["é€😀"]},"8":{"texts":[]}} behind a BOM, cut inside each character.
    let body = "\u{feff}{\"7\":{\"texts\":[\"é€😀\"]},\"8\":{\"texts\":[]}}".as_bytes();
    let pieces: Vec<&[u8]> = body.chunks(1).collect();
    let pieces = parse(&format!("{pieces:?}"));
    let answer = fetched(&in_pieces(&pieces), "{}", JsValue::UNDEFINED).await.unwrap();
    assert_eq!(answer, results([(7.0, &["é€😀"]), (8.0, &[])]));
}

#[wasm_bindgen_test]
async fn errors_are_errors_of_their_class() {
    let error = failed(&answering(&parse(r#"[[401,"{\"error\":\"no test-key\"}"]]"#)), "{}", JsValue::UNDEFINED).await;
    let as_error = error.dyn_ref::<js_sys::Error>().expect("not an Error");
    assert_eq!(as_error.name(), "ApiError");
    let message = "the service did not accept the API key, see apiKey (status 401): no •••";
    assert_eq!(as_error.message(), message);
    assert_eq!(text(&error, "code"), r#""UNAUTHORIZED""#);
    assert_eq!(text(&error, "attempts"), "1");
    assert_eq!(text(&error, "status"), "401");
    assert_eq!(text(&error, "body"), r#"{"error":"no •••"}"#);
    assert_eq!(text(&error, "detail"), "[]");
    let as_json = format!(r#"{{"name":"ApiError","code":"UNAUTHORIZED","message":"{message}","attempts":1}}"#);
    assert_eq!(json(&error).unwrap(), as_json);
}

#[wasm_bindgen_test]
async fn keeps_the_well_formed_runs_of_a_faulty_answer() {
    let error = failed(&ok(r#"{"7":{"texts":["a"]},"9":{"texts":[]}}"#), "{}", JsValue::UNDEFINED).await;
    assert_eq!(text(&error, "name"), r#""InvalidResponseError""#);
    assert_eq!(text(&error, "code"), r#""MISSING_RESULT""#);
    assert_eq!(text(&error, "missing"), "[8]");
    assert_eq!(text(&error, "results"), r#"{"7":{"texts":["a"]}}"#);
    let error = failed(&ok(r#"{"7":{"texts":["a"]},"8":{"texts":["a",3]}}"#), "{}", JsValue::UNDEFINED).await;
    assert_eq!(text(&error, "code"), r#""INVALID_RESPONSE""#);
    assert_eq!(text(&error, "path"), r#"["8","texts",1]"#);
    assert_eq!(text(&error, "received"), r#""a number""#);
    assert_eq!(text(&error, "results"), r#"{"7":{"texts":["a"]}}"#);
}

#[wasm_bindgen_test]
async fn inherited_members_do_not_count() {
    let pollutions = [
        ("8", r#"{"texts":["evil"]}"#),
        ("baseUrl", r#""https://evil.test""#),
        ("texts", "[]"),
        ("status", "500"),
        ("numbers", "[1]"),
        ("signal", "1"),
    ];
    let pollutions = pollutions.map(|(key, text)| pollute(key, text));
    let fetch = ok(r#"{"7":{}}"#);
    let error = fetched(&fetch, "{}", JsValue::UNDEFINED).await;
    pollutions.iter().for_each(Pollution::take_off);
    let error = error.unwrap_err();
    assert_eq!(text(&error, "code"), r#""INVALID_RESPONSE""#);
    assert_eq!(text(&error, "path"), r#"["7","texts"]"#);
    assert_eq!(text(&error, "missing"), "[8]");
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://client.camb.ai/apis/translation-results""#);
}

#[wasm_bindgen_test]
async fn tries_again_and_keeps_the_cause() {
    let busy = parse(&format!(r#"[[503,"",{{"retry-after":"0"}}],[200,{}]]"#, json(&WHOLE.into()).unwrap()));
    let fetch = answering(&busy);
    assert!(fetched(&fetch, "{}", JsValue::UNDEFINED).await.is_ok());
    assert_eq!(text(&fetch, "calls.length"), "2");
    let cause = JsValue::from(js_sys::TypeError::new("gone"));
    for fetch in [failing(&cause), throwing(&cause)] {
        let error = failed(&fetch, r#"{"maxRetries":1}"#, JsValue::UNDEFINED).await;
        assert_eq!(text(&error, "code"), r#""NETWORK""#);
        assert_eq!(text(&error, "attempts"), "2");
        assert!(js_sys::Object::is(&at(&error, "cause"), &cause), "another cause");
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_gives_no_response_is_said_to() {
    for given in ["null", "7", "{}", r#"{"status":"200"}"#] {
        let error = failed(&giving(&parse(given)), "{}", JsValue::UNDEFINED).await;
        assert_eq!(text(&error, "code"), r#""INVALID_RESPONSE""#, "{given}");
    }
}

#[wasm_bindgen_test]
async fn a_timeout_ends_the_attempt_and_leaves_no_timer() {
    let timers = count_timers();
    let fetch = silent();
    let error = failed(&fetch, r#"{"timeoutMs":20,"maxRetries":0}"#, JsValue::UNDEFINED).await;
    let open = timers.open();
    timers.restore();
    assert_eq!(text(&error, "name"), r#""TimeoutError""#);
    assert_eq!(text(&error, "timeoutMs"), "20");
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
    assert_eq!(open, 0, "timers that nobody waits for");
}

#[wasm_bindgen_test]
async fn a_timeout_covers_the_body() {
    let fetch = stalled();
    let error = failed(&fetch, r#"{"timeoutMs":30,"maxRetries":0}"#, JsValue::UNDEFINED).await;
    assert_eq!(text(&error, "code"), r#""TIMEOUT""#);
    assert_eq!(text(&fetch, "cancelled"), "true");
}

#[wasm_bindgen_test]
async fn a_body_above_the_limit_is_given_up() {
    let fetch = endless();
    let error = failed(&fetch, r#"{"maxResponseBytes":2500}"#, JsValue::UNDEFINED).await;
    assert_eq!(text(&error, "code"), r#""INVALID_RESPONSE""#);
    assert_eq!(text(&fetch, "cancelled"), "true");
    assert_eq!(text(&fetch, "calls.0.signal.aborted"), "true");
}

/// Aborts while `fetch` is at its stage, and expects the signal's own reason, no further request, and nothing left.
async fn aborted_amid(fetch: Function, client: &str) {
    let timers = count_timers();
    let controller = counted_controller();
    let reason = JsValue::from(js_sys::Object::new());
    let signal = controller.signal();
    let (aborting, with) = (controller.clone(), reason.clone());
    spawn_local(async move {
        JsFuture::from(wait(25.0)).await.unwrap();
        aborting.abort_with_reason(&with);
    });
    let outcome = fetched_until(&fetch, client, &signal).await;
    let requests = text(&fetch, "calls.length");
    JsFuture::from(wait(25.0)).await.unwrap();
    let open = timers.open();
    timers.restore();
    let given = outcome.expect_err("a result where an abort was due");
    assert!(js_sys::Object::is(&given, &reason), "another reason: {given:?}");
    assert_eq!(text(&fetch, "calls.length"), requests, "a request after the abort");
    assert_eq!(text(&controller, "listeners"), "0");
    assert_eq!(text(&controller, "most"), "1");
    assert_eq!(open, 0, "timers that nobody waits for");
}

#[wasm_bindgen_test]
async fn an_abort_while_waiting_for_headers() {
    aborted_amid(silent(), "{}").await;
}

#[wasm_bindgen_test]
async fn an_abort_amid_the_body() {
    aborted_amid(stalled(), "{}").await;
}

#[wasm_bindgen_test]
async fn an_abort_between_attempts() {
    aborted_amid(answering(&parse(r#"[[503,"",{"retry-after":"30"}]]"#)), "{}").await;
}

#[wasm_bindgen_test]
async fn an_abort_before_the_call_sends_nothing() {
    let fetch = ok(WHOLE);
    let controller = counted_controller();
    controller.abort_with_reason(&"why".into());
    let outcome = fetched_until(&fetch, "{}", &controller.signal()).await;
    assert_eq!(outcome.unwrap_err(), "why");
    assert_eq!(text(&fetch, "calls.length"), "0");
    assert_eq!(text(&controller, "listeners"), "0");
}

#[wasm_bindgen_test]
async fn a_finished_call_leaves_no_listener_and_no_timer() {
    let timers = count_timers();
    let controller = counted_controller();
    let answer = fetched_until(&ok(WHOLE), "{}", &controller.signal()).await;
    let open = timers.open();
    timers.restore();
    assert!(answer.is_ok());
    assert_eq!(text(&controller, "most"), "1");
    assert_eq!(text(&controller, "listeners"), "0");
    assert_eq!(open, 0);
}

#[wasm_bindgen_test]
fn options_are_refused_by_name() {
    for (given, option) in [
        (r#"{"apikey":"a"}"#, "apikey"),
        (r#"{"timeoutMs":0}"#, "timeoutMs"),
        (r#"{"maxRetries":1.5}"#, "maxRetries"),
        (r#"{"headers":{"X-Api-Key":"a"}}"#, "headers"),
        (r#"{"baseUrl":"http://elsewhere.test","apiKey":"a","dangerouslyAllowBrowser":true}"#, "baseUrl"),
        ("[]", "options"),
    ] {
        let error = Client::new(&parse(given)).err().unwrap();
        assert_eq!(text(&error, "code"), r#""INVALID_OPTIONS""#, "{given}");
        assert_eq!(text(&error, "option"), json(&option.into()).unwrap(), "{given}");
    }
}

#[wasm_bindgen_test]
fn a_key_in_a_page_must_be_asked_for() {
    let refused = Client::new(&parse(r#"{"apiKey":"a"}"#)).err();
    assert_eq!(refused.is_some(), is_page());
    if let Some(error) = refused {
        assert_eq!(text(&error, "option"), r#""apiKey""#);
    }
}

#[wasm_bindgen_test]
fn a_relative_base_url_needs_a_page() {
    let refused = Client::new(&parse(r#"{"baseUrl":"/apis"}"#)).err();
    assert_eq!(refused.is_none(), is_page());
}

#[wasm_bindgen_test]
async fn run_ids_are_checked() {
    let fetch = ok(WHOLE);
    let client = Client::new(&options(&fetch, &parse("{}"))).unwrap();
    let ids = [1.0, 1.0, 2.5, f64::NAN, 0.0, 9_007_199_254_740_992.0];
    let error = client.get_results(&ids, &JsValue::UNDEFINED, None).await.unwrap_err();
    assert_eq!(text(&error, "name"), r#""InvalidRunIdsError""#);
    let expected = concat!(
        r#"[{"problem":"too_many","count":6,"max":5},{"problem":"duplicate","index":1,"firstIndex":0},"#,
        r#"{"problem":"not_an_integer","index":2},{"problem":"not_an_integer","index":3},"#,
        r#"{"problem":"not_positive","index":4},{"problem":"too_large","index":5}]"#
    );
    assert_eq!(text(&error, "problems"), expected);
    // None of them is left for the next call.
    let error = client.get_results(&[1.0], &JsValue::UNDEFINED, None).await.unwrap_err();
    assert_eq!(text(&error, "problems"), r#"[{"problem":"too_few","count":1,"min":2}]"#);
    assert!(client.get_results(&IDS, &JsValue::UNDEFINED, None).await.is_ok());
    assert_eq!(text(&fetch, "calls.length"), "1");
}

#[wasm_bindgen_test]
async fn many_calls_leave_the_memory_as_it_was() {
    let pages = || text(&wasm_bindgen::memory(), "buffer.byteLength");
    let fetch = ok(WHOLE);
    let client = Client::new(&options(&fetch, &parse("{}"))).unwrap();
    let mut after_the_first = String::new();
    for call in 0..2_000 {
        assert!(client.get_results(&IDS, &JsValue::UNDEFINED, None).await.is_ok());
        if call == 200 {
            after_the_first = pages();
        }
    }
    assert_eq!(pages(), after_the_first);
}

#[wasm_bindgen_test]
async fn calls_that_are_never_answered_keep_nothing() {
    let fetch = silent();
    let limits = r#"{"timeoutMs":1,"maxRetries":0}"#;
    let client = Client::new(&options(&fetch, &parse(limits))).unwrap();
    let mut after_the_first = String::new();
    for round in 0..20 {
        let call = |_| client.start(&IDS, &JsValue::UNDEFINED, None).unwrap();
        let calls: js_sys::Array = (0..500).map(call).collect();
        JsFuture::from(Promise::all_settled(&calls)).await.unwrap();
        if round == 1 {
            after_the_first = text(&wasm_bindgen::memory(), "buffer.byteLength");
        }
    }
    assert_eq!(text(&wasm_bindgen::memory(), "buffer.byteLength"), after_the_first);
}
