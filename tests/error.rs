//! The codes and the whole messages that callers see.

mod util;

use std::collections::BTreeSet;

use translation_results::error::{ABSENT, AnswerFault, Code, Error, Kind, Step};
use translation_results::run_id::Problem;
use util::run_ids;

const DECLARATIONS: &str = include_str!("../pkg-template/index.d.ts");

#[track_caller]
fn assert_error(error: impl Into<Error>, code: &str, message: &str) {
    let error = error.into();
    assert_eq!((error.code().as_str(), error.to_string().as_str()), (code, message));
}

/// A refusal as a service words it.
fn status(code: Code, status: u16, said: &str) -> Kind {
    Kind::Status { code, status, said: Some(said.to_owned()), retry_after_ms: None }
}

fn answer(path: &[Step], expected: &'static str, received: &'static str, missing: &[u32]) -> Kind {
    Kind::Answer(AnswerFault { path: path.to_vec(), expected, received, missing: run_ids(missing) })
}

fn key(key: &str) -> Step {
    Step::Key(key.to_owned())
}

#[test]
fn every_code_finds_its_own_row() {
    for (index, (code, name, _)) in Code::TABLE.into_iter().enumerate() {
        assert_eq!(code as usize, index, "{name} is not in the order of the variants");
        assert_eq!(code.as_str(), name);
    }
}

#[test]
fn the_names_are_those_of_the_declarations() {
    let (_, union) = DECLARATIONS.split_once("export type ErrorCode =").unwrap();
    let (union, _) = union.split_once(';').unwrap();
    let mut declared: BTreeSet<_> = union.split('|').map(|name| name.trim().trim_matches('"')).collect();
    assert!(declared.remove("") && declared.remove("WASM_UNAVAILABLE"));
    assert_eq!(Code::TABLE.map(|(_, name, _)| name).into_iter().collect::<BTreeSet<_>>(), declared);
    assert_eq!(Code::TABLE.len(), declared.len(), "each name once");
}

#[test]
fn every_phrase_is_one_of_its_own() {
    let phrases = Code::TABLE.map(|(_, _, phrase)| phrase);
    assert_eq!(BTreeSet::from(phrases).len(), phrases.len());
    for phrase in phrases {
        assert!(phrase.starts_with(char::is_lowercase), "{phrase}");
        assert!(!phrase.ends_with(['.', ':', ' ']), "{phrase}");
    }
}

#[test]
fn says_which_option_and_what_it_must_be() {
    let error = Error::option("timeoutMs", "must be a number");
    assert_error(error, "INVALID_OPTIONS", "invalid option timeoutMs: must be a number");
    let error = Error::option("headers".to_owned(), "X-Api-Key is set from apiKey");
    assert_error(error, "INVALID_OPTIONS", "invalid option headers: X-Api-Key is set from apiKey");
}

#[test]
fn lists_the_first_problems_of_run_ids() {
    let not_positive = |count| Kind::RunIds((0..count).map(|index| Problem::NotPositive { index }).collect());
    let message = "invalid run ids: not an array";
    assert_error(Kind::RunIds(vec![Problem::NotAnArray]), "INVALID_RUN_IDS", message);
    let message = "invalid run ids: the id at index 0 is not positive; the id at index 1 is not positive";
    assert_error(not_positive(2), "INVALID_RUN_IDS", message);
    let five = "invalid run ids: the id at index 0 is not positive; the id at index 1 is not positive; the id at index \
                2 is not positive; the id at index 3 is not positive; the id at index 4 is not positive";
    assert_error(not_positive(5), "INVALID_RUN_IDS", five);
    assert_error(not_positive(6), "INVALID_RUN_IDS", &format!("{five} and 1 more"));
    assert_error(not_positive(1_000), "INVALID_RUN_IDS", &format!("{five} and 995 more"));
}

#[test]
fn says_the_status_and_what_the_service_said() {
    let message = "the service refused the request (status 400): bad";
    assert_error(status(Code::BadRequest, 400, "bad"), "BAD_REQUEST", message);
    let message = "the service did not accept the API key, see apiKey (status 401): Invalid API key";
    assert_error(status(Code::Unauthorized, 401, "Invalid API key"), "UNAUTHORIZED", message);
    let message = "the service asks for payment, see the account's plan (status 402): no credits";
    assert_error(status(Code::PaymentRequired, 402, "no credits"), "PAYMENT_REQUIRED", message);
    let message = "the API key may not read these runs (status 403): not yours";
    assert_error(status(Code::Forbidden, 403, "not yours"), "FORBIDDEN", message);
    let message = "the service found nothing there, check the run ids and baseUrl (status 404): no such run";
    assert_error(status(Code::NotFound, 404, "no such run"), "NOT_FOUND", message);
    let message = "the service refused the run ids (status 422): mixed types";
    assert_error(status(Code::Unprocessable, 422, "mixed types"), "UNPROCESSABLE", message);
    let message = "the service asks for fewer requests (status 429): slow down";
    assert_error(status(Code::RateLimited, 429, "slow down"), "RATE_LIMITED", message);
    let message = "the service failed (status 503): try later";
    assert_error(status(Code::ServerError, 503, "try later"), "SERVER_ERROR", message);
    let message = "the service gave an undocumented status (status 418): a teapot";
    assert_error(status(Code::UnexpectedStatus, 418, "a teapot"), "UNEXPECTED_STATUS", message);

    let silent = Kind::Status { code: Code::ServerError, status: 500, said: None, retry_after_ms: Some(1_000) };
    assert_error(silent, "SERVER_ERROR", "the service failed (status 500)");
    let hidden = Kind::Status { code: Code::Redirected, status: 0, said: None, retry_after_ms: None };
    let message = "redirects are not followed, as they would carry the API key along: set baseUrl to the final address \
                   (status 0)";
    assert_error(hidden, "REDIRECTED", message);
}

#[test]
fn says_that_nothing_came_or_not_in_time() {
    assert_error(Kind::Network, "NETWORK", "the connection failed before the whole answer was there");
    assert_error(Kind::Timeout { timeout_ms: 60_000 }, "TIMEOUT", "no whole answer within 60000 ms");
}

#[test]
fn says_what_is_wrong_with_an_answer_and_where() {
    let body = Error::body("JSON", "an empty body");
    assert_error(body, "INVALID_RESPONSE", "the answer is not as documented: expected JSON, received an empty body");
    let text = answer(&[key("12345"), key("texts"), Step::Index(3)], "a string", "a number", &[6_789]);
    let message = "the answer is not as documented: expected a string, received a number at 12345.texts.3";
    assert_error(text, "INVALID_RESPONSE", message);
}

#[test]
fn lists_the_missing_runs() {
    let two = answer(&[key("12345")], "an object with texts", ABSENT, &[12_345, 6_789]);
    assert_error(two, "MISSING_RESULT", "the answer lacks requested runs: 12345, 6789");
    let six = answer(&[key("1")], "an object with texts", ABSENT, &[1, 2, 3, 4, 5, 6]);
    assert_error(six, "MISSING_RESULT", "the answer lacks requested runs: 1, 2, 3, 4, 5 and 1 more");
}

#[test]
fn a_path_is_serialised_as_keys_and_positions() {
    let path = serde_json::to_string(&[key("12345"), key("texts"), Step::Index(3)]);
    assert_eq!(path.unwrap(), r#"["12345","texts",3]"#);
}

#[test]
fn an_error_keeps_its_kind() {
    let timeout = Kind::Timeout { timeout_ms: 1 };
    assert_eq!(Error::from(timeout.clone()).kind(), &timeout);
    let option = Kind::Options { option: "baseUrl".to_owned(), must: "must be a URL" };
    assert_eq!(Error::option("baseUrl", "must be a URL").kind(), &option);
    let fault = AnswerFault { path: Vec::new(), expected: "JSON", received: "HTML or XML", missing: Vec::new() };
    assert_eq!(Error::body("JSON", "HTML or XML").kind(), &Kind::Answer(fault));
}

#[test]
fn a_body_that_is_at_fault_as_a_whole_lacks_every_run() {
    let ids = run_ids(&[7, 8]);
    let missing = |error: &Error| match error.kind() {
        Kind::Answer(fault) => fault.missing.clone(),
        other => panic!("no fault of an answer: {other:?}"),
    };
    assert_eq!(missing(&Error::body("JSON", "HTML or XML").for_runs(&ids)), ids);
    let path = vec![Step::Key("7".to_owned())];
    let one_run = AnswerFault { path, expected: "an object with texts", received: "null", missing: Vec::new() };
    assert_eq!(missing(&Error::from(Kind::Answer(one_run)).for_runs(&ids)), []);
    let other = Error::from(Kind::Network);
    assert_eq!(other.clone().for_runs(&ids), other);
}
