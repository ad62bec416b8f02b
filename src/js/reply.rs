//! What came of a request: the results that the answer holds, or the failure that it is.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::error::{Failure, Values};
use super::options::Config;
use super::platform::{Direct, keep_only, refusal_body, unix_now};
use super::record::numbers_of;
use crate::answer::{Reading, read, read_alone, said};
use crate::endpoint::{MASK, mask};
use crate::error::{Code, Error, Kind};
use crate::retry::{refusal, retry_after_ms};
use crate::run_id::RunId;

/// What `wire.js` says of an answer, as far as it came.
pub struct Reply(pub Array);

/// An answer that could be read.
pub struct Answer {
    /// The well-formed runs by their ids: the objects that the engine's parser made.
    pub results: Object,
    pub sound: Vec<RunId>,
    /// What is wrong with the others.
    pub fault: Option<Box<Failure>>,
}

/// How a body ended.
const WHOLE: u32 = 0;
const TOO_LARGE: u32 = 1;
const BROKEN: u32 = 2;
const ALREADY_READ: u32 = 3;
const NO_JSON: u32 = 5;

impl Reply {
    /// The HTTP status, 0 for a redirect that a browser hides; below 0 where `fetch` threw, NaN where there is none.
    pub fn status(&self) -> f64 {
        Direct::number_at(&self.0, 2)
    }

    /// By which the service knows the request.
    pub fn request_id(&self, config: &Config) -> Option<String> {
        Some(mask(self.text(3)?, config.api_key.as_deref()))
    }

    fn text(&self, index: u32) -> Option<String> {
        self.0.get(index).as_string()
    }

    fn end(&self) -> u32 {
        Direct::number_at(&self.0, 6) as u32
    }

    fn body(&self) -> JsValue {
        self.0.get(7)
    }

    fn cause(&self) -> JsValue {
        self.0.get(8)
    }

    /// Reads the answer to a request for these runs.
    pub fn read(&self, config: &Config, run_ids: &[RunId]) -> Result<Answer, Box<Failure>> {
        let status = self.status();
        if status < 0.0 {
            return Err(Failure::network(self.cause()));
        }
        if status.is_nan() {
            return Err(Error::body("a Response from fetch", "something else").for_runs(run_ids).into());
        }
        match refusal(status as u16) {
            None => self.answer(run_ids),
            Some((code, retryable)) => Err(self.refused(config, status as u16, code, retryable)),
        }
    }

    /// Reads the answer of a success, where it is.
    fn answer(&self, run_ids: &[RunId]) -> Result<Answer, Box<Failure>> {
        let error = match self.end() {
            WHOLE => return answer(self.body(), run_ids),
            BROKEN => return Err(Failure::network(self.cause())),
            TOO_LARGE => Error::body("a body within maxResponseBytes", "a larger one"),
            ALREADY_READ => Error::body("a body that is still to be read", "one that was already read"),
            NO_JSON => Error::body("JSON", looks_like(&self.body())),
            _ => Error::body("a Response from fetch", "something else"),
        };
        Err(error.for_runs(run_ids).into())
    }

    /// Reads what a refusal says. Its status is known, so a body that breaks off or does not come changes nothing.
    fn refused(&self, config: &Config, status: u16, code: Code, retryable: bool) -> Box<Failure> {
        let [in_ms, retry_after] = [4, 5].map(|index| self.text(index));
        let retry_after_ms = retry_after_ms(in_ms.as_deref(), retry_after.as_deref(), unix_now() as u64);
        let mut values = Values { request_id: self.request_id(config), ..Values::default() };
        let body = self.body();
        if !body.is_undefined() {
            values.body = refusal_body(&body, self.end() == WHOLE, config.api_key.as_deref(), MASK);
        }
        let refused_fields = if code == Code::Unprocessable { &values.body } else { &JsValue::UNDEFINED };
        values.detail = Direct::field_errors(refused_fields);
        let said = said(&values.body);
        let error = Kind::Status { code, status, said, retry_after_ms }.into();
        Box::new(Failure { error, values, retryable })
    }
}

fn answer(body: JsValue, run_ids: &[RunId]) -> Result<Answer, Box<Failure>> {
    let alone = if let [id] = run_ids { Some(*id) } else { None };
    let reading = match alone {
        Some(id) => Ok(read_alone(body, id)),
        None => read(body, run_ids),
    };
    let Reading { runs, sound, fault } = reading.map_err(|fault| Error::from(Kind::Answer(fault)))?;
    let results = keep_only(&runs, &numbers_of(&sound), alone.is_some());
    let fault = fault.map(|fault| {
        let values = Values { results: results.clone(), ..Values::default() };
        Box::new(Failure { error: Kind::Answer(fault).into(), values, retryable: false })
    });
    Ok(Answer { results, sound, fault })
}

/// What a body is that is not JSON.
fn looks_like(text: &JsValue) -> &'static str {
    let first = Direct::first_code(text);
    if first.is_nan() {
        "an empty body"
    } else if first == f64::from(b'<') {
        "HTML or XML"
    } else {
        "something else, or JSON that breaks off"
    }
}
