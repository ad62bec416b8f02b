//! Requests on their way, of all calls: one table, whose places are used again.

use crate::runs::Runs;

/// A request as it is sent: for these runs, which are a batch or one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// By which its job is known, for as long as it is on its way.
    pub number: usize,
    /// Those that have no result yet.
    pub runs: Runs,
    /// Attempts made so far, the one under way included.
    pub attempts: u32,
}

/// Runs that are asked for with one request, and what has become of it so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    /// The next of the same list.
    pub next: usize,
    pub state: State,
    /// Those that have no result yet.
    pub runs: Runs,
    /// Whether it asks for one run only.
    pub alone: bool,
    pub origin: Origin,
    pub attempts: u32,
    /// Failed attempts that took from the retries.
    pub failures: u32,
    pub sent_at: f64,
    pub not_before: f64,
    /// How many runs of the call had succeeded when it was first sent.
    pub succeeded_before: usize,
}

/// What a job is up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    /// It is to be asked for, from its time on.
    Waiting,
    /// Its last attempt was lost with the connection, and nothing was answered since.
    Lost,
    InFlight,
    /// Its runs have failed, and nobody has been told.
    Failed,
    /// It has come back, and what becomes of it is being decided; the end of the call, where it stays so.
    Over,
}

/// How a job came to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Origin {
    /// It was planned.
    Plan,
    /// Its runs were asked for with others, and are now asked for apart.
    Apart,
    /// As `Apart`, where the others were forbidden too, and none has turned out to be anything else.
    Forbidden,
}

/// No job's number: a list's end.
const NONE: usize = usize::MAX;

/// Every job there is. One that is over leaves its place to the next, so nothing is ever given back to an allocator.
#[derive(Clone, Debug)]
pub struct Jobs {
    all: Vec<Job>,
    /// Places that nobody has.
    free: List,
}

/// Some of the jobs, in the order in which they were added: the number of the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct List(usize);

impl List {
    pub const EMPTY: Self = Self(NONE);
}

impl Jobs {
    /// None.
    pub const fn new() -> Self {
        Self { all: Vec::new(), free: List::EMPTY }
    }

    #[inline(never)]
    #[expect(clippy::indexing_slicing, reason = "numbers are of jobs")]
    pub(super) fn at(&mut self, number: usize) -> &mut Job {
        &mut self.all[number]
    }

    /// The request of a job.
    pub fn request(&mut self, number: usize) -> Request {
        let Job { runs, attempts, .. } = *self.at(number);
        Request { number, runs, attempts }
    }

    /// The first of a list's that is as it is asked for.
    pub(super) fn first(&self, list: List, is_one: impl Fn(&Job) -> bool) -> Option<usize> {
        let mut number = list.0;
        loop {
            let job = self.all.get(number)?;
            if is_one(job) {
                return Some(number);
            }
            number = job.next;
        }
    }

    /// Does something with each of a list's, and its number.
    pub(super) fn each(&mut self, list: List, mut act: impl FnMut(usize, &mut Job)) {
        let mut number = list.0;
        while let Some(job) = self.all.get_mut(number) {
            let next = job.next;
            act(number, job);
            number = next;
        }
    }

    /// Adds a job to a list; its number.
    pub(super) fn add(&mut self, list: &mut List, runs: Runs, origin: Origin) -> usize {
        let job = Job {
            next: NONE,
            state: State::Waiting,
            alone: runs.len() == 1,
            runs,
            origin,
            attempts: 0,
            failures: 0,
            sent_at: 0.0,
            not_before: 0.0,
            succeeded_before: 0,
        };
        let mut number = self.free.0;
        if number == NONE {
            number = self.all.len();
            self.all.push(job);
        } else {
            self.free.0 = self.at(number).next;
        }
        // A new place has it already: that it is written for both is smaller.
        *self.at(number) = job;
        self.relink(list, NONE, number);
        number
    }

    /// Takes a job out of a list: it is over.
    pub(super) fn remove(&mut self, list: &mut List, number: usize) {
        let next = self.at(number).next;
        self.relink(list, number, next);
        self.at(number).next = self.free.0;
        self.free.0 = number;
    }

    /// Has whoever points at a number in a list point at another: the list itself or one of its jobs.
    fn relink(&mut self, list: &mut List, number: usize, other: usize) {
        let mut link = &mut list.0;
        let mut before = *link;
        while before != number {
            link = &mut self.at(before).next;
            before = *link;
        }
        *link = other;
    }

    /// Takes all out of a list.
    pub(super) fn clear(&mut self, list: &mut List) {
        while list.0 != NONE {
            self.remove(list, list.0);
        }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self::new()
    }
}
