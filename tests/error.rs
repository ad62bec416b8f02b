//! The codes and the problems, of which the core knows the numbers and JavaScript the words: whether both count alike.

use std::collections::BTreeSet;
use std::fmt::Debug;

use regex::Regex;
use translation_results::error::Code;
use translation_results::run_id::{BATCH_MAX, BATCH_MIN, Problem};

const DECLARATIONS: &str = include_str!("../pkg-template/index.d.ts");
const WORDS: &str = include_str!("../pkg-template/errors.js");

/// Every code in the order of the variants. Does not compile where one is missing.
macro_rules! every_code {
    ($($code:ident)*) => {{
        let _ = |code: Code| match code { $(Code::$code => {})* };
        [$(Code::$code),*]
    }};
}

fn codes() -> [Code; 16] {
    every_code! {
        InvalidOptions InvalidRunIds BadRequest Unauthorized PaymentRequired Forbidden NotFound Unprocessable RateLimited
        ServerError UnexpectedStatus Redirected Network Timeout InvalidResponse MissingResult
    }
}

/// The name of a variant in words that are joined by underscores: `not_found`.
fn name_of(variant: impl Debug) -> String {
    let name = format!("{variant:?}");
    let words = name.char_indices().map(|(index, char)| match char {
        'A'..='Z' if index > 0 => format!("_{}", char.to_ascii_lowercase()),
        _ => char.to_ascii_lowercase().to_string(),
    });
    words.collect()
}

/// The rows of an array of `errors.js`: what a pattern captures of each.
#[track_caller]
#[expect(clippy::unwrap_used, reason = "outside a test function clippy does not see that this is a test")]
fn rows<const N: usize>(array: &str, row: &str) -> Vec<[&'static str; N]> {
    let (_, rows) = WORDS.split_once(&format!("\nconst {array} = [\n")).unwrap();
    let (rows, _) = rows.split_once("\n];\n").unwrap();
    let row = Regex::new(row).unwrap();
    assert_eq!(row.replace_all(rows, "").trim(), "", "what is no row as the others");
    row.captures_iter(rows).map(|row| row.extract().1).collect()
}

/// The name, the class and the phrase of every code.
fn code_rows() -> Vec<[&'static str; 3]> {
    rows("CODES", r#"\[\s*"([A-Z_]+)",\s*(\w+),\s*"([^"\n]+)",?\s*\],"#)
}

#[test]
fn every_code_finds_its_own_row() {
    let names = code_rows().into_iter().map(|[name, ..]| name.to_owned());
    assert_eq!(names.collect::<Vec<_>>(), codes().map(|code| name_of(code).to_uppercase()));
    for (index, code) in codes().into_iter().enumerate() {
        assert_eq!(code as usize, index, "{code:?}");
    }
}

#[test]
fn the_names_are_those_of_the_declarations() {
    let (_, union) = DECLARATIONS.split_once("export type ErrorCode =").unwrap();
    let (union, _) = union.split_once(';').unwrap();
    let mut declared: Vec<_> = union.split('|').map(|name| name.trim().trim_matches('"')).collect();
    declared.retain(|name| !name.is_empty());
    declared.sort_unstable();
    let mut names: Vec<_> = code_rows().into_iter().map(|[name, ..]| name).collect();
    // Of the JavaScript side, which meets it before any of this runs.
    names.push("WASM_UNAVAILABLE");
    names.sort_unstable();
    assert_eq!(declared, names);
}

#[test]
fn every_phrase_is_one_of_its_own() {
    let phrases: Vec<_> = code_rows().into_iter().map(|[.., phrase]| phrase).collect();
    assert_eq!(phrases.iter().collect::<BTreeSet<_>>().len(), codes().len());
    for phrase in phrases {
        assert!(phrase.starts_with(char::is_lowercase), "{phrase}");
        assert!(!phrase.ends_with(['.', ':', ' ']), "{phrase}");
    }
}

#[test]
fn every_class_is_declared_and_made_of_some_code() {
    let made: BTreeSet<_> = code_rows().into_iter().map(|[_, class, _]| class).collect();
    let class = Regex::new(r"\nexport class (\w+) extends TranslationResultsError ").unwrap();
    let declared = class.captures_iter(DECLARATIONS).map(|class| class.extract::<1>().1[0]);
    assert_eq!(made, declared.collect());
}

/// Has every problem, in the order in which they are counted. Does not compile where one is missing.
fn problems() -> [Problem; 7] {
    use Problem::*;
    let _ = |problem: Problem| match problem {
        NotAnArray | TooFew | TooMany | NotAnInteger | NotPositive | TooLarge | Duplicate => {}
    };
    [NotAnArray, TooFew, TooMany, NotAnInteger, NotPositive, TooLarge, Duplicate]
}

#[test]
fn every_problem_finds_its_own_row_and_declaration() {
    let (_, union) = DECLARATIONS.split_once("\nexport type RunIdProblem =\n").unwrap();
    let (union, _) = union.split_once(";\n\n").unwrap();
    let names_and_fields =
        rows("PROBLEMS", r#"\[\s*"(\w+)",\s*\([^)]*\) => \(\{([^}]*)\}\),\s*\([^)]*\) => .+,?\s*\],"#);
    assert_eq!(names_and_fields.iter().map(|[name, _]| *name).collect::<Vec<_>>(), problems().map(name_of));
    assert_eq!(names_and_fields.len(), union.lines().count());
    for (index, ([name, fields], declared)) in names_and_fields.into_iter().zip(union.lines()).enumerate() {
        assert_eq!(problems()[index] as usize, index + 1, "{name} counts from 1 on");
        // Positions and counts vary, bounds do not.
        let types = fields.split(',').map(str::trim).filter(|field| !field.is_empty());
        let types =
            types.map(|field| if field.contains(':') { format!("; {field}") } else { format!("; {field}: number") });
        assert_eq!(declared, format!("  | {{ problem: \"{name}\"{} }}", types.collect::<String>()));
    }
}

#[test]
fn the_bounds_are_those_of_a_batch() {
    assert!(
        DECLARATIONS.contains(&format!("min: {BATCH_MIN} }}"))
            && DECLARATIONS.contains(&format!("max: {BATCH_MAX} }}"))
    );
}
