//! How servers limit requests, as a client sees it. Times are in ms from the start of the test.

use std::collections::VecDeque;

use fastrand::Rng;

/// The server's decision on a request that arrives.
#[derive(Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Accepts it. The answer is delayed by this many ms.
    Accept { delay: f64 },
    /// Refuses it, and may name a wait in ms.
    Refuse { retry_after_ms: Option<f64> },
}

impl Verdict {
    const ACCEPT: Self = Self::Accept { delay: 0.0 };
    const REFUSE: Self = Self::Refuse { retry_after_ms: None };

    fn of(accepts: bool) -> Self {
        if accepts { Self::ACCEPT } else { Self::REFUSE }
    }
}

pub trait Limiter {
    fn admit(&mut self, now: f64, rng: &mut Rng) -> Verdict;

    /// Notes that an accepted request is finished.
    fn leave(&mut self) {}
}

pub struct Unlimited;

impl Limiter for Unlimited {
    fn admit(&mut self, _: f64, _: &mut Rng) -> Verdict {
        Verdict::ACCEPT
    }
}

/// Refuses every n-th request at any rate: one of several servers may be broken.
pub struct EveryNth {
    pub nth: u32,
    pub count: u32,
}

impl Limiter for EveryNth {
    fn admit(&mut self, _: f64, _: &mut Rng) -> Verdict {
        self.count += 1;
        Verdict::of(!self.count.is_multiple_of(self.nth))
    }
}

/// Refuses this share of all requests at any rate.
pub struct AtRandom(pub f64);

impl Limiter for AtRandom {
    fn admit(&mut self, _: f64, rng: &mut Rng) -> Verdict {
        Verdict::of(rng.f64() >= self.0)
    }
}

/// A token bucket: each request takes a token.
pub struct TokenBucket {
    /// Start times in ms, and tokens a second from then on.
    rates: Vec<(f64, f64)>,
    burst: f64,
    retry_after_ms: Option<f64>,
    /// Requests a second of other clients.
    others: f64,
    level: f64,
    seen: f64,
}

impl TokenBucket {
    pub fn new(rate: f64, burst: f64) -> Self {
        Self { rates: vec![(0.0, rate)], burst, retry_after_ms: None, others: 0.0, level: burst, seen: 0.0 }
    }

    pub fn saying(self, retry_after_ms: f64) -> Self {
        Self { retry_after_ms: Some(retry_after_ms), ..self }
    }

    pub fn changing(mut self, from: f64, rate: f64) -> Self {
        self.rates.push((from, rate));
        self
    }

    pub fn shared(self, others: f64) -> Self {
        Self { others, ..self }
    }

    fn fill(&mut self, now: f64) {
        let rate = self.rates.iter().rev().find(|(from, _)| *from <= self.seen).map_or(0.0, |(_, rate)| rate / 1_000.0);
        self.level = (self.level + rate * (now - self.seen)).min(self.burst);
        self.seen = now;
    }

    fn serve_others(&mut self, now: f64, rng: &mut Rng) {
        while self.others > 0.0 {
            // They come at random: the gaps between them are exponentially distributed.
            let gap = -(1.0 - rng.f64()).ln() * 1_000.0 / self.others;
            if self.seen + gap > now {
                break;
            }
            self.fill(self.seen + gap);
            if self.level >= 1.0 {
                self.level -= 1.0;
            }
        }
    }
}

impl Limiter for TokenBucket {
    fn admit(&mut self, now: f64, rng: &mut Rng) -> Verdict {
        self.serve_others(now, rng);
        self.fill(now);
        // A sum that should be one may be a little less by rounding.
        if self.level < 1.0 - 1e-9 {
            return Verdict::Refuse { retry_after_ms: self.retry_after_ms };
        }
        self.level -= 1.0;
        Verdict::ACCEPT
    }
}

/// A limit of requests in each window. Windows begin at fixed times.
pub struct FixedWindow {
    most: u32,
    window: f64,
    /// Whether it names the rest of the window as the wait, in whole seconds rounded up.
    names_wait: bool,
    offset: f64,
    index: f64,
    accepted: u32,
}

impl FixedWindow {
    pub fn new(most: u32, window: f64, names_wait: bool, offset: f64) -> Self {
        Self { most, window, names_wait, offset, index: -1.0, accepted: 0 }
    }
}

impl Limiter for FixedWindow {
    fn admit(&mut self, now: f64, _: &mut Rng) -> Verdict {
        let index = ((now + self.offset) / self.window).floor();
        if index != self.index {
            (self.index, self.accepted) = (index, 0);
        }
        if self.accepted < self.most {
            self.accepted += 1;
            return Verdict::ACCEPT;
        }
        let rest = (index + 1.0) * self.window - now - self.offset;
        Verdict::Refuse { retry_after_ms: self.names_wait.then(|| (rest / 1_000.0).ceil() * 1_000.0) }
    }
}

/// A limit of requests in any window of this length. Refused requests do not count.
pub struct SlidingLog {
    most: usize,
    window: f64,
    log: VecDeque<f64>,
}

impl SlidingLog {
    pub fn new(most: usize, window: f64) -> Self {
        Self { most, window, log: VecDeque::new() }
    }
}

impl Limiter for SlidingLog {
    fn admit(&mut self, now: f64, _: &mut Rng) -> Verdict {
        while self.log.front().is_some_and(|at| *at <= now - self.window) {
            self.log.pop_front();
        }
        let accepts = self.log.len() < self.most;
        if accepts {
            self.log.push_back(now);
        }
        Verdict::of(accepts)
    }
}

/// One request in each interval, which may be early by the tolerance (the generic cell rate algorithm).
pub struct Gcra {
    every: f64,
    tolerance: f64,
    due: f64,
}

impl Gcra {
    pub fn new(every: f64, tolerance: f64) -> Self {
        Self { every, tolerance, due: 0.0 }
    }
}

impl Limiter for Gcra {
    fn admit(&mut self, now: f64, _: &mut Rng) -> Verdict {
        let accepts = now >= self.due - self.tolerance - 1e-9;
        if accepts {
            self.due = self.due.max(now) + self.every;
        }
        Verdict::of(accepts)
    }
}

/// A limit of requests in flight.
pub struct Concurrent {
    most: u32,
    now: u32,
}

impl Concurrent {
    pub fn new(most: u32) -> Self {
        Self { most, now: 0 }
    }
}

impl Limiter for Concurrent {
    fn admit(&mut self, _: f64, _: &mut Rng) -> Verdict {
        let accepts = self.now < self.most;
        self.now += u32::from(accepts);
        Verdict::of(accepts)
    }

    fn leave(&mut self) {
        self.now -= 1;
    }
}

/// A leaky bucket: handles one request in each interval, and queues others.
pub struct Leaky {
    every: f64,
    queue: f64,
    free: f64,
}

impl Leaky {
    pub fn new(every: f64, queue: f64) -> Self {
        Self { every, queue, free: 0.0 }
    }
}

impl Limiter for Leaky {
    fn admit(&mut self, now: f64, _: &mut Rng) -> Verdict {
        let delay = (self.free - now).max(0.0);
        if delay > self.queue * self.every {
            return Verdict::REFUSE;
        }
        self.free = self.free.max(now) + self.every;
        Verdict::Accept { delay }
    }
}

/// Refuses everything until this time, and nothing afterwards.
pub struct DownUntil(pub f64);

impl Limiter for DownUntil {
    fn admit(&mut self, now: f64, _: &mut Rng) -> Verdict {
        Verdict::of(now >= self.0)
    }
}
