//! A call in a test's hands: the test says what comes and when, and looks at what is done.

use std::iter;

use translation_results::bulk::{Bulk, Jobs, Limits, Outcome, Progress, Request, Step, Verdict};
use translation_results::pace::Pace;
use translation_results::retry::refusal;
use translation_results::runs::Places;

pub const LIMITS: Limits = Limits { concurrency: 3, max_retries: 2, deadline_ms: f64::INFINITY };

/// Above what the first volley takes, and below every wait.
pub const SOON: f64 = 10.0;

/// Where the clock starts must not matter.
const START: f64 = 1_024.0;

#[derive(Clone)]
pub struct Script {
    pub bulk: Bulk,
    pub jobs: Jobs,
    pub pace: Pace,
    /// The middle of a backoff: 250, 500, 1000, 2000 and from then on 4000 ms; for a lost connection 375, 750, 1500,
    /// 3000 and 6000.
    pub sample: f64,
    /// Settled runs that the consumer has not taken.
    pub undelivered: usize,
    /// What the source has given.
    given: Vec<f64>,
    now: f64,
}

impl Script {
    /// A call for the runs 1 to `count`.
    pub fn list(limits: Limits, count: u32) -> Self {
        Self::of(Bulk::start_with(limits, count as usize, START))
    }

    /// A call for the runs 1 to `count` as one batch.
    pub fn whole(limits: Limits, count: u32) -> Self {
        Self::of(Bulk::start_whole(limits, count as usize, START))
    }

    /// A call for what its source will give.
    pub fn stream(limits: Limits) -> Self {
        Self::of(Bulk::start(limits, START))
    }

    fn of(bulk: Bulk) -> Self {
        Self {
            bulk,
            jobs: Jobs::new(),
            pace: Pace::default(),
            sample: 0.5,
            undelivered: 0,
            given: Vec::new(),
            now: START,
        }
    }

    /// The time since the start.
    pub fn now(&self) -> f64 {
        self.now - START
    }

    /// The end of the time for the whole call, counted from the start.
    pub fn deadline(&self) -> f64 {
        self.bulk.deadline() - START
    }

    /// Goes to a time, counted from the start.
    #[track_caller]
    pub fn at(&mut self, ms: f64) -> &mut Self {
        assert!(START + ms >= self.now, "time does not go back");
        self.now = START + ms;
        self
    }

    pub fn after(&mut self, ms: f64) -> &mut Self {
        self.now += ms;
        self
    }

    pub fn step(&mut self) -> Step {
        self.bulk.next(&mut self.jobs, &mut self.pace, self.undelivered, self.now)
    }

    /// The request that goes out now.
    #[track_caller]
    pub fn send(&mut self) -> Request {
        match self.step() {
            Step::Send(request) => request,
            step => panic!("{step:?} where a request was to go out"),
        }
    }

    /// The requests that go out within so many ms from now, if nothing comes. The time is then that of the last.
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
                    assert!(until > self.now, "a wait for what is over");
                    self.now = until;
                }
                Step::Wait(_) | Step::Done => {
                    self.now = last;
                    return requests;
                }
                step => panic!("{step:?} where requests were to go out"),
            }
        }
    }

    /// The requests that go out with no wait but what spaces the first ones.
    #[track_caller]
    pub fn sends(&mut self) -> Vec<Request> {
        self.sends_within(SOON)
    }

    /// Nothing is to be done before something comes or a time is reached: in how many ms.
    #[track_caller]
    pub fn wait(&mut self) -> f64 {
        match self.step() {
            Step::Wait(until) => until - self.now,
            step => panic!("{step:?} where there was to be a wait"),
        }
    }

    /// Waits, and is then told what to do.
    #[track_caller]
    pub fn send_after(&mut self, ms: f64) -> Request {
        assert_eq!(self.wait(), ms, "the wait");
        self.after(ms).send()
    }

    #[track_caller]
    pub fn reads(&mut self, most: usize) {
        assert_eq!(self.step(), Step::Read(most));
    }

    /// The source gives these numbers.
    pub fn gives(&mut self, numbers: &[f64]) {
        for &number in numbers {
            self.bulk.add(number, !self.given.contains(&number));
            self.given.push(number);
        }
    }

    #[track_caller]
    pub fn is_done(&mut self) {
        assert_eq!(self.step(), Step::Done);
    }

    pub fn handle(&mut self, request: Request, outcome: Outcome) -> Verdict {
        self.bulk.handle(request, outcome, &mut self.jobs, &mut self.pace, self.now, self.sample)
    }

    /// This becomes of a request, and no run fails of it.
    #[track_caller]
    fn becomes(&mut self, request: Request, outcome: Outcome, verdict: Verdict) {
        assert_eq!(self.handle(request, outcome), verdict);
        let failed = self.failed();
        assert!(failed.is_empty(), "{failed:?} failed without a word");
    }

    /// The requests whose runs have failed since this was asked.
    pub fn take_failed(&mut self) -> Vec<Request> {
        iter::from_fn(|| self.bulk.take_failed(&mut self.jobs)).collect()
    }

    /// The runs that have failed since this was asked, by their requests.
    pub fn failed(&mut self) -> Vec<Vec<u32>> {
        numbers_of(&self.take_failed())
    }

    /// The call is over, however it ended.
    pub fn close(&mut self) {
        self.bulk.close(&mut self.jobs, &mut self.pace);
    }

    /// The time for the whole call is over.
    pub fn expire(&mut self) {
        self.bulk.expire(&mut self.jobs, &mut self.pace);
    }

    /// All runs of a request come well-formed.
    #[track_caller]
    pub fn succeeds(&mut self, request: Request) {
        self.becomes(request, Outcome::Answered(ALL), Verdict::Settled);
    }

    /// What came of a request brings it out again after a wait.
    #[track_caller]
    pub fn again(&mut self, request: Request, outcome: Outcome, wait: f64) {
        self.becomes(request, outcome, Verdict::Again(wait));
    }

    /// What came of a request is the end of these runs.
    #[track_caller]
    pub fn fails(&mut self, request: Request, outcome: Outcome, numbers: &[u32]) {
        assert_eq!(self.handle(request, outcome), Verdict::Failed);
        assert_eq!(self.failed().concat(), numbers);
        assert!(self.failed().is_empty(), "they failed twice");
    }

    /// A request's runs are asked for apart.
    #[track_caller]
    pub fn is_taken_apart(&mut self, request: Request, outcome: Outcome) {
        self.becomes(request, outcome, Verdict::Settled);
    }

    #[track_caller]
    pub fn stops(&mut self, request: Request, outcome: Outcome) {
        self.becomes(request, outcome, Verdict::Stop);
    }

    /// Everything that is still to be had comes at once.
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
        let progress = self.bulk.progress();
        assert_eq!((progress.total, progress.succeeded, progress.failed), (total, succeeded, failed), "{progress:?}");
    }

    #[track_caller]
    pub fn has_sent(&self, requests: usize, retries: usize) {
        let Progress { requests: sent, retries: again, .. } = self.bulk.progress();
        assert_eq!((sent, again), (requests, retries));
    }
}

/// The runs of a request, the call's first being 1.
pub fn numbers(request: &Request) -> Vec<u32> {
    let runs = request.runs;
    runs.places.iter().map(|place| (runs.first + place + 1) as u32).collect()
}

/// The runs of some requests.
pub fn numbers_of(requests: &[Request]) -> Vec<Vec<u32>> {
    requests.iter().map(numbers).collect()
}

#[track_caller]
pub fn assert_asks(requests: &[Request], numbers: &[&[u32]]) {
    assert_eq!(numbers_of(requests), numbers);
}

/// A refusal that names neither a wait nor runs.
pub fn refused(status: u16) -> Outcome {
    let retryable = refusal(status).is_some_and(|(_, retryable)| retryable);
    Outcome::Refused { status, retryable, retry_after_ms: None, named: Places::default() }
}

pub fn told_to_wait(status: u16, ms: u64) -> Outcome {
    let Outcome::Refused { retryable, named, .. } = refused(status) else { panic!("no refusal") };
    Outcome::Refused { status, retryable, retry_after_ms: Some(ms as f64), named }
}

/// A 422 that names runs by their places in the batch.
pub fn naming(named: &[usize]) -> Outcome {
    // A position far off has no bit, and is not told on.
    let bits = named.iter().filter_map(|&index| 1_u32.checked_shl(u32::try_from(index).ok()?));
    let named = Places(bits.fold(0, |all, bit| all | bit));
    Outcome::Refused { status: 422, retryable: false, retry_after_ms: None, named }
}

/// Every place of a request.
pub const ALL: Places = Places(0b11111);

/// An answer to a request for the runs 1 to 5, or fewer, that has these runs well-formed.
pub fn answered(numbers: &[u32]) -> Outcome {
    let mut places = Places::default();
    numbers.iter().for_each(|&number| places.add(number as usize - 1));
    Outcome::Answered(places)
}
