//! What came of a request: what the call is told of it, and the failure that it is.

use super::call::{BROKEN, Call, News, TIMED_OUT, WHOLE};
use super::error::Fault;
use super::platform::time_of_day;
use crate::answer::{Reading, read};
use crate::bulk::Outcome;
use crate::retry::{refusal, retry_after_ms};
use crate::runs::Places;

/// Reads what came of a request for the runs at these places. The well-formed ones of an answer have landed then.
pub fn read_reply(news: &News, call: Call, asked_for: Places, timeout_ms: f64) -> (Outcome, Option<Fault>) {
    let News { what, value: status, asked, named, .. } = *news;
    let no_runs = Outcome::Answered(Places::default());
    if what == TIMED_OUT {
        return (Outcome::TimedOut, Some(Fault::timeout(timeout_ms)));
    }
    // Below 0 where `fetch` threw, NaN where there is none.
    if status < 0.0 {
        return (Outcome::Lost, Some(Fault::NETWORK));
    }
    if status.is_nan() {
        return (no_runs, Some(Fault::BODY));
    }
    let status = status as u32 as u16;
    if let Some((code, retryable)) = refusal(status) {
        // Its status is known, so a body that breaks off or does not come changes nothing.
        let retry_after_ms = retry_after_ms(asked, time_of_day());
        let fault = Fault::refusal(code, retry_after_ms);
        return (Outcome::Refused { status, retryable, retry_after_ms, named }, Some(fault));
    }
    match what {
        WHOLE => {}
        BROKEN => return (Outcome::Lost, Some(Fault::NETWORK)),
        _ => return (no_runs, Some(Fault::BODY)),
    }
    // The runs may stand at the top, as the documentation's example has it, or under `results`, as its prose has it,
    // where no requested run stands beside that.
    let mut reading = read(asked_for, |place| call.shape(place));
    if reading.is_of_none() && call.unwrap() {
        reading = read(asked_for, |place| call.shape(place));
    }
    let Reading { sound, missing, fault } = reading;
    call.landed(sound, missing);
    (Outcome::Answered(sound), fault.map(|(place, shape)| Fault::run(place, shape)))
}
