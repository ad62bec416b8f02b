//! Errors as callers see them: their codes, their messages and their facts.

#![expect(clippy::panic, reason = "an overflow or a missing value fails the test")]

mod codes;
mod facts;
mod messages;

use translation_results::core::answer::{BodyFault, Fault, RunFault};
use translation_results::core::code::Code;
use translation_results::core::error::{Error, Kind, Limit, Lost, Refusal};
use translation_results::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use translation_results::core::run_id::RunId;

const DECLARATIONS: &str = include_str!("../../pkg-template/index.d.ts");

const CODES: [Code; 17] = [
    Code::InvalidOptions,
    Code::InvalidRunIds,
    Code::BadRequest,
    Code::Unauthorized,
    Code::PaymentRequired,
    Code::Forbidden,
    Code::NotFound,
    Code::Unprocessable,
    Code::RateLimited,
    Code::ServerError,
    Code::UnexpectedStatus,
    Code::Redirected,
    Code::Network,
    Code::Timeout,
    Code::InvalidResponse,
    Code::MissingResult,
    Code::Aborted,
];

fn run_ids(ids: &[u64]) -> Vec<RunId> {
    ids.iter().filter_map(|&id| RunId::new(id)).collect()
}

fn error(kind: Kind) -> Error {
    Error::new(kind, 2)
}

/// Returns a refusal with only a code and a status.
fn refusal(code: Code, status: u16) -> Refusal {
    Refusal {
        code,
        status,
        run_ids: run_ids(&[7]),
        proxy: None,
        said: None,
        detail: vec![],
        request_id: None,
        retry_after_ms: None,
    }
}

/// Returns a connection lost for an unknown reason.
fn lost() -> Lost {
    Lost { host: "api.test".to_owned(), while_reading: false, reason: None, is_cross_origin: false }
}

fn refused(refusal: Refusal) -> Error {
    error(Kind::Refused(refusal))
}

fn run_fault(path: &[&str], fault: RunFault, missing: &[u64]) -> Error {
    let path = path.iter().map(|&key| key.into()).collect();
    error(Kind::Answer { fault: Fault::of_run(path, fault), missing: run_ids(missing) })
}

fn body_fault(fault: BodyFault, missing: &[u64]) -> Error {
    error(Kind::Answer { fault: fault.into(), missing: run_ids(missing) })
}

fn invalid_run_ids(problems: &[RunIdProblem]) -> Error {
    InvalidRunIds::from(problems.to_vec()).into()
}

/// Returns an error of each code. All refusals among them have the same status.
fn error_of(code: Code) -> Error {
    match code {
        Code::InvalidOptions => Error::invalid_option("timeoutMs", "must be a number"),
        Code::InvalidRunIds => invalid_run_ids(&[RunIdProblem::NotAnArray]),
        Code::Network => error(Kind::Network(lost())),
        Code::Timeout => error(Kind::Timeout { ms: 40, limit: Limit::Attempt }),
        Code::InvalidResponse => body_fault(BodyFault::Empty, &[7]),
        Code::MissingResult => run_fault(&["7"], RunFault::Missing, &[7]),
        Code::Aborted => error(Kind::Aborted),
        code => refused(refusal(code, 418)),
    }
}

/// Returns the names of the variants of an enum in Rust.
#[track_caller]
fn variants_of(source: &'static str, name: &str) -> Vec<&'static str> {
    let body = source.split_once(&format!("pub enum {name} {{\n")).and_then(|(_, rest)| rest.split_once("\n}\n"));
    let (body, _) = body.unwrap_or_else(|| panic!("{name} is not there"));
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = lines.filter(|line| line.starts_with(char::is_uppercase));
    variants.filter_map(|line| line.split(|character: char| !character.is_alphanumeric()).next()).collect()
}

/// Returns the declaration of a type in TypeScript.
#[track_caller]
fn declaration_of(name: &str) -> &'static str {
    let start = format!("\nexport type {name} =");
    let declaration = DECLARATIONS.split_once(&start).map(|(_, rest)| rest).and_then(|rest| rest.split_once(";\n\n"));
    declaration.unwrap_or_else(|| panic!("{name} is not declared")).0
}
