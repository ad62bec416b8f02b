//! Each kind of error once, with its message and its facts.

use std::collections::HashSet;
use std::time::Duration;

use js_sys::Function;
use translation_results::{Batch, CallOptions, Client, Code, Error, FieldError, RunIdProblem};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::doubles::{
    answers, batch, client, counted_controller, cut_off, failed, failing, giving, id, ids, is_page, ok, options, parse,
    requests, silent, throwing,
};

/// Asks without retries. The call must fail.
async fn failed_at_once(fetch: &Function) -> Error {
    failed(options(fetch).max_retries(0)).await
}

fn refused_with(status: u16) -> Function {
    answers(&format!(r#"[[{status},"{{\"detail\":\"why\"}}"]]"#))
}

#[wasm_bindgen_test]
async fn each_code_has_its_message() {
    let refusals = [
        (
            Code::Redirected,
            302,
            "redirects are not followed, as they would forward the API key: set baseUrl to the \
                                 final address (302)",
        ),
        (Code::BadRequest, 400, "the service refused the request (400: why)"),
        (Code::Unauthorized, 401, "the service did not accept the API key: check apiKey (401: why)"),
        (Code::PaymentRequired, 402, "the service asks for payment: check the account's plan (402: why)"),
        (Code::Forbidden, 403, "the API key may not read these runs (403: why)"),
        (Code::NotFound, 404, "runs 7, 8 were not found, or baseUrl is wrong (404: why)"),
        (Code::UnexpectedStatus, 418, "the service answered with an undocumented status: check baseUrl (418: why)"),
        (Code::Unprocessable, 422, "the service refused the run ids (422: why)"),
        (Code::RateLimited, 429, "rate limited: try again later (429: why)"),
        (Code::ServerError, 500, "the service failed: try again later (500: why)"),
    ];
    let mut seen = HashSet::new();
    for (code, status, message) in refusals {
        let error = failed_at_once(&refused_with(status)).await;
        assert_eq!((error.code(), error.to_string().as_str()), (code, message));
        assert_eq!((error.status(), error.attempts()), (Some(status), 1), "{code:?}");
        seen.insert(code);
    }

    let controller = counted_controller();
    controller.abort();
    let aborted = CallOptions::new().signal(&controller.signal());
    let timeout = options(&silent()).timeout(Duration::from_millis(20)).max_retries(0);
    let unreachable = match is_page() {
        true => {
            "could not reach client.camb.ai after 1 attempt: CORS or the page's Content-Security-Policy may block the request, or \
             there is no network"
        }
        false => "could not reach client.camb.ai after 1 attempt: the error's cause may say why",
    };
    for (error, code, message, attempts) in [
        (
            Client::new(options(&silent()).timeout(Duration::ZERO)).unwrap_err(),
            Code::InvalidOptions,
            "timeoutMs must be a number of milliseconds from 1 to 2147483647",
            0,
        ),
        (
            Batch::try_from([id(7), id(7)]).unwrap_err().into(),
            Code::InvalidRunIds,
            "run id at index 1 repeats the one at index 0",
            0,
        ),
        (failed_at_once(&failing(&"gone".into())).await, Code::Network, unreachable, 1),
        (
            failed(timeout).await,
            Code::Timeout,
            "no complete answer within timeoutMs (20 ms): raise the option to wait longer",
            1,
        ),
        (
            failed_at_once(&ok("[]")).await,
            Code::InvalidResponse,
            "the answer is not as documented: expected an object of runs, received an array",
            1,
        ),
        (
            failed_at_once(&ok("{}")).await,
            Code::MissingResult,
            "runs 7, 8 have no result: they are unknown or not finished yet",
            1,
        ),
        (
            client(&silent()).get_results_with(batch(), aborted).await.unwrap_err(),
            Code::Aborted,
            "the call was aborted",
            0,
        ),
    ] {
        assert_eq!((error.code(), error.to_string().as_str()), (code, message));
        assert_eq!((error.status(), error.attempts()), (None, attempts), "{code:?}");
        assert_eq!(error.is_aborted(), code == Code::Aborted, "{code:?}");
        seen.insert(code);
    }
    assert_eq!(seen.len(), 17, "a code that has no test, or has two");
}

#[wasm_bindgen_test]
fn a_batch_that_cannot_be_asked_for_lists_its_problems() {
    let error = Error::from(Batch::new(ids([1, 2, 3, 2, 4, 5])).unwrap_err());
    let expected = [RunIdProblem::TooMany { count: 6, max: 5 }, RunIdProblem::Duplicate { index: 3, first_index: 1 }];
    assert_eq!(error.problems(), expected);
}

#[wasm_bindgen_test]
async fn a_refusal_has_its_facts() {
    let body = concat!(
        r#"{\"detail\":[{\"loc\":[\"body\",\"run_ids\",1],\"msg\":\"no such run\",\"type\":\"value_error\"},"#,
        r#"{\"loc\":\"body\"}]}"#
    );
    let headers = r#"{"x-request-id":"r-7","retry-after":"90"}"#;
    let error = failed(options(&answers(&format!(r#"[[422,"{body}",{headers}]]"#)))).await;
    let loc = vec!["body".into(), "run_ids".into(), translation_results::PathPart::Index(1)];
    let detail = FieldError { loc, msg: "no such run".into(), kind: "value_error".into() };
    assert_eq!(error.detail(), [detail]);
    assert_eq!(error.to_string(), "the service refused the run ids (422: no such run)");
    assert_eq!(error.request_id(), Some("r-7"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
    assert!(error.missing().is_empty() && error.problems().is_empty());
}

#[wasm_bindgen_test]
async fn a_message_does_not_have_the_key() {
    let error = failed(options(&answers(r#"[[401,"{\"error\":\"no test-key\"}"]]"#))).await;
    assert_eq!(error.to_string(), "the service did not accept the API key: check apiKey (401: no •••)");
    assert!(!format!("{error:?}").contains("test-key"));
}

#[wasm_bindgen_test]
async fn a_faulty_answer_names_its_fault_and_the_path() {
    let error = failed(options(&ok(r#"{"7":{"texts":["a"]},"9":{"texts":[]}}"#))).await;
    assert_eq!((error.code(), error.missing()), (Code::MissingResult, &[id(8)][..]));
    assert_eq!(error.to_string(), "run 8 has no result: it is unknown or not finished yet");
    let error = failed(options(&ok(r#"{"7":{"texts":["a"]},"8":{"texts":["a",3]}}"#))).await;
    assert_eq!(error.code(), Code::InvalidResponse);
    assert_eq!(error.to_string(), "the answer is not as documented: expected a string, received a number at 8.texts.1");
    assert!(error.missing().is_empty());
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_retried() {
    let cause = JsValue::from(js_sys::TypeError::new("gone"));
    for fetch in [failing(&cause), throwing(&cause), cut_off(&cause)] {
        let error = failed(options(&fetch).max_retries(1)).await;
        assert_eq!((error.code(), error.attempts()), (Code::Network, 2));
        assert_eq!(requests(&fetch), 2);
    }
}

#[wasm_bindgen_test]
async fn a_value_that_is_not_a_response_is_refused() {
    for given in ["null", "7", "{}", r#"{"status":"200"}"#] {
        let error = failed(options(&giving(&parse(given)))).await;
        assert_eq!(error.code(), Code::InvalidResponse, "{given}");
        assert_eq!(error.missing(), [id(7), id(8)], "{given}");
    }
}

#[wasm_bindgen_test]
async fn a_redirect_that_a_browser_hides_has_the_status_0() {
    let error = failed(options(&giving(&parse(r#"{"status":0,"type":"opaqueredirect"}"#)))).await;
    assert_eq!((error.code(), error.status()), (Code::Redirected, Some(0)));
}
