//! Options of clients and calls: valid values, and the errors of others.

#![expect(clippy::expect_used, clippy::panic, reason = "an overflow or a missing value fails the test")]

mod base_url;
mod headers;
mod numbers;
mod settings;

use translation_results::core::code::Code;
use translation_results::core::error::{Error, Kind};
use translation_results::core::options::{CallSettings, CallValues, ClientValues, Platform, RequestValues, Settings};

const NO_BASE: &str = "must be an http or https URL without user, password, query or fragment";
const IN_A_PAGE: &str = "must not be in a page, where every visitor can read it: send requests through a proxy that \
                         adds it, or set dangerouslyAllowBrowser if each visitor uses their own key";
const NO_NAME: &str = "must have names of letters, digits and !#$%&'*+-.^_`|~";
const NO_VALUE: &str = "must have values of Latin-1 characters, without control characters except tabs";
const OUR_KEY: &str = "must not have x-api-key, which is set from apiKey";

const SERVER: Platform<'_> = Platform { href: Some("https://api.test/"), environment_key: None, in_browser: false };
const PAGE: Platform<'_> = Platform { in_browser: true, ..SERVER };

/// Expects that a check takes the options.
#[track_caller]
fn taken<T>(result: Result<T, Error>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// Expects that a check refuses an option by this rule.
#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, option: &str, rule: &str) {
    let error = result.expect_err("the option is taken");
    assert_eq!(error.to_string(), format!("{option} {rule}"));
    assert_eq!((error.code(), error.attempts()), (Code::InvalidOptions, 0));
    assert!(matches!(error.kind(), Kind::InvalidOption { option: name, .. } if name == option));
}

fn client(values: &ClientValues) -> Result<Settings, Error> {
    check(values, SERVER)
}

fn check(values: &ClientValues, platform: Platform<'_>) -> Result<Settings, Error> {
    Settings::check(values.clone(), platform)
}

fn call(values: &CallValues) -> Result<CallSettings, Error> {
    CallSettings::default().check(values)
}

/// Checks options that a client and a call both have, as the client's and as the call's.
fn both(request: RequestValues) -> [Result<CallSettings, Error>; 2] {
    let of_client = client(&ClientValues { request: request.clone(), ..ClientValues::default() });
    [of_client.map(|settings| settings.call), call(&CallValues { request, ..CallValues::default() })]
}

fn with_key() -> ClientValues {
    ClientValues { api_key: Some("hunter2".to_owned()), ..ClientValues::default() }
}

/// Checks a client's options with a base URL as the platform's parser writes it.
fn at(values: &ClientValues, href: &str) -> Result<Settings, Error> {
    check(values, Platform { href: Some(href), ..SERVER })
}

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn headers(headers: &[(&str, &str)]) -> RequestValues {
    RequestValues { headers: pairs(headers), ..RequestValues::default() }
}
