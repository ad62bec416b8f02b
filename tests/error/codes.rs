//! The codes of errors.

use std::collections::BTreeSet;

use translation_results::core::code::Code;

use crate::{CODES, declaration_of, error_of, variants_of};

const SOURCE: &str = include_str!("../../src/core/code.rs");

#[test]
fn every_code_is_listed_here() {
    assert_eq!(variants_of(SOURCE, "Code"), CODES.map(|code| format!("{code:?}")));
}

#[test]
fn the_codes_are_those_that_typescript_declares() {
    let declared = declaration_of("ErrorCode").split('|').map(|name| name.trim().trim_matches('"'));
    let declared: BTreeSet<_> = declared.filter(|name| !name.is_empty()).collect();
    // JavaScript alone meets a platform without WebAssembly, and gets the signal's reason instead of `Aborted`.
    let ours = CODES.into_iter().filter(|&code| code != Code::Aborted).map(Code::as_str);
    assert_eq!(declared, ours.chain(["WASM_UNAVAILABLE"]).collect());
}

#[test]
fn a_code_is_its_name_in_capitals() {
    for code in CODES {
        let words = format!("{code:?}").chars().fold(String::new(), |words, character| match character {
            'A'..='Z' if !words.is_empty() => words + "_" + &character.to_string(),
            _ => words + &character.to_ascii_uppercase().to_string(),
        });
        assert_eq!(code.as_str(), words);
        assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{words}\""));
    }
}

#[test]
fn an_error_has_the_code_of_its_kind() {
    for code in CODES {
        assert_eq!(error_of(code).code(), code);
    }
}
