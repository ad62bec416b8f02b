//! Options as a whole: defaults, the key, whose options count, and which broken rule is said.

use translation_results::core::options::{
    CallSettings, CallValues, ClientValues, DEFAULT_BASE_URL, Platform, RequestValues,
};

use crate::{
    IN_A_PAGE, NO_BASE, NO_NAME, NO_VALUE, OUR_KEY, PAGE, assert_refused, at, both, check, client, headers, taken,
    with_key,
};

const NO_KEY: &str = "must be visible ASCII characters without spaces, as the service's studio shows it";

#[test]
fn the_defaults_are_those_of_the_declarations() {
    let values = ClientValues::default();
    let settings = taken(check(&values, Platform { href: Some(DEFAULT_BASE_URL), in_browser: false }));
    assert_eq!(settings.base_url, "https://client.camb.ai/apis");
    assert_eq!(settings.api_key, None);
    assert_eq!(settings.max_response_bytes, 64 * 1024 * 1024);
    assert_eq!(settings.headers, []);
    let expected = CallSettings { timeout_ms: 60_000, max_retries: 3, deadline_ms: None, concurrency: 6 };
    assert_eq!(settings.call, expected);
    assert_eq!(CallSettings::default(), expected);
}

#[test]
fn a_call_has_the_options_of_its_client_but_for_its_own() {
    let request = RequestValues { timeout_ms: Some(10.0), max_retries: Some(1.0), headers: vec![] };
    let client = taken(client(&ClientValues { request, ..ClientValues::default() }));
    let inherited = taken(client.call.check(&CallValues::default()));
    assert_eq!((inherited.timeout_ms, inherited.max_retries), (10, 1));
    let request = RequestValues { max_retries: Some(2.0), ..RequestValues::default() };
    let values = CallValues { request, deadline_ms: Some(5.0), ..CallValues::default() };
    let own = taken(client.call.check(&values));
    assert_eq!((own.timeout_ms, own.max_retries, own.deadline_ms), (10, 2, Some(5)));
    assert_eq!(client.call.max_retries, 1, "the client keeps its own");
}

#[test]
fn a_key_is_checked_by_its_own_rule() {
    for key in ["", "a b", "a\u{a0}", "clé", "hunter2\n"] {
        let values = ClientValues { api_key: Some(key.to_owned()), ..ClientValues::default() };
        assert_refused(client(&values), "apiKey", NO_KEY);
    }
    assert_eq!(taken(client(&with_key())).api_key.as_ref().map(|key| key.expose()), Some("hunter2"));
}

#[test]
fn a_key_in_a_page_needs_permission() {
    assert_refused(check(&with_key(), PAGE), "apiKey", IN_A_PAGE);
    let allowed = ClientValues { dangerously_allow_browser: true, ..with_key() };
    taken(check(&allowed, PAGE));
    taken(check(&ClientValues::default(), PAGE));
    // Elsewhere the permission does no harm.
    taken(client(&allowed));
    taken(client(&ClientValues { dangerously_allow_browser: true, ..ClientValues::default() }));
}

#[test]
fn the_first_rule_that_is_broken_speaks() {
    let [of_headers, _] = both(headers(&[("x-a", "€"), ("x b", "c"), ("x-api-key", "d")]));
    assert_refused(of_headers, "headers", NO_VALUE);
    let [of_headers, _] = both(headers(&[("x b", "€")]));
    assert_refused(of_headers, "headers", NO_NAME);
    let [of_headers, _] = both(headers(&[("x-api-key", "€")]));
    assert_refused(of_headers, "headers", OUR_KEY);
    assert_refused(at(&with_key(), "http://user@api.test"), "baseUrl", NO_BASE);
    // A key in a page is refused before its base URL is.
    assert_refused(
        check(&with_key(), Platform { href: Some("http://api.test/"), in_browser: true }),
        "apiKey",
        IN_A_PAGE,
    );
}

#[test]
fn a_refusal_does_not_repeat_the_value() {
    let header = |name: &str, value: &str| ClientValues { request: headers(&[(name, value)]), ..with_key() };
    for (values, href) in [
        (header("x-api-key", "hunter2"), "https://api.test/"),
        (header("authorization", "hunter2\nvalue"), "https://api.test/"),
        (header("x-a", "hunter2€"), "https://api.test/"),
        (header("hunter2 ", "a"), "https://api.test/"),
        (ClientValues { api_key: Some("hunter2 ".to_owned()), ..ClientValues::default() }, "https://api.test/"),
        (with_key(), "https://user:hunter2@api.test/"),
        (with_key(), "http://hunter2.test/"),
        (with_key(), "https://api.test/?hunter2"),
    ] {
        let error = at(&values, href).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    assert!(!format!("{:?}", taken(client(&with_key()))).contains("hunter2"));
}
