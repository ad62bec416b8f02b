//! Where requests go, what they carry, and what of it is refused in which words.

use proptest::prelude::*;
use translation_results::endpoint::{DEFAULT_BASE_URL, MASK, check_api_key, check_base_url, check_header, mask};

const NO_BASE: &str = "must be an http or https URL without user, password, query and fragment";
const IN_THE_CLEAR: &str = "must be https where there is an apiKey, which http would send in the clear \
                            (loopback hosts may be http)";
const NO_KEY: &str = "must be visible ASCII characters without spaces, as the service's studio shows it";
const NO_NAME: &str = "must have names of letters, digits and !#$%&'*+-.^_`|~";
const NO_VALUE: &str = "must have values of Latin-1 characters, without controls but tabs";
const OUR_KEY: &str = "must not have x-api-key, which is set from apiKey";
const OUR_TYPE: &str = "must not have content-type, which is always application/json";

#[track_caller]
fn assert_base(href: &str, base_url: &str) {
    assert_eq!(check_base_url(href, true), Ok(base_url));
    assert_eq!(check_base_url(href, false), Ok(base_url));
}

#[track_caller]
fn assert_no_base(href: &str) {
    assert_eq!(check_base_url(href, true), Err(NO_BASE), "{href}");
    assert_eq!(check_base_url(href, false), Err(NO_BASE), "{href}");
}

#[track_caller]
fn assert_without_key_only(href: &str) {
    assert_eq!(check_base_url(href, true), Err(IN_THE_CLEAR), "{href}");
    assert_eq!(check_base_url(href, false), Ok(href.trim_end_matches('/')), "{href}");
}

#[track_caller]
fn assert_key(key: &str, checked: Result<(), &str>) {
    assert_eq!(check_api_key(key), checked, "{key:?}");
}

#[track_caller]
fn assert_header(name: &str, value: &str, checked: Result<(), &str>) {
    assert_eq!(check_header(name, value), checked, "{name:?}: {value:?}");
}

#[track_caller]
fn assert_masked(text: &str, key: Option<&str>, masked: &str) {
    assert_eq!(mask(text.to_owned(), key), masked);
}

#[test]
fn takes_http_and_https_without_a_slash_at_the_end() {
    assert_eq!(DEFAULT_BASE_URL, "https://client.camb.ai/apis");
    assert_base(DEFAULT_BASE_URL, DEFAULT_BASE_URL);
    assert_base("https://api.test/", "https://api.test");
    assert_base("https://api.test/a/b//", "https://api.test/a/b");
    assert_base("https://api.test:8443/", "https://api.test:8443");
    assert_base("https://xn--bcher-kva.test/", "https://xn--bcher-kva.test");
    assert_base("https://[2001:db8::1]:8443/v1", "https://[2001:db8::1]:8443/v1");
    assert_base("https://api.test/@team/a:b/https://c", "https://api.test/@team/a:b/https://c");
}

#[test]
fn refuses_what_is_no_base() {
    assert_no_base("");
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
    assert_base("http://127.0.0.1/", "http://127.0.0.1");
    assert_base("http://127.0.0.1:8080/apis", "http://127.0.0.1:8080/apis");
    assert_base("http://127.255.1.2:1/", "http://127.255.1.2:1");
    assert_base("http://localhost/", "http://localhost");
    assert_base("http://localhost:3000/", "http://localhost:3000");
    assert_base("http://a.localhost/", "http://a.localhost");
    assert_base("http://a.b.localhost:3000/", "http://a.b.localhost:3000");
    assert_base("http://[::1]/", "http://[::1]");
    assert_base("http://[::1]:8080/", "http://[::1]:8080");

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

#[test]
fn masks_the_key_wherever_it_stands() {
    assert_eq!(MASK, "•••");
    assert_masked("no such key", Some("s3cret"), "no such key");
    assert_masked("s3cret", None, "s3cret");
    assert_masked("s3cret", Some("s3cret"), "•••");
    assert_masked("<s3cret,s3crets3cret>", Some("s3cret"), "<•••,••••••>");
    assert_masked("s3creS3CRET", Some("s3cret"), "s3creS3CRET");
}

proptest! {
    #[test]
    fn no_masked_text_holds_the_key(
        key in "[ab]{1,6}|[!-~]{1,40}", pieces in prop::collection::vec("[ab]{0,6}|\\PC{0,9}", 0..6),
    ) {
        let text = pieces.join(&key);
        let masked = mask(text.clone(), Some(&key));
        prop_assert!(!masked.contains(&key), "{}", masked);
        prop_assert!(masked.replace(MASK, &key) == text || text.contains(MASK), "the rest is as it was: {}", masked);
    }

    #[test]
    fn no_text_panics(text in "(https?://)?\\PC{0,30}", other in "\\PC{0,30}") {
        let base_url = check_base_url(&text, true);
        prop_assert!(base_url.is_err() || base_url.is_ok_and(|base_url| text.starts_with(base_url)));
        let _ = (check_api_key(&text), check_header(&text, &other));
    }
}
