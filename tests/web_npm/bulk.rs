//! The results of `getResults` and `getAllResults`, and the partial outcome of a stopped call.

use js_sys::Object;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{WHOLE, asked, at, ok, parse, service, text};
use crate::values::{NONE, assert_same, client, has, ids, keep_parsed, keys, range, settled};

#[wasm_bindgen_test]
async fn results_are_the_engines_own_objects() {
    let client = client(&ok(WHOLE), "{}");
    let ids = ids();
    let parsed = keep_parsed(WHOLE);
    let results = settled(client.get_results(&ids, &NONE)).await;
    let outcome = settled(client.get_all_results(&ids, &NONE)).await;
    let item = settled(client.stream_results(ids, NONE).next()).await;
    parsed.restore();
    let values = parsed.values();
    assert_eq!(values.length(), 3);
    let results = results.unwrap();
    assert_eq!(text(&results, "7"), r#"{"texts":["a","b"]}"#);
    assert_same(&at(&results, "7"), &at(&values.get(0), "7"));
    assert_same(&at(&results, "8"), &at(&values.get(0), "8"));
    assert_same(&at(&outcome.unwrap(), "results.7.texts"), &at(&values.get(1), "7.texts"));
    assert_same(&at(&item.unwrap(), "value.texts"), &at(&values.get(2), "7.texts"));
}

#[wasm_bindgen_test]
async fn results_have_the_requested_runs_alone() {
    let fetch = ok(r#"{"7":{"texts":["a"],"note":1},"8":{"texts":[]},"9":{"texts":[]}}"#);
    let client = client(&fetch, "{}");
    let results = settled(client.get_results(&ids(), &NONE)).await.unwrap();
    assert_eq!(keys(&results), ["7", "8"]);
    let outcome = settled(client.get_all_results(&ids(), &NONE)).await.unwrap();
    assert_eq!(text(&outcome, "results"), r#"{"7":{"texts":["a"]},"8":{"texts":[]}}"#);
}

#[wasm_bindgen_test]
async fn the_outcome_is_plain_data() {
    let fetch = service(r#"{"absent":[9,2]}"#);
    let call = client(&fetch, "{}").get_all_results(&parse("[1,2,3,4,5,6,7,8,9,9]"), &NONE);
    let outcome = settled(call).await.unwrap();
    assert_eq!(keys(&outcome), ["results", "failures", "stats"]);
    assert_eq!(keys(&at(&outcome, "results")), ["1", "3", "4", "5", "6", "7", "8"]);
    assert_eq!(text(&outcome, "results.8"), r#"{"texts":["t8"]}"#);
    assert_eq!(text(&outcome, "failures.length"), "2");
    for (index, run_id) in ["2", "9"].into_iter().enumerate() {
        let failure = at(&outcome, &format!("failures.{index}"));
        assert_eq!(text(&failure, "runId"), run_id);
        assert_eq!(text(&failure, "error.code"), r#""NOT_FOUND""#);
        assert_eq!(text(&failure, "error.name"), r#""ApiError""#);
    }
    let stats = at(&outcome, "stats");
    assert_eq!(keys(&stats), ["total", "succeeded", "failed", "requests", "retries", "elapsedMs"]);
    assert_eq!(text(&stats, "total"), "9");
    assert_eq!(text(&stats, "failed"), "2");
    assert!(at(&stats, "elapsedMs").as_f64().unwrap() > 0.0);
}

#[wasm_bindgen_test]
async fn an_empty_list_is_an_empty_outcome() {
    let fetch = service("{}");
    let outcome = settled(client(&fetch, "{}").get_all_results(&parse("[]"), &NONE)).await.unwrap();
    assert_eq!(text(&outcome, "results"), "{}");
    assert_eq!(text(&outcome, "failures"), "[]");
    assert_eq!(text(&outcome, "stats.total"), "0");
    assert_eq!(asked(&fetch), "[]");
}

#[wasm_bindgen_test]
async fn a_stopped_call_has_its_partial_outcome() {
    let fetch = service(r#"{"absent":[2],"script":[null,null,[401,""]]}"#);
    let call = client(&fetch, "{}").get_all_results(&range(1, 12), &parse(r#"{"concurrency":1}"#));
    let error = settled(call).await.unwrap_err();
    assert_eq!(text(&error, "code"), r#""UNAUTHORIZED""#);
    let partial = at(&error, "partial");
    assert_eq!(keys(&partial), ["results", "failures", "stats", "pending"]);
    assert_eq!(keys(&at(&partial, "results")), ["1", "3", "4"]);
    assert_eq!(text(&partial, "failures.0.runId"), "2");
    assert_eq!(text(&partial, "failures.length"), "1");
    assert_eq!(text(&partial, "pending"), "[5,6,7,8,9,10,11,12]");
    assert_eq!(text(&partial, "stats.requests"), "3");
    assert!(has(&error, "partial"));
    assert!(!keys(&error).contains(&"partial".into()), "partial is enumerable");
}

#[wasm_bindgen_test]
async fn only_a_stopped_bulk_call_has_a_partial() {
    let fetch = service(r#"{"script":[[401,""]]}"#);
    let error = settled(client(&fetch, "{}").get_results(&ids(), &NONE)).await.unwrap_err();
    assert!(!has(&error, "partial"));
}

#[wasm_bindgen_test]
async fn a_reason_of_an_abort_is_left_as_it_is() {
    let controller = web_sys::AbortController::new().unwrap();
    let reason = Object::new();
    controller.abort_with_reason(&reason);
    let call = client(&service("{}"), "{}").get_all_results(&ids(), &crate::values::with_signal("{}", &controller));
    let given = settled(call).await.unwrap_err();
    assert_same(&given, &JsValue::from(reason));
    assert!(!has(&given, "partial"));
}
