//! What holds of every call, seen from outside: how often a request goes out, after what wait, and what may stop it all.

use std::collections::{HashMap, HashSet};

use translation_results::bulk::{Outcome, Request, Verdict};

#[derive(Default)]
pub struct Rules {
    max_retries: u32,
    /// Whether it is one batch that succeeds or fails as a whole.
    pub whole: bool,
    pub requests: usize,
    pub retries: usize,
    asked: HashSet<u32>,
    /// Failed attempts of the request for these runs, and from when on it may go out again.
    failures: HashMap<Vec<u32>, u32>,
    not_before: HashMap<Vec<u32>, f64>,
    /// While the connection is lost: the runs of the probe that is on its way.
    outage: Option<Option<Vec<u32>>>,
    refused_in_a_row: u32,
}

impl Rules {
    pub fn new(max_retries: u32) -> Self {
        Self { max_retries, ..Self::default() }
    }

    /// A request for these runs goes out. `few` tells whether so few runs may be asked for as are left.
    pub fn sent(&mut self, request: &Request, ids: Vec<u32>, few: bool, now: f64) {
        self.requests += 1;
        self.retries += usize::from(request.attempts > 1);
        assert!((1..=5).contains(&ids.len()));
        let is_new = ids.iter().filter(|id| self.asked.insert(**id)).count() > 0;
        assert!(!is_new || few || ids.len() >= 3, "a batch of {} though more may come", ids.len());
        let not_before = self.not_before.remove(&ids).unwrap_or(now);
        assert!(now >= not_before, "sent {} ms too early", not_before - now);
        if let Some(probe) = &mut self.outage {
            assert!(probe.is_none(), "two probes at once");
            *probe = Some(ids);
        }
    }

    /// A request for these runs came to this, and that is done about it: these requests fail, if any do.
    pub fn handled(&mut self, ids: &[u32], outcome: Outcome, verdict: Verdict, failed: &[Request], now: f64) {
        let for_pace = match outcome {
            Outcome::Refused { status, retry_after_ms, .. } => {
                status == 429 || (status == 503 && retry_after_ms.is_some())
            }
            _ => false,
        };
        let probed = self.outage.as_ref().is_some_and(|probe| probe.as_deref() == Some(ids));
        let cut_off = outcome == Outcome::Lost || (probed && outcome == Outcome::TimedOut);
        match outcome {
            Outcome::Answered(_) => self.refused_in_a_row = 0,
            Outcome::Refused { status: 429 | 503, .. } => self.refused_in_a_row += 1,
            Outcome::Refused { .. } => self.refused_in_a_row = 0,
            Outcome::Lost | Outcome::TimedOut => {}
        }
        if !self.whole {
            self.see_connection(cut_off, probed, outcome, verdict);
        }
        match verdict {
            Verdict::Again(wait) => {
                assert!((0.0..=60_000.0).contains(&wait), "a wait of {wait} ms");
                if !for_pace || self.whole {
                    let failures = self.failures.entry(ids.to_vec()).or_default();
                    *failures += 1;
                    let is_own = !cut_off || self.whole;
                    assert!(!is_own || *failures <= self.max_retries, "tried again too often");
                    if is_own {
                        self.not_before.insert(ids.to_vec(), now + wait);
                    }
                }
            }
            Verdict::Stop => self.check_stop(ids, outcome),
            Verdict::Failed => assert!(failed.iter().all(|request| request.attempts > 0 && !request.runs.is_empty())),
            Verdict::Settled => {}
        }
        assert_eq!(failed.is_empty(), verdict != Verdict::Failed, "{verdict:?} of {failed:?}");
        let stops = matches!(outcome, Outcome::Refused { status: 401 | 402, .. });
        assert!(!stops || verdict == Verdict::Stop, "it goes on without a key");
    }

    fn see_connection(&mut self, cut_off: bool, probed: bool, outcome: Outcome, verdict: Verdict) {
        let given_up = cut_off && matches!(verdict, Verdict::Failed);
        if given_up || matches!(outcome, Outcome::Answered(_) | Outcome::Refused { .. }) {
            self.outage = None;
        } else if probed || (cut_off && self.outage.is_none()) {
            self.outage = Some(None);
        }
    }

    fn check_stop(&self, ids: &[u32], outcome: Outcome) {
        match outcome {
            _ if self.whole => {}
            Outcome::Refused { status: 401 | 402, .. } => {}
            Outcome::Refused { status: 403, .. } => {
                assert_eq!(ids.len(), 1, "a batch may hold others that are allowed")
            }
            Outcome::Refused { status: 429 | 503, .. } => {
                assert!(self.refused_in_a_row >= 10, "gave up after {} refusals", self.refused_in_a_row);
            }
            outcome => panic!("{outcome:?} stopped the call"),
        }
    }
}
