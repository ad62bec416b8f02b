//! Reads the requested runs of an answer, and finds its faults. All faults and their messages are in this file.
//!
//! Other runs and other members are ignored. A requested run must be `{"texts": [strings]}`; anything else is a fault.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use crate::core::run_id::RunId;

/// The output of one run, as the service writes it.
///
/// ```
/// use translation_results::TranslationResult;
///
/// let result: TranslationResult = serde_json::from_str(r#"{"texts":["Tu pedido está en camino."]}"#)?;
/// assert_eq!(result.texts, ["Tu pedido está en camino."]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranslationResult {
    /// The translated texts, in the order of the texts that the run was given.
    pub texts: Vec<String>,
}

/// The type of a JSON value, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
    /// `"…"`
    String,
    /// A number.
    Number,
    /// `true` or `false`
    Boolean,
}

impl JsonType {
    fn in_words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
        }
    }
}

/// The fault of one run in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFault {
    /// The answer lacks the run.
    Missing,
    /// The run is `null`: the service knows it, but has no result.
    Null,
    /// The run is not an object.
    NotAnObject(JsonType),
    /// The run has no `texts`.
    NoTexts,
    /// The `texts` are not an array.
    TextsNotAnArray(JsonType),
    /// A text is not a string.
    NotAString {
        /// The position of that text.
        index: usize,
        /// The type of the value.
        received: JsonType,
    },
}

impl RunFault {
    /// Returns whether the result is missing, in an answer that is as documented.
    pub fn is_missing(self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Missing | Self::Null | Self::NotAnObject(_) => "an object with texts",
            Self::NoTexts | Self::TextsNotAnArray(_) => "an array of strings",
            Self::NotAString { .. } => "a string",
        }
    }

    fn received(self) -> &'static str {
        match self {
            Self::Missing => "nothing",
            Self::Null => JsonType::Null.in_words(),
            Self::NoTexts => "no such member",
            Self::NotAnObject(received) | Self::TextsNotAnArray(received) | Self::NotAString { received, .. } => {
                received.in_words()
            }
        }
    }
}

/// The fault of a body as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyFault {
    /// The body is larger than `maxResponseBytes`.
    TooLarge {
        /// The value of the option.
        max_bytes: u64,
    },
    /// The body is longer than the engine's strings may be.
    TooLong,
    /// Other code has read the body, or is reading it.
    AlreadyRead,
    /// `fetch` did not give a response, or the body is not one of a response.
    NotAResponse,
    /// The body is empty.
    Empty,
    /// The body begins like HTML or XML.
    Markup,
    /// The body is not JSON.
    NotJson,
    /// The body is JSON, but not an object.
    NotAnObject(JsonType),
}

impl BodyFault {
    /// Returns why a text is not JSON.
    pub fn of_text(text: &str) -> Self {
        match text.chars().find(|character| !matches!(character, ' ' | '\t' | '\r' | '\n')) {
            None => Self::Empty,
            Some('<') => Self::Markup,
            Some(_) => Self::NotJson,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "a body within maxResponseBytes",
            Self::TooLong => "a body within the engine's string limit",
            Self::AlreadyRead => "an unread body",
            Self::NotAResponse => "a Response from fetch",
            Self::Empty | Self::Markup | Self::NotJson => "JSON",
            Self::NotAnObject(_) => "an object of runs",
        }
    }

    fn received(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "a larger one",
            Self::TooLong => "a longer one",
            Self::AlreadyRead => "a body that was already read",
            Self::NotAResponse => "something else",
            Self::Empty => "an empty body",
            Self::Markup => "HTML or XML",
            Self::NotJson => "something else, or truncated JSON",
            Self::NotAnObject(received) => received.in_words(),
        }
    }
}

/// One step of a path into a JSON value: the name of a member, or a position in a list.
///
/// ```
/// use translation_results::PathPart;
///
/// assert_eq!([PathPart::from("texts"), PathPart::Index(3)].map(|part| part.to_string()), ["texts", "3"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum PathPart {
    /// The name of a member.
    Key(String),
    /// A position in a list, from 0.
    Index(usize),
}

impl From<&str> for PathPart {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl Display for PathPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => formatter.write_str(key),
            Self::Index(index) => index.fmt(formatter),
        }
    }
}

/// The fault of an answer: its path, the expected value and the received one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    path: Vec<PathPart>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Body(BodyFault),
    Run(RunFault),
}

impl Fault {
    /// Makes the fault of a run: `path` leads to the run.
    pub fn of_run(mut path: Vec<PathPart>, fault: RunFault) -> Self {
        match fault {
            RunFault::Missing | RunFault::Null | RunFault::NotAnObject(_) => {}
            RunFault::NoTexts | RunFault::TextsNotAnArray(_) => path.push("texts".into()),
            RunFault::NotAString { index, .. } => path.extend(["texts".into(), PathPart::Index(index)]),
        }
        Self { path, kind: Kind::Run(fault) }
    }

    /// Returns whether the answer is as documented, but lacks a run.
    pub fn is_missing(&self) -> bool {
        matches!(self.kind, Kind::Run(fault) if fault.is_missing())
    }

    /// Returns the path to the fault, from the body on.
    pub fn path(&self) -> &[PathPart] {
        &self.path
    }

    /// Returns the expected value in words.
    pub fn expected(&self) -> &'static str {
        match self.kind {
            Kind::Body(fault) => fault.expected(),
            Kind::Run(fault) => fault.expected(),
        }
    }

    /// Returns the received value in words.
    pub fn received(&self) -> &'static str {
        match self.kind {
            Kind::Body(fault) => fault.received(),
            Kind::Run(fault) => fault.received(),
        }
    }
}

impl From<BodyFault> for Fault {
    fn from(fault: BodyFault) -> Self {
        Self { path: vec![], kind: Kind::Body(fault) }
    }
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.kind {
            Kind::Body(BodyFault::TooLarge { max_bytes }) => {
                return write!(
                    formatter,
                    "the answer is larger than maxResponseBytes ({max_bytes} bytes): raise the option"
                );
            }
            Kind::Body(BodyFault::TooLong) => {
                "the answer is longer than this engine's strings can be: ask for fewer runs at once"
            }
            Kind::Body(BodyFault::AlreadyRead) => {
                "the body of the answer was already read: do not read it in your fetch"
            }
            Kind::Body(BodyFault::NotAResponse) => "fetch did not return a Response: check the fetch option",
            Kind::Body(BodyFault::Empty) => "the answer is empty, and JSON was expected: is baseUrl right?",
            Kind::Body(BodyFault::Markup) => {
                "expected JSON, received HTML or XML: is baseUrl right, or is a sign-in page in between?"
            }
            Kind::Body(BodyFault::NotJson) => {
                "expected JSON, received something else, or truncated JSON: is baseUrl right?"
            }
            Kind::Body(BodyFault::NotAnObject(_)) | Kind::Run(_) => return self.not_as_documented(formatter),
        };
        formatter.write_str(words)
    }
}

impl Fault {
    fn not_as_documented(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, received) = (self.expected(), self.received());
        write!(formatter, "the answer is not as documented: expected {expected}, received {received}")?;
        let mut separator = " at ";
        for part in &self.path {
            write!(formatter, "{separator}{part}")?;
            separator = ".";
        }
        Ok(())
    }
}

/// The requested runs of an answer, well-formed and not. `R` is a well-formed run.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<R> {
    /// The well-formed runs, in the order asked.
    pub sound: Vec<(RunId, R)>,
    /// The runs that the answer lacks or has as `null`, in the order asked.
    pub missing: Vec<RunId>,
    /// The missing runs that the answer has as `null`.
    pub null: Vec<RunId>,
    /// The first malformed run or, if no run is malformed, the first missing run.
    pub fault: Option<(RunId, RunFault)>,
}

impl<R> Reading<R> {
    /// Reads the requested runs, in the order asked.
    pub fn of(runs: impl IntoIterator<Item = (RunId, Result<R, RunFault>)>) -> Self {
        let mut reading = Self { sound: vec![], missing: vec![], null: vec![], fault: None };
        for (run_id, run) in runs {
            match run {
                Ok(run) => reading.sound.push((run_id, run)),
                Err(fault) => reading.note(run_id, fault),
            }
        }
        reading
    }

    fn note(&mut self, run_id: RunId, fault: RunFault) {
        let is_missing = fault.is_missing();
        if is_missing {
            self.missing.push(run_id);
        }
        if fault == RunFault::Null {
            self.null.push(run_id);
        }
        let goes_first = match self.fault {
            None => true,
            Some((_, first)) => first.is_missing() && !is_missing,
        };
        if goes_first {
            self.fault = Some((run_id, fault));
        }
    }

    /// Returns whether the answer has no member for any requested run.
    pub fn is_of_none(&self) -> bool {
        let has_none = self.fault.is_none_or(|(_, fault)| fault == RunFault::Missing);
        has_none && self.sound.is_empty() && self.null.is_empty()
    }
}
