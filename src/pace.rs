//! The pace of a client's requests: off until the server first refuses one for pace (429, 503), then no faster than it
//! was seen to accept.
//!
//! A server that limits has, whatever its way to do so, a rate that it keeps up and a burst that it lets through at
//! once. Between two moments of refusal its burst is used up at both ends: what it accepted in between, over the time,
//! is its rate. So the requests are spaced evenly at that rate, and a little closer the longer nothing is refused; the
//! next refusal measures anew. Evenly, because a limit of requests at once, a queue and a window all bear that; what
//! was saved up while the gate was shut is used up by the little more.
//!
//! Times are ms of one monotonic clock, rates are requests per ms.

use crate::retry::{LONGEST_WAIT_MS, backoff_ms};

/// When the next request may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// At once.
    Now,
    /// At this time.
    At(f64),
    /// As many are in flight as may be.
    AfterAnAnswer,
}

/// The most in flight before anything is known: what the first volley can lose. TCP begins with ten (RFC 6928). Every
/// accepted request allows one more.
const FIRST_VOLLEY: f64 = 12.0;
/// Between the sends of the first volley: a near server's first refusal arrives before the last of them.
const FIRST_SPACING_MS: f64 = 0.5;
/// Between an answer to the first volley and the second volley: so the second one goes when all have come, or one keeps
/// the others waiting.
const FIRST_HOLD_MS: f64 = 6.0;
/// Full jitter of the wait after a refusal that follows an accepted request: the rate was too high by a little, not the
/// server down. The burst fills up meanwhile, and what overflows is lost.
const FIRST_WAIT_MS: f64 = 100.0;
/// The guess at the first refusal: a burst is what the rate gives in this time. Real ones are of 50 ms to some seconds.
const BURST_MS: f64 = 250.0;
/// What the guess weighs, in requests. Less grows faster.
const GUESS_WEIGHT: f64 = 8.0;
/// The most that measurements weigh, in requests: a rate known to about 3 %, and a change of it seen in two or three.
const FULL_WEIGHT: f64 = 32.0;
/// After so many accepted requests in a row a rate of full weight has doubled. A burst of 5 to 10 is then used up every
/// 140 to 180 requests. At 384 a third wait may fall into 200 of them; at 512 a raised limit is found later.
const DOUBLING: f64 = 448.0;
/// A refusal leaves at least this much of the speed, as in CUBIC (RFC 9438): a rate that was guessed far too low and
/// grew is, over its whole time, measured too low.
const DECREASE: f64 = 0.7;
/// Nor is a speed believed that is so many times what was measured: the ceiling, not the pace, held the requests back.
const MOST_OVER: f64 = 4.0;
/// A timer that is late by this does not slow the pace: the next send makes up for it. More would let pairs through.
const TIMER_LATE_MS: f64 = 2.0;
/// A silence longer than this is the caller's, and is left out of the measurement.
const SILENCE_MS: f64 = 1000.0;

/// Shared by all calls of a client. A refusal begins an episode, to which all refusals belong of requests that had been
/// sent by then.
#[derive(Clone, Debug)]
pub struct Pace {
    in_flight: usize,
    /// Those of them that were sent since the last episode began.
    in_flight_since: usize,
    /// Nothing is sent before.
    gate: f64,
    /// When the last episode began.
    shut_at: f64,
    /// Episodes in a row, no accepted request between.
    episodes: u32,
    /// 0: off, as nothing was accepted and then refused.
    rate: f64,
    /// What the rate rests on, in requests.
    weight: f64,
    /// What a full bucket is thought to hold.
    burst: f64,
    /// When the last request was sent that was refused: the burst was used up. At first, when the first was sent.
    mark: f64,
    /// Accepted requests of those sent since.
    count: f64,
    /// The time that the guess rests on, while it is a guess; answers to the first burst may still come in.
    guessed_over: f64,
    /// When the last request was sent, or was due, if a timer was late.
    last_sent: f64,
    /// The last time anything was sent or answered.
    last_heard: f64,
    /// Requests sent while off, and how many of them may be in flight.
    volley: f64,
    window: f64,
    /// How many had been sent when the first answer came.
    first_volley: f64,
    /// The second volley's time.
    hold_until: f64,
    /// From sending to answer, smoothed.
    latency: f64,
    /// How many requests the rate keeps in flight. It falls at a refusal and rises from there on.
    in_flight_at_rate: f64,
}

const NEVER: f64 = f64::NEG_INFINITY;

/// As it begins. Copied as a whole, which is smaller than code that writes each.
static NEW: Pace = Pace {
    in_flight: 0,
    in_flight_since: 0,
    gate: NEVER,
    shut_at: NEVER,
    episodes: 0,
    rate: 0.0,
    weight: GUESS_WEIGHT,
    burst: 0.0,
    mark: NEVER,
    count: 0.0,
    guessed_over: 0.0,
    last_sent: NEVER,
    last_heard: NEVER,
    volley: 0.0,
    window: FIRST_VOLLEY,
    first_volley: 0.0,
    hold_until: NEVER,
    latency: 0.0,
    in_flight_at_rate: f64::INFINITY,
};

impl Default for Pace {
    fn default() -> Self {
        NEW.clone()
    }
}

impl Pace {
    /// Refusal episodes in a row.
    pub fn episodes(&self) -> u32 {
        self.episodes
    }

    /// How many requests may be in flight, of a call that has at most `ceiling` of them.
    pub fn limit(&self, ceiling: u32) -> u32 {
        if self.episodes > 1 { 1 } else { smaller(self.in_flight_at_rate, f64::from(ceiling)) as u32 }
    }

    /// When the next request may go, of a call that has at most `ceiling` of them in flight.
    pub fn next(&self, now: f64, ceiling: usize) -> Next {
        if now < self.gate {
            return Next::At(self.gate);
        }
        let off = self.rate == 0.0;
        // A server that refused all of late is asked with one request, not with a volley.
        let probing = self.episodes > 1 || (off && self.episodes > 0);
        let in_flight = self.in_flight as f64;
        if (probing && self.in_flight_since > 0) || (off && in_flight >= self.window) {
            return Next::AfterAnAnswer;
        }
        // Those sent before may tell more; but one that hangs does not hold up the others.
        let stragglers_until = self.shut_at + SILENCE_MS;
        if probing && in_flight > 0.0 && now < stragglers_until {
            return Next::At(stragglers_until);
        }
        let due = match off {
            false => self.last_sent + 1.0 / self.speed(),
            true if self.volley < smaller(FIRST_VOLLEY, ceiling as f64) => self.mark + self.volley * FIRST_SPACING_MS,
            true => self.hold_until,
        };
        if now < due { Next::At(due) } else { Next::Now }
    }

    /// A request is sent.
    pub fn sent(&mut self, now: f64) {
        self.in_flight = self.in_flight.wrapping_add(1);
        self.in_flight_since = self.in_flight_since.wrapping_add(1);
        let silence = now - larger(larger(self.last_heard, self.gate), self.last_sent);
        if self.volley == 0.0 {
            self.mark = now;
        } else if silence > SILENCE_MS {
            self.mark += silence;
        }
        self.volley += 1.0;
        self.last_sent = match self.rate == 0.0 {
            true => now,
            false => smaller(larger(self.last_sent + 1.0 / self.speed(), now - TIMER_LATE_MS), now),
        };
        self.last_heard = now;
    }

    /// The server took the request: any answer but a refusal for pace.
    pub fn accepted(&mut self, now: f64, sent_at: f64) {
        self.ended(sent_at);
        self.last_heard = now;
        self.episodes = 0;
        self.window += 1.0;
        let latency = now - sent_at;
        self.latency = if self.latency == 0.0 { latency } else { self.latency + (latency - self.latency) / 8.0 };
        self.in_flight_at_rate = larger(self.in_flight_at_rate, self.at_rate());
        if self.first_volley == 0.0 {
            self.first_volley = self.volley;
        }
        if self.window <= FIRST_VOLLEY + self.first_volley {
            self.hold_until = now + FIRST_HOLD_MS;
        }
        if sent_at > self.mark || (self.rate == 0.0 && self.guessed_over == 0.0) {
            self.count += 1.0;
        } else if self.guessed_over > 0.0 {
            // Of the first burst too, but its answer took longer than the first refusal.
            self.guess(self.rate * self.guessed_over + 1.0);
        }
    }

    /// It has neither taken nor refused the request: the connection was lost, its time over, or it was cancelled.
    #[inline(never)]
    pub fn ended(&mut self, sent_at: f64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Clocks are coarse: what was sent in the very moment of the refusal counts as sent since.
        if sent_at >= self.shut_at {
            self.in_flight_since = self.in_flight_since.saturating_sub(1);
        }
    }

    /// The server refused the request for pace. Gives how long nothing is sent, in ms; `sample` is random, from 0 up to 1.
    pub fn refused(&mut self, now: f64, sent_at: f64, retry_after_ms: Option<f64>, sample: f64) -> f64 {
        self.ended(sent_at);
        self.last_heard = now;
        let begins = sent_at > self.shut_at;
        let wait = match retry_after_ms {
            // Nobody waits so long: the call ends, and what is asked for later is for the server to refuse.
            Some(ms) if ms > LONGEST_WAIT_MS => 0.0,
            Some(ms) => ms,
            None if !begins => 0.0,
            None if self.episodes == 0 => sample * FIRST_WAIT_MS,
            // From half of it on: ten short waits in a row would give a server up that is only resting.
            None => backoff_ms(self.episodes, 0.5 + sample / 2.0),
        };
        if begins {
            if self.rate == 0.0 {
                self.guessed_over = sent_at - self.mark + BURST_MS;
                self.guess(self.count);
            } else if self.count > 0.0 {
                self.measure(sent_at);
            }
            self.episodes = self.episodes.wrapping_add(1);
            self.shut_at = now;
            self.in_flight_since = 0;
            self.in_flight_at_rate = self.at_rate();
        }
        if begins || sent_at > self.mark {
            self.count = 0.0;
        }
        self.mark = larger(self.mark, sent_at);
        if now + wait < self.gate {
            return self.gate - now;
        }
        self.gate = now + wait;
        wait
    }

    /// The rate to send at.
    fn speed(&self) -> f64 {
        let part = self.count * FULL_WEIGHT / (DOUBLING * self.weight);
        self.rate * (1.0 + part * part)
    }

    /// As many are in flight as are sent while one is answered (Little's law).
    #[inline(never)]
    fn at_rate(&self) -> f64 {
        larger((self.speed() * self.latency).ceil(), 1.0)
    }

    fn guess(&mut self, accepted: f64) {
        self.rate = accepted / self.guessed_over;
        self.burst = self.rate * BURST_MS;
    }

    fn measure(&mut self, refused: f64) {
        let speed = self.speed();
        // With the wait before; or, if the burst was full by its end, without both. The larger is the right one.
        let over_all = self.count / larger(refused - self.mark, 1.0);
        let since_open = (self.count - self.burst) / larger(refused - self.gate, 1.0);
        let seen = smaller(larger(over_all, since_open), speed);
        let new = smaller(self.count, FULL_WEIGHT);
        let old = smaller(self.weight / 2.0, FULL_WEIGHT - new);
        // Times add up, rates do not.
        let mean = (new + old) / (new / seen + old / self.rate);
        self.rate = larger(mean, DECREASE * smaller(speed, MOST_OVER * seen));
        self.weight = new + old;
        self.guessed_over = 0.0;
    }
}

/// As `f64::max` and `f64::min`, less what those do for NaN: a third of this module's size.
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

pub(crate) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
