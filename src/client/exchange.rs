//! One attempt of a request: sends it, reads the answer, and returns its outcome.

use std::pin::pin;
use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::failure::{Failure, Values};
use super::refusal;
use super::shared::Shared;
use crate::core::answer::{BodyFault, Fault, JsonType, PathPart, Reading};
use crate::core::error::{Error, Kind, Limit, Lost};
use crate::core::event::ClientEvent;
use crate::core::retry::meaning;
use crate::core::run_id::RunId;
use crate::core::schedule::{Outcome, Request};
use crate::web::body::{self, Broken, Why};
use crate::web::describe::reason_of;
use crate::web::fetch::{Sending, Template};
use crate::web::host::{now, page_origin};
use crate::web::response::Response;
use crate::web::{json, timer};

/// How an attempt ended.
#[derive(Debug)]
pub struct Reply {
    /// The outcome for the schedule.
    pub outcome: Outcome,
    /// The well-formed runs.
    pub sound: Vec<(RunId, JsValue)>,
    /// The runs that are `null`.
    pub null: Vec<RunId>,
    /// The failure of the runs without a result.
    pub failure: Option<Failure>,
}

impl Reply {
    /// Makes the reply of an attempt without results.
    pub fn failed(outcome: Outcome, failure: Failure) -> Self {
        Self { outcome, sound: vec![], null: vec![], failure: Some(failure) }
    }
}

/// An attempt before it is made.
pub struct Attempt {
    /// The client's state.
    pub shared: Rc<Shared>,
    /// The templates of the call's requests.
    pub templates: Rc<Templates>,
    /// The runs, and the number of the attempt.
    pub request: Request,
    /// The time of sending, by the clock. After an early timer, the time of the call is ahead of the clock.
    pub sent_at: f64,
    /// The timeout in ms, body included; `None` if the deadline of the call comes first.
    pub timeout_ms: Option<u32>,
}

/// The templates of GET and POST requests.
pub struct Templates {
    get: Template,
    post: Template,
}

impl Default for Templates {
    fn default() -> Self {
        let post = Template::new("POST");
        post.add("content-type", "application/json");
        Self { get: Template::new("GET"), post }
    }
}

impl Templates {
    /// Adds a header. It replaces a header of the same name.
    pub fn add(&mut self, name: &str, value: &str) {
        self.get.add(name, value);
        self.post.add(name, value);
    }
}

impl Attempt {
    /// Sends the request and reads the answer. Dropping the future aborts both.
    pub async fn run(self) -> Reply {
        let exchange = pin!(self.exchange());
        let Some(ms) = self.timeout_ms else { return exchange.await };
        timer::within(f64::from(ms), exchange).await.unwrap_or_else(|| {
            let failure = Error::new(Kind::Timeout { ms, limit: Limit::Attempt }, 0);
            Reply::failed(Outcome::TimedOut, failure.into())
        })
    }

    async fn exchange(&self) -> Reply {
        let mut sending = match Sending::new() {
            Ok(sending) => sending,
            Err(thrown) => return self.lost(thrown, false),
        };
        let response = match self.send(&sending).await {
            Ok(response) => response,
            Err(cause) => return self.lost(cause, false),
        };
        let status = response.status();
        self.notify_response(&response, status);
        let Some(status) = status else {
            body::discard(&response);
            return self.not_an_answer(BodyFault::NotAResponse);
        };
        match meaning(status) {
            None => self.read(&response, &mut sending).await,
            Some(meaning) => refusal::read(self, &response, &mut sending, status, meaning).await,
        }
    }

    async fn send(&self, sending: &Sending) -> Result<Response, JsValue> {
        let Self { shared, templates, request, .. } = self;
        let (template, body) = match request.run_ids.as_slice() {
            [_] => (&templates.get, None),
            run_ids => (&templates.post, Some(body_of(run_ids))),
        };
        let url = shared.url_of(&request.run_ids).into();
        sending.send(&shared.fetch, &url, template, body.as_deref()).await
    }

    fn notify_response(&self, response: &Response, status: Option<u16>) {
        self.shared.on_event.notify(|| ClientEvent::Response {
            run_ids: self.request.run_ids.clone(),
            attempt: self.request.attempts,
            status: status.map_or(f64::NAN, f64::from),
            duration_ms: now() - self.sent_at,
            request_id: refusal::request_id(&self.shared, response),
        });
    }

    /// Reads an answer with a status of 2xx.
    async fn read(&self, response: &Response, sending: &mut Sending) -> Reply {
        let text = match body::text(response, self.shared.settings.max_response_bytes).await {
            Ok(text) => text,
            Err(Broken { why: Why::Fault(fault), .. }) => return self.not_an_answer(fault),
            Err(Broken { why: Why::Lost(cause), .. }) => return self.lost(cause, true),
        };
        sending.finished();
        let Some(body) = json::parse(&text) else {
            let start = text.unchecked_ref::<JsString>().trim_start().slice(0, 1);
            return self.not_an_answer(BodyFault::of_text(&String::from(start)));
        };
        // The single-run endpoint omits the id: wrap the run as `{[id]: run}`, like other answers.
        let body = match self.request.run_ids.as_slice() {
            [run_id] => json::by_id(&[(*run_id, body)]),
            _ => body,
        };
        match json::type_of(&body) {
            JsonType::Object => self.read_runs(&body),
            other => self.not_an_answer(BodyFault::NotAnObject(other)),
        }
    }

    /// Reads the runs of an answer: at the top, as in the documentation's example, or under `results`, as in its text.
    /// `results` counts only if no requested run is at the top.
    fn read_runs(&self, body: &JsValue) -> Reply {
        let run_ids = &self.request.run_ids;
        let read = |runs: &JsValue| Reading::of(run_ids.iter().map(|&run_id| (run_id, json::run(runs, run_id))));
        let mut path = vec![];
        let mut reading = read(body);
        if reading.is_of_none()
            && let Some(results) = json::own(body, &"results".into())
            && json::type_of(&results) == JsonType::Object
        {
            path.push("results".into());
            reading = read(&results);
        }
        let Reading { sound, missing, null, fault } = reading;
        let failure = fault.map(|(run_id, fault)| {
            // The path into a single run has no id.
            if run_ids.len() > 1 {
                path.push(PathPart::Key(run_id.to_string()));
            }
            let kind = Kind::Answer { fault: Fault::of_run(path, fault), missing };
            Failure::new(kind, Values::Sound(json::by_id(&sound)))
        });
        let outcome = Outcome::Answered(sound.iter().map(|(run_id, _)| *run_id).collect());
        Reply { outcome, sound, null, failure }
    }

    fn lost(&self, cause: JsValue, while_reading: bool) -> Reply {
        let Shared { settings, .. } = &*self.shared;
        let lost = Lost {
            host: self.shared.masked(settings.host()).into_owned(),
            while_reading,
            reason: reason_of(&cause).map(|reason| self.shared.masked(&reason).into_owned()),
            is_cross_origin: page_origin().is_some_and(|origin| !settings.is_of_origin(&origin)),
        };
        Reply::failed(Outcome::Lost, Failure::new(Kind::Network(lost), Values::Cause(cause)))
    }

    fn not_an_answer(&self, fault: BodyFault) -> Reply {
        let kind = Kind::Answer { fault: fault.into(), missing: self.request.run_ids.clone() };
        Reply::failed(Outcome::Answered(vec![]), Failure::new(kind, Values::Sound(json::by_id(&[]))))
    }
}

/// Writes the body of a POST.
fn body_of(run_ids: &[RunId]) -> String {
    let mut body = String::from(r#"{"run_ids":["#);
    for (index, run_id) in run_ids.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        body.push_str(&run_id.to_string());
    }
    body.push_str("]}");
    body
}
