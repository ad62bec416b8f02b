//! What an answer holds of the runs that were asked for, and what is said of it where it does not hold them.

mod util;

use proptest::prelude::*;
use serde_json::{Value, json};
use translation_results::answer::{Json, Strings, read, read_alone, said};
use translation_results::error::{AnswerFault, Code, Error, Kind};
use translation_results::run_id::RunId;
use util::run_ids;

/// A JSON value as the package's own, which stays in JavaScript, answers for itself.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tree<'a>(&'a Value);

impl Json for Tree<'_> {
    fn own(&self, key: &str) -> Option<Self> {
        self.0.as_object()?.get(key).map(Self)
    }

    fn own_run(&self, id: RunId) -> Option<Self> {
        self.own(&id.to_string())
    }

    fn strings(&self) -> Strings {
        let Value::Array(elements) = self.0 else { return Strings::NotAList };
        elements.iter().position(|element| !element.is_string()).map_or(Strings::All, Strings::AllUntil)
    }

    fn type_name(&self) -> &'static str {
        match self.0 {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    fn element(&self, index: usize) -> Option<Self> {
        self.0.as_array()?.get(index).map(Self)
    }

    fn as_text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }
}

/// The path of a fault as callers get it, its message, and the runs that are missing.
fn told(fault: AnswerFault) -> (String, String, Vec<RunId>) {
    let path = serde_json::to_value(&fault.path).unwrap_or_default().to_string();
    let missing = fault.missing.clone();
    (path, Error::from(Kind::Answer(fault)).to_string(), missing)
}

/// Reads the answer to a request for 12345 and 6789.
#[track_caller]
fn assert_whole(body: &Value, runs: &Value) {
    let asked = run_ids(&[12_345, 6_789]);
    let reading = read(Tree(body), &asked);
    assert_eq!(reading.map(|reading| (reading.runs, reading.sound, reading.fault)), Ok((Tree(runs), asked, None)));
}

#[track_caller]
fn assert_fault(body: &Value, sound: &[u32], missing: &[u32], path: &str, message: &str) {
    let reading = read(Tree(body), &run_ids(&[12_345, 6_789]));
    let read = reading.map(|reading| (reading.sound, reading.fault.map(told)));
    assert_eq!(read, Ok((run_ids(sound), Some((path.to_owned(), message.to_owned(), run_ids(missing))))));
}

/// A first run that is at fault beside a second that is not.
#[track_caller]
fn assert_run_fault(run: Value, path: &str, message: &str) {
    let body = json!({ "12345": run, "6789": { "texts": [] } });
    assert_fault(&body, &[6_789], &[], path, &format!("the answer is not as documented: {message}"));
}

#[track_caller]
fn assert_no_runs(body: Value, received: &str) {
    let asked = run_ids(&[12_345, 6_789]);
    let message = format!("the answer is not as documented: expected an object of runs, received {received}");
    assert_eq!(read(Tree(&body), &asked).map_err(told), Err(("[]".to_owned(), message, asked)));
}

/// The answer to a request for 12345 alone has this fault.
#[track_caller]
#[expect(clippy::expect_used, reason = "outside a test function clippy does not see that this is a test")]
fn assert_fault_alone(body: &Value, path: &str, message: &str) {
    let id = RunId::from_number(12_345.0).expect("a run id");
    let reading = read_alone(Tree(body), id);
    assert_eq!((reading.runs, reading.sound), (Tree(body), Vec::new()));
    let message = format!("the answer is not as documented: {message}");
    assert_eq!(reading.fault.map(told), Some((path.to_owned(), message, Vec::new())));
}

#[track_caller]
fn assert_said(body: Value, words: Option<&str>) {
    assert_eq!(said(&Tree(&body)).as_deref(), words, "{body}");
}

#[test]
fn reads_runs_at_the_top_or_under_results() {
    let runs = json!({ "12345": { "texts": ["a", ""] }, "6789": { "texts": [] } });
    assert_whole(&runs, &runs);
    assert_whole(&json!({ "results": runs }), &runs);
    assert_whole(&json!({ "results": runs, "status": "SUCCESS" }), &runs);
}

#[test]
fn reads_a_run_alone() {
    let asked = run_ids(&[12_345]);
    for run in [json!({ "texts": ["a", ""] }), json!({ "texts": [], "12345": null, "results": {} })] {
        let reading = read_alone(Tree(&run), asked[0]);
        assert_eq!((reading.runs, reading.sound, reading.fault), (Tree(&run), asked.clone(), None));
    }
    assert_fault_alone(&json!(null), "[]", "expected an object with texts, received null");
    assert_fault_alone(&json!({}), r#"["texts"]"#, "expected an array of strings, received no such member at texts");
    assert_fault_alone(
        &json!({ "12345": { "texts": ["a"] } }),
        r#"["texts"]"#,
        "expected an array of strings, received no such member at texts",
    );
    let message = "expected a string, received a number at texts.1";
    assert_fault_alone(&json!({ "texts": ["a", 1] }), r#"["texts",1]"#, message);
}

#[test]
fn what_was_not_asked_for_is_nobodys_fault() {
    let run = json!({ "texts": ["a"], "language": 7, "other": [null] });
    assert_whole(&json!({ "12345": run, "6789": run, "1": null }), &json!({ "12345": run, "6789": run, "1": null }));
    let body = json!({ "12345": run, "6789": run, "results": { "12345": null } });
    assert_whole(&body, &body);
}

#[test]
fn names_the_way_to_a_malformed_run() {
    assert_run_fault(json!(null), r#"["12345"]"#, "expected an object with texts, received null at 12345");
    assert_run_fault(json!(["a"]), r#"["12345"]"#, "expected an object with texts, received an array at 12345");
    assert_run_fault(json!("a"), r#"["12345"]"#, "expected an object with texts, received a string at 12345");
    assert_run_fault(json!(true), r#"["12345"]"#, "expected an object with texts, received a boolean at 12345");

    let texts = r#"["12345","texts"]"#;
    let no_list = "expected an array of strings, received";
    assert_run_fault(json!({}), texts, &format!("{no_list} no such member at 12345.texts"));
    assert_run_fault(json!({ "Texts": [] }), texts, &format!("{no_list} no such member at 12345.texts"));
    assert_run_fault(json!({ "texts": null }), texts, &format!("{no_list} null at 12345.texts"));
    assert_run_fault(json!({ "texts": "a" }), texts, &format!("{no_list} a string at 12345.texts"));
    assert_run_fault(json!({ "texts": { "0": "a" } }), texts, &format!("{no_list} an object at 12345.texts"));

    let third = r#"["12345","texts",3]"#;
    let texts = json!({ "texts": ["a", "b", "c", 4, null] });
    assert_run_fault(texts, third, "expected a string, received a number at 12345.texts.3");
    let first = r#"["12345","texts",0]"#;
    assert_run_fault(json!({ "texts": [["a"]] }), first, "expected a string, received an array at 12345.texts.0");
}

#[test]
fn names_every_missing_run() {
    let (both, last) = ("the answer lacks requested runs: 12345, 6789", "the answer lacks requested runs: 6789");
    let run = json!({ "texts": ["a"] });
    assert_fault(&json!({}), &[], &[12_345, 6_789], r#"["12345"]"#, both);
    assert_fault(&json!({ "1": run }), &[], &[12_345, 6_789], r#"["12345"]"#, both);
    assert_fault(&json!({ "12345": run }), &[12_345], &[6_789], r#"["6789"]"#, last);
    assert_fault(&json!({ "12345": run, "06789": run }), &[12_345], &[6_789], r#"["6789"]"#, last);

    // Under `results`, the path starts there.
    assert_fault(&json!({ "results": {} }), &[], &[12_345, 6_789], r#"["results","12345"]"#, both);
    assert_fault(&json!({ "results": { "12345": run } }), &[12_345], &[6_789], r#"["results","6789"]"#, last);
    // What is no object wraps nothing, and neither does one with a requested run beside it.
    assert_fault(&json!({ "results": null }), &[], &[12_345, 6_789], r#"["12345"]"#, both);
    assert_fault(&json!({ "results": [run] }), &[], &[12_345, 6_789], r#"["12345"]"#, both);
    let beside = json!({ "results": { "12345": run, "6789": run }, "12345": run });
    assert_fault(&beside, &[12_345], &[6_789], r#"["6789"]"#, last);
}

#[test]
fn a_malformed_run_is_named_before_a_missing_one() {
    let message = "the answer is not as documented: expected an object with texts, received null at 6789";
    assert_fault(&json!({ "6789": null }), &[], &[12_345], r#"["6789"]"#, message);
    let message = "the answer is not as documented: expected an object with texts, received null at results.6789";
    assert_fault(&json!({ "results": { "6789": null } }), &[], &[12_345], r#"["results","6789"]"#, message);
    // The first in the order asked, not of the body.
    let message = "the answer is not as documented: expected an object with texts, received null at 12345";
    assert_fault(&json!({ "6789": 0, "12345": null }), &[], &[], r#"["12345"]"#, message);
}

#[test]
fn a_body_that_is_no_object_lacks_every_run() {
    assert_no_runs(json!(null), "null");
    assert_no_runs(json!(0), "a number");
    assert_no_runs(json!(false), "a boolean");
    assert_no_runs(json!("12345"), "a string");
    assert_no_runs(json!([{ "12345": { "texts": [] } }]), "an array");
}

#[test]
fn repeats_what_a_refusal_says() {
    assert_said(json!({ "detail": "no such run" }), Some("no such run"));
    assert_said(json!({ "error": "Invalid API key", "status": 401 }), Some("Invalid API key"));
    assert_said(json!({ "detail": "no such run", "error": "other" }), Some("no such run"));
    let field_errors = json!([{ "loc": ["body", "run_ids", 1], "msg": "too many", "type": "t" }, { "msg": "other" }]);
    assert_said(json!({ "detail": field_errors, "error": "other" }), Some("too many"));
    assert_said(json!({ "detail": [], "error": "other" }), Some("other"));
    assert_said(json!({ "detail": [{ "msg": 1 }], "error": "other" }), Some("other"));
    assert_said(json!({ "detail": { "msg": "nested" }, "error": "other" }), Some("other"));
    assert_said(json!({ "detail": null, "error": { "message": "nested" } }), None);
    assert_said(json!({ "message": "undocumented" }), None);
    assert_said(json!(["detail"]), None);
    assert_said(json!("detail"), None);
    assert_said(json!(null), None);

    // Cut by characters: a byte in the middle of one is no place to cut.
    assert_said(json!({ "detail": "é".repeat(200) }), Some(&"é".repeat(200)));
    assert_said(json!({ "detail": "é".repeat(201) }), Some(&"é".repeat(200)));
}

/// A run as an answer may hold it: absent, or a value and whether that is well-formed.
fn run() -> impl Strategy<Value = Option<(Value, bool)>> {
    let malformed = [json!(null), json!(1), json!([]), json!({}), json!({ "texts": {} }), json!({ "texts": ["a", 1] })];
    prop_oneof![
        3 => prop::collection::vec("\\PC{0,4}", 0..4).prop_map(|texts| Some((json!({ "texts": texts }), true))),
        1 => prop::sample::select(malformed.to_vec()).prop_map(|value| Some((value, false))),
        1 => Just(None),
    ]
}

proptest! {
    #[test]
    fn every_requested_run_is_sound_or_missing_or_at_fault(
        runs in prop::collection::btree_map(1..=60_u32, run(), 2..=9).prop_map(Vec::from_iter).prop_shuffle(),
        asked in 2..=5_usize, wrapped in any::<bool>(),
    ) {
        let member = |(id, run): &(u32, Option<(Value, bool)>)| Some((id.to_string(), run.clone()?.0));
        let body: Value = runs.iter().filter_map(member).collect::<serde_json::Map<_, _>>().into();
        let body = if wrapped { json!({ "results": body }) } else { body };
        let asked = &runs[..asked.min(runs.len())];
        let ids_where = |wanted: fn(Option<bool>) -> bool| {
            let found = asked.iter().filter(|(_, run)| wanted(run.as_ref().map(|(_, sound)| *sound)));
            run_ids(&found.map(|(id, _)| *id).collect::<Vec<_>>())
        };
        let (malformed, missing) = (ids_where(|sound| sound == Some(false)), ids_where(|sound| sound.is_none()));

        let reading = read(Tree(&body), &ids_where(|_| true)).unwrap();
        prop_assert_eq!(reading.sound, ids_where(|sound| sound == Some(true)));
        let fault = reading.fault.map(|fault| {
            let path = serde_json::to_value(&fault.path).unwrap();
            let (results, id) = if wrapped { (&path[0], &path[1]) } else { (&Value::Null, &path[0]) };
            assert_eq!(*results == "results", wrapped, "the path starts where the runs are: {path}");
            (id.as_str().map(str::to_owned), fault.missing.clone(), Error::from(Kind::Answer(fault)).code())
        });
        let at_fault = malformed.first().map(|id| (id, Code::InvalidResponse));
        let expected = at_fault.or(missing.first().map(|id| (id, Code::MissingResult)));
        prop_assert_eq!(fault, expected.map(|(id, code)| (Some(id.to_string()), missing.clone(), code)));
    }
}
