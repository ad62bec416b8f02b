//! What comes in: run ids as their source gives them, until they are asked for.

use crate::id_set::IdSet;
use crate::plan::first_batch;
use crate::run_id::{BATCH_MAX, BATCH_MIN, Ids, Problem, RunId};

/// How long a source may be silent before a request is made of fewer than three runs, in ms.
pub const SILENCE_MS: f64 = 20.0;

/// Run ids that were read, each once.
#[derive(Clone, Debug)]
pub(super) struct Intake {
    source: Source,
    elements: usize,
    problem: Option<Problem>,
    ids: IdSet,
    /// Those before are asked for already.
    start: usize,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Idle,
    Asked { at: f64 },
    Ended,
}

impl Intake {
    /// Of those that are there, and of a source, where there is one.
    pub fn of(ids: IdSet, has_source: bool) -> Self {
        let source = if has_source { Source::Idle } else { Source::Ended };
        Self { source, elements: 0, problem: None, ids, start: 0 }
    }

    /// Takes what the source gave; nothing at all is its end.
    pub fn add(&mut self, numbers: &[f64]) {
        self.source = if numbers.is_empty() { Source::Ended } else { Source::Idle };
        for &number in numbers {
            match RunId::from_number(number) {
                Ok(id) => drop(self.ids.insert(id)),
                Err(fault) => {
                    self.problem = Some(Problem::of_element(fault, self.elements));
                    self.source = Source::Ended;
                    break;
                }
            }
            self.elements = self.elements.wrapping_add(1);
        }
    }

    /// How many distinct run ids were read.
    pub fn total(&self) -> usize {
        self.ids.len()
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

    fn rest(&self) -> &[RunId] {
        self.ids.get(self.start..).unwrap_or_default()
    }

    /// From when on the next batch may be taken, and how many runs it has. Batches are of three to five runs, unless the
    /// source has ended or is silent; while more may come, enough is kept for the last batch.
    pub fn next_batch(&self, now: f64) -> Option<(f64, usize)> {
        const ENOUGH_FOR_TWO: usize = BATCH_MAX + BATCH_MIN + 1;
        let count = self.rest().len();
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

    /// Takes a batch, of five at the most.
    pub fn take(&mut self, count: usize) -> Ids {
        let batch: Ids = self.rest().iter().copied().take(count).collect();
        self.start = self.start.wrapping_add(batch.len());
        batch
    }
}
