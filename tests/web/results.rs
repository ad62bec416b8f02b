//! The requests of `get_results`, and the results that it returns.

use translation_results::{CallOptions, Client, ClientOptions};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    Pollution, WHOLE, answers, at, batch, client, in_pieces, json, ok, options, parse, pollute, requests, results, text,
};

#[wasm_bindgen_test]
async fn the_request_is_as_documented() {
    let fetch = ok(WHOLE);
    let at_base = || options(&fetch).base_url("https://api.test/base/");
    let client = Client::new(at_base().header("X-Trace", "1")).unwrap();
    assert!(client.get_results(batch()).await.is_ok());
    let client = Client::new(at_base()).unwrap();
    let given = client.get_results_with(batch(), CallOptions::new().header("x-call", "2")).await;
    assert_eq!(given.unwrap(), results([(7, &["a", "b"]), (8, &[])]));

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
async fn the_default_base_url_is_the_services() {
    let fetch = ok(WHOLE);
    let keyed = ClientOptions::new().api_key("test-key").dangerously_allow_browser(true);
    let client = Client::new(keyed.fetch(fetch.clone())).unwrap();
    assert!(client.get_results(batch()).await.is_ok());
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://client.camb.ai/apis/translation-results""#);
    assert_eq!(text(&fetch, "calls.0.headers"), r#"{"content-type":"application/json","x-api-key":"test-key"}"#);
}

#[wasm_bindgen_test]
async fn a_call_uses_the_current_global_fetch() {
    let client = Client::new(ClientOptions::new().base_url("https://api.test")).unwrap();
    let (fetch, global) = (ok(WHOLE), js_sys::global());
    let own = js_sys::Reflect::get(&global, &"fetch".into()).unwrap();
    js_sys::Reflect::set(&global, &"fetch".into(), &fetch).unwrap();
    let given = client.get_results(batch()).await;
    js_sys::Reflect::set(&global, &"fetch".into(), &own).unwrap();
    assert_eq!(given.unwrap(), results([(7, &["a", "b"]), (8, &[])]));
    assert_eq!(requests(&fetch), 1);
}

#[wasm_bindgen_test]
async fn other_runs_are_dropped_and_results_are_unwrapped() {
    let fetch = ok(r#"{"results":{"7":{"texts":["a"]},"8":{"texts":[]},"9":{"texts":[]},"note":1}}"#);
    let given = client(&fetch).get_results(batch()).await;
    assert_eq!(given.unwrap(), results([(7, &["a"]), (8, &[])]));
}

#[wasm_bindgen_test]
async fn a_body_whose_pieces_split_characters_is_joined() {
    // Behind a BOM, and cut inside each character.
    let body = "\u{feff}{\"7\":{\"texts\":[\"é€😀\"]},\"8\":{\"texts\":[]}}".as_bytes();
    let pieces: Vec<&[u8]> = body.chunks(1).collect();
    let pieces = parse(&format!("{pieces:?}"));
    let given = client(&in_pieces(&pieces)).get_results(batch()).await;
    assert_eq!(given.unwrap(), results([(7, &["é€😀"]), (8, &[])]));
}

#[wasm_bindgen_test]
async fn a_transient_refusal_is_retried() {
    let fetch = answers(&format!(r#"[[503,"",{{"retry-after":"0"}}],[200,{}]]"#, json(&WHOLE.into()).unwrap()));
    assert!(client(&fetch).get_results(batch()).await.is_ok());
    assert_eq!(requests(&fetch), 2);
}

#[wasm_bindgen_test]
async fn inherited_members_do_not_count() {
    let pollutions = [
        ("8", r#"{"texts":["evil"]}"#),
        ("baseUrl", r#""https://evil.test""#),
        ("texts", "[]"),
        ("status", "500"),
        ("signal", "1"),
    ];
    let pollutions = pollutions.map(|(key, text)| pollute(key, text));
    let fetch = ok(r#"{"7":{}}"#);
    let given = client(&fetch).get_results(batch()).await;
    pollutions.iter().for_each(Pollution::restore);
    let error = given.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer is not as documented: expected an array of strings, received no such member at 7.texts"
    );
    assert_eq!(error.missing(), [crate::doubles::id(8)]);
    assert_eq!(text(&fetch, "calls.0.url"), r#""https://client.camb.ai/apis/translation-results""#);
}
