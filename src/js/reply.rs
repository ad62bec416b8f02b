//! What came of a request: what the call is told of it, and the failure that it is.

use super::error::Fault;
use super::platform::unix_now;
use super::wire::{Event, TIMED_OUT};
use crate::answer::{Reading, read};
use crate::bulk::Outcome;
use crate::retry::{Asked, refusal, retry_after_ms};
use crate::run_id::{Places, RunId};

/// How a body ended, as `wire.js` counts it.
const WHOLE: u32 = 0;
const BROKEN: u32 = 2;

/// Reads what came of a request for these runs. The well-formed ones of an answer are left as its results.
pub fn read_reply(event: &Event, kind: u32, run_ids: &[RunId], timeout_ms: f64) -> (Outcome, Option<Fault>) {
    let no_runs = Outcome::Answered(Places::default());
    if kind == TIMED_OUT {
        return (Outcome::TimedOut, Some(Fault::timeout(timeout_ms)));
    }
    let status = event.status();
    // Below 0 where `fetch` threw, NaN where there is none.
    if status < 0.0 {
        return (Outcome::Lost, Some(Fault::network(event)));
    }
    if status.is_nan() {
        return (no_runs, Some(Fault::body(event)));
    }
    if let Some((code, retryable)) = refusal(status as u16) {
        // Its status is known, so a body that breaks off or does not come changes nothing.
        let asked = Asked { in_ms: event.in_ms(), in_seconds: event.in_seconds(), until: event.until() };
        let retry_after_ms = retry_after_ms(asked, unix_now());
        let fault = Fault::refusal(code, event, retry_after_ms.unwrap_or(f64::NAN));
        let named = Places(event.named());
        return (Outcome::Refused { status: status as u16, retryable, retry_after_ms, named }, Some(fault));
    }
    match event.end() {
        WHOLE => {}
        BROKEN => return (Outcome::Lost, Some(Fault::network(event))),
        _ => return (no_runs, Some(Fault::body(event))),
    }
    // The runs may stand at the top, as the documentation's example has it, or under `results`, as its prose has it,
    // where no requested run stands beside that.
    let mut reading = read(run_ids, |index| event.shape(index));
    if reading.is_of_none() && event.unwrap() {
        reading = read(run_ids, |index| event.shape(index));
    }
    if !event.has_runs() {
        return (no_runs, Some(Fault::body(event)));
    }
    let Reading { sound, missing, fault } = reading;
    event.keep(sound.0, missing.0);
    (Outcome::Answered(sound), fault.map(|(id, shape)| Fault::run(event, id, shape)))
}
