//! The service of a schedule: what it makes of each run, and how often it fails for no reason of theirs.

use std::collections::HashMap;

use fastrand::Rng;
use translation_results::bulk::Outcome;
use translation_results::runs::Places;

/// What the service makes of a run, whenever it answers at all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nature {
    Sound,
    /// Missing or malformed, in a batch and alone.
    Bad,
    /// As `Bad` in a batch, and sound alone.
    BadInCompany,
    /// The whole request is refused for it, with this status; some name it.
    Spoils {
        status: u16,
        named: bool,
    },
    /// The service fails on it.
    Breaks,
}

/// What may happen to any request, each with its chance.
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
    // Nothing of the kind in most schedules, so that each is also seen without the others.
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
    pub natures: HashMap<u32, Nature>,
    /// When it cannot be reached.
    pub outages: Vec<(f64, f64)>,
}

impl Service {
    pub fn new(rng: &mut Rng, runs: impl Iterator<Item = u32>, start: f64) -> Self {
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

    /// Whether nothing happens but what the runs bring about.
    pub fn is_calm(&self) -> bool {
        let Mood { throttled, failing, lost, slow, stops, .. } = self.mood;
        failing + lost + slow + throttled + stops == 0.0 && self.outages.is_empty()
    }

    /// What becomes of a request for these runs, which stand at these places.
    pub fn outcome(&self, places: Places, ids: &[u32], now: f64, rng: &mut Rng) -> Outcome {
        let mut happens = |chance: f64| rng.f64() < chance;
        let mood = &self.mood;
        let retry_after_ms = happens(mood.names_a_wait).then_some((ids.len() as f64 - 1.0) * 300.0);
        let refused = |status, retryable, retry_after_ms| Outcome::Refused {
            status,
            retryable,
            retry_after_ms,
            named: Places::default(),
        };
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
        let nature = |id: &u32| self.natures[id];
        for id in ids {
            match nature(id) {
                Nature::Breaks => return refused(500, true, None),
                Nature::Spoils { status, named } => {
                    let named = places.iter().zip(ids).filter(|(_, other)| named && nature(other) == nature(id));
                    // A service may name what is not there.
                    let named = if happens(0.1) { !places.0 } else { named.map(|(place, _)| 1 << place).sum() };
                    return Outcome::Refused { status, retryable: false, retry_after_ms: None, named: Places(named) };
                }
                Nature::Sound | Nature::Bad | Nature::BadInCompany => {}
            }
        }
        let mut sound = Places::default();
        for (place, id) in places.iter().zip(ids) {
            match nature(id) {
                Nature::Sound => sound.add(place),
                Nature::BadInCompany if ids.len() == 1 => sound.add(place),
                _ => {}
            }
        }
        Outcome::Answered(sound)
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
