//! The facts of errors beside their messages.

use std::time::Duration;

use translation_results::core::answer::{BodyFault, PathPart, RunFault};
use translation_results::core::batch::{BATCH_MAX, BATCH_MIN};
use translation_results::core::code::Code;
use translation_results::core::error::{Error, FieldError, Kind, Refusal};
use translation_results::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};

use crate::{
    CODES, body_fault, declaration_of, error, error_of, invalid_run_ids, lost, refusal, refused, run_fault, run_ids,
    variants_of,
};

/// Returns every problem.
fn problems() -> Vec<RunIdProblem> {
    vec![
        RunIdProblem::NotAnArray,
        RunIdProblem::TooFew { count: 7, min: BATCH_MIN },
        RunIdProblem::TooMany { count: 7, max: BATCH_MAX },
        RunIdProblem::NotAnInteger { index: 9 },
        RunIdProblem::NotPositive { index: 9 },
        RunIdProblem::TooLarge { index: 9 },
        RunIdProblem::Duplicate { index: 9, first_index: 8 },
    ]
}

#[test]
fn every_problem_is_listed_here() {
    let source = include_str!("../../src/core/invalid_run_ids.rs");
    let names = problems().into_iter().map(|problem| {
        let name = format!("{problem:?}");
        name.split(' ').next().unwrap().to_owned()
    });
    assert_eq!(variants_of(source, "RunIdProblem"), names.collect::<Vec<_>>());
}

#[test]
fn each_problem_is_the_object_that_typescript_declares() {
    let declared = declaration_of("RunIdProblem").lines().filter_map(|line| line.trim().strip_prefix("| "));
    let numbers = [("count", 7), ("index", 9), ("firstIndex", 8)];
    let declared = declared.map(|object| {
        numbers.iter().fold(object.to_owned(), |object, (name, number)| {
            object.replace(&format!(" {name}: number"), &format!(" {name}: {number}"))
        })
    });
    let ours = problems().into_iter().map(|problem| {
        let json = serde_json::to_string(&problem).unwrap();
        json.replace("{\"", "{ ").replace("\":", ": ").replace(",\"", "; ").replace('}', " }")
    });
    assert_eq!(ours.collect::<Vec<_>>(), declared.collect::<Vec<_>>());
}

#[test]
fn the_facts_of_a_refusal_are_there() {
    let detail = FieldError {
        loc: vec!["body".into(), "run_ids".into(), PathPart::Index(1)],
        msg: "too many".to_owned(),
        kind: "t".to_owned(),
    };
    let error = refused(Refusal {
        detail: vec![detail.clone()],
        request_id: Some("r-1".to_owned()),
        retry_after_ms: Some(1_500.0),
        ..refusal(Code::Unprocessable, 422)
    });
    assert_eq!((error.status(), error.request_id()), (Some(422), Some("r-1")));
    assert_eq!(error.retry_after(), Some(Duration::from_millis(1_500)));
    assert_eq!(error.detail(), [detail]);
    let bare = refused(refusal(Code::Redirected, 0));
    assert_eq!((bare.status(), bare.request_id(), bare.retry_after()), (Some(0), None, None));
}

#[test]
fn the_facts_of_run_ids_and_answers_are_there() {
    assert_eq!(invalid_run_ids(&problems()).problems(), problems());
    for error in [run_fault(&["3"], RunFault::Missing, &[3, 1]), body_fault(BodyFault::Empty, &[3, 1])] {
        assert_eq!(error.missing(), run_ids(&[3, 1]));
    }
}

#[test]
fn an_error_without_a_fact_says_so() {
    for code in CODES {
        let error = error_of(code);
        let is_refusal = matches!(error.kind(), Kind::Refused(_));
        assert_eq!(error.status(), is_refusal.then_some(418), "{code:?}");
        assert_eq!((error.retry_after(), error.request_id(), error.detail()), (None, None, &[][..]), "{code:?}");
        assert_eq!(error.problems().is_empty(), code != Code::InvalidRunIds, "{code:?}");
        let is_answer = matches!(code, Code::InvalidResponse | Code::MissingResult);
        assert_eq!(error.missing(), run_ids(if is_answer { &[7] } else { &[] }), "{code:?}");
        assert_eq!(error.is_aborted(), code == Code::Aborted, "{code:?}");
    }
}

#[test]
fn the_attempts_of_the_call_are_counted() {
    assert_eq!(Error::invalid_option("apiKey", "must be a string").attempts(), 0);
    assert_eq!(invalid_run_ids(&[RunIdProblem::NotAnArray]).attempts(), 0);
    let error = error(Kind::Network(lost()));
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.clone().after(4), Error::new(Kind::Network(lost()), 4));
}

#[test]
fn an_error_may_go_to_another_thread() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Error>();
    is_error::<InvalidRunIds>();
}
