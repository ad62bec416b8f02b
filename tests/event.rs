//! Events and progress as JavaScript gets them: with the names and members that TypeScript declares.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "an overflow or a missing value fails the test")]

use std::cell::Cell;
use std::rc::Rc;

use serde_json::{Value, json};
use translation_results::core::code::Code;
use translation_results::core::event::{BulkProgress, ClientEvent, Listener, RequestOutcome};
use translation_results::core::run_id::RunId;

const DECLARATIONS: &str = include_str!("../pkg-template/index.d.ts");

fn run_ids() -> Vec<RunId> {
    [12_345, 6_789].into_iter().filter_map(RunId::new).collect()
}

/// Returns the body of an interface.
fn declared(interface: &str) -> &'static str {
    let (_, declared) = DECLARATIONS.split_once(&format!("\nexport interface {interface} {{\n")).unwrap();
    declared.split_once("\n}\n").unwrap().0
}

/// Returns the names of the members that TypeScript declares for an event, an optional one with a question mark.
fn declared_members(kind: &str) -> Vec<&'static str> {
    let (first, rest) = kind.split_at(1);
    let members = declared(&format!("{}{rest}Event", first.to_uppercase()));
    members.lines().filter_map(|line| Some(line.trim().strip_suffix(';')?.split_once(": ")?.0)).collect()
}

#[track_caller]
fn assert_event(event: ClientEvent, json: Value) {
    assert_eq!(serde_json::to_value(&event).unwrap(), json);
    let declared = declared_members(json["type"].as_str().unwrap());
    let members = json.as_object().unwrap();
    assert!(
        members.keys().all(|name| declared.iter().any(|other| other.trim_end_matches('?') == name)),
        "{declared:?}"
    );
    assert!(declared.iter().all(|name| name.ends_with('?') || members.contains_key(*name)), "{declared:?}");
}

#[test]
fn each_event_has_the_members_that_typescript_declares() {
    let url = "https://api.test/translation-results";
    assert_event(
        ClientEvent::Request { run_ids: run_ids(), attempt: 1, url: url.to_owned() },
        json!({ "type": "request", "runIds": [12345, 6789], "attempt": 1, "url": url }),
    );
    let response = |request_id: Option<&str>| ClientEvent::Response {
        run_ids: run_ids(),
        attempt: 2,
        status: 200.0,
        duration_ms: 1.5,
        request_id: request_id.map(str::to_owned),
    };
    let mut json =
        json!({ "type": "response", "runIds": [12345, 6789], "attempt": 2, "status": 200.0, "durationMs": 1.5 });
    assert_event(response(None), json.clone());
    json["requestId"] = "r-1".into();
    assert_event(response(Some("r-1")), json);
    assert_event(
        ClientEvent::Retry { run_ids: run_ids(), attempt: 1, delay_ms: 250.0, code: Code::RateLimited },
        json!({ "type": "retry", "runIds": [12345, 6789], "attempt": 1, "delayMs": 250.0, "code": "RATE_LIMITED" }),
    );
    let end = |outcome, code| ClientEvent::End { run_ids: run_ids(), attempt: 1, outcome, code, duration_ms: 2.5 };
    let mut json = json!({ "type": "end", "runIds": [12345, 6789], "attempt": 1, "outcome": "ok", "durationMs": 2.5 });
    assert_event(end(RequestOutcome::Ok, None), json.clone());
    json["outcome"] = "cancelled".into();
    assert_event(end(RequestOutcome::Cancelled, None), json.clone());
    json["outcome"] = "failed".into();
    json["code"] = "TIMEOUT".into();
    assert_event(end(RequestOutcome::Failed, Some(Code::Timeout)), json);
    assert_event(ClientEvent::Concurrency { limit: 3 }, json!({ "type": "concurrency", "limit": 3 }));
}

#[test]
fn progress_has_the_members_that_typescript_declares() {
    let mut declared: Vec<_> =
        declared("BulkProgress").lines().filter_map(|line| line.trim().strip_suffix(": number;")).collect();
    declared.sort_unstable();
    let progress = serde_json::to_value(BulkProgress::default()).unwrap();
    let mut ours: Vec<_> = progress.as_object().unwrap().keys().collect();
    ours.sort_unstable();
    assert_eq!(declared, ours);
}

#[test]
fn a_listener_is_called_with_each_fact() {
    let sum = Rc::new(Cell::new(0));
    let listener = Listener::new({
        let sum = Rc::clone(&sum);
        move |number: &i32| sum.set(sum.get() + number)
    });
    listener.notify(|| 3);
    listener.clone().notify(|| 4);
    assert_eq!(sum.get(), 7);
}

#[test]
fn without_a_listener_no_fact_is_made() {
    Listener::<i32>::default().notify(|| panic!("nobody listens"));
}

#[test]
fn debugging_tells_whether_there_is_a_listener() {
    assert_eq!(format!("{:?}", Listener::<i32>::default()), "none");
    assert_eq!(format!("{:?}", Listener::new(|_: &i32| ())), "a listener");
}
