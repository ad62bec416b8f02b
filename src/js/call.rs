//! The JavaScript side of a call: what it has under way, and whom it tells; the class of `call.js`. And what Rust hears.

use wasm_bindgen::prelude::*;

use super::error::Fault;
use crate::answer::Shape;
use crate::bulk::{Job, Progress};
use crate::retry::Asked;
use crate::runs::{Places, Runs};

#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    fn wait(run: usize, until: f64);
    fn send(run: usize, number: usize, attempt: u32, timeout_ms: f64, first: usize, places: u32) -> bool;
    fn read(run: usize, most: usize);
    fn close(run: usize);
    fn shape(run: usize, place: usize) -> f64;
    fn unwrap(run: usize) -> bool;
    fn landed(run: usize, sound: u32, missing: u32);
    fn blame(run: usize, code: u32, first: f64, second: f64, attempts: u32);
    fn failed(run: usize, first: usize, places: u32);
    fn retry(run: usize, code: u32, attempts: u32, delay_ms: f64);
    fn limit(run: usize, limit: u32);
    fn stir(run: usize);
    fn progress(
        run: usize,
        total: usize,
        succeeded: usize,
        failed: usize,
        requests: usize,
        retries: usize,
        elapsed_ms: f64,
    );
    fn undelivered(run: usize) -> f64;
    fn settle(run: usize, how: u32);
}

/// The call of the run that has this number.
#[derive(Clone, Copy)]
pub struct Call(pub usize);

/// How a call ends, as `call.js` counts it.
#[derive(Clone, Copy)]
pub enum End {
    /// Every run is settled.
    Settled = 0,
    /// With an error of the package's, which has been told.
    Failed = 1,
    /// By the caller or by what the source threw.
    Left = 2,
}

impl Call {
    /// Wakes the run at a time of the clock, and not as was said before; never, where it is infinite.
    pub fn wait(self, until: f64) {
        wait(self.0, until);
    }

    /// Asks for a job's runs with a request that is given up after so many ms, 0 for never. Whether it was sent: it is not,
    /// once the caller has aborted, which is told next.
    pub fn send(self, job: &Job, timeout_ms: f64) -> bool {
        let Runs { first, places } = job.runs();
        send(self.0, job.number(), job.attempts(), timeout_ms, first, places.0)
    }

    /// Asks the source for as many numbers at the most.
    pub fn read(self, most: usize) {
        read(self.0, most);
    }

    /// Ends all that is under way.
    pub fn close(self) {
        close(self.0);
    }

    /// What the answer that was told of has of the run at a place.
    pub fn shape(self, place: usize) -> Shape {
        shape(self.0, place)
    }

    /// Has what stands under `results` take the place of that answer, if there is an object.
    pub fn unwrap(self) -> bool {
        unwrap(self.0)
    }

    /// The runs at these places are well-formed, and are the call's; those at the others are missing.
    pub fn landed(self, sound: Places, missing: Places) {
        landed(self.0, sound.0, missing.0);
    }

    /// What is told next is owed to this, after so many attempts.
    pub fn blame(self, fault: Fault, attempts: u32) {
        blame(self.0, fault.code as u32, fault.first, fault.second, attempts);
    }

    /// The runs of a job have failed.
    pub fn failed(self, job: &Job) {
        let Runs { first, places } = job.runs();
        failed(self.0, first, places.0);
    }

    /// A request that failed so goes out again.
    pub fn retry(self, fault: Fault, attempts: u32, delay_ms: f64) {
        retry(self.0, fault.code as u32, attempts, delay_ms);
    }

    /// How many requests may be in flight now.
    pub fn limit(self, most: u32) {
        limit(self.0, most);
    }

    /// Has every call of the client's that is under way look at the pace again.
    pub fn stir(self) {
        stir(self.0);
    }

    /// How far the call is.
    pub fn progress(self, progress: Progress, elapsed_ms: f64) {
        let Progress { total, succeeded, failed, requests, retries } = progress;
        self::progress(self.0, total, succeeded, failed, requests, retries, elapsed_ms);
    }

    /// How many items nobody has taken yet; below 0 once whoever took them has left.
    pub fn undelivered(self) -> f64 {
        undelivered(self.0)
    }

    /// The end.
    pub fn settle(self, how: End) {
        settle(self.0, how as u32);
    }
}

/// Something that has happened, if only that it is time to look what there is to be done.
pub struct News {
    /// Whether nothing else has happened.
    pub is_all: bool,
    /// What: one of those below.
    pub what: u32,
    /// The number of the request that it happened to; or, of what the source gave, 1 if it did so for the first time.
    pub which: usize,
    /// The HTTP status, 0 for a redirect that a browser hides; below 0 where `fetch` threw, NaN where there is none. Or the
    /// number that the source gave.
    pub value: f64,
    /// Of a refusal, the waits that the service asks for.
    pub asked: Asked,
    /// Of a refusal, the places of the runs that it names.
    pub named: Places,
}

/// What has happened, as `exchange.js` and `call.js` count it. An answer has come, and its body is whole and an object, or
/// has ended in a way that only the message of an error knows…
pub const WHOLE: u32 = 0;
/// …or has broken off.
pub const BROKEN: u32 = 2;
/// A request was given up when its time was over.
pub const TIMED_OUT: u32 = 7;
/// The source has given a number.
pub const GAVE: u32 = 8;
/// The source has come to its end.
pub const ENDED: u32 = 9;
/// The caller has aborted or the source has thrown.
pub const LEFT: u32 = 10;
/// It is time to look.
pub const WOKEN: u32 = 11;
