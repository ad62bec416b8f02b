//! The service of a random schedule: how it treats each run, and how often it fails whatever the runs are.

use std::collections::HashMap;

use fastrand::Rng;
use translation_results::core::run_id::RunId;
use translation_results::core::schedule::Outcome;

/// How the service treats a run whenever it answers at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nature {
    Sound,
    /// Missing or malformed, in a batch and alone.
    Bad,
    /// Missing or malformed in a batch, and sound alone.
    BadInCompany,
    /// The whole request is refused for the run, with this status.
    Spoils {
        status: u16,
        /// Whether the refusal names the run.
        named: bool,
    },
    /// The service fails on the run.
    Breaks,
}

/// The probabilities of failures of any request.
#[derive(Default)]
pub struct Mood {
    pub throttled: f64,
    pub names_a_wait: f64,
    pub failing: f64,
    pub lost: f64,
    pub slow: f64,
    pub stops: f64,
    pub latency: f64,
}

fn chance(rng: &mut Rng, most: f64) -> f64 {
    // 0 in most schedules, so that each kind of failure is also seen without the others.
    if rng.u8(..3) == 0 { rng.f64() * most } else { 0.0 }
}

impl Mood {
    fn new(rng: &mut Rng) -> Self {
        Self {
            throttled: chance(rng, 0.9),
            names_a_wait: rng.f64(),
            failing: chance(rng, 0.5),
            lost: chance(rng, 0.5),
            slow: chance(rng, 0.3),
            stops: chance(rng, 0.05),
            latency: 1.0 + rng.f64() * 200.0,
        }
    }
}

pub struct Service {
    pub mood: Mood,
    pub natures: HashMap<RunId, Nature>,
    /// The start and end of each outage, in ms.
    pub outages: Vec<(f64, f64)>,
}

impl Service {
    pub fn new(rng: &mut Rng, runs: impl Iterator<Item = RunId>, start: f64) -> Self {
        let mood = Mood::new(rng);
        let bad = chance(rng, 0.5);
        let natures = runs.map(|id| (id, nature(rng, bad))).collect();
        let outages = if rng.u8(..4) == 0 {
            let from = start + rng.f64() * 500.0;
            vec![(from, from + rng.f64() * 10_000.0)]
        } else {
            Vec::new()
        };
        Self { mood, natures, outages }
    }

    /// Returns whether only the runs make requests fail.
    pub fn is_calm(&self) -> bool {
        let Mood { throttled, failing, lost, slow, stops, .. } = self.mood;
        failing + lost + slow + throttled + stops == 0.0 && self.outages.is_empty()
    }

    /// Returns the outcome of a request for these runs.
    pub fn outcome(&self, run_ids: &[RunId], now: f64, rng: &mut Rng) -> Outcome {
        let mut happens = |chance: f64| rng.f64() < chance;
        let mood = &self.mood;
        let retry_after_ms = happens(mood.names_a_wait).then_some((run_ids.len() as f64 - 1.0) * 300.0);
        let refused =
            |status, retryable, retry_after_ms| Outcome::Refused { status, retryable, retry_after_ms, named: vec![] };
        if happens(mood.lost) || self.outages.iter().any(|&(from, to)| (from..to).contains(&now)) {
            return Outcome::Lost;
        }
        if happens(mood.slow) {
            return Outcome::TimedOut;
        }
        if happens(mood.throttled) {
            return refused(if happens(0.8) { 429 } else { 503 }, true, retry_after_ms);
        }
        if happens(mood.stops) {
            return refused(if happens(0.5) { 401 } else { 403 }, false, None);
        }
        if happens(mood.failing) {
            return refused(500, true, retry_after_ms.filter(|_| happens(0.1)));
        }
        for id in run_ids {
            match self.natures[id] {
                Nature::Breaks => return refused(500, true, None),
                Nature::Spoils { status, named } => {
                    // A service may name runs that were not asked for.
                    let named: Vec<_> = if happens(0.1) {
                        self.natures.keys().copied().filter(|other| !run_ids.contains(other)).collect()
                    } else {
                        let is_like_it = |other: &RunId| named && self.natures[other] == self.natures[id];
                        run_ids.iter().copied().filter(is_like_it).collect()
                    };
                    return Outcome::Refused { status, retryable: false, retry_after_ms: None, named };
                }
                Nature::Sound | Nature::Bad | Nature::BadInCompany => {}
            }
        }
        let is_sound = |id: &RunId| match self.natures[id] {
            Nature::Sound => true,
            Nature::BadInCompany => run_ids.len() == 1,
            _ => false,
        };
        Outcome::Answered(run_ids.iter().copied().filter(is_sound).collect())
    }
}

fn nature(rng: &mut Rng, bad: f64) -> Nature {
    if rng.f64() >= bad {
        return Nature::Sound;
    }
    let statuses = [400, 404, 409, 410, 413, 422];
    match rng.u8(..5) {
        0 => Nature::Bad,
        1 => Nature::BadInCompany,
        2 => Nature::Breaks,
        named => Nature::Spoils { status: statuses[rng.usize(..statuses.len())], named: named == 3 },
    }
}
