//! The messages of errors: what happened, to what, and what to do. JavaScript users read the same ones.
//!
//! A message never has a key or the value of an option.

use std::fmt::{self, Display, Formatter};

use super::code::Code;
use super::error::{Error, Kind, Limit, Lost, Refusal};
use super::run_id::RunId;
use super::spelling::closest;

/// The most characters shown of an unknown name.
const MAX_NAME_CHARS: usize = 40;

impl Display for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::InvalidOption { option, rule } => write!(formatter, "{option} {rule}"),
            Kind::UnknownOption { option, options } => unknown_option(option, options, formatter),
            Kind::InvalidRunIds(invalid) => invalid.fmt(formatter),
            Kind::Refused(refusal) => refusal.fmt(formatter),
            Kind::Network(lost) => network(lost, self.attempts(), formatter),
            Kind::Timeout { ms, limit: Limit::Attempt } => {
                write!(formatter, "no complete answer within timeoutMs ({ms} ms): raise the option to wait longer")
            }
            Kind::Timeout { ms, limit: Limit::Call } => {
                write!(formatter, "the call took longer than deadlineMs ({ms} ms): raise the option to wait longer")
            }
            Kind::Answer { fault, missing } if fault.is_missing() => match missing.as_slice() {
                [run_id] => write!(formatter, "run {run_id} has no result: it is unknown or not finished yet"),
                run_ids => {
                    write!(formatter, "{} have no result: they are unknown or not finished yet", Runs(run_ids))
                }
            },
            Kind::Answer { fault, .. } => fault.fmt(formatter),
            Kind::Aborted => formatter.write_str("the call was aborted"),
        }
    }
}

fn unknown_option(option: &str, options: &[&str], formatter: &mut Formatter<'_>) -> fmt::Result {
    let shown = Shortened(option, MAX_NAME_CHARS);
    match closest(option, options) {
        Some(meant) => write!(formatter, "unknown option \"{shown}\": did you mean \"{meant}\"?"),
        None => write!(formatter, "unknown option \"{shown}\": the options are {}", options.join(", ")),
    }
}

fn network(lost: &Lost, attempts: u32, formatter: &mut Formatter<'_>) -> fmt::Result {
    let Lost { host, while_reading, reason, is_cross_origin } = lost;
    if *while_reading {
        write!(formatter, "the connection to {host} was lost while reading the answer")?;
        return reason.as_ref().map_or(Ok(()), |reason| write!(formatter, ": {reason}"));
    }
    write!(formatter, "could not reach {host}")?;
    match attempts {
        0 => {}
        1 => formatter.write_str(" after 1 attempt")?,
        attempts => write!(formatter, " after {attempts} attempts")?,
    }
    formatter.write_str(": ")?;
    formatter.write_str(match reason {
        Some(reason) => reason,
        None if *is_cross_origin => {
            "CORS or the page's Content-Security-Policy may block the request, or there is no network"
        }
        None => "the error's cause may say why",
    })
}

impl Display for Refusal {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { status, said, .. } = self;
        if self.code == Code::NotFound
            && let Some(said) = self.said_of_a_run()
        {
            return write!(formatter, "{said} ({status})");
        }
        self.what_happened(formatter)?;
        match said {
            Some(said) => write!(formatter, " ({status}: {said})"),
            None => write!(formatter, " ({status})"),
        }
    }
}

impl Refusal {
    fn what_happened(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let phrase = match (self.code, &self.proxy) {
            (Code::BadRequest, _) => "the service refused the request",
            (Code::Unauthorized, Some(proxy)) => {
                return write!(formatter, "the proxy at {proxy} refused the request");
            }
            (Code::Unauthorized, None) => "the service did not accept the API key: check apiKey",
            (Code::PaymentRequired, _) => "the service asks for payment: check the account's plan",
            (Code::Forbidden, Some(proxy)) => return write!(formatter, "the proxy at {proxy} may not read these runs"),
            (Code::Forbidden, None) => "the API key may not read these runs",
            (Code::NotFound, _) => {
                let runs = Runs(&self.run_ids);
                let were = if self.run_ids.len() == 1 { "was" } else { "were" };
                return write!(formatter, "{runs} {were} not found, or baseUrl is wrong");
            }
            (Code::Unprocessable, _) => "the service refused the run ids",
            (Code::RateLimited, _) => return self.try_again("rate limited", formatter),
            (Code::ServerError, _) => return self.try_again("the service failed", formatter),
            (Code::Redirected, _) => {
                "redirects are not followed, as they would forward the API key: set baseUrl to the final address"
            }
            _ => "the service answered with an undocumented status: check baseUrl",
        };
        formatter.write_str(phrase)
    }

    fn try_again(&self, what: &str, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{what}: try again ")?;
        match self.retry_after_ms.map(|ms| ms as u64) {
            None | Some(0) => formatter.write_str("later"),
            Some(ms @ ..1000) => write!(formatter, "in {ms} ms"),
            Some(ms) => write!(formatter, "in {} s", ms.div_ceil(1000)),
        }
    }

    /// Returns the service's explanation as a part of a sentence, if it names a run.
    fn said_of_a_run(&self) -> Option<String> {
        let said = self.said.as_deref()?;
        let mut numbers = said.split(|character: char| !character.is_ascii_digit());
        let is_of_a_run = numbers.any(|number| self.run_ids.iter().any(|run_id| run_id.to_string() == number));
        is_of_a_run.then(|| {
            let (first, rest) = said.split_at_checked(1).unwrap_or(("", said));
            first.to_ascii_lowercase() + rest.trim_end_matches('.')
        })
    }
}

/// Some runs by their ids.
struct Runs<'a>(&'a [RunId]);

impl Display for Runs<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut separator = if self.0.len() == 1 { "run " } else { "runs " };
        for run_id in self.0 {
            write!(formatter, "{separator}{run_id}")?;
            separator = ", ";
        }
        Ok(())
    }
}

/// The first characters of a text.
pub struct Shortened<'a>(pub &'a str, pub usize);

impl Display for Shortened<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self(text, most) = *self;
        let start = cut(text, most);
        formatter.write_str(start)?;
        formatter.write_str(if start.len() < text.len() { "…" } else { "" })
    }
}

/// Returns the first `most` characters of a text, or all.
pub fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}
