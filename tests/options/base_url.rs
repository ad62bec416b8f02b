//! Base URLs, as the platform's parser writes them.

use proptest::prelude::*;
use translation_results::core::options::{ClientValues, Platform};

use crate::{NO_BASE, SERVER, assert_refused, at, check, taken, with_key};

const NO_URL: &str = "must be a URL, and may be relative in a page only";
const IN_THE_CLEAR: &str =
    "must be https where there is an apiKey, which http would send unencrypted (loopback hosts may be http)";

#[test]
fn http_and_https_urls_are_taken_without_the_slashes_at_their_end() {
    for (href, base_url) in [
        ("https://api.test/", "https://api.test"),
        ("https://api.test/////", "https://api.test"),
        ("https://api.test/a/b", "https://api.test/a/b"),
        ("https://api.test/a/b////", "https://api.test/a/b"),
        ("https://api.test//a//b", "https://api.test//a//b"),
        ("https://api.test/a%2F/", "https://api.test/a%2F"),
        ("https://api.test:8443/", "https://api.test:8443"),
        ("https://xn--bcher-kva.test/", "https://xn--bcher-kva.test"),
        ("https://[2001:db8::1]:8443/v1", "https://[2001:db8::1]:8443/v1"),
        ("https://api.test/@team/a:b/https://c", "https://api.test/@team/a:b/https://c"),
    ] {
        for values in [ClientValues::default(), with_key()] {
            assert_eq!(taken(at(&values, href)).base_url, base_url);
        }
    }
}

#[test]
fn a_base_url_that_the_platform_cannot_parse_is_refused() {
    assert_refused(check(&with_key(), Platform { href: None, ..SERVER }), "baseUrl", NO_URL);
}

#[test]
fn other_schemes_users_queries_and_fragments_are_refused() {
    for href in [
        "",
        "https://",
        "https:///",
        "ftp://api.test/",
        "ws://localhost/",
        "file:///a",
        "blob:https://api.test/6e7f",
        "data:text/plain,https://api.test/",
        "javascript:alert(1)",
        "https://user@api.test/",
        "https://user:secret@api.test/",
        "http://:secret@localhost/",
        "https://api.test/?a=/",
        "https://api.test/apis?",
        "https://api.test?a",
        "https://api.test/#/",
        "https://api.test/apis#",
        "HTTPS://api.test/",
    ] {
        for values in [ClientValues::default(), with_key()] {
            assert_refused(at(&values, href), "baseUrl", NO_BASE);
        }
    }
}

#[test]
fn plain_http_with_a_key_is_for_loopback_hosts_only() {
    for href in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/apis",
        "http://127.255.1.2:1/",
        "http://127.8.9.10:1/",
        "http://localhost/",
        "http://localhost:3000/",
        "http://a.localhost/",
        "http://a.b.localhost:3000/",
        "http://[::1]/",
        "http://[::1]:8080/",
    ] {
        taken(at(&with_key(), href));
    }
    for href in [
        "http://api.test/",
        "http://127.evil.com/",
        "http://127.0.0.1.evil.com/",
        "http://128.0.0.1/",
        "http://10.127.0.1/",
        "http://1127.0.0.1.test/",
        "http://0.0.0.0/",
        "http://localhost.evil.com/",
        "http://notlocalhost/",
        "http://api.test/localhost",
        "http://api.test/127.0.0.1",
        "http://api.test:127/.localhost",
        "http://[::2]/",
        "http://[::]/",
        "http://[::1:1]:8080/",
        "http://[2001:db8::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://192.168.0.1/",
        "http://10.0.0.1/",
        "http://localhost./",
    ] {
        assert_refused(at(&with_key(), href), "baseUrl", IN_THE_CLEAR);
        taken(at(&ClientValues::default(), href));
        taken(at(&with_key(), &href.replace("http:", "https:")));
    }
}

const HOSTS: &[&str] = &["api.test", "localhost", "a.localhost", "127.0.0.1", "127.evil.com", "[::1]"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_base_url_is_judged_by_its_parts(
        scheme in prop::sample::select(vec!["https", "http", "ftp"]),
        user in prop::sample::select(vec!["", "", "user@", "user:secret@", "localhost@"]),
        host in prop::sample::select(HOSTS),
        port in prop::sample::select(vec!["", ":8080"]),
        path in "(/[a-z:@.]{0,5}){1,2}",
        rest in prop::sample::select(vec!["", "", "?", "?a=b", "#", "#/a"]),
    ) {
        let is_base = scheme != "ftp" && user.is_empty() && rest.is_empty();
        let is_safe = scheme == "https" || !["api.test", "127.evil.com"].contains(&host);
        let href = format!("{scheme}://{user}{host}{port}{path}{rest}");
        for (values, is_taken, rule) in [
            (ClientValues::default(), is_base, NO_BASE),
            (with_key(), is_base && is_safe, if is_base { IN_THE_CLEAR } else { NO_BASE }),
        ] {
            match at(&values, &href) {
                result if !is_taken => assert_refused(result, "baseUrl", rule),
                result => prop_assert_eq!(&taken(result).base_url, href.trim_end_matches('/')),
            }
        }
    }
}
