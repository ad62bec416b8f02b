//! The messages of errors, word for word.

use std::collections::BTreeSet;

use translation_results::core::answer::{BodyFault, JsonType, RunFault};
use translation_results::core::code::Code;
use translation_results::core::error::{Error, Kind, Limit, Lost, Refusal};
use translation_results::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use translation_results::core::options::{CALL_OPTIONS, CLIENT_OPTIONS};
use translation_results::core::run_id::NotARunId;

use crate::{
    CODES, body_fault, error, error_of, invalid_run_ids, lost, refusal, refused, run_fault, run_ids as run_ids_of,
};

#[test]
fn each_code_has_its_own_message() {
    let messages: BTreeSet<_> = CODES.map(|code| error_of(code).to_string()).into();
    assert_eq!(messages.len(), CODES.len(), "{messages:?}");
    for message in &messages {
        let message = message.trim_end_matches(" (418)");
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
fn a_refusal_has_its_status_and_the_explanation() {
    for (code, status, phrase) in [
        (Code::BadRequest, 400, "the service refused the request"),
        (Code::Unauthorized, 401, "the service did not accept the API key: check apiKey"),
        (Code::PaymentRequired, 402, "the service asks for payment: check the account's plan"),
        (Code::Forbidden, 403, "the API key may not read these runs"),
        (Code::NotFound, 404, "run 7 was not found, or baseUrl is wrong"),
        (Code::UnexpectedStatus, 408, "the service answered with an undocumented status: check baseUrl"),
        (Code::UnexpectedStatus, 418, "the service answered with an undocumented status: check baseUrl"),
        (Code::Unprocessable, 422, "the service refused the run ids"),
        (Code::RateLimited, 429, "rate limited: try again later"),
        (Code::ServerError, 500, "the service failed: try again later"),
        (Code::ServerError, 503, "the service failed: try again later"),
    ] {
        let mut refusal = refusal(code, status);
        assert_says(&refused(refusal.clone()), &format!("{phrase} ({status})"));
        refusal.said = Some("no, not now".to_owned());
        assert_says(&refused(refusal), &format!("{phrase} ({status}: no, not now)"));
    }
}

#[test]
fn a_run_that_was_not_found_is_named_in_the_words_of_the_service() {
    for (run_ids, said, message) in [
        (&[999][..], "Run 999 was not found", "run 999 was not found (404)"),
        (&[999], "Run 999 is not finished.", "run 999 is not finished (404)"),
        (&[998, 999], "no run #999", "no run #999 (404)"),
        // Another number names no run.
        (&[999], "Run 9990 was not found", "run 999 was not found, or baseUrl is wrong (404: Run 9990 was not found)"),
        (&[999], "Not Found", "run 999 was not found, or baseUrl is wrong (404: Not Found)"),
        (&[998, 999], "Not Found", "runs 998, 999 were not found, or baseUrl is wrong (404: Not Found)"),
        (&[999], "é 999", "é 999 (404)"),
    ] {
        let refusal = refusal(Code::NotFound, 404);
        let error = refused(Refusal { run_ids: run_ids_of(run_ids), said: Some(said.to_owned()), ..refusal });
        assert_says(&error, message);
    }
}

#[test]
fn a_refusal_says_when_to_try_again() {
    for (ms, when) in [
        (0.0, "later"),
        (0.5, "later"),
        (1.0, "in 1 ms"),
        (999.0, "in 999 ms"),
        (1_000.0, "in 1 s"),
        (1_001.0, "in 2 s"),
        (120_000.0, "in 120 s"),
    ] {
        for (code, status, phrase) in
            [(Code::RateLimited, 429, "rate limited"), (Code::ServerError, 503, "the service failed")]
        {
            let error = refused(Refusal { retry_after_ms: Some(ms), ..refusal(code, status) });
            assert_says(&error, &format!("{phrase}: try again {when} ({status})"));
        }
    }
}

#[test]
fn a_client_without_a_key_is_refused_by_its_proxy() {
    for (code, status, message) in [
        (Code::Unauthorized, 401, "the proxy at api.test:3000 refused the request (401: Not authorized)"),
        (Code::Forbidden, 403, "the proxy at api.test:3000 may not read these runs (403: Not authorized)"),
        (Code::BadRequest, 400, "the service refused the request (400: Not authorized)"),
    ] {
        let (proxy, said) = (Some("api.test:3000".to_owned()), Some("Not authorized".to_owned()));
        assert_says(&refused(Refusal { proxy, said, ..refusal(code, status) }), message);
    }
}

#[test]
fn a_redirect_says_why_it_is_not_followed() {
    for status in [307, 0] {
        let message = format!(
            "redirects are not followed, as they would forward the API key: set baseUrl to the final address \
             ({status})"
        );
        assert_says(&refused(refusal(Code::Redirected, status)), &message);
    }
}

#[test]
fn a_lost_connection_names_its_host_and_its_cause() {
    let reason = || Some("getaddrinfo ENOTFOUND".to_owned());
    let network = |lost, attempts| Error::new(Kind::Network(lost), attempts);
    for (attempts, message) in [
        (0, "could not reach api.test: getaddrinfo ENOTFOUND"),
        (1, "could not reach api.test after 1 attempt: getaddrinfo ENOTFOUND"),
        (4, "could not reach api.test after 4 attempts: getaddrinfo ENOTFOUND"),
    ] {
        assert_says(&network(Lost { reason: reason(), ..lost() }, attempts), message);
    }
    assert_says(&network(lost(), 2), "could not reach api.test after 2 attempts: the error's cause may say why");
    assert_says(
        &network(Lost { is_cross_origin: true, ..lost() }, 2),
        "could not reach api.test after 2 attempts: CORS or the page's Content-Security-Policy may block the request, or there \
         is no network",
    );
    for is_cross_origin in [false, true] {
        let reading = Lost { while_reading: true, is_cross_origin, ..lost() };
        let message = "the connection to api.test was lost while reading the answer";
        assert_says(&network(reading.clone(), 4), message);
        assert_says(&network(Lost { reason: reason(), ..reading }, 4), &format!("{message}: getaddrinfo ENOTFOUND"));
    }
}

#[test]
fn timeouts_name_their_option_and_aborts_say_so() {
    let timeout = |ms, limit| error(Kind::Timeout { ms, limit });
    assert_says(
        &timeout(40, Limit::Attempt),
        "no complete answer within timeoutMs (40 ms): raise the option to wait longer",
    );
    assert_says(
        &timeout(i32::MAX as u32, Limit::Call),
        "the call took longer than deadlineMs (2147483647 ms): raise the option to wait longer",
    );
    assert_says(&error(Kind::Aborted), "the call was aborted");
}

#[test]
fn an_option_is_named_with_the_rule_that_it_breaks() {
    let error = Error::invalid_option("timeoutMs", "must be a number");
    assert_says(&error, "timeoutMs must be a number");
}

#[test]
fn a_misspelt_option_is_named_with_the_one_that_was_meant() {
    for (misspelt, meant) in [
        ("timeout", "timeoutMs"),
        ("timeOutMS", "timeoutMs"),
        ("timeout_ms", "timeoutMs"),
        ("timeuotMs", "timeoutMs"),
        ("api_key", "apiKey"),
        ("key", "apiKey"),
        ("apikeys", "apiKey"),
        ("baseURL", "baseUrl"),
        ("url", "baseUrl"),
        ("header", "headers"),
        ("retries", "maxRetries"),
        ("maxRetry", "maxRetries"),
        ("maxResponse", "maxResponseBytes"),
        ("onEvents", "onEvent"),
    ] {
        let message = format!("unknown option \"{misspelt}\": did you mean \"{meant}\"?");
        assert_says(&Error::unknown_option(misspelt, CLIENT_OPTIONS), &message);
    }
}

#[test]
fn an_unknown_option_is_named_with_all_known_options() {
    let options = "signal, deadlineMs, timeoutMs, maxRetries, headers";
    let long = "x".repeat(41);
    for (name, shown) in [
        ("", ""),
        ("ms", "ms"),
        ("__defineGetter__", "__defineGetter__"),
        ("verbose", "verbose"),
        (&long, &format!("{}…", "x".repeat(40))),
    ] {
        let error = Error::unknown_option(name, CALL_OPTIONS);
        assert_says(&error, &format!("unknown option \"{shown}\": the options are {options}"));
    }
}

#[test]
fn an_answer_names_its_fault_and_the_path() {
    const NOT_DOCUMENTED: &str = "the answer is not as documented: expected";
    let not_a_string = RunFault::NotAString { index: 3, received: JsonType::Number };
    assert_says(
        &run_fault(&["12345"], not_a_string, &[]),
        &format!("{NOT_DOCUMENTED} a string, received a number at 12345.texts.3"),
    );
    assert_says(
        &run_fault(&["results", "6789"], RunFault::NotAnObject(JsonType::Array), &[12_345]),
        &format!("{NOT_DOCUMENTED} an object with texts, received an array at results.6789"),
    );
    assert_says(
        &body_fault(BodyFault::Markup, &[1]),
        "expected JSON, received HTML or XML: is baseUrl right, or is a sign-in page in between?",
    );
}

#[test]
fn an_answer_that_lacks_runs_lists_them_in_the_order_asked() {
    for fault in [RunFault::Missing, RunFault::Null] {
        let lacks = |path, missing| run_fault(path, fault, missing);
        let one = "run 6789 has no result: it is unknown or not finished yet";
        assert_says(&lacks(&["6789"], &[6_789]), one);
        let five = "runs 5, 3, 1, 2, 4 have no result: they are unknown or not finished yet";
        assert_says(&lacks(&["results", "5"], &[5, 3, 1, 2, 4]), five);
    }
}

#[test]
fn invalid_run_ids_list_the_first_five_problems() {
    let not_positive = |index| RunIdProblem::NotPositive { index };
    assert_says(&invalid_run_ids(&[RunIdProblem::NotAnArray]), "expected a list of run ids");
    assert_says(
        &invalid_run_ids(&[RunIdProblem::TooFew { count: 1, min: 2 }, RunIdProblem::NotAnInteger { index: 0 }]),
        "expected 2 to 5 run ids, received 1: getAllResults takes any number; run id at index 0 is not an integer",
    );
    let five = "run id at index 0 is not positive; run id at index 1 is not positive; run id at index 2 is not \
                positive; run id at index 3 is not positive; run id at index 4 is not positive";
    for (count, more) in [(5, ""), (6, "; and 1 more"), (1_000, "; and 995 more")] {
        let problems: Vec<_> = (0..count).map(not_positive).collect();
        assert_says(&invalid_run_ids(&problems), &format!("{five}{more}"));
    }
}

#[test]
fn run_ids_of_javascript_are_shown() {
    let given = |problems: Vec<RunIdProblem>| {
        let words = |index| if index == 4 { "the number 2.5".to_owned() } else { format!("the string \"{index}\"") };
        Error::from(InvalidRunIds::from(problems)).with_values(words)
    };
    let not_an_integer = |index| RunIdProblem::NotAnInteger { index };
    assert_says(&given(vec![not_an_integer(0)]), "run id at index 0 is the string \"0\": pass a number");
    let repeated = RunIdProblem::Duplicate { index: 3, first_index: 2 };
    assert_says(
        &given(vec![repeated, not_an_integer(4), not_an_integer(7)]),
        "run id at index 3 repeats the one at index 2; run id at index 4 is the number 2.5: pass an integer from 1 to \
         9007199254740991; run id at index 7 is the string \"7\": pass a number",
    );
    let single = InvalidRunIds::single(NotARunId::NotPositive, "the number -1".to_owned());
    assert_says(&single.into(), "run id is the number -1: pass an integer from 1 to 9007199254740991");
    let not_a_list = InvalidRunIds::not_a_list("an iterable", "the number 12345".to_owned());
    assert_says(&not_a_list.into(), "expected an iterable of run ids, received the number 12345");
}
