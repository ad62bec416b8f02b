//! One call driven by a test: the test says what happens and when, and checks what the schedule does.

use translation_results::core::event::BulkProgress;
use translation_results::core::pace::Pace;
use translation_results::core::retry::meaning;
use translation_results::core::run_id::RunId;
use translation_results::core::schedule::{Limits, Outcome, Request, Schedule, Step, Verdict};

pub const LIMITS: Limits = Limits { concurrency: 3, max_retries: 2, deadline_ms: f64::INFINITY };

/// Longer than the gaps between the first requests, shorter than every wait, in ms.
pub const SOON: f64 = 10.0;

/// The start of the clock, which must not matter.
const START: f64 = 1_024.0;

#[derive(Clone)]
pub struct Script {
    pub schedule: Schedule,
    pub pace: Pace,
    /// The random sample of every wait. The default, 0.5, makes a backoff of 250, 500, 1000, 2000 and then always
    /// 4000 ms, and after a lost connection of 375, 750, 1500, 3000 and then always 6000 ms.
    pub sample: f64,
    /// Settled runs that the consumer has not taken yet.
    pub undelivered: usize,
    now: f64,
}

impl Script {
    /// Starts a call for the runs 1 to `count`.
    pub fn list(limits: Limits, count: u64) -> Self {
        Self::of(Schedule::of_list(limits, one_to(count), START))
    }

    /// Starts a call for the runs 1 to `count` as one batch that succeeds or fails as a whole.
    pub fn batch(limits: Limits, count: u64) -> Self {
        Self::of(Schedule::of_batch(limits, one_to(count), START))
    }

    /// Starts a call for the runs that a source will give.
    pub fn stream(limits: Limits) -> Self {
        Self::of(Schedule::of_source(limits, START))
    }

    fn of(schedule: Schedule) -> Self {
        Self { schedule, pace: Pace::default(), sample: 0.5, undelivered: 0, now: START }
    }

    /// Returns the time since the start.
    pub fn now(&self) -> f64 {
        self.now - START
    }

    /// Returns the deadline, counted from the start.
    pub fn deadline(&self) -> f64 {
        self.schedule.deadline() - START
    }

    /// Goes to a time, counted from the start.
    #[track_caller]
    pub fn at(&mut self, ms: f64) -> &mut Self {
        assert!(START + ms >= self.now, "time does not go back");
        self.now = START + ms;
        self
    }

    /// Lets time pass.
    pub fn after(&mut self, ms: f64) -> &mut Self {
        self.now += ms;
        self
    }

    pub fn step(&mut self) -> Step {
        self.schedule.next(&mut self.pace, self.undelivered, self.now)
    }

    /// Expects a request that is sent now.
    #[track_caller]
    pub fn send(&mut self) -> Request {
        match self.step() {
            Step::Send(request) => request,
            step => panic!("{step:?} instead of a request"),
        }
    }

    /// Returns the requests that are sent within `ms` while nothing else happens. Leaves the time at the last one.
    #[track_caller]
    pub fn sends_within(&mut self, ms: f64) -> Vec<Request> {
        let end = self.now + ms;
        let mut requests = Vec::new();
        let mut last = self.now;
        loop {
            match self.step() {
                Step::Send(request) => {
                    requests.push(request);
                    last = self.now;
                }
                Step::Wait(until) if until <= end => {
                    assert!(until > self.now, "a wait until a time that has passed");
                    self.now = until;
                }
                Step::Wait(_) | Step::Done => {
                    self.now = last;
                    return requests;
                }
                step => panic!("{step:?} instead of requests"),
            }
        }
    }

    /// Returns the requests that are sent with no more delay than the gaps between the first ones.
    #[track_caller]
    pub fn sends(&mut self) -> Vec<Request> {
        self.sends_within(SOON)
    }

    /// Expects a wait. Returns its length in ms.
    #[track_caller]
    pub fn wait(&mut self) -> f64 {
        match self.step() {
            Step::Wait(until) => until - self.now,
            step => panic!("{step:?} instead of a wait"),
        }
    }

    /// Expects a wait of `ms` and a request after it.
    #[track_caller]
    pub fn send_after(&mut self, ms: f64) -> Request {
        assert_eq!(self.wait(), ms, "the wait");
        self.after(ms).send()
    }

    /// Expects a read of at most this many values.
    #[track_caller]
    pub fn reads(&mut self, most: usize) {
        assert_eq!(self.step(), Step::Read(most));
    }

    /// Gives values of the source to the call.
    pub fn gives(&mut self, numbers: &[f64]) {
        for &number in numbers {
            self.schedule.add(number);
        }
    }

    #[track_caller]
    pub fn is_done(&mut self) {
        assert_eq!(self.step(), Step::Done);
    }

    pub fn handle(&mut self, request: Request, outcome: Outcome) -> Verdict {
        self.schedule.handle(&request, outcome, &mut self.pace, self.now, self.sample)
    }

    /// Expects a verdict that fails no run.
    #[track_caller]
    fn becomes(&mut self, request: Request, outcome: Outcome, verdict: Verdict) {
        let failed = self.schedule.progress().failed;
        assert_eq!(self.handle(request, outcome), verdict);
        assert_eq!(self.schedule.progress().failed, failed, "a run failed silently");
    }

    /// Cancels the call.
    pub fn cancel(&mut self) {
        self.schedule.cancel(&mut self.pace);
    }

    /// Ends the call at its deadline. Returns the requests whose runs fail.
    pub fn expire(&mut self) -> Vec<Request> {
        self.schedule.expire(&mut self.pace)
    }

    /// Answers a request with all of its runs well-formed.
    #[track_caller]
    pub fn succeeds(&mut self, request: Request) {
        let outcome = Outcome::Answered(request.run_ids.clone());
        self.becomes(request, outcome, Verdict::Settled);
    }

    /// Expects that this outcome repeats the request after a wait.
    #[track_caller]
    pub fn again(&mut self, request: Request, outcome: Outcome, wait: f64) {
        self.becomes(request, outcome, Verdict::Again(wait));
    }

    /// Expects that this outcome fails these runs.
    #[track_caller]
    pub fn fails(&mut self, request: Request, outcome: Outcome, run_ids: &[u64]) {
        let before = self.schedule.progress().failed;
        match self.handle(request, outcome) {
            Verdict::Failed(requests) => assert_eq!(ids_of(&requests).concat(), run_ids),
            verdict => panic!("{verdict:?} instead of a failure"),
        }
        assert_eq!(self.schedule.progress().failed, before + run_ids.len(), "each counts once");
    }

    /// Expects that this outcome takes the batch apart.
    #[track_caller]
    pub fn is_taken_apart(&mut self, request: Request, outcome: Outcome) {
        self.becomes(request, outcome, Verdict::Settled);
    }

    /// Expects that this outcome stops the call.
    #[track_caller]
    pub fn stops(&mut self, request: Request, outcome: Outcome) {
        self.becomes(request, outcome, Verdict::Stop);
    }

    /// Answers these requests and all further ones at once, until the call is done.
    #[track_caller]
    pub fn finishes(&mut self, mut in_flight: Vec<Request>) {
        loop {
            in_flight.append(&mut self.sends_within(f64::MAX));
            let Some(request) = in_flight.pop() else { break };
            self.succeeds(request);
        }
        self.is_done();
    }

    #[track_caller]
    pub fn has(&self, total: usize, succeeded: usize, failed: usize) {
        let progress = self.schedule.progress();
        assert_eq!((progress.total, progress.succeeded, progress.failed), (total, succeeded, failed), "{progress:?}");
    }

    #[track_caller]
    pub fn has_sent(&self, requests: usize, retries: usize) {
        let BulkProgress { requests: sent, retries: again, .. } = self.schedule.progress();
        assert_eq!((sent, again), (requests, retries));
    }
}

fn run_ids(numbers: impl IntoIterator<Item = u64>) -> Vec<RunId> {
    numbers.into_iter().map(|number| RunId::new(number).unwrap()).collect()
}

fn one_to(count: u64) -> Vec<RunId> {
    run_ids(1..=count)
}

/// Returns the run ids of a request.
pub fn ids(request: &Request) -> Vec<u64> {
    request.run_ids.iter().map(|run_id| run_id.get()).collect()
}

/// Returns the run ids of each request.
pub fn ids_of(requests: &[Request]) -> Vec<Vec<u64>> {
    requests.iter().map(ids).collect()
}

#[track_caller]
pub fn assert_asks(requests: &[Request], run_ids: &[&[u64]]) {
    assert_eq!(ids_of(requests), run_ids);
}

#[track_caller]
pub fn assert_asks_for(request: &Request, run_ids: &[u64]) {
    assert_eq!(ids(request), run_ids);
}

fn refusal(status: u16, retry_after_ms: Option<f64>, named: Vec<RunId>) -> Outcome {
    let retryable = meaning(status).is_some_and(|meaning| meaning.retryable);
    Outcome::Refused { status, retryable, retry_after_ms, named }
}

/// Returns a refusal without a named wait or runs.
pub fn refused(status: u16) -> Outcome {
    refusal(status, None, vec![])
}

/// Returns a refusal that asks for a wait.
pub fn told_to_wait(status: u16, ms: u64) -> Outcome {
    refusal(status, Some(ms as f64), vec![])
}

/// Returns a 422 that names these runs as faulty.
pub fn naming(named: &[u64]) -> Outcome {
    refusal(422, None, run_ids(named.iter().copied()))
}

/// Returns an answer with these runs well-formed.
pub fn answered(sound: &[u64]) -> Outcome {
    Outcome::Answered(run_ids(sound.iter().copied()))
}
