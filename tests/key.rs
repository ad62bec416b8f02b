//! The API key, with every spelling of it in one table: which keys are valid, and that no shown text holds the key.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use translation_results::core::code::Code;
use translation_results::core::error::Error;
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
    let rule = "must be visible ASCII characters without spaces, as shown in the service's studio";
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
    let shown = self::key(key).mask(text);
    assert_eq!(shown, masked, "{text}");
    assert_eq!(matches!(shown, Cow::Borrowed(_)), text == masked, "borrowed where it is the same text");
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
    assert_masked("a/b", r"bad a/b, a\/b", "bad •••, •••");
    assert_masked("a/b+", r"\u0061\/b\u002b, a\u002Fb\u002B, a\u2fb+", r"•••, •••, a\u2fb+");
    assert_masked("a/b", r#"{"{\"a\/b\":1}":2}"#, r#"{"{\"•••\":1}":2}"#);
}

#[test]
fn a_key_that_is_percent_encoded_is_masked_too() {
    assert_masked("a/b+", "?key=a%2Fb%2B&next", "?key=•••&next");
    assert_masked("a/b+", "a%2fb+ a/b%2b %61%2F%62%2B", "••• ••• •••");
    assert_masked("a/b+", "a%2 a%2Gb+ a%2Fb%2", "a%2 a%2Gb+ a%2Fb%2");
    assert_masked("a%2Fb", "a%2Fb a%252Fb a/b", "••• ••• a/b");
    assert_masked("ab%41/", "ab%41%2F", MASK);
}

#[test]
fn a_key_that_is_escaped_as_in_html_is_masked_too() {
    assert_masked("a/b=&\"<>'", "<p>a&#x2F;b&#61;&amp;&quot;&lt;&gt;&apos;</p>", "<p>•••</p>");
    assert_masked("a/b=", "a&#x2f;b&#X3D; a&#0047b= &#97;/b=", "••• ••• •••");
}

#[test]
fn a_key_is_masked_under_several_layers_of_escapes() {
    // A percent-encoded key in a URL that is percent-encoded; one in JSON; JSON in JSON; HTML in JSON.
    assert_masked("a/b", "a%252Fb", MASK);
    assert_masked("a/b", r"a\u00252Fb", MASK);
    assert_masked("a/b", r"a\\u002fb", MASK);
    assert_masked("a/b", r"a\u0026#x2F;b", MASK);
    assert_masked(r#"a"b\c"#, r#"a\\\"b\\\\c"#, MASK);
}

#[test]
fn a_key_in_utf_16_that_was_read_as_utf_8_is_masked() {
    assert_masked("key", "\0k\0e\0y\0!", "\0•••\0!");
    assert_masked("key", "k\0\0\0e\0\0\0y", MASK);
}

#[test]
fn text_that_only_resembles_the_key_is_kept() {
    assert_masked("a/b", r"a\\n/b a//b a&/b a%b", r"a\\n/b a//b a&/b a%b");
    assert_masked("nab", "\"line\\nob\"", "\"line\\nob\"");
}

#[test]
fn the_beginning_of_a_key_is_cut_where_an_escape_breaks_off() {
    for end in
        ["a%", "a%2", "a%2F", "a\\", r"a\u00", r"a\u002f", "a&#", "a&#x2", "a&#x2F", "a&am", "a/b&", "%", "%6", "a%25"]
    {
        assert_cut_off("a/b&c", &format!("bad {end}"), "bad ");
        assert_masked("a/b&c", &format!("bad {end}"), &format!("bad {end}"));
    }
    assert_cut_off("aaab", "xaaaa", "xa");
}

#[test]
fn an_end_that_begins_no_escape_is_kept() {
    for end in ["a&x", "a&lm", "a%z", r"a\y", r"a\u00z"] {
        assert_cut_off("a/b&c", &format!("bad {end}"), &format!("bad {end}"));
    }
}

#[test]
fn a_text_of_nothing_but_escapes_is_read_in_linear_time() {
    for escapes in [r"\", r"\u", r"\\u005c", r"\\x5c", "%", "%5c", "%25", r"\%", "&amp;", r"\u0026#x5c;", "&#92;u00"] {
        let text = escapes.repeat(1_000);
        // Ways that multiply from layer to layer would take minutes.
        let start = Instant::now();
        assert_masked("sk-1", &text, &text);
        assert!(start.elapsed() < Duration::from_secs(5), "{escapes}: {:?}", start.elapsed());
    }
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
    // The longest beginning is cut.
    assert_cut_off("abab2", "abcab", "abc");
    assert_cut_off("abab2", "xaba", "x");
}

#[test]
fn the_beginning_of_an_escaped_key_is_cut_too() {
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

/// Spells a character as it is, as in a URL, as in JSON, or as in HTML.
fn spelled(character: char, way: u8) -> String {
    let code = u32::from(character);
    match way {
        1 => format!("%{code:02x}"),
        2 => format!("%{code:02X}"),
        3 => format!("\\u{code:04x}"),
        4 => format!("\\x{code:02X}"),
        5 => format!("&#{code};"),
        6 => format!("&#x{code:x};"),
        7 if character.is_ascii_punctuation() => format!("\\{character}"),
        _ => character.to_string(),
    }
}

/// Spells the characters of a text in ways that the choices pick.
fn all_spelled(text: &str, choices: &[u8], ways: fn(char) -> RangeInclusive<u8>) -> String {
    let spell = |(character, choice): (char, &u8)| {
        let ways: Vec<u8> = ways(character).collect();
        spelled(character, *ways.get(usize::from(*choice) % ways.len()).unwrap())
    };
    text.chars().zip(choices.iter().cycle()).map(spell).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn no_masked_text_holds_the_key((key, text) in key_and_text()) {
        let masked = self::key(&key).mask(&text);
        for form in [&key, &escaped(&key)] {
            prop_assert!(!masked.contains(form), "{masked}");
        }
        let is_escaped = text.contains(['\\', '%', '&']);
        if !text.contains(&key) && !is_escaped {
            prop_assert_eq!(masked, &*text);
        }
    }

    #[test]
    fn every_spelling_of_the_key_is_masked(
        key in any_key(), before in "[ A-Zé]{0,9}", after in "[ é][A-Zé ]{0,9}",
        choices in prop::collection::vec(any::<u8>(), 1..20), more_choices in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let key = key.to_ascii_lowercase();
        let once = all_spelled(&key, &choices, |_| 0..=7);
        let within = all_spelled(&key, &choices, |_| 0..=4);
        // Escaping a text escapes its escapes.
        let twice = all_spelled(&within, &more_choices, |character| match character {
            '%' | '\\' => 1..=6,
            _ => 0..=7,
        });
        let thrice = escaped(&twice);
        for spelling in [once, twice, thrice] {
            let text = format!("{before}{spelling}{after}");
            prop_assert_eq!(self::key(&key).mask(&text), format!("{before}{MASK}{after}"), "{}", text);
        }
    }

    #[test]
    fn everything_but_the_key_is_kept(key in "[a-z]{1,9}", parts in prop::collection::vec(r"[^a-z•\\]{0,9}", 1..5)) {
        let text = parts.join(&key);
        prop_assert_eq!(self::key(&key).mask(&text), parts.join(MASK));
    }

    #[test]
    fn no_text_that_is_cut_off_holds_the_key((key, text) in key_and_text()) {
        let cut_off = self::key(&key).mask_cut_off(&text);
        for form in [&key, &escaped(&key)] {
            prop_assert!(!cut_off.contains(form), "{cut_off}");
        }
        prop_assert!(self::key(&key).mask(&text).starts_with(&*cut_off), "nothing but an end is taken away");
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
