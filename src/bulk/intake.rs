//! What comes in: run ids as their source gives them, until they are asked for.

use super::id_set::IdSet;
use crate::plan::first_batch;
use crate::run_id::{BATCH_MAX, BATCH_MIN, Problem, RunId};

/// How long a source may be silent before a request is made of fewer than three runs, in ms.
pub const SILENCE_MS: f64 = 20.0;

/// Run ids that were read and not yet asked for, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Intake {
    source: Source,
    elements: usize,
    seen: IdSet,
    problem: Option<Problem>,
    ids: Vec<RunId>,
    /// Those before are asked for already.
    start: usize,
}

#[derive(Clone, Copy, Debug, Default)]
enum Source {
    #[default]
    Idle,
    Asked {
        at: f64,
    },
    Ended,
}

impl Intake {
    /// Takes what the source gave; nothing at all is its end. Gives how many distinct run ids that were.
    pub fn add(&mut self, numbers: &[f64]) -> usize {
        self.source = if numbers.is_empty() { Source::Ended } else { Source::Idle };
        self.ids.drain(..self.start);
        self.start = 0;
        let before = self.ids.len();
        for &number in numbers {
            match RunId::from_number(number) {
                Ok(id) if self.seen.insert(id) => self.ids.push(id),
                Ok(_) => {}
                Err(fault) => {
                    self.problem = Some(Problem::of_element(fault, self.elements));
                    self.source = Source::Ended;
                    break;
                }
            }
            self.elements = self.elements.saturating_add(1);
        }
        self.ids.len().saturating_sub(before)
    }

    /// Takes the distinct run ids of a list that is all there is.
    pub fn add_all(&mut self, ids: Vec<RunId>) {
        self.ids = ids;
        self.source = Source::Ended;
    }

    /// Whether the source is to be asked for more.
    pub fn ask(&mut self, now: f64) -> bool {
        let idle = matches!(self.source, Source::Idle);
        if idle {
            self.source = Source::Asked { at: now };
        }
        idle
    }

    /// Whether nothing more will come.
    pub fn has_ended(&self) -> bool {
        matches!(self.source, Source::Ended)
    }

    /// What ended the source before its end.
    pub fn problem(&self) -> Option<Problem> {
        self.problem
    }

    /// From when on the next batch may be taken, and how many runs it has. Batches are of three to five runs, unless the
    /// source has ended or is silent; while more may come, enough is kept for the last batch.
    pub fn next_batch(&self, now: f64) -> Option<(f64, usize)> {
        const ENOUGH_FOR_TWO: usize = BATCH_MAX + BATCH_MIN + 1;
        let count = self.ids.len().saturating_sub(self.start);
        let balanced = first_batch(count);
        match self.source {
            _ if count == 0 => None,
            Source::Ended => Some((now, balanced)),
            Source::Asked { .. } if count >= ENOUGH_FOR_TWO => Some((now, BATCH_MAX)),
            Source::Asked { at } => Some((at + SILENCE_MS, balanced)),
            // The consumer has to take something before more is read: for fewer than three there is time until then.
            Source::Idle => (count > BATCH_MIN).then_some((now, balanced)),
        }
    }

    /// Takes a batch.
    pub fn take(&mut self, count: usize) -> Vec<RunId> {
        let rest = self.ids.get(self.start..).unwrap_or_default();
        let batch: Vec<_> = rest.iter().copied().take(count).collect();
        self.start = self.start.saturating_add(batch.len());
        batch
    }

    /// Takes all.
    pub fn take_all(&mut self) -> Vec<RunId> {
        self.take(usize::MAX)
    }
}
