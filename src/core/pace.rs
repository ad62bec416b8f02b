//! The pace of a client's requests. Requests go out at once until the server first refuses one for pace (429 or 503),
//! then at the rate that it was seen to accept.
//!
//! A server that limits requests sustains some rate, and accepts a burst above it: this holds for every kind of
//! limiter. At each refusal the burst is used up. So between two refusals, the number of accepted requests divided by
//! the time is the rate that the server sustains. Requests are then spaced evenly at that rate, and slightly closer the
//! longer nothing is refused; the next refusal gives a new measurement. Even spacing suits a limit on concurrent
//! requests, a queue and a fixed window alike. Speeding up slightly uses the burst that the server saved up during the
//! wait.
//!
//! A server may also refuse requests at any rate. A trial shows it, see [`Trials`]; pacing is then off.
//!
//! Times are ms of one monotonic clock, rates are requests per ms.

use crate::core::line::Line;
use crate::core::retry::{MAX_WAIT_MS, backoff_ms};
use crate::core::trial::{Seen, Trials};

/// When the next request may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// At once.
    Now,
    /// At this time.
    At(f64),
    /// After an answer: the limit of requests in flight is reached.
    AfterAnAnswer,
}

/// The most requests in flight before the first answer, all of which may be refused. Every accepted request allows one
/// more. TCP begins with ten segments (RFC 6928).
const FIRST_VOLLEY: f64 = 12.0;
/// The time between two requests of the first volley. A near server's first refusal arrives before the last of them is
/// sent.
const FIRST_SPACING_MS: f64 = 0.5;
/// The time from the latest answer to the first volley until the second volley. It lets the answers to the first volley
/// arrive together.
const FIRST_HOLD_MS: f64 = 6.0;
/// The longest wait after a refusal that follows an accepted request; the wait is random below it. The rate was only
/// slightly too high, so a short wait suffices. During a longer one, the server's burst would fill up and go unused.
const FIRST_WAIT_MS: f64 = 100.0;
/// The same limit, in requests at the rate. A wait counts as time in which the server accepted nothing. At high rates, a
/// longer one would lower the rate at each refusal, whether the refusal depends on the rate or not.
const FIRST_WAIT: f64 = 4.0;
/// At the first refusal, the burst is assumed to be what the rate yields in this time. Real bursts are worth 50 ms to a
/// few seconds.
const BURST_MS: f64 = 250.0;
/// The weight of that first estimate, in requests. With a smaller one, the speed grows faster.
const GUESS_WEIGHT: f64 = 8.0;
/// The largest weight of all measurements, in requests. The rate is then known to about 3 %, and two or three
/// measurements follow a change of it.
const FULL_WEIGHT: f64 = 32.0;
/// After this many accepted requests in a row, the speed at full weight has doubled. A burst of 5 to 10 is then used up
/// every 140 to 180 requests. With 384, 200 requests may meet a third wait; with 512, a raised limit is found later.
const DOUBLING: f64 = 448.0;
/// A refusal keeps at least this share of the speed, as in CUBIC (RFC 9438). Where the estimate began far too low and
/// the speed grew, the mean over the whole time is below what the server sustains.
const DECREASE: f64 = 0.7;
/// For [`DECREASE`], the speed counts as at most this multiple of the measured rate: above it, `concurrency` held the
/// requests back, not the pace.
const MAX_OVER: f64 = 4.0;
/// The next request makes up for a timer that is late by up to this. With a larger value, two requests could go out at
/// once.
const TIMER_LATE_MS: f64 = 2.0;
/// A longer silence means that the caller had nothing to send. It is left out of the measurement.
const SILENCE_MS: f64 = 1000.0;

/// The first estimate of the rate: requests accepted among those sent before the first refusal was known.
#[derive(Clone, Copy, Debug)]
struct Guess {
    accepted: f64,
    /// When the first of them was sent.
    from: f64,
    /// When the last of them was sent, or the refused one, if that was later.
    until: f64,
}

/// The pace of one client, shared by all its calls.
///
/// A refusal begins an episode. Refusals of requests that were sent before it belong to the same episode.
#[derive(Clone, Debug)]
pub struct Pace {
    /// The calls that are ready to send.
    pub line: Line,
    in_flight: usize,
    /// Requests in flight that were sent after the latest episode began.
    in_flight_since: usize,
    /// No request goes out before this time.
    gate: f64,
    /// When the latest episode began.
    shut_at: f64,
    /// Episodes in a row, with no accepted request between them.
    episodes: u32,
    /// The measured rate, or 0 while pacing is off: before the first refusal that follows an accepted request.
    rate: f64,
    /// The weight of the measurements behind the rate, in requests.
    weight: f64,
    /// The assumed burst, in requests.
    burst: f64,
    /// When the latest refused request was sent: the burst was used up then. Before any refusal, when the first request
    /// was sent.
    mark: f64,
    /// Accepted requests among those sent after `mark`.
    count: f64,
    /// The first estimate, until a measurement replaces it.
    guess: Option<Guess>,
    /// When the latest request was sent, or was due, if a timer was late.
    last_sent: f64,
    /// When a request was last sent or answered.
    last_heard: f64,
    /// Requests sent so far.
    requests: f64,
    /// How many requests may be in flight while pacing is off.
    window: f64,
    /// How many requests had been sent when the first answer came.
    first_volley: f64,
    /// When the second volley goes out.
    hold_until: f64,
    /// The smoothed time from a request to its answer.
    latency: f64,
    /// How many requests the rate keeps in flight. Between refusals it only rises.
    in_flight_at_rate: f64,
    /// Whether refusals depend on the rate.
    trials: Trials,
}

const NEVER: f64 = f64::NEG_INFINITY;

impl Default for Pace {
    fn default() -> Self {
        Self {
            line: Line::default(),
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
            guess: None,
            last_sent: NEVER,
            last_heard: NEVER,
            requests: 0.0,
            window: FIRST_VOLLEY,
            first_volley: 0.0,
            hold_until: NEVER,
            latency: 0.0,
            in_flight_at_rate: f64::INFINITY,
            trials: Trials::default(),
        }
    }
}

impl Pace {
    /// Returns how many refusal episodes there were in a row.
    pub fn episodes(&self) -> u32 {
        self.episodes
    }

    /// Returns how many requests of a call may be in flight; `ceiling` is the call's own limit.
    pub fn limit(&self, ceiling: u32) -> u32 {
        if self.episodes > 1 { 1 } else { f64::min(self.in_flight_at_rate, f64::from(ceiling)) as u32 }
    }

    /// Returns when a call's next request may go; `ceiling` is the call's own limit of requests in flight.
    pub fn next(&self, now: f64, ceiling: usize) -> Next {
        let is_first_volley = self.requests < f64::min(FIRST_VOLLEY, ceiling as f64);
        let due = if is_first_volley { self.mark + self.requests * FIRST_SPACING_MS } else { self.hold_until };
        self.next_from(due, now)
    }

    /// Returns when the request of a call with only one request may go. Before the first refusal it goes at once, in no
    /// volley.
    pub fn next_single(&self, now: f64) -> Next {
        self.next_from(NEVER, now)
    }

    /// Returns when a request may go. `due_unpaced` is its time while pacing is off.
    fn next_from(&self, due_unpaced: f64, now: f64) -> Next {
        if now < self.gate {
            return Next::At(self.gate);
        }
        let off = self.rate == 0.0;
        // If every recent request was refused, a single request probes the server.
        let probing = self.episodes > 1 || (off && self.episodes > 0);
        let in_flight = self.in_flight as f64;
        if (probing && self.in_flight_since > 0) || (off && in_flight >= self.window) {
            return Next::AfterAnAnswer;
        }
        // Requests from before the episode may still bring news, but one that hangs must not hold up the others.
        let stragglers_until = self.shut_at + SILENCE_MS;
        if probing && in_flight > 0.0 && now < stragglers_until {
            return Next::At(stragglers_until);
        }
        let due = if off { due_unpaced } else { self.last_sent + 1.0 / self.speed() };
        if now < due { Next::At(due) } else { Next::Now }
    }

    /// Notes that a request is sent.
    pub fn sent(&mut self, now: f64) {
        self.in_flight = self.in_flight.wrapping_add(1);
        self.in_flight_since = self.in_flight_since.wrapping_add(1);
        let silence = now - f64::max(f64::max(self.last_heard, self.gate), self.last_sent);
        if self.requests == 0.0 {
            self.mark = now;
        } else if silence > SILENCE_MS {
            self.mark += silence;
        }
        self.requests += 1.0;
        self.last_sent = match self.rate == 0.0 {
            true => now,
            false => f64::min(f64::max(self.last_sent + 1.0 / self.speed(), now - TIMER_LATE_MS), now),
        };
        self.last_heard = now;
    }

    /// Notes that the server accepted the request: any answer but a refusal for pace.
    pub fn accepted(&mut self, now: f64, sent_at: f64) {
        self.take_from_flight(sent_at);
        self.last_heard = now;
        self.trials.accepted();
        self.episodes = 0;
        self.window += 1.0;
        let latency = now - sent_at;
        self.latency = if self.latency == 0.0 { latency } else { self.latency + (latency - self.latency) / 8.0 };
        self.in_flight_at_rate = f64::max(self.in_flight_at_rate, self.at_rate());
        if self.first_volley == 0.0 {
            self.first_volley = self.requests;
        }
        if self.window <= FIRST_VOLLEY + self.first_volley {
            self.hold_until = now + FIRST_HOLD_MS;
        }
        if sent_at > self.mark || (self.rate == 0.0 && self.guess.is_none()) {
            self.count += 1.0;
        }
        // Requests sent before the first refusal was known belong to the first burst, too. Without one from before the
        // refused request, nothing was used up, and pacing stays off.
        let burst_until = if self.rate == 0.0 { self.mark } else { self.shut_at };
        if let Some(guess) = self.guess.filter(|_| sent_at <= burst_until) {
            self.guess(Guess { accepted: guess.accepted + 1.0, until: f64::max(guess.until, sent_at), ..guess });
        }
    }

    /// Notes that the server neither accepted nor refused the request: it was lost, timed out, or was cancelled.
    pub fn ended(&mut self, sent_at: f64) {
        self.take_from_flight(sent_at);
        // A server whose rate is measured has probably received the request, and its limiter has counted it.
        if self.rate > 0.0 && sent_at > self.mark {
            self.count += 1.0;
        }
    }

    fn take_from_flight(&mut self, sent_at: f64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Clocks are coarse: a request of the same ms as the refusal counts as sent after it.
        if sent_at >= self.shut_at {
            self.in_flight_since = self.in_flight_since.saturating_sub(1);
        }
    }

    /// Notes that the server refused the request for pace. Returns how long nothing is sent, in ms; `sample` is random,
    /// from 0 up to 1.
    pub fn refused(&mut self, now: f64, sent_at: f64, retry_after_ms: Option<f64>, sample: f64) -> f64 {
        self.take_from_flight(sent_at);
        self.last_heard = now;
        let begins = sent_at > self.shut_at;
        let was_on_trial = self.trials.is_on();
        self.trials.refused();
        if begins {
            self.conclude(now, sent_at);
        }
        if self.trials.ignore_rate() || (was_on_trial && self.trials.is_on()) {
            return self.shut(retry_after_ms.filter(|&ms| ms <= MAX_WAIT_MS).unwrap_or_default(), now);
        }
        let wait = match retry_after_ms {
            // The call ends. Calls made later are not held up: the server answers them itself.
            Some(ms) if ms > MAX_WAIT_MS => 0.0,
            Some(ms) => ms,
            // A wait during a trial would count as time in which the server accepted nothing.
            None if !begins || self.trials.is_on() => 0.0,
            None if self.episodes == 0 => sample * f64::min(FIRST_WAIT_MS, FIRST_WAIT / self.rate),
            // At least half the backoff: after ten refusals the call stops, so ten short waits would stop it too early.
            None => backoff_ms(self.episodes, 0.5 + sample / 2.0),
        };
        if begins {
            if self.rate == 0.0 {
                // A silence may have moved the mark past the refused request.
                self.guess(Guess { accepted: self.count, from: f64::min(self.mark, sent_at), until: sent_at });
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
        self.mark = f64::max(self.mark, sent_at);
        self.shut(wait, now)
    }

    /// Shuts the gate for `wait` ms, unless it is shut for longer already. Returns the ms until it opens.
    fn shut(&mut self, wait: f64, now: f64) -> f64 {
        if now + wait < self.gate {
            return self.gate - now;
        }
        self.gate = now + wait;
        wait
    }

    /// Draws conclusions from a refusal about whether refusals depend on the rate.
    fn conclude(&mut self, now: f64, refused: f64) {
        let was_paced = !self.trials.ignore_rate();
        self.trials.conclude(Seen {
            requests: self.requests,
            accepted: self.count,
            // Refusals may come sooner than answers: requests sent within the latency are not answered yet.
            lasted: f64::min(refused, now - self.latency) - self.mark,
            rate: self.rate,
            latency: self.latency,
        });
        if was_paced && self.trials.ignore_rate() {
            self.rate = 0.0;
            self.guess = None;
            self.in_flight_at_rate = f64::INFINITY;
        }
    }

    /// Returns the rate to send at.
    fn speed(&self) -> f64 {
        self.trials.speed() * self.steady_speed()
    }

    /// Returns the rate to send at outside a trial.
    fn steady_speed(&self) -> f64 {
        let part = self.count * FULL_WEIGHT / (DOUBLING * self.weight);
        self.rate * (1.0 + part * part)
    }

    /// Returns how many requests are in flight at the rate: those sent while one is answered (Little's law).
    fn at_rate(&self) -> f64 {
        f64::max((self.speed() * self.latency).ceil(), 1.0)
    }

    fn guess(&mut self, guess: Guess) {
        self.rate = guess.accepted / (guess.until - guess.from + BURST_MS);
        self.burst = self.rate * BURST_MS;
        self.guess = Some(guess);
    }

    fn measure(&mut self, refused: f64) {
        let speed = self.steady_speed();
        // The time includes the wait before, unless the burst was full again at its end: then neither the wait nor the
        // burst counts. The larger result is the right one.
        let over_all = self.count / f64::max(refused - self.mark, 1.0);
        let since_open = (self.count - self.burst) / f64::max(refused - self.gate, 1.0);
        let seen = f64::min(f64::max(over_all, since_open), speed);
        let new = f64::min(self.count, FULL_WEIGHT);
        let old = f64::min(self.weight / 2.0, FULL_WEIGHT - new);
        // The mean of times per request, as rates do not add up.
        let mean = (new + old) / (new / seen + old / self.rate);
        self.rate = f64::max(mean, DECREASE * f64::min(speed, MAX_OVER * seen));
        self.weight = new + old;
        self.guess = None;
    }
}
