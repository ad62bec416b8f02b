//! The public surface on every target. Every public item is named with its signature: an item that is removed, renamed
//! or changed does not compile here. `tests/web/surface.rs` does the same for `Client`.
//!
//! Tools that compare whole surfaces need the output of nightly rustdoc for the target's standard library, which stable
//! toolchains for wasm32 lack.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use translation_results::{
    Batch, BulkOptions, BulkOutcome, BulkProgress, CallOptions, ClientEvent, ClientOptions, Code, Error, FieldError,
    InvalidRunIds, NotARunId, PathPart, RequestOutcome, RunFailure, RunId, RunIdProblem, Stopped, StreamItem,
    TranslationResult, TranslationResults, plan_batches,
};

fn id_traits<T>()
where
    T: Copy + Ord + Hash + Debug + Display + FromStr<Err = NotARunId> + TryFrom<u64, Error = NotARunId>,
    T: Serialize + DeserializeOwned,
{
}
fn data<T: Clone + Debug + PartialEq + Send + Sync + 'static>() {}
fn error<T: std::error::Error + Clone + PartialEq + Send + Sync + 'static>() {}
fn options<T: Clone + Debug + Default>() {}

#[test]
fn data_and_errors_cross_threads_and_print() {
    id_traits::<RunId>();
    data::<RunId>();
    data::<Batch>();
    data::<TranslationResult>();
    data::<TranslationResults>();
    data::<BulkOutcome>();
    data::<BulkProgress>();
    data::<RunFailure>();
    data::<StreamItem>();
    data::<Code>();
    data::<FieldError>();
    data::<PathPart>();
    data::<RunIdProblem>();
    data::<ClientEvent>();
    data::<RequestOutcome>();
    error::<Error>();
    error::<Stopped>();
    error::<InvalidRunIds>();
    error::<NotARunId>();
    options::<ClientOptions>();
    options::<CallOptions>();
    options::<BulkOptions>();
}

#[test]
fn run_ids_and_batches_have_their_signatures() {
    const _: u64 = RunId::MAX;
    let _: fn(u64) -> Option<RunId> = RunId::new;
    let _: fn(RunId) -> u64 = RunId::get;
    let _: fn(Vec<RunId>) -> Result<Batch, InvalidRunIds> = Batch::new;
    let _: fn(Vec<RunId>) -> Result<Batch, InvalidRunIds> = Batch::try_from;
    let _: fn([RunId; 2]) -> Result<Batch, InvalidRunIds> = Batch::try_from;
    let _: fn(&Batch) -> &[RunId] = Batch::as_ref;
    let _: fn(Batch) -> Vec<RunId> = Batch::into_ids;
    let _: fn(Vec<RunId>) -> Vec<Vec<RunId>> = plan_batches;
    let _: fn(&InvalidRunIds) -> &Vec<RunIdProblem> = |invalid| &invalid.problems;
}

#[test]
fn errors_have_their_signatures() {
    let _: fn(Code) -> &'static str = Code::as_str;
    let _: fn(&Error) -> Code = Error::code;
    let _: fn(&Error) -> u32 = Error::attempts;
    let _: fn(&Error) -> Option<u16> = Error::status;
    let _: fn(&Error) -> Option<Duration> = Error::retry_after;
    let _: fn(&Error) -> Option<&str> = Error::request_id;
    let _: fn(&Error) -> &[FieldError] = Error::detail;
    let _: fn(&Error) -> &[RunIdProblem] = Error::problems;
    let _: fn(&Error) -> &[RunId] = Error::missing;
    let _: fn(&Error) -> bool = Error::is_aborted;
    let _: fn(InvalidRunIds) -> Error = Error::from;
    let _: fn(FieldError) -> (Vec<PathPart>, String, String) = |error| (error.loc, error.msg, error.kind);
}

#[test]
fn outcomes_have_their_fields() {
    let _: fn(TranslationResult) -> Vec<String> = |result| result.texts;
    let _: fn(TranslationResults) -> BTreeMap<RunId, TranslationResult> = |results| results;
    let _: fn(RunFailure) -> (RunId, Error) = |failure| (failure.run_id, failure.error);
    let _: fn(StreamItem) -> (RunId, Result<TranslationResult, Error>) = |item| (item.run_id, item.result);
    let _: fn(BulkOutcome) -> (TranslationResults, Vec<RunFailure>, BulkProgress) =
        |outcome| (outcome.results, outcome.failures, outcome.stats);
    let _: fn(Stopped) -> (Error, BulkOutcome, Vec<RunId>) =
        |stopped| (stopped.error, stopped.partial, stopped.pending);
    let _: fn(BulkProgress) -> ([usize; 5], f64) = |progress| {
        let BulkProgress { total, succeeded, failed, requests, retries, elapsed_ms, .. } = progress;
        ([total, succeeded, failed, requests, retries], elapsed_ms)
    };
}

#[test]
fn options_have_their_setters() {
    let second = Duration::from_secs(1);
    let call = CallOptions::new().timeout(second).max_retries(1).deadline(second).header("x-tenant", "acme");
    let _: BulkOptions = BulkOptions::from(call.clone())
        .call(call)
        .concurrency(2)
        .on_item(|_: &StreamItem| ())
        .on_progress(|_: &BulkProgress| ());
    let _: ClientOptions = ClientOptions::new()
        .api_key("key")
        .base_url("https://service.example")
        .header("x-tenant", "acme")
        .timeout(second)
        .max_retries(1)
        .max_response_bytes(1)
        .dangerously_allow_browser(true)
        .on_event(|_: &ClientEvent| ());
}

#[test]
fn printed_options_show_neither_the_key_nor_values_of_headers() {
    let printed = format!("{:?}", ClientOptions::new().api_key("a-secret").max_retries(7).header("x-tenant", "acme"));
    assert!(!printed.contains("a-secret") && !printed.contains("acme"), "{printed}");
    for shown in ["•••", "max_retries: Some(7.0)", "x-tenant"] {
        assert!(printed.contains(shown), "{printed}");
    }
}
