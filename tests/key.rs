//! The API key: what it may be, and that nothing which is shown holds it.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

use proptest::prelude::*;
use translation_results::core::error::{Code, Error};
use translation_results::core::key::ApiKey;

const MASK: &str = "•••";

fn key(text: &str) -> ApiKey {
    ApiKey::new(text).unwrap()
}

#[track_caller]
fn assert_is_key(text: &str) {
    let key = ApiKey::new(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert_eq!(key.expose(), text);
}

#[track_caller]
fn assert_is_not_key(text: &str) {
    let error = ApiKey::new(text).err().unwrap_or_else(|| panic!("{text:?} is a key"));
    let rule = "must be visible ASCII characters without spaces, as the service's studio shows it";
    assert_eq!(error, Error::invalid_option("apiKey", rule), "{text:?}");
    assert_eq!((error.code(), error.attempts()), (Code::InvalidOptions, 0));
}

#[test]
fn a_key_is_visible_ascii_without_spaces() {
    for character in (0..=0x17f).filter_map(char::from_u32) {
        let text = format!("a{character}b");
        if ('!'..='~').contains(&character) { assert_is_key(&text) } else { assert_is_not_key(&text) }
    }
    assert_is_key("k");
    assert_is_key(r#"k-7f3"\/$&$1.*+?^(){}[]|<>%41~"#);
}

#[test]
fn any_other_text_is_refused() {
    for text in [
        "",
        " ",
        "a b",
        " a",
        "a ",
        "a\tb",
        "a\r\nb",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\u{7f}",
        "clé",
        "a\u{a0}",
        "鍵",
        "ключ",
        "key\u{200b}",
        "日本",
        "key\n",
        "\nkey",
        "hunter2 ",
        "hunter2é",
    ] {
        assert_is_not_key(text);
    }
}

#[test]
fn a_refused_key_is_not_repeated() {
    for end in [" ", "\r\n", "\0", "é", "鍵"] {
        let error = ApiKey::new(&format!("hunter2{end}")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn a_key_does_not_show_itself() {
    assert_eq!(format!("{:?}", key("hunter2")), MASK);
    assert_eq!(format!("{:#?}", Some(key("hunter2"))), format!("Some(\n    {MASK},\n)"));
}

#[track_caller]
fn assert_masked(key: &str, text: &str, masked: &str) {
    assert_eq!(self::key(key).mask(text), masked);
}

#[test]
fn a_text_is_shown_without_the_key() {
    assert_masked("hunter2", "", "");
    assert_masked("hunter2", "no key", "no key");
    assert_masked("hunter2", "hunter2", MASK);
    assert_masked("hunter2", "<hunter2,hunter2hunter2>", "<•••,••••••>");
    assert_masked("hunter2", "HUNTER2 hunter", "HUNTER2 hunter");
    assert_masked("401", r#"{"error":"401 is no key","status":401}"#, r#"{"error":"••• is no key","status":•••}"#);
    assert_masked("aa", "aaaaa", "••••••a");
}

#[test]
fn a_key_that_is_escaped_as_in_json_is_masked_too() {
    assert_masked(r#"a"b\c"#, r#"{"error":"bad a\"b\\c!"}"#, r#"{"error":"bad •••!"}"#);
    assert_masked(r#"a"b\c"#, r#"bad a"b\c!"#, "bad •••!");
    assert_masked("a/b", r"bad a/b, a\/b", r"bad •••, a\/b");
}

#[track_caller]
fn assert_cut_off(key: &str, text: &str, masked: &str) {
    assert_eq!(self::key(key).mask_cut_off(text), masked);
}

#[test]
fn a_text_that_breaks_off_in_the_key_is_shown_without_its_beginning() {
    for (text, masked) in [
        ("", ""),
        ("no key", "no key"),
        ("Invalid API key: h", "Invalid API key: "),
        ("Invalid API key: hunter", "Invalid API key: "),
        ("Invalid API key: hunter2", "Invalid API key: •••"),
        ("Invalid API key: hunter2 hunt", "Invalid API key: ••• "),
        ("hunt", ""),
        ("hunter!", "hunter!"),
    ] {
        assert_cut_off("hunter2", text, masked);
    }
    // The longest beginning goes.
    assert_cut_off("abab2", "abcab", "abc");
    assert_cut_off("abab2", "xaba", "x");
}

#[test]
fn the_beginning_of_an_escaped_key_goes_too() {
    for length in 1..r#"a\"b\\c"#.len() {
        assert_cut_off(r#"a"b\c"#, &format!("bad {}", &r#"a\"b\\c"#[..length]), "bad ");
    }
}

/// Returns the key as `JSON.stringify` writes it, without the quotation marks around it.
fn escaped(key: &str) -> String {
    let json = serde_json::to_string(key).unwrap();
    json[1..json.len() - 1].to_owned()
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{1,12}", r#"[ab"\\]{1,5}"#]
}

/// A key, and a text of pieces of it in either form and of other characters.
fn key_and_text() -> impl Strategy<Value = (String, String)> {
    any_key().prop_flat_map(|key| {
        let forms = [key.clone(), escaped(&key)];
        let piece = (prop::sample::select(forms.to_vec()), any::<prop::sample::Index>(), any::<prop::sample::Index>());
        let piece = piece.prop_map(|(form, from, to)| {
            let (from, to) = (from.index(form.len()), to.index(form.len() + 1));
            form.get(from..to).unwrap_or(&form).to_owned()
        });
        let part = prop_oneof![2 => prop::sample::select(forms.to_vec()), 2 => piece, 1 => r#"[ab"\\•é ]{0,3}"#];
        (Just(key), prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn no_masked_text_holds_the_key((key, text) in key_and_text()) {
        let masked = self::key(&key).mask(&text);
        for form in [&key, &escaped(&key)] {
            prop_assert!(!masked.contains(form), "{masked}");
        }
        if !text.contains(&key) && !text.contains(&escaped(&key)) {
            prop_assert_eq!(masked, text);
        }
    }

    #[test]
    fn everything_but_the_key_is_kept(key in "[a-z]{1,9}", parts in prop::collection::vec("[^a-z•]{0,9}", 1..5)) {
        prop_assert_eq!(self::key(&key).mask(&parts.join(&key)), parts.join(MASK));
    }

    #[test]
    fn no_text_that_is_cut_off_holds_the_key((key, text) in key_and_text()) {
        let cut_off = self::key(&key).mask_cut_off(&text);
        for form in [&key, &escaped(&key)] {
            prop_assert!(!cut_off.contains(form), "{cut_off}");
        }
        prop_assert!(self::key(&key).mask(&text).starts_with(&cut_off), "nothing but an end is taken away");
    }

    #[test]
    fn no_beginning_of_the_key_is_left_at_the_end(
        key in any_key(), before in "[ A-Zé]{0,9}", is_escaped: bool, length: prop::sample::Index,
    ) {
        let key = key.to_ascii_lowercase();
        let form = if is_escaped { escaped(&key) } else { key.clone() };
        let text = format!("{before}{}", &form[..length.index(form.len())]);
        let shown = self::key(&key).mask_cut_off(&text);
        // The beginning of the escaped form may be the whole key and a backslash.
        prop_assert_eq!(shown.replace(MASK, "").replace('\\', ""), before);
    }
}
