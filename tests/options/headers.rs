//! Headers that a caller adds to the requests.

use translation_results::core::options::{CallSettings, ClientValues};

use crate::{NO_NAME, NO_VALUE, OUR_KEY, assert_refused, both, client, headers, pairs, taken};

const OUR_TYPE: &str = "must not have content-type, which is always application/json";

#[track_caller]
fn assert_header(name: &str, value: &str, rule: Option<&str>) {
    for settings in both(headers(&[(name, value)])) {
        match rule {
            Some(rule) => assert_refused(settings, "headers", rule),
            None => assert_eq!(taken(settings), CallSettings::default()),
        }
    }
}

#[test]
fn each_character_of_a_header_is_checked() {
    for character in (0..=0x17f).filter_map(char::from_u32) {
        let text = format!("a{character}b");
        let is_token = character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
        assert_header(&text, "", if is_token { None } else { Some(NO_NAME) });
        let is_latin = matches!(character, '\t' | ' '..='~' | '\u{a0}'..='\u{ff}');
        assert_header("x-a", &text, if is_latin { None } else { Some(NO_VALUE) });
    }
}

#[test]
fn headers_that_break_a_rule_are_refused() {
    for name in ["", "x a", "x-a:", "é", "x\na", "日本"] {
        assert_header(name, "b", Some(NO_NAME));
    }
    for value in ["b\r\nx-b: c", "b\0", "b\nc", "a\u{7f}", "a\u{80}", "€", "😀"] {
        assert_header("x-a", value, Some(NO_VALUE));
    }
}

#[test]
fn the_headers_of_the_package_are_refused_in_every_spelling_and_no_others() {
    for name in ["x-api-key", "X-API-Key", "X-api-KEY"] {
        assert_header(name, "a", Some(OUR_KEY));
    }
    for name in ["content-type", "Content-Type", "CONTENT-TYPE"] {
        assert_header(name, "a/b", Some(OUR_TYPE));
    }
    for name in ["x-api-key2", "my-x-api-key", "content-type-options", "x-content-type", "traceparent"] {
        assert_header(name, "a", None);
    }
}

#[test]
fn a_client_keeps_its_headers_in_their_order() {
    let given = [("x-a", "client"), ("X-B", ""), ("traceparent", "00-1-2-01")];
    let settings = taken(client(&ClientValues { request: headers(&given), ..ClientValues::default() }));
    assert_eq!(settings.headers, pairs(&given));
}
