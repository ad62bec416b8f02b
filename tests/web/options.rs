//! The rules of options.

use std::time::Duration;

use translation_results::{CallOptions, Client, ClientOptions, Code};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{WHOLE, batch, client, is_page, ok, requests};

fn with_key(key: &str) -> ClientOptions {
    ClientOptions::new().api_key(key).dangerously_allow_browser(true)
}

#[wasm_bindgen_test]
fn options_of_a_client_are_refused_by_name() {
    const MS: &str = "must be a number of milliseconds from 1 to 2147483647";
    let new = ClientOptions::new;
    let longest = Duration::from_millis(i32::MAX as u64);
    for (options, option, rule) in [
        (with_key(""), "apiKey", "must be visible ASCII characters without spaces"),
        (with_key("a b"), "apiKey", "must be visible ASCII characters without spaces"),
        (new().base_url("ftp://api.test"), "baseUrl", ""),
        (new().base_url("https://user@api.test"), "baseUrl", ""),
        (new().base_url("https://api.test?a"), "baseUrl", ""),
        (with_key("a").base_url("http://elsewhere.test"), "baseUrl", ""),
        (new().header("X-Api-Key", "a"), "headers", "must not have x-api-key, which is set from apiKey"),
        (new().header("Content-Type", "a"), "headers", ""),
        (new().header("a b", "a"), "headers", ""),
        (new().header("a", "a\n"), "headers", ""),
        (new().timeout(Duration::ZERO), "timeoutMs", MS),
        (new().timeout(Duration::from_micros(999)), "timeoutMs", MS),
        (new().timeout(longest + Duration::from_micros(1)), "timeoutMs", MS),
        (new().timeout(Duration::MAX), "timeoutMs", MS),
        (new().max_retries(21), "maxRetries", "must be an integer from 0 to 20"),
        (new().max_response_bytes(0), "maxResponseBytes", "must be an integer from 1 to 9007199254740991"),
        (new().max_response_bytes(u64::MAX), "maxResponseBytes", "must be an integer from 1 to 9007199254740991"),
    ] {
        let error = Client::new(options).unwrap_err();
        assert_eq!((error.code(), error.attempts()), (Code::InvalidOptions, 0));
        let message = error.to_string();
        assert!(message.starts_with(&format!("{option} {rule}")), "{message}");
    }
}

#[wasm_bindgen_test]
fn options_at_the_edge_are_taken() {
    let new = || ClientOptions::new().base_url("https://api.test");
    for options in [
        new(),
        new().timeout(Duration::from_millis(1)),
        new().timeout(Duration::from_millis(i32::MAX as u64)),
        new().max_retries(0),
        new().max_retries(20),
        new().max_response_bytes(1),
        new().max_response_bytes((1 << 53) - 1),
        new().header("a", "\u{e9}").header("a", ""),
        new().base_url("http://elsewhere.test"),
        with_key("a").base_url("http://127.0.0.1:8080/a/"),
        with_key("a").base_url("http://[::1]:8080"),
        with_key("!~"),
    ] {
        Client::new(options).unwrap();
    }
}

#[wasm_bindgen_test]
async fn options_of_a_call_are_refused_by_name() {
    let fetch = ok(WHOLE);
    let client = client(&fetch);
    let new = CallOptions::new;
    for (options, option) in [
        (new().timeout(Duration::ZERO), "timeoutMs"),
        (new().deadline(Duration::ZERO), "deadlineMs"),
        (new().deadline(Duration::MAX), "deadlineMs"),
        (new().max_retries(21), "maxRetries"),
        (new().header("x-api-key", "a"), "headers"),
    ] {
        let error = client.get_results_with(batch(), options).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{option} must ")), "{error}");
    }
    assert_eq!(requests(&fetch), 0);
}

#[wasm_bindgen_test]
fn a_key_in_a_page_must_be_allowed() {
    let refused = Client::new(ClientOptions::new().api_key("a")).err();
    assert_eq!(refused.is_some(), is_page());
    if let Some(error) = refused {
        assert!(error.to_string().starts_with("apiKey must not be in a page"), "{error}");
    }
}

#[wasm_bindgen_test]
fn a_relative_base_url_needs_a_page() {
    let refused = Client::new(ClientOptions::new().base_url("/apis")).err();
    assert_eq!(refused.is_none(), is_page());
    if let Some(error) = refused {
        let message = "baseUrl must be a URL, and may be relative in a page only";
        assert_eq!(error.to_string(), message);
    }
}

#[wasm_bindgen_test]
fn the_key_and_header_values_are_not_printed() {
    let options = || with_key("secret").header("authorization", "Bearer secret");
    let call = CallOptions::new().header("authorization", "Bearer secret");
    let printed = format!("{:?} {:?} {call:?}", Client::new(options()).unwrap(), options());
    assert!(!printed.contains("secret"), "{printed}");
    assert!(printed.contains("authorization"), "{printed}");
}
