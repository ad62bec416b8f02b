//! Errors as JavaScript has them: their classes and fields.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    Pollution, answers, at, cut_off, failing, giving, json, ok, parse, pollute, silent, text, throwing,
};
use crate::values::{NONE, assert_same, classes, client, failed, has, ids, keys, settled};

#[wasm_bindgen_test]
async fn errors_have_their_class_and_members() {
    let error = failed(&answers(r#"[[401,"{\"error\":\"no test-key\"}"]]"#), "{}").await;
    let as_error = error.dyn_ref::<js_sys::Error>().expect("not an Error");
    assert_eq!(as_error.name(), "ApiError");
    let message = "the service did not accept the API key: check apiKey (401: no •••)";
    assert_eq!(as_error.message(), message);
    assert_eq!(text(&error, "code"), r#""UNAUTHORIZED""#);
    assert_eq!(text(&error, "attempts"), "1");
    assert_eq!(text(&error, "status"), "401");
    assert_eq!(text(&error, "body"), r#"{"error":"no •••"}"#);
    assert_eq!(text(&error, "detail"), "[]");
    let as_json =
        format!(r#"{{"name":"ApiError","code":"UNAUTHORIZED","message":"{message}","attempts":1,"status":401}}"#);
    assert_eq!(json(&error).unwrap(), as_json);
}

#[wasm_bindgen_test]
async fn each_class_has_its_fields() {
    let refusal: Function =
        answers(r#"[[429,"{\"detail\":\"slow down\"}",{"x-request-id":"r-7","retry-after":"90"}]]"#);
    let invalid = settled(client(&silent(), "{}").get_results(&parse("[7]"), &NONE)).await;
    let option = settled(client(&silent(), "{}").get_results(&ids(), &parse(r#"{"deadlineMs":0}"#))).await;
    for (error, class, fields) in [
        (
            failed(&refusal, "{}").await,
            "ApiError",
            concat!(
                r#"{"code":"RATE_LIMITED","attempts":1,"status":429,"requestId":"r-7","retryAfterMs":90000,"#,
                r#""body":{"detail":"slow down"},"detail":[]}"#
            ),
        ),
        (
            failed(&failing(&"gone".into()), r#"{"maxRetries":0}"#).await,
            "NetworkError",
            r#"{"code":"NETWORK","attempts":1}"#,
        ),
        (
            failed(&silent(), r#"{"timeoutMs":20,"maxRetries":0}"#).await,
            "TimeoutError",
            r#"{"code":"TIMEOUT","attempts":1,"timeoutMs":20}"#,
        ),
        (
            failed(&ok("[]"), "{}").await,
            "InvalidResponseError",
            concat!(
                r#"{"code":"INVALID_RESPONSE","attempts":1,"path":[],"expected":"an object of runs","#,
                r#""received":"an array","missing":[7,8],"results":{}}"#
            ),
        ),
        (
            invalid.unwrap_err(),
            "InvalidRunIdsError",
            r#"{"code":"INVALID_RUN_IDS","attempts":0,"problems":[{"problem":"too_few","count":1,"min":2}]}"#,
        ),
        (
            option.unwrap_err(),
            "InvalidOptionsError",
            r#"{"code":"INVALID_OPTIONS","attempts":0,"option":"deadlineMs"}"#,
        ),
    ] {
        assert_eq!(classes(&error), [class, "TranslationResultsError", "Error", "Object"]);
        assert_eq!(text(&error, "name"), format!("{class:?}"));
        let mut own = parse(fields);
        for key in keys(&own) {
            assert_eq!(text(&error, &key), text(&own, &key), "{key} of {class}");
        }
        if class == "NetworkError" {
            own = crate::values::with_member(&own, "cause", &"gone".into());
            assert_eq!(text(&error, "cause"), r#""gone""#);
        }
        for key in keys(&error) {
            assert!(has(&own, &key), "{key} of {class}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_field_errors_of_a_422_are_the_services_own() {
    let detail = r#"[{"loc":["body","run_ids",1],"msg":"no such run","type":"value_error","ctx":{"id":8}}]"#;
    let body = json(&format!(r#"{{"detail":{detail}}}"#).into()).unwrap();
    let error = failed(&answers(&format!("[[422,{body}]]")), "{}").await;
    assert_eq!(text(&error, "detail"), detail);
    assert_same(&at(&error, "detail.0"), &at(&error, "body.detail.0"));
}

#[wasm_bindgen_test]
async fn the_well_formed_runs_of_a_faulty_answer_are_kept() {
    let error = failed(&ok(r#"{"7":{"texts":["a"]},"9":{"texts":[]}}"#), "{}").await;
    assert_eq!(text(&error, "name"), r#""InvalidResponseError""#);
    assert_eq!(text(&error, "code"), r#""MISSING_RESULT""#);
    assert_eq!(text(&error, "missing"), "[8]");
    assert_eq!(text(&error, "results"), r#"{"7":{"texts":["a"]}}"#);
    let error = failed(&ok(r#"{"7":{"texts":["a"]},"8":{"texts":["a",3]}}"#), "{}").await;
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
    let call = client(&fetch, "{}").get_results(&ids(), &parse("{}"));
    let error = settled(call).await;
    pollutions.iter().for_each(Pollution::restore);
    let error = error.unwrap_err();
    assert_eq!(text(&error, "code"), r#""INVALID_RESPONSE""#);
    assert_eq!(text(&error, "path"), r#"["7","texts"]"#);
    assert_eq!(text(&error, "missing"), "[8]");
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://client.camb.ai/apis/translation-results""#);
}

#[wasm_bindgen_test]
async fn the_cause_is_kept() {
    let cause = JsValue::from(js_sys::TypeError::new("gone"));
    for fetch in [failing(&cause), throwing(&cause), cut_off(&cause)] {
        let error = failed(&fetch, r#"{"maxRetries":1}"#).await;
        assert_eq!(text(&error, "code"), r#""NETWORK""#);
        assert_eq!(text(&error, "attempts"), "2");
        assert_same(&at(&error, "cause"), &cause);
    }
}

#[wasm_bindgen_test]
async fn only_a_network_error_has_a_cause() {
    assert!(!has(&failed(&giving(&NONE), "{}").await, "cause"));
}
