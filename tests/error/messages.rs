//! The messages of errors, word for word.

use std::collections::BTreeSet;

use translation_results::core::answer::{BodyFault, JsonType, RunFault};
use translation_results::core::error::{Code, Error, Kind};
use translation_results::core::run_id::RunIdProblem;

use crate::{CODES, body_fault, error, error_of, invalid_run_ids, refusal, refused, run_fault};

#[test]
fn each_code_has_its_own_message() {
    let messages: BTreeSet<_> = CODES.map(|code| error_of(code).to_string()).into();
    assert_eq!(messages.len(), CODES.len(), "{messages:?}");
    for message in &messages {
        let message = message.trim_end_matches(" (status 418)");
        assert!(message.starts_with(char::is_lowercase), "{message}");
        assert!(!message.ends_with(['.', ':', ' ']), "{message}");
        assert!(!message.contains("  "), "{message}");
    }
}

#[track_caller]
fn assert_says(error: &Error, message: &str) {
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_refusal_says_its_status_and_what_the_service_says() {
    for (code, status, phrase) in [
        (Code::BadRequest, 400, "the service refused the request"),
        (Code::Unauthorized, 401, "the service did not accept the API key, see apiKey"),
        (Code::PaymentRequired, 402, "the service asks for payment, see the account's plan"),
        (Code::Forbidden, 403, "the API key may not read these runs"),
        (Code::NotFound, 404, "the service found nothing there, check the run ids and baseUrl"),
        (Code::UnexpectedStatus, 408, "the service gave an undocumented status"),
        (Code::UnexpectedStatus, 418, "the service gave an undocumented status"),
        (Code::Unprocessable, 422, "the service refused the run ids"),
        (Code::RateLimited, 429, "the service asks for fewer requests"),
        (Code::ServerError, 500, "the service failed"),
        (Code::ServerError, 503, "the service failed"),
    ] {
        let mut refusal = refusal(code, status);
        assert_says(&refused(refusal.clone()), &format!("{phrase} (status {status})"));
        refusal.said = Some("no, not now".to_owned());
        assert_says(&refused(refusal), &format!("{phrase} (status {status}): no, not now"));
    }
}

#[test]
fn a_redirect_says_why_it_is_not_followed() {
    for status in [307, 0] {
        let message = format!(
            "redirects are not followed, as they would carry the API key along: set baseUrl to the final address \
             (status {status})"
        );
        assert_says(&refused(refusal(Code::Redirected, status)), &message);
    }
}

#[test]
fn lost_connections_timeouts_and_aborts_say_so() {
    assert_says(&error(Kind::Network), "the connection failed before the whole answer was there");
    assert_says(&error(Kind::Timeout { ms: 40 }), "no whole answer within 40 ms");
    assert_says(&error(Kind::Timeout { ms: i32::MAX as u32 }), "no whole answer within 2147483647 ms");
    assert_says(&error(Kind::Aborted), "the call was aborted");
}

#[test]
fn an_option_is_named_with_the_rule_that_it_breaks() {
    let said = |option: &str, rule| Error::invalid_option(option, rule).to_string();
    assert_eq!(said("signal", "is not an option"), "invalid option signal: is not an option");
    assert_eq!(said("__defineGetter__", "is not an option"), "invalid option __defineGetter__: is not an option");
    assert_eq!(said("", "is not an option"), "invalid option : is not an option");
}

#[test]
fn an_answer_says_what_is_wrong_with_it_and_where() {
    const NOT_DOCUMENTED: &str = "the answer is not as documented: expected";
    let not_a_string = RunFault::NotAString { index: 3, received: JsonType::Number };
    assert_says(
        &run_fault(&["12345"], not_a_string, &[]),
        &format!("{NOT_DOCUMENTED} a string, received a number at 12345.texts.3"),
    );
    assert_says(
        &run_fault(&["results", "6789"], RunFault::NotAnObject(JsonType::Null), &[12_345]),
        &format!("{NOT_DOCUMENTED} an object with texts, received null at results.6789"),
    );
    assert_says(&body_fault(BodyFault::Markup, &[1]), &format!("{NOT_DOCUMENTED} JSON, received HTML or XML"));
}

#[test]
fn an_answer_that_lacks_runs_lists_them_in_the_order_asked() {
    let lacks = |path, missing| run_fault(path, RunFault::Missing, missing);
    assert_says(&lacks(&["6789"], &[6_789]), "the answer lacks requested runs: 6789");
    assert_says(&lacks(&["results", "5"], &[5, 3, 1, 2, 4]), "the answer lacks requested runs: 5, 3, 1, 2, 4");
}

#[test]
fn invalid_run_ids_say_every_problem_of_the_first_five() {
    let not_positive = |index| RunIdProblem::NotPositive { index };
    assert_says(&invalid_run_ids(&[RunIdProblem::NotAnArray]), "invalid run ids: not an array");
    assert_says(
        &invalid_run_ids(&[RunIdProblem::TooFew { count: 1, min: 2 }, RunIdProblem::NotAnInteger { index: 0 }]),
        "invalid run ids: 1 id where 2 to 5 are needed; the id at index 0 is not an integer",
    );
    let five = "invalid run ids: the id at index 0 is not positive; the id at index 1 is not positive; the id at \
                index 2 is not positive; the id at index 3 is not positive; the id at index 4 is not positive";
    for (count, more) in [(5, ""), (6, " and 1 more"), (1_000, " and 995 more")] {
        let problems: Vec<_> = (0..count).map(not_positive).collect();
        assert_says(&invalid_run_ids(&problems), &format!("{five}{more}"));
    }
}
