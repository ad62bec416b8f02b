//! Reading the requested runs of an answer, and the messages for answers that are not as documented.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "an overflow or a missing value fails the test"
)]

use proptest::prelude::*;
use translation_results::core::answer::{BodyFault, Fault, JsonType, PathPart, Reading, RunFault, TranslationResult};
use translation_results::core::code::Code;
use translation_results::core::error::{Error, Kind};
use translation_results::core::run_id::RunId;

use JsonType::{Array, Boolean, Null, Number, Object};
use RunFault::{Missing, NoTexts, NotAString, NotAnObject, TextsNotAnArray};

fn run_id(id: u64) -> RunId {
    RunId::new(id).unwrap()
}

/* Which runs it holds. */

/// A run that is well-formed, missing or malformed. The value of a well-formed run is 10 times its id.
type Run = Result<u64, RunFault>;

const MALFORMED: [RunFault; 4] =
    [NotAnObject(Array), NoTexts, TextsNotAnArray(Null), NotAString { index: 3, received: Number }];

fn read(runs: &[(u64, Run)]) -> Reading<u64> {
    Reading::of(runs.iter().map(|&(id, run)| (run_id(id), run)))
}

/// Returns a well-formed run with this id.
fn sound(id: u64) -> (u64, Run) {
    (id, Ok(10 * id))
}

fn bad(id: u64, fault: RunFault) -> (u64, Run) {
    (id, Err(fault))
}

#[track_caller]
fn assert_read(runs: &[(u64, Run)], sound: &[u64], missing: &[u64], fault: Option<(u64, RunFault)>) {
    let expected = Reading {
        sound: sound.iter().map(|&id| (run_id(id), 10 * id)).collect(),
        missing: missing.iter().map(|&id| run_id(id)).collect(),
        null: runs.iter().filter(|(_, run)| *run == Err(RunFault::Null)).map(|&(id, _)| run_id(id)).collect(),
        fault: fault.map(|(id, fault)| (run_id(id), fault)),
    };
    assert_eq!(read(runs), expected);
}

#[test]
fn well_formed_runs_come_in_the_order_asked() {
    assert_read(&[sound(7)], &[7], &[], None);
    assert_read(&[sound(9), sound(7), sound(8)], &[9, 7, 8], &[], None);
    assert_read(&[sound(5), sound(1), sound(4), sound(2), sound(3)], &[5, 1, 4, 2, 3], &[], None);
    assert_read(&[sound(9), bad(7, NotAnObject(Array)), sound(8)], &[9, 8], &[], Some((7, NotAnObject(Array))));
}

#[test]
fn every_missing_run_is_listed_and_the_first_is_at_fault() {
    assert_read(&[bad(9, Missing), bad(7, Missing)], &[], &[9, 7], Some((9, Missing)));
    assert_read(&[sound(9), bad(7, Missing), bad(8, Missing)], &[9], &[7, 8], Some((7, Missing)));
    assert_read(&[bad(9, Missing), sound(7), bad(8, Missing)], &[7], &[9, 8], Some((9, Missing)));
}

#[test]
fn a_run_that_is_null_is_missing_and_listed_apart() {
    let null = RunFault::Null;
    assert_read(&[bad(9, null), sound(7), bad(8, Missing)], &[7], &[9, 8], Some((9, null)));
    assert_read(&[bad(9, Missing), bad(8, null), bad(7, NoTexts)], &[], &[9, 8], Some((7, NoTexts)));
}

#[test]
fn the_first_malformed_run_is_at_fault_even_after_a_missing_one() {
    let array = NotAnObject(Array);
    assert_read(&[bad(9, Missing), bad(7, array)], &[], &[9], Some((7, array)));
    assert_read(&[bad(9, array), bad(7, Missing)], &[], &[7], Some((9, array)));
    assert_read(&[bad(9, NoTexts), bad(7, array)], &[], &[], Some((9, NoTexts)));
    let both = [bad(9, Missing), sound(7), bad(8, array), bad(6, Missing), bad(5, NoTexts)];
    assert_read(&both, &[7], &[9, 6], Some((8, array)));
}

#[test]
fn every_kind_of_malformed_run_is_at_fault() {
    for fault in MALFORMED {
        assert_read(&[bad(9, fault), sound(7)], &[7], &[], Some((9, fault)));
    }
}

fn any_run() -> impl Strategy<Value = Result<(), RunFault>> {
    let types = || prop::sample::select(vec![Null, Array, Object, JsonType::String, Number, Boolean]);
    prop_oneof![
        3 => Just(Ok(())),
        2 => Just(Err(Missing)),
        1 => Just(Err(RunFault::Null)),
        1 => prop::sample::select(&MALFORMED).prop_map(Err),
        1 => (any::<usize>(), types()).prop_map(|(index, received)| Err(NotAString { index, received })),
        1 => types().prop_map(|received| Err(NotAnObject(received))),
        1 => types().prop_map(|received| Err(TextsNotAnArray(received))),
    ]
}

proptest! {
    #[test]
    fn every_run_is_sound_or_missing_or_malformed(runs in prop::collection::vec(any_run(), 0..6)) {
        let runs: Vec<_> = (1..).map(run_id).zip(runs).collect();
        let reading = Reading::of(runs.iter().copied());
        let ids_of = |is_such: fn(&Result<(), RunFault>) -> bool| -> Vec<RunId> {
            runs.iter().filter(|(_, run)| is_such(run)).map(|(id, _)| *id).collect()
        };
        let sound: Vec<_> = reading.sound.iter().map(|(id, ())| *id).collect();
        prop_assert_eq!(sound, ids_of(Result::is_ok));
        prop_assert_eq!(&reading.missing, &ids_of(|run| run.is_err_and(RunFault::is_missing)));
        prop_assert_eq!(&reading.null, &ids_of(|run| *run == Err(RunFault::Null)));
        let first = |is_such: fn(RunFault) -> bool| {
            runs.iter().find_map(|&(id, run)| run.err().filter(|&fault| is_such(fault)).map(|fault| (id, fault)))
        };
        let malformed = first(|fault| !fault.is_missing());
        prop_assert_eq!(reading.fault, malformed.or(first(RunFault::is_missing)));
        prop_assert_eq!(reading.is_of_none(), runs.iter().all(|(_, run)| *run == Err(Missing)));
    }
}

#[test]
fn an_answer_is_of_no_run_if_all_runs_are_missing() {
    assert!(read(&[bad(9, Missing), bad(7, Missing)]).is_of_none());
    assert!(!read(&[bad(9, Missing), sound(7)]).is_of_none());
    assert!(!read(&[bad(9, Missing), bad(7, NoTexts)]).is_of_none());
    assert!(!read(&[bad(9, Missing), bad(7, RunFault::Null)]).is_of_none());
}

/* What is said of it. */

fn keys(keys: &[&str]) -> Vec<PathPart> {
    keys.iter().map(|&key| key.into()).collect()
}

/// Checks the facts of a fault: "…, received …".
#[track_caller]
fn assert_facts(fault: &Fault, words: &str, path: &[PathPart]) {
    assert_eq!(format!("{}, received {}", fault.expected(), fault.received()), words);
    assert_eq!(fault.path(), path);
}

/// Checks a fault and what its message says: "expected …, received … at …".
#[track_caller]
fn assert_fault(fault: &Fault, words: &str, path: &[PathPart]) {
    assert_facts(fault, words, path);
    let at: Vec<_> = path.iter().map(PathPart::to_string).collect();
    let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(".")) };
    assert_eq!(fault.to_string(), format!("the answer is not as documented: expected {words}{at}"));
}

/// Checks the fault of a run among others, under `results`, and alone. `path` leads from the run on.
#[track_caller]
fn assert_run_fault(fault: RunFault, words: &str, path: &[PathPart]) {
    for before in [&["12345"][..], &["results", "12345"], &[]] {
        let whole = [keys(before), path.to_vec()].concat();
        assert_fault(&Fault::of_run(keys(before), fault), words, &whole);
    }
}

#[test]
fn a_fault_of_a_run_names_the_expected_the_received_and_the_path() {
    let texts = || PathPart::from("texts");
    let text = |index| vec![texts(), PathPart::Index(index)];
    let not_a_string = |index, received| NotAString { index, received };
    for (fault, words, path) in [
        (Missing, "an object with texts, received nothing", vec![]),
        (RunFault::Null, "an object with texts, received null", vec![]),
        (NotAnObject(Array), "an object with texts, received an array", vec![]),
        (NotAnObject(JsonType::String), "an object with texts, received a string", vec![]),
        (NotAnObject(Number), "an object with texts, received a number", vec![]),
        (NotAnObject(Boolean), "an object with texts, received a boolean", vec![]),
        (NoTexts, "an array of strings, received no such member", vec![texts()]),
        (TextsNotAnArray(Null), "an array of strings, received null", vec![texts()]),
        (TextsNotAnArray(JsonType::String), "an array of strings, received a string", vec![texts()]),
        (TextsNotAnArray(Number), "an array of strings, received a number", vec![texts()]),
        (TextsNotAnArray(Boolean), "an array of strings, received a boolean", vec![texts()]),
        (TextsNotAnArray(Object), "an array of strings, received an object", vec![texts()]),
        (not_a_string(3, Number), "a string, received a number", text(3)),
        (not_a_string(0, Array), "a string, received an array", text(0)),
        (not_a_string(0, Object), "a string, received an object", text(0)),
        (not_a_string(1, Null), "a string, received null", text(1)),
        (not_a_string(1, Boolean), "a string, received a boolean", text(1)),
        (not_a_string(70_000, Number), "a string, received a number", text(70_000)),
    ] {
        assert_run_fault(fault, words, &path);
    }
}

#[test]
fn a_fault_of_a_body_names_the_expected_and_the_received() {
    for (fault, words) in [
        (BodyFault::NotAnObject(Null), "an object of runs, received null"),
        (BodyFault::NotAnObject(Number), "an object of runs, received a number"),
        (BodyFault::NotAnObject(Boolean), "an object of runs, received a boolean"),
        (BodyFault::NotAnObject(JsonType::String), "an object of runs, received a string"),
        (BodyFault::NotAnObject(Array), "an object of runs, received an array"),
    ] {
        assert_fault(&fault.into(), words, &[]);
    }
    for (fault, words, message) in [
        (
            BodyFault::Empty,
            "JSON, received an empty body",
            "the answer is empty, and JSON was expected: is baseUrl right?",
        ),
        (
            BodyFault::Markup,
            "JSON, received HTML or XML",
            "expected JSON, received HTML or XML: is baseUrl right, or is a sign-in page in between?",
        ),
        (
            BodyFault::NotJson,
            "JSON, received something else, or truncated JSON",
            "expected JSON, received something else, or truncated JSON: is baseUrl right?",
        ),
        (
            BodyFault::TooLarge { max_bytes: 100 },
            "a body within maxResponseBytes, received a larger one",
            "the answer is larger than maxResponseBytes (100 bytes): raise the option",
        ),
        (
            BodyFault::TooLong,
            "a body within the engine's string limit, received a longer one",
            "the answer is longer than this engine's strings can be: ask for fewer runs at once",
        ),
        (
            BodyFault::AlreadyRead,
            "an unread body, received a body that was already read",
            "the body of the answer was already read: do not read it in your fetch",
        ),
        (
            BodyFault::NotAResponse,
            "a Response from fetch, received something else",
            "fetch did not return a Response: check the fetch option",
        ),
    ] {
        let fault = fault.into();
        assert_facts(&fault, words, &[]);
        assert_eq!(fault.to_string(), message);
    }
}

#[test]
fn a_text_that_is_not_json_is_empty_or_markup_or_something_else() {
    for (text, fault) in [
        ("", BodyFault::Empty),
        (" \r\n\t", BodyFault::Empty),
        ("<!doctype html><title>502</title>", BodyFault::Markup),
        ("\n <?xml?>", BodyFault::Markup),
        ("{\"12345\":", BodyFault::NotJson),
        ("OK", BodyFault::NotJson),
        ("OK <p>", BodyFault::NotJson),
    ] {
        assert_eq!(BodyFault::of_text(text), fault, "{text:?}");
    }
}

#[track_caller]
fn assert_code(fault: Fault, code: Code) {
    assert_eq!(fault.is_missing(), code == Code::MissingResult, "{fault}");
    let shown = fault.to_string();
    assert_eq!(Error::new(Kind::Answer { fault, missing: vec![] }, 1).code(), code, "{shown}");
}

#[test]
fn only_an_absent_or_null_run_is_a_missing_result() {
    assert_code(Fault::of_run(keys(&["7"]), Missing), Code::MissingResult);
    assert_code(Fault::of_run(keys(&["7"]), RunFault::Null), Code::MissingResult);
    for fault in MALFORMED {
        assert_code(Fault::of_run(keys(&["7"]), fault), Code::InvalidResponse);
    }
    for fault in [BodyFault::Empty, BodyFault::NotAnObject(Array), BodyFault::TooLarge { max_bytes: 1 }] {
        assert_code(fault.into(), Code::InvalidResponse);
    }
}

#[test]
fn a_path_is_a_list_of_names_and_positions_in_json() {
    let fault = Fault::of_run(keys(&["results", "12345"]), NotAString { index: 3, received: Null });
    assert_eq!(serde_json::json!(fault.path()), serde_json::json!(["results", "12345", "texts", 3]));
}

#[test]
fn a_result_is_read_from_json_and_written_to_it() {
    let result: TranslationResult = serde_json::from_str(r#"{"texts":["a",""],"language":7}"#).unwrap();
    assert_eq!(result, TranslationResult { texts: vec!["a".to_owned(), String::new()] });
    assert_eq!(serde_json::to_string(&result).unwrap(), r#"{"texts":["a",""]}"#);
}
