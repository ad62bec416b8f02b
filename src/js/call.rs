//! The JavaScript side of a call: what it has under way, and whom it tells; the class of `call.js`. And what Rust hears.

use wasm_bindgen::prelude::*;

use super::error::Fault;
use crate::answer::Shape;
use crate::bulk::{Progress, Request};
use crate::retry::Asked;
use crate::runs::{Places, Runs};

// Signed numbers and no others: these go to JavaScript as they are, without a function between that makes them unsigned.
#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    fn wait(run: i32, until: f64);
    fn send(run: i32, number: i32, attempt: i32, timeout_ms: f64, first: i32, places: i32) -> bool;
    fn read(run: i32, most: i32);
    fn close(run: i32);
    fn shape(run: i32, place: i32) -> f64;
    fn unwrap(run: i32) -> bool;
    fn landed(run: i32, sound: i32, missing: i32);
    fn blame(run: i32, code: i32, first: f64, second: f64, attempts: i32);
    fn failed(run: i32, first: i32, places: i32);
    fn retry(run: i32, code: i32, attempts: i32, delay_ms: f64);
    fn limit(run: i32, limit: i32);
    fn stir(run: i32);
    fn progress(run: i32, total: i32, succeeded: i32, failed: i32, requests: i32, retries: i32, elapsed_ms: f64);
    fn undelivered(run: i32) -> i32;
    fn settle(run: i32, how: i32);
}

/// The call of the run that has this number.
#[derive(Clone, Copy)]
pub struct Call(pub i32);

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

    /// Sends a request, which is given up after so many ms, 0 for never. Whether it was sent: it is not,
    /// once the caller has aborted, which is told next.
    pub fn send(self, request: Request, timeout_ms: f64) -> bool {
        let Request { number, runs: Runs { first, places }, attempts } = request;
        send(self.0, number as i32, attempts as i32, timeout_ms, first as i32, places.0 as i32)
    }

    /// Asks the source for as many numbers at the most.
    pub fn read(self, most: usize) {
        read(self.0, most as i32);
    }

    /// Ends all that is under way.
    pub fn close(self) {
        close(self.0);
    }

    /// What the answer that was told of has of the run at a place.
    pub fn shape(self, place: usize) -> Shape {
        shape(self.0, place as i32)
    }

    /// Has what stands under `results` take the place of that answer, if there is an object.
    pub fn unwrap(self) -> bool {
        unwrap(self.0)
    }

    /// The runs at these places are well-formed, and are the call's; those at the others are missing.
    pub fn landed(self, sound: Places, missing: Places) {
        landed(self.0, sound.0 as i32, missing.0 as i32);
    }

    /// What is told next is owed to this, after so many attempts.
    pub fn blame(self, fault: Fault, attempts: u32) {
        blame(self.0, fault.code as i32, fault.first, fault.second, attempts as i32);
    }

    /// These runs have failed.
    pub fn failed(self, Runs { first, places }: Runs) {
        failed(self.0, first as i32, places.0 as i32);
    }

    /// A request that failed so goes out again.
    pub fn retry(self, fault: Fault, attempts: u32, delay_ms: f64) {
        retry(self.0, fault.code as i32, attempts as i32, delay_ms);
    }

    /// How many requests may be in flight now.
    pub fn limit(self, most: u32) {
        limit(self.0, most as i32);
    }

    /// Has every call of the client's that is under way look at the pace again.
    pub fn stir(self) {
        stir(self.0);
    }

    /// How far the call is.
    pub fn progress(self, progress: Progress, elapsed_ms: f64) {
        let Progress { total, succeeded, failed, requests, retries } = progress;
        let (total, succeeded, failed) = (total as i32, succeeded as i32, failed as i32);
        self::progress(self.0, total, succeeded, failed, requests as i32, retries as i32, elapsed_ms);
    }

    /// How many items nobody has taken yet; below 0 once whoever took them has left.
    pub fn undelivered(self) -> i32 {
        undelivered(self.0)
    }

    /// The end.
    pub fn settle(self, how: End) {
        settle(self.0, how as i32);
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
