//! The callers that wait for single runs. Callers of the same run share its request, and each of them settles alone.

use std::mem;

use crate::core::run_id::RunId;

/// Identifies a caller of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    run_id: RunId,
    number: u32,
}

/// The callers that wait, each with a `T`, and the runs that they wait for.
#[derive(Clone, Debug)]
pub struct Callers<T> {
    /// Sorted by run id. The code of a `BTreeMap` would be 4 % of the npm package.
    runs: Vec<Run<T>>,
    /// Runs that gained their first caller or lost their last one, oldest change first.
    changed: Vec<RunId>,
    numbered: u32,
}

/// A run, and at least one caller that waits for it.
#[derive(Clone, Debug)]
struct Run<T> {
    run_id: RunId,
    /// Attempts made since its first caller joined.
    attempts: u32,
    callers: Vec<(Caller, T)>,
}

impl<T> Default for Callers<T> {
    fn default() -> Self {
        Self { runs: vec![], changed: vec![], numbered: 0 }
    }
}

/// A run whose callers have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The run has gained a caller.
    Wanted(RunId),
    /// The run has lost its last caller.
    Unwanted(RunId),
}

impl<T> Callers<T> {
    /// Adds a caller that waits for a run.
    pub fn join(&mut self, run_id: RunId, waiting: T) -> Caller {
        self.numbered = self.numbered.wrapping_add(1);
        let caller = Caller { run_id, number: self.numbered };
        match self.place(run_id) {
            Ok(place) => {
                if let Some(run) = self.runs.get_mut(place) {
                    run.callers.push((caller, waiting));
                }
            }
            Err(place) => {
                self.runs.insert(place, Run { run_id, attempts: 0, callers: vec![(caller, waiting)] });
                self.changed.push(run_id);
            }
        }
        caller
    }

    /// Removes a caller, if it still waits.
    pub fn leave(&mut self, caller: Caller) {
        let Some(run) = self.run(caller.run_id) else { return };
        run.callers.retain(|(other, _)| *other != caller);
        if run.callers.is_empty() {
            self.settle(caller.run_id);
            self.changed.push(caller.run_id);
        }
    }

    /// Removes the callers of a settled run. Returns their `T`s, in the order in which they joined.
    pub fn settle(&mut self, run_id: RunId) -> Vec<T> {
        let run = self.place(run_id).ok().map(|place| self.runs.remove(place));
        run.into_iter().flat_map(Run::into_waiting).collect()
    }

    /// Removes all callers. Returns their `T`s.
    pub fn settle_all(&mut self) -> Vec<T> {
        mem::take(&mut self.runs).into_iter().flat_map(Run::into_waiting).collect()
    }

    /// Returns every caller with its `T`.
    pub fn waiting(&self) -> Vec<(Caller, T)>
    where
        T: Clone,
    {
        self.runs.iter().flat_map(|run| run.callers.iter().cloned()).collect()
    }

    /// Returns every caller of these runs with its `T`.
    pub fn waiting_for(&self, run_ids: &[RunId]) -> Vec<(Caller, T)>
    where
        T: Clone,
    {
        let mut waiting = vec![];
        for &run_id in run_ids {
            if let Some(run) = self.place(run_id).ok().and_then(|place| self.runs.get(place)) {
                waiting.extend_from_slice(&run.callers);
            }
        }
        waiting
    }

    /// Notes an attempt for a run.
    pub fn attempted(&mut self, run_id: RunId, attempts: u32) {
        if let Some(run) = self.run(run_id) {
            run.attempts = attempts;
        }
    }

    /// Returns how many attempts were made for the run that a caller waits for.
    pub fn attempts(&mut self, caller: Caller) -> u32 {
        self.run(caller.run_id).map_or(0, |run| run.attempts)
    }

    /// Returns whether no caller waits.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Returns whether [`take_changes`](Self::take_changes) would return a change.
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Takes the changes since the last time. A run may appear more than once.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let changed = mem::take(&mut self.changed);
        let change = |run_id| match self.place(run_id) {
            Ok(_) => Change::Wanted(run_id),
            Err(_) => Change::Unwanted(run_id),
        };
        changed.into_iter().map(change).collect()
    }

    fn place(&self, run_id: RunId) -> Result<usize, usize> {
        self.runs.binary_search_by_key(&run_id, |run| run.run_id)
    }

    fn run(&mut self, run_id: RunId) -> Option<&mut Run<T>> {
        let place = self.place(run_id).ok()?;
        self.runs.get_mut(place)
    }
}

impl<T> Run<T> {
    fn into_waiting(self) -> impl Iterator<Item = T> {
        self.callers.into_iter().map(|(_, waiting)| waiting)
    }
}
