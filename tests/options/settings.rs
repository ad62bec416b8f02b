//! Options as a whole: defaults, the key, precedence, and the order of the rules.

use std::time::Duration;

use translation_results::CallOptions;
use translation_results::core::options::{
    CallSettings, CallValues, ClientValues, DEFAULT_BASE_URL, Platform, RequestValues,
};

use crate::{
    IN_A_PAGE, NO_BASE, NO_NAME, NO_VALUE, OUR_KEY, PAGE, SERVER, assert_refused, at, both, check, client, headers,
    taken, with_key,
};

const NO_KEY: &str = "must be visible ASCII characters without spaces, as shown in the service's studio";

#[test]
fn the_defaults_are_those_of_the_declarations() {
    let settings = taken(at(&with_key(), DEFAULT_BASE_URL));
    assert_eq!(settings.base_url, "https://client.camb.ai/apis");
    assert_eq!(taken(client(&ClientValues::default())).api_key, None);
    assert_eq!(settings.max_response_bytes, 64 * 1024 * 1024);
    assert_eq!(settings.headers, []);
    let expected = CallSettings { timeout_ms: 60_000, max_retries: 3, deadline_ms: None, concurrency: 6 };
    assert_eq!(settings.call, expected);
    assert_eq!(CallSettings::default(), expected);
}

#[test]
fn the_options_of_a_call_override_those_of_its_client() {
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
fn the_default_base_url_needs_a_key() {
    const IN_A_PAGE: &str = "is missing: set baseUrl to your proxy, which adds it";
    const ELSEWHERE: &str = "is missing: pass it, set CAMB_API_KEY, or set baseUrl to your proxy, which adds it";
    for (platform, rule) in [(SERVER, ELSEWHERE), (PAGE, IN_A_PAGE)] {
        for href in ["https://client.camb.ai/apis", "https://client.camb.ai/apis/"] {
            let platform = Platform { href: Some(href), ..platform };
            assert_refused(check(&ClientValues::default(), platform), "apiKey", rule);
        }
    }
    taken(at(&ClientValues::default(), "https://client.camb.ai/apis/v2"));
}

#[test]
fn the_key_of_the_environment_is_for_the_default_base_url_and_a_client_without_a_key() {
    let key = |values: &ClientValues, href, environment_key| {
        let platform = Platform { href: Some(href), environment_key: Some(environment_key), ..SERVER };
        check(values, platform).map(|settings| settings.api_key.map(|key| key.expose().to_owned()))
    };
    let without_key = ClientValues::default();
    assert_eq!(taken(key(&without_key, DEFAULT_BASE_URL, "of-env")).as_deref(), Some("of-env"));
    assert_eq!(taken(key(&without_key, DEFAULT_BASE_URL, " of-env\r\n")).as_deref(), Some("of-env"));
    assert_eq!(taken(key(&with_key(), DEFAULT_BASE_URL, "of-env")).as_deref(), Some("hunter2"));
    for href in ["https://api.test/", "https://client.camb.ai/", "https://client.camb.ai/apis2", "http://localhost/"] {
        assert_eq!(taken(key(&without_key, href, "of-env")), None, "{href}");
    }
    for empty in ["", "\n"] {
        assert!(key(&without_key, DEFAULT_BASE_URL, empty).is_err(), "an empty variable is no key");
    }
    assert_refused(key(&without_key, DEFAULT_BASE_URL, "of env"), "apiKey", NO_KEY);
}

#[test]
fn a_base_url_has_a_host_and_an_origin() {
    for (href, host, origin) in [
        ("https://api.test/", "api.test", "https://api.test"),
        ("https://api.test:8443/a/b", "api.test:8443", "https://api.test:8443"),
        ("http://[::1]:3000/a", "[::1]:3000", "http://[::1]:3000"),
    ] {
        let settings = taken(at(&ClientValues::default(), href));
        assert_eq!(settings.host(), host);
        assert!(settings.is_of_origin(origin));
        for other in ["https://api.tes", "https://api.test:84", "null", "http://api.test"] {
            assert!(!settings.is_of_origin(other), "{other} of {href}");
        }
    }
}

#[test]
fn the_first_broken_rule_is_reported() {
    let [of_headers, _] = both(headers(&[("x-a", "€"), ("x b", "c"), ("x-api-key", "d")]));
    assert_refused(of_headers, "headers", NO_VALUE);
    let [of_headers, _] = both(headers(&[("x b", "€")]));
    assert_refused(of_headers, "headers", NO_NAME);
    let [of_headers, _] = both(headers(&[("x-api-key", "€")]));
    assert_refused(of_headers, "headers", OUR_KEY);
    assert_refused(at(&with_key(), "http://user@api.test"), "baseUrl", NO_BASE);
    // A key in a page is refused before its base URL is.
    assert_refused(check(&with_key(), Platform { href: Some("http://api.test/"), ..PAGE }), "apiKey", IN_A_PAGE);
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

#[test]
fn whole_milliseconds_stay_whole() {
    for ms in 1..=2_000 {
        let options = CallOptions::new().deadline(Duration::from_millis(ms));
        let printed = format!("{options:?}");
        assert!(printed.contains(&format!("deadline_ms: Some({ms}.0)")), "{printed}");
    }
}
