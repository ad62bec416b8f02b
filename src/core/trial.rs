//! Whether the server refuses requests because of their rate, or at any rate, as one of several broken servers does.
//!
//! A trial shows it: requests go several times as fast. If the server then accepts no more requests in the same time, it
//! limits the rate, and pacing stays. If it accepts more, pacing is off until most requests are refused. A trial costs
//! refused requests, so one takes place only if refusals stay frequent although the rate was lowered several times, and
//! a few times in long calls.

/// A server that limits a rate accepts at least this many requests between two refusals, once the rate is measured.
const TOO_SOON: f64 = 64.0;
/// After this many refusals in a row that came too soon, a trial begins.
const TRIAL_AFTER: u32 = 3;
/// After this many requests, a trial begins even if refusals do not come too soon, as does one each time the number has
/// doubled since the latest. Refusals at any rate keep a low estimate from growing, and lower a high one little by little.
const FIRST_TRIAL: f64 = 400.0;
/// During a trial, requests go this many times as fast as the measured rate.
const TRIAL_SPEED: f64 = 4.0;
/// All requests in flight may be refused at the end of a trial. So it takes place only if they are at most this many, as
/// in the first volley, or at most [`MAX_IN_FLIGHT_SHARE`].
const MAX_IN_FLIGHT: f64 = 12.0;
/// As a share of all requests sent so far.
const MAX_IN_FLIGHT_SHARE: f64 = 0.02;
/// A trial goes on while the server accepts more than this multiple of the measured rate. A limit allows 1. Without a
/// limit, more than 2 are accepted even if one request in three is refused.
const TRIAL_ACCEPTS: f64 = 1.75;
/// After this many refusals in a row, a trial ends: the server's window had just begun when it accepted more.
const REFUSED_IN_A_ROW: u32 = 4;
/// After this many refusals that came too soon, those of a trial included, refusals are assumed not to depend on the
/// rate. A rate that has fallen is measured with fewer.
const SOON_IN_A_ROW: u32 = 6;
/// The weight of the latest answer in the smoothed share of refusals.
const SHARE_WEIGHT: f64 = 1.0 / 16.0;
/// Above this share of refusals, they are assumed to depend on the rate again.
const MAX_REFUSED_SHARE: f64 = 0.6;

/// What a client has seen when a request is refused. Times are in ms, rates in requests per ms.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// All requests sent so far.
    pub requests: f64,
    /// Requests accepted since the latest refusal, or since the trial began.
    pub accepted: f64,
    /// The time in which these were sent.
    pub lasted: f64,
    /// The measured rate.
    pub rate: f64,
    /// The time from a request to its answer.
    pub latency: f64,
}

/// The trials of one client, and what they and the refusals so far show.
#[derive(Clone, Debug)]
pub struct Trials {
    /// Refusals in a row that came too soon, those of a trial included.
    soon: u32,
    is_on: bool,
    /// The number of requests after which the next trial begins.
    next: f64,
    /// Refusals since the latest accepted request.
    refused_in_a_row: u32,
    /// The smoothed share of requests that were refused.
    refused_share: f64,
}

impl Default for Trials {
    fn default() -> Self {
        Self { soon: 0, is_on: false, next: FIRST_TRIAL, refused_in_a_row: 0, refused_share: 0.0 }
    }
}

impl Trials {
    /// Returns whether refusals are assumed not to depend on the rate. Requests are then not paced.
    pub fn ignore_rate(&self) -> bool {
        self.soon >= SOON_IN_A_ROW
    }

    /// Returns whether a trial is on.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Returns how many times as fast as otherwise requests go.
    pub fn speed(&self) -> f64 {
        if self.is_on { TRIAL_SPEED } else { 1.0 }
    }

    /// Notes that a request was accepted.
    pub fn accepted(&mut self) {
        self.refused_in_a_row = 0;
        self.refused_share -= self.refused_share * SHARE_WEIGHT;
    }

    /// Notes that a request was refused.
    pub fn refused(&mut self) {
        self.refused_in_a_row = self.refused_in_a_row.saturating_add(1);
        self.refused_share += (1.0 - self.refused_share) * SHARE_WEIGHT;
    }

    /// Draws conclusions from a refusal. The request was sent after the refusals before it were known.
    pub fn conclude(&mut self, seen: Seen) {
        if self.ignore_rate() {
            if self.refused_share > MAX_REFUSED_SHARE {
                self.soon = 0;
            }
        } else if self.is_on {
            self.judge(seen);
        } else if seen.accepted >= TOO_SOON {
            self.soon = 0;
            if seen.requests > self.next {
                self.begin(seen);
            }
        } else if seen.accepted > 0.0 {
            self.note_too_soon();
            if self.soon == TRIAL_AFTER {
                self.begin(seen);
            }
        }
    }

    fn note_too_soon(&mut self) {
        self.soon = self.soon.saturating_add(1);
        if self.ignore_rate() {
            self.is_on = false;
            self.refused_share = 0.0;
        }
    }

    fn begin(&mut self, seen: Seen) {
        let in_flight = TRIAL_SPEED * seen.rate * seen.latency;
        if in_flight <= f64::max(MAX_IN_FLIGHT, MAX_IN_FLIGHT_SHARE * seen.requests) {
            self.is_on = true;
            self.soon = TRIAL_AFTER;
        }
    }

    fn judge(&mut self, seen: Seen) {
        let is_limited = seen.accepted <= TRIAL_ACCEPTS * seen.rate * seen.lasted;
        if is_limited || self.refused_in_a_row >= REFUSED_IN_A_ROW {
            self.is_on = false;
            self.soon = 0;
            self.next = 2.0 * seen.requests;
        } else if seen.lasted > 0.0 && self.refused_in_a_row == 1 {
            self.note_too_soon();
        }
    }
}
