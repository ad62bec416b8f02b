//! The rules of every call, as seen from outside: how often a request is sent, after which wait, and what may stop it.

use std::collections::{HashMap, HashSet};

use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Outcome, Request, Verdict};

#[derive(Default)]
pub struct Rules {
    max_retries: u32,
    /// Whether the call is for one batch that succeeds or fails as a whole.
    pub is_batch: bool,
    pub requests: usize,
    pub retries: usize,
    asked: HashSet<RunId>,
    /// Failed attempts of the request for these runs.
    failures: HashMap<Vec<RunId>, u32>,
    /// When the request for these runs may be sent again.
    not_before: HashMap<Vec<RunId>, f64>,
    outage: Option<Outage>,
    refused_in_a_row: u32,
}

/// The connection is lost.
#[derive(Default)]
struct Outage {
    /// The runs of the probe that is in flight.
    probe: Option<Vec<RunId>>,
}

impl Rules {
    pub fn new(max_retries: u32) -> Self {
        Self { max_retries, ..Self::default() }
    }

    /// Checks a request that is sent. `few_allowed` says whether a batch of fewer than three may have new runs.
    pub fn sent(&mut self, request: &Request, few_allowed: bool, now: f64) {
        let run_ids = &request.run_ids;
        self.requests += 1;
        self.retries += usize::from(request.attempts > 1);
        assert!((1..=5).contains(&run_ids.len()));
        let is_new = run_ids.iter().filter(|id| self.asked.insert(**id)).count() > 0;
        assert!(!is_new || few_allowed || run_ids.len() >= 3, "a batch of {} though more may come", run_ids.len());
        let not_before = self.not_before.remove(run_ids).unwrap_or(now);
        assert!(now >= not_before, "sent {} ms too early", not_before - now);
        if let Some(Outage { probe }) = &mut self.outage {
            assert_eq!(*probe, None, "two probes at once");
            *probe = Some(run_ids.clone());
        }
    }

    /// Checks the verdict on the outcome of a request for these runs.
    pub fn handled(&mut self, run_ids: &[RunId], outcome: &Outcome, verdict: &Verdict, now: f64) {
        let for_pace = match outcome {
            Outcome::Refused { status, retry_after_ms, .. } => {
                *status == 429 || (*status == 503 && retry_after_ms.is_some())
            }
            _ => false,
        };
        let probed = self.outage.as_ref().is_some_and(|outage| outage.probe.as_deref() == Some(run_ids));
        let cut_off = *outcome == Outcome::Lost || (probed && *outcome == Outcome::TimedOut);
        match outcome {
            Outcome::Refused { status: 429 | 503, .. } => self.refused_in_a_row += 1,
            Outcome::Answered(_) | Outcome::Refused { .. } => self.refused_in_a_row = 0,
            Outcome::Lost | Outcome::TimedOut => {}
        }
        if !self.is_batch {
            self.see_connection(cut_off, probed, outcome, verdict);
        }
        match verdict {
            Verdict::Again(wait) => {
                assert!((0.0..=60_000.0).contains(wait), "a wait of {wait} ms");
                if !for_pace || self.is_batch {
                    let failures = self.failures.entry(run_ids.to_vec()).or_default();
                    *failures += 1;
                    let is_own = !cut_off || self.is_batch;
                    assert!(!is_own || *failures <= self.max_retries, "retried too often");
                    if is_own {
                        self.not_before.insert(run_ids.to_vec(), now + wait);
                    }
                }
            }
            Verdict::Stop => self.check_stop(run_ids, outcome),
            Verdict::Failed(failed) => {
                assert!(!failed.is_empty());
                assert!(failed.iter().all(|request| request.attempts > 0 && !request.run_ids.is_empty()));
            }
            Verdict::Settled => {}
        }
        let stops = matches!(outcome, Outcome::Refused { status: 401 | 402, .. });
        assert!(!stops || *verdict == Verdict::Stop, "it goes on without a key");
    }

    fn see_connection(&mut self, cut_off: bool, probed: bool, outcome: &Outcome, verdict: &Verdict) {
        let given_up = cut_off && matches!(verdict, Verdict::Failed(_));
        if given_up || matches!(outcome, Outcome::Answered(_) | Outcome::Refused { .. }) {
            self.outage = None;
        } else if probed || (cut_off && self.outage.is_none()) {
            self.outage = Some(Outage::default());
        }
    }

    fn check_stop(&self, run_ids: &[RunId], outcome: &Outcome) {
        match outcome {
            _ if self.is_batch => {}
            Outcome::Refused { status: 401 | 402, .. } => {}
            Outcome::Refused { status: 403, .. } => {
                assert_eq!(run_ids.len(), 1, "other runs of the batch may be allowed")
            }
            Outcome::Refused { status: 429 | 503, .. } => {
                assert!(self.refused_in_a_row >= 10, "gave up after {} refusals", self.refused_in_a_row);
            }
            outcome => panic!("{outcome:?} stopped the call"),
        }
    }
}
