//! What comes in: runs as their source gives them, until they are asked for.

use crate::plan::first_batch;
use crate::run_id::{BATCH_MAX, BATCH_MIN, Problem, problem_of_element};
use crate::runs::Runs;

/// How long a source may be silent before a request is made of fewer than three runs, in ms.
pub const SILENCE_MS: f64 = 20.0;

/// Runs whose ids were read, each once.
#[derive(Clone, Debug)]
pub(super) struct Intake {
    source: Source,
    elements: usize,
    problem: Option<(Problem, usize)>,
    /// How many distinct ones there are.
    total: usize,
    /// How many of them are asked for already.
    taken: usize,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Idle,
    Asked { at: f64 },
    Ended,
}

impl Intake {
    /// Of so many that are there, and of a source, where there is one.
    pub fn of(total: usize, has_source: bool) -> Self {
        let source = if has_source { Source::Idle } else { Source::Ended };
        Self { source, elements: 0, problem: None, total, taken: 0 }
    }

    /// Takes one of the numbers that the source gave.
    pub fn add(&mut self, number: f64, is_new: bool) {
        if self.has_ended() {
            return;
        }
        self.source = Source::Idle;
        match problem_of_element(number, false) {
            None if is_new => self.total = self.total.wrapping_add(1),
            None => {}
            Some(problem) => {
                self.problem = Some((problem, self.elements));
                self.end();
            }
        }
        self.elements = self.elements.wrapping_add(1);
    }

    /// Nothing more will come.
    pub fn end(&mut self) {
        self.source = Source::Ended;
    }

    /// How many distinct run ids were read.
    pub fn total(&self) -> usize {
        self.total
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

    /// What ended the source before its end, and how many elements came before.
    pub fn problem(&self) -> Option<(Problem, usize)> {
        self.problem
    }

    /// How many are still to be asked for.
    fn rest(&self) -> usize {
        self.total.wrapping_sub(self.taken)
    }

    /// From when on the next batch may be taken, and how many runs it has. Batches are of three to five runs, unless the
    /// source has ended or is silent; while more may come, enough is kept for the last batch.
    pub fn next_batch(&self, now: f64) -> Option<(f64, usize)> {
        const ENOUGH_FOR_TWO: usize = BATCH_MAX + BATCH_MIN + 1;
        let count = self.rest();
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
    pub fn take(&mut self, count: usize) -> Runs {
        let batch = Runs::from(self.taken, count.min(self.rest()));
        self.taken = self.taken.wrapping_add(batch.len());
        batch
    }
}
