//! Where requests go, what they carry, and what of it is refused in which words.

use std::cell::Cell;

use proptest::prelude::*;
use regex::Regex;
use translation_results::endpoint::{
    API_KEY, BASE_URL, BASE_URL_WITH_KEY, DEFAULT_BASE_URL, HEADER_NAME, HEADER_VALUE, Rule, broken,
};

const NO_URL: &str = "must be a URL, and may be relative in a page only";
const NO_BASE: &str = "must be an http or https URL without user, password, query and fragment";
const IN_THE_CLEAR: &str = "must be https where there is an apiKey, which http would send in the clear \
                            (loopback hosts may be http)";
const NO_KEY: &str = "must be visible ASCII characters without spaces, as the service's studio shows it";
const NO_NAME: &str = "must have names of letters, digits and !#$%&'*+-.^_`|~";
const NO_VALUE: &str = "must have values of Latin-1 characters, without controls but tabs";
const OUR_KEY: &str = "must not have x-api-key, which is set from apiKey";
const OUR_TYPE: &str = "must not have content-type, which is always application/json";

/// What is said of a text. The package matches with JavaScript's `RegExp`, to which these patterns are the same.
fn said(rules: &[Rule], text: &str) -> Result<(), &'static str> {
    let matches = |pattern: &str| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
    broken(rules, matches).map_or(Ok(()), Err)
}

/// A base URL as the platform's URL parser wrote it, with the slashes at its end and, as the package has it, without.
#[track_caller]
fn assert_base_url(href: &str, without_key: Result<(), &str>, with_key: Result<(), &str>) {
    for href in [href, href.trim_end_matches('/')] {
        let checked = said(&BASE_URL, href);
        assert_eq!(checked, without_key, "{href}");
        assert_eq!(checked.and_then(|()| said(&BASE_URL_WITH_KEY, href)), with_key, "{href}");
    }
}

#[track_caller]
fn assert_base(href: &str) {
    assert_base_url(href, Ok(()), Ok(()));
}

#[track_caller]
fn assert_no_base(href: &str) {
    assert_base_url(href, Err(NO_BASE), Err(NO_BASE));
}

#[track_caller]
fn assert_without_key_only(href: &str) {
    assert_base_url(href, Ok(()), Err(IN_THE_CLEAR));
}

#[track_caller]
fn assert_key(key: &str, checked: Result<(), &str>) {
    assert_eq!(said(&API_KEY, key), checked, "{key:?}");
}

#[track_caller]
fn assert_header(name: &str, value: &str, checked: Result<(), &str>) {
    let said = said(&HEADER_NAME, name).and_then(|()| said(&HEADER_VALUE, value));
    assert_eq!(said, checked, "{name:?}: {value:?}");
}

#[test]
fn every_pattern_begins_where_the_text_does() {
    for Rule { pattern, must, .. } in
        [&BASE_URL[..], &BASE_URL_WITH_KEY, &API_KEY, &HEADER_NAME, &HEADER_VALUE].concat()
    {
        assert!(Regex::new(pattern).is_ok() && pattern.starts_with('^'), "{pattern}");
        assert!(must.starts_with("must "), "{must}");
    }
}

#[test]
fn the_first_broken_rule_speaks_and_none_after_it_is_asked() {
    let rule = |pattern, holds, must| Rule { pattern, holds, must };
    let rules = [rule("a", true, "must a"), rule("b", false, "must not b"), rule("c", true, "must c")];
    for (text, must, asked) in [
        ("ac", None, "abc"),
        ("a", Some("must c"), "abc"),
        ("ab", Some("must not b"), "ab"),
        ("abc", Some("must not b"), "ab"),
        ("bc", Some("must a"), "a"),
        ("", Some("must a"), "a"),
    ] {
        let patterns = Cell::new(String::new());
        let matches = |pattern: &str| {
            patterns.set(patterns.take() + pattern);
            text.contains(pattern)
        };
        assert_eq!(broken(&rules, matches), must, "{text:?}");
        assert_eq!(patterns.take(), asked, "{text:?}");
    }
    assert_eq!(broken(&[], |_| false), None);
}

#[test]
fn takes_http_and_https() {
    assert_eq!(DEFAULT_BASE_URL, "https://client.camb.ai/apis");
    assert_base(DEFAULT_BASE_URL);
    assert_base("https://api.test/");
    assert_base("https://api.test/a/b//");
    assert_base("https://api.test:8443/");
    assert_base("https://xn--bcher-kva.test/");
    assert_base("https://[2001:db8::1]:8443/v1");
    assert_base("https://api.test/@team/a:b/https://c");
}

#[test]
fn refuses_what_is_no_base() {
    // What is no URL at all comes as nothing.
    assert_base_url("", Err(NO_URL), Err(NO_URL));
    assert_no_base("/apis");
    assert_no_base("ftp://api.test/");
    assert_no_base("ws://localhost/");
    assert_no_base("file:///etc/hosts");
    assert_no_base("data:text/plain,https://api.test/");
    assert_no_base("blob:https://api.test/6e7f");
    assert_no_base("https://user@api.test/");
    assert_no_base("https://user:secret@api.test/");
    assert_no_base("http://:secret@localhost/");
    assert_no_base("https://api.test/?version=1");
    assert_no_base("https://api.test/apis?");
    assert_no_base("https://api.test/#top");
    assert_no_base("https://api.test/apis#");
}

#[test]
fn sends_a_key_in_the_clear_to_loopback_hosts_only() {
    assert_base("http://127.0.0.1/");
    assert_base("http://127.0.0.1:8080/apis");
    assert_base("http://127.255.1.2:1/");
    assert_base("http://localhost/");
    assert_base("http://localhost:3000/");
    assert_base("http://a.localhost/");
    assert_base("http://a.b.localhost:3000/");
    assert_base("http://[::1]/");
    assert_base("http://[::1]:8080/");

    assert_without_key_only("http://api.test/");
    assert_without_key_only("http://127.evil.com/");
    assert_without_key_only("http://127.0.0.1.evil.com/");
    assert_without_key_only("http://128.0.0.1/");
    assert_without_key_only("http://10.127.0.1/");
    assert_without_key_only("http://0.0.0.0/");
    assert_without_key_only("http://1127.0.0.1/");
    assert_without_key_only("http://localhost.evil.com/");
    assert_without_key_only("http://notlocalhost/");
    assert_without_key_only("http://api.test/localhost");
    assert_without_key_only("http://api.test:127/.localhost");
    assert_without_key_only("http://[::2]/");
    assert_without_key_only("http://[::]/");
    assert_without_key_only("http://[::1:1]:8080/");
    assert_without_key_only("http://[2001:db8::1]/");
    assert_without_key_only("http://192.168.0.1:80/");
}

#[test]
fn a_key_is_visible_ascii() {
    assert_key("k", Ok(()));
    assert_key("3f2a-Key_of.40+chars/and=signs!~", Ok(()));
    assert_key("", Err(NO_KEY));
    for byte in 0..=u8::MAX {
        let checked = if (b'!'..=b'~').contains(&byte) { Ok(()) } else { Err(NO_KEY) };
        assert_key(&format!("a{}b", char::from(byte)), checked);
    }
    assert_key("ключ", Err(NO_KEY));
    assert_key("key\u{200b}", Err(NO_KEY));
}

#[test]
fn a_header_is_a_token_and_latin_1() {
    assert_header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Ok(()));
    assert_header("X!#$%&'*+-.^_`|~9", "", Ok(()));
    assert_header("x-name", "tab\tspace caf\u{e9} \u{ff}", Ok(()));

    assert_header("x-api-key", "other", Err(OUR_KEY));
    assert_header("X-API-Key", "other", Err(OUR_KEY));
    assert_header("content-type", "text/plain", Err(OUR_TYPE));
    assert_header("Content-Type", "application/json", Err(OUR_TYPE));

    assert_header("", "value", Err(NO_NAME));
    for separator in "\0\t\n\r \"(),/:;<=>?@[\\]{}\u{7f}é".chars() {
        assert_header(&format!("x{separator}y"), "value", Err(NO_NAME));
    }
    for control in "\0\u{1}\u{8}\n\u{b}\r\u{1f}\u{7f}\u{80}\u{9f}".chars() {
        assert_header("x-name", &format!("a{control}b"), Err(NO_VALUE));
    }
    assert_header("x-name", "\u{100}", Err(NO_VALUE));
    assert_header("x-name", "日本", Err(NO_VALUE));
}

proptest! {
    #[test]
    fn a_base_is_what_its_parts_make_it(
        scheme in prop::sample::select(vec!["https", "http", "ftp"]),
        user in prop::sample::select(vec!["", "", "user@", "user:secret@", "localhost@"]),
        host in prop::sample::select(vec!["api.test", "localhost", "a.localhost", "127.0.0.1", "127.evil.com", "[::1]"]),
        port in prop::sample::select(vec!["", ":8080"]),
        path in "(/[a-z:@.]{0,5}){0,2}",
        rest in prop::sample::select(vec!["", "", "?", "?a=b", "#", "#/a"]),
    ) {
        let href = format!("{scheme}://{user}{host}{port}{path}{rest}");
        let is_base = scheme != "ftp" && user.is_empty() && rest.is_empty();
        prop_assert_eq!(said(&BASE_URL, &href), if is_base { Ok(()) } else { Err(NO_BASE) });
        let is_safe = scheme == "https" || !matches!(host, "api.test" | "127.evil.com");
        let with_key = said(&BASE_URL_WITH_KEY, &href);
        prop_assert!(!is_base || with_key == if is_safe { Ok(()) } else { Err(IN_THE_CLEAR) }, "{}", href);
    }

    #[test]
    fn every_character_counts(text in "[ -~]{0,20}|\\PC{0,30}|[a-z\\n\\r\\t\\x7f-\u{a0}]{0,9}") {
        let is_key = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        prop_assert_eq!(said(&API_KEY, &text), if is_key { Ok(()) } else { Err(NO_KEY) });
        let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
        let is_name = !text.is_empty() && text.chars().all(is_token);
        prop_assert_eq!(said(&HEADER_NAME, &text), if is_name { Ok(()) } else { Err(NO_NAME) });
        let is_value = text.chars().all(|char| matches!(char, '\t' | ' '..='~' | '\u{a0}'..='\u{ff}'));
        prop_assert_eq!(said(&HEADER_VALUE, &text), if is_value { Ok(()) } else { Err(NO_VALUE) });
    }
}
