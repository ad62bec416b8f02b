//! Runs that are read and not yet asked for.

use std::collections::VecDeque;
use std::iter;

use crate::core::batch::{BATCH_MAX, BATCH_MIN, Seen};
use crate::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use crate::core::plan::first_batch;
use crate::core::run_id::RunId;

/// If the source gives no new run id for this many ms, fewer than three runs are sent, too.
pub const SILENCE_MS: f64 = 20.0;

/// Distinct run ids in the order read.
#[derive(Clone, Debug)]
pub(super) struct Intake {
    source: Source,
    /// When the source was first asked for more after its latest new run id, in ms.
    silent_since: Option<f64>,
    seen: Seen,
    /// Values read, repeats included.
    values: usize,
    problem: Option<RunIdProblem>,
    /// Distinct run ids read.
    total: usize,
    /// The run ids read that are not yet asked for.
    rest: VecDeque<RunId>,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Idle,
    Asked,
    Ended,
}

/// A batch that may be sent.
pub(super) struct Ready {
    /// The earliest time.
    pub at: f64,
    /// Its number of runs.
    pub count: usize,
}

impl Intake {
    /// Makes the intake of a list of distinct run ids.
    pub fn of_list(run_ids: Vec<RunId>) -> Self {
        Self { source: Source::Ended, total: run_ids.len(), rest: run_ids.into(), ..Self::of_source() }
    }

    /// Makes the intake of a source that is still to be read.
    pub fn of_source() -> Self {
        Self {
            source: Source::Idle,
            silent_since: None,
            seen: Seen::default(),
            values: 0,
            problem: None,
            total: 0,
            rest: VecDeque::new(),
        }
    }

    /// Takes one value of the source. Returns whether it is a new run id. A value that is not a run id ends the source.
    pub fn add(&mut self, number: f64) -> bool {
        if self.has_ended() {
            return false;
        }
        self.source = Source::Idle;
        let index = self.values;
        self.values = index.saturating_add(1);
        match RunId::from_number(number) {
            Ok(run_id) if self.seen.first_index(run_id, index) == index => {
                self.silent_since = None;
                self.total = self.total.saturating_add(1);
                self.rest.push_back(run_id);
                true
            }
            // Repeats go on with the silence: a source may give nothing else for ever.
            Ok(_) => false,
            Err(problem) => {
                self.problem = Some(problem.at(index));
                self.end();
                false
            }
        }
    }

    /// Notes that the source has ended.
    pub fn end(&mut self) {
        self.source = Source::Ended;
    }

    /// Adds a run that a caller asks for. Returns whether it is new.
    pub fn ask_for(&mut self, run_id: RunId) -> bool {
        let is_new = !self.rest.contains(&run_id);
        if is_new {
            self.rest.push_back(run_id);
        }
        is_new
    }

    /// Removes a run. Returns whether it was there.
    pub fn give_up(&mut self, run_id: RunId) -> bool {
        let before = self.rest.len();
        self.rest.retain(|&other| other != run_id);
        self.rest.len() < before
    }

    /// Returns how many distinct run ids were read.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Asks the source for more, unless it is asked already or has ended. Returns whether it is asked now.
    pub fn ask(&mut self, now: f64) -> bool {
        let is_idle = matches!(self.source, Source::Idle);
        if is_idle {
            self.source = Source::Asked;
            self.silent_since.get_or_insert(now);
        }
        is_idle
    }

    /// Returns whether the source has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self.source, Source::Ended)
    }

    /// Returns the problem that ended the source.
    pub fn problem(&self) -> Option<InvalidRunIds> {
        self.problem.clone().map(InvalidRunIds::from)
    }

    /// Returns the next batch. It has three to five runs, unless the source has ended or is silent. While more may come,
    /// enough runs are kept for the last batch.
    pub fn next_batch(&self, now: f64) -> Option<Ready> {
        const ENOUGH_FOR_TWO: usize = BATCH_MAX + BATCH_MIN + 1;
        let waiting = self.rest.len();
        let balanced = first_batch(waiting);
        let (at, count) = match self.source {
            _ if waiting == 0 => return None,
            Source::Ended => (now, balanced),
            Source::Asked if waiting >= ENOUGH_FOR_TWO => (now, BATCH_MAX),
            Source::Asked => (self.silent_since.unwrap_or(now) + SILENCE_MS, balanced),
            // More is read only after the consumer takes an item. One or two runs are held back until then.
            Source::Idle if waiting <= BATCH_MIN => return None,
            Source::Idle => (now, balanced),
        };
        Some(Ready { at, count })
    }

    /// Takes the first `count` runs, or all.
    pub fn take(&mut self, count: usize) -> Vec<RunId> {
        iter::from_fn(|| self.rest.pop_front()).take(count).collect()
    }
}
