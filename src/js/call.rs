//! One call: carries out what `attempt` says, and tells it what came of it.
//!
//! Whatever is dropped is cancelled, so an abort or a timeout needs no more than to drop what is under way.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use wasm_bindgen::prelude::*;

use super::abort::AbortListener;
use super::error::{Failure, Values};
use super::event::Event;
use super::fetch::{Body, BodyEnd, Exchange};
use super::options::{CallOptions, Config};
use super::platform::{field_errors, first_code, keep_only, now, parse_json, random, refusal_body, unix_now};
use super::record::numbers_of;
use super::settle::Settled;
use super::timer::Timer;
use crate::answer::{read, said};
use crate::attempt::{Action, Call, Event as Happened};
use crate::endpoint::{MASK, batch_body, mask};
use crate::error::{Code, Error, Kind};
use crate::retry::{refusal, retry_after_ms};
use crate::run_id::RunId;

/// A refusal's body is read no further: of what it says 2,000 characters are kept.
const REFUSAL_MAX_BYTES: f64 = 1_048_576.0;

/// Nor is it waited for longer: a refusal that keeps its body back is a refusal all the same.
const REFUSAL_MAX_MS: u32 = 2_000;

/// A request for a batch, and all that its attempts share.
pub struct Request<'a> {
    pub config: &'a Config,
    pub options: &'a CallOptions,
    pub run_ids: &'a [RunId],
}

impl Request<'_> {
    /// Fetches the results. Fails with an error of the package's, or with the reason of the caller's signal.
    pub async fn results(&self) -> Result<JsValue, JsValue> {
        match &self.options.signal {
            None => self.attempts().await,
            Some(signal) => {
                let aborted = AbortListener::new(signal)?;
                race(aborted, self.attempts()).await.unwrap_or_else(Err)
            }
        }
    }

    async fn attempts(&self) -> Result<JsValue, JsValue> {
        let (mut call, mut action) = Call::start(self.options.limits, now());
        while let Action::Send { timeout_ms } = action {
            let attempt = call.attempts();
            let (failure, happened) = match race(Timer::new(timeout_ms), self.attempt(attempt)).await {
                Ok(Ok(results)) => return Ok(results),
                Ok(Err(mut failure)) => {
                    failure.error = failure.error.for_runs(self.run_ids);
                    let retry_after_ms = failure.retry_after_ms();
                    let happened = Happened::Failed { retryable: failure.retryable, retry_after_ms };
                    (failure, happened)
                }
                Err(()) => (Error::from(Kind::Timeout { timeout_ms }).into(), Happened::TimedOut),
            };
            action = call.handle(happened, now(), random());
            if let Action::Sleep { ms } = action {
                self.tell(attempt, &Event::Retry { delay_ms: ms, code: failure.error.code() });
                Timer::new(ms).await;
                action = call.handle(Happened::Woke, now(), random());
            } else if action == Action::Fail {
                return Err(failure.into_js(attempt));
            }
        }
        // Nothing else ends the loop: the time for the whole call is over.
        let timeout_ms = self.options.limits.deadline_ms.unwrap_or_default();
        Err(Box::<Failure>::from(Error::from(Kind::Timeout { timeout_ms })).into_js(call.attempts()))
    }

    /// Makes an attempt: sends the request and reads the answer.
    async fn attempt(&self, attempt: u32) -> Result<JsValue, Box<Failure>> {
        let Self { config, options, run_ids } = self;
        if config.on_event.is_some() {
            self.tell(attempt, &Event::Request { url: &config.shown_url });
            // The listener may have aborted the call: whoever waits for that has its turn before anything is sent.
            next_turn().await;
        }
        let sent_at = now();
        let body = batch_body(run_ids);
        let exchange = Exchange::post(config.fetch.as_ref(), &config.url, &options.headers, &body).await?;
        let status = exchange.status()?;
        if config.on_event.is_some() {
            let request_id = self.request_id(&exchange);
            let duration_ms = now() - sent_at;
            let request_id = request_id.as_deref();
            self.tell(attempt, &Event::Response { status, duration_ms, request_id });
        }
        match refusal(status) {
            None => self.answer(exchange.read_body(config.max_response_bytes).await),
            Some((code, retryable)) => Err(self.refused(exchange, status, code, retryable).await),
        }
    }

    /// Reads the answer of a success: the objects that the engine's parser made, checked where they are.
    fn answer(&self, body: Body) -> Result<JsValue, Box<Failure>> {
        let text = body.into_whole()?;
        let parsed = parse_json(&text).map_err(|_| Error::body("JSON", looks_like(&text)))?;
        let reading = read(parsed, self.run_ids).map_err(|fault| Error::from(Kind::Answer(fault)))?;
        let results = keep_only(&reading.runs, &numbers_of(&reading.sound));
        match reading.fault {
            None => Ok(results.into()),
            Some(fault) => {
                let error = Kind::Answer(fault).into();
                Err(Box::new(Failure { error, values: Values { results, ..Values::default() }, retryable: false }))
            }
        }
    }

    /// Reads what a refusal says. Its status is known, so a body that breaks off or does not come changes nothing.
    async fn refused(&self, exchange: Exchange, status: u16, code: Code, retryable: bool) -> Box<Failure> {
        let key = self.config.api_key.as_deref();
        let in_ms = exchange.header("retry-after-ms");
        let retry_after_ms =
            retry_after_ms(in_ms.as_deref(), exchange.header("retry-after").as_deref(), unix_now() as u64);
        let mut values = Values { request_id: self.request_id(&exchange), ..Values::default() };
        if code != Code::Redirected {
            let most_bytes = self.config.max_response_bytes.min(REFUSAL_MAX_BYTES);
            if let Ok(body) = race(Timer::new(REFUSAL_MAX_MS), exchange.read_body(most_bytes)).await {
                let whole = matches!(body.end, BodyEnd::Whole);
                values.body = refusal_body(&body.text, whole, key, MASK);
            }
        }
        let refused_fields = if code == Code::Unprocessable { values.body.clone() } else { JsValue::UNDEFINED };
        values.detail = field_errors(&refused_fields);
        let said = said(&values.body);
        let error = Kind::Status { code, status, said, retry_after_ms }.into();
        Box::new(Failure { error, values, retryable })
    }

    fn request_id(&self, exchange: &Exchange) -> Option<String> {
        let id = exchange.header("x-request-id").or_else(|| exchange.header("cf-ray"))?;
        Some(mask(id, self.config.api_key.as_deref()))
    }

    fn tell(&self, attempt: u32, event: &Event<'_>) {
        if let Some(listener) = &self.config.on_event {
            event.tell(listener, self.run_ids, attempt);
        }
    }
}

/// Waits for the first of two: `Err` is what stops, `Ok` is what it stops. At once, stopping comes first.
async fn race<S: Future, W: Future>(stop: S, work: W) -> Result<W::Output, S::Output> {
    let (mut stop, mut work) = (pin!(stop), pin!(work));
    poll_fn(|context| match stop.as_mut().poll(context) {
        Poll::Ready(reason) => Poll::Ready(Err(reason)),
        Poll::Pending => work.as_mut().poll(context).map(Ok),
    })
    .await
}

/// Completes when everything else that was ready has had its turn.
pub async fn next_turn() {
    let _ = Settled::promise(&JsValue::UNDEFINED).await;
}

/// What a body is that is not JSON.
fn looks_like(text: &JsValue) -> &'static str {
    let first = first_code(text);
    if first.is_nan() {
        "an empty body"
    } else if first == f64::from(b'<') {
        "HTML or XML"
    } else {
        "something else, or JSON that breaks off"
    }
}
