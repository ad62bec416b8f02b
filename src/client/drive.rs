//! The loop that drives every call: carries out the steps of the schedule, and reports the outcomes to it.

use std::borrow::Cow;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::call::{Call, Sink, Wanted};
use super::exchange::{Attempt, Reply, Templates};
use super::failure::Failure;
use super::reading::{Read, Reading};
use super::shared::Shared;
use super::singles::Group;
use crate::core::callers::Change;
use crate::core::code::Code;
use crate::core::error::{Error, Kind, Limit};
use crate::core::event::{BulkProgress, ClientEvent, RequestOutcome};
use crate::core::options::CallSettings;
use crate::core::run_id::RunId;
use crate::core::schedule::{Limits, Request, Schedule, Step, Verdict};
use crate::web::abort::Signal;
use crate::web::host::{now, random};
use crate::web::timer::Timer;

/// A call under way.
pub struct Drive {
    shared: Rc<Shared>,
    settings: CallSettings,
    templates: Rc<Templates>,
    sink: Rc<dyn Sink>,
    schedule: Schedule,
    signal: Option<Signal>,
    reading: Option<Reading>,
    callers: Option<Rc<Group>>,
    /// Runs that were `null` in a batch's answer, and are asked for again alone.
    without_result: Vec<RunId>,
    in_flight: Vec<InFlight>,
    /// Whether the call has waited for an event.
    has_waited: bool,
    alarm: Option<Alarm>,
    /// The time when the clock was last read, in ms.
    now: f64,
    started_at: f64,
    /// The limit of requests in flight in the latest event.
    limit: u32,
}

struct InFlight {
    request: Request,
    /// The time on the clock, for events.
    sent_at: f64,
    reply: Pin<Box<dyn Future<Output = Reply>>>,
}

/// Whether a call has ended.
#[derive(PartialEq, Eq)]
enum IsOver {
    Yes,
    No,
}

/// A timer for the next step.
struct Alarm {
    at: f64,
    timer: Timer,
}

impl Drive {
    /// Starts a call.
    pub fn start(call: Call, signal: Option<Signal>) -> Self {
        let Call { shared, settings, headers, wanted, sink, .. } = call;
        let started_at = now();
        let limits = Limits {
            concurrency: settings.concurrency,
            max_retries: settings.max_retries,
            deadline_ms: settings.deadline_ms.map_or(f64::INFINITY, f64::from),
        };
        let (mut reading, mut callers) = (None, None);
        let schedule = match wanted {
            Wanted::Batch(run_ids) => Schedule::of_batch(limits, run_ids, started_at),
            Wanted::List(run_ids) => Schedule::of_list(limits, run_ids, started_at),
            Wanted::Source(source) => {
                reading = Some(Reading::of(source));
                Schedule::of_source(limits, started_at)
            }
            Wanted::Singles(group) => {
                callers = Some(group);
                Schedule::of_callers(limits, started_at)
            }
        };
        Self {
            templates: shared.templates(&headers),
            limit: settings.concurrency,
            reading,
            callers,
            without_result: vec![],
            in_flight: vec![],
            has_waited: false,
            alarm: None,
            now: started_at,
            shared,
            settings,
            sink,
            schedule,
            signal,
            started_at,
        }
    }

    /// Carries out the steps that are due. Ready when the call has ended.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        // Replies are handled before deadlines: a busy thread is late for both.
        let has_events = self.poll_events(context)?;
        let is_sent = self.has_waited && self.schedule.queued().is_none();
        if self.schedule.is_whole_batch() && is_sent && !has_events {
            // Its only request has no reply yet. Other calls may have been woken by their consumer.
            return Poll::Pending;
        }
        self.update_now();
        loop {
            if self.act(context)? == IsOver::Yes {
                return Poll::Ready(Ok(()));
            }
            if !self.poll_events(context)? {
                return Poll::Pending;
            }
        }
    }

    /// Carries out the steps of the schedule until the call ends or has to wait.
    fn act(&mut self, context: &mut Context<'_>) -> Result<IsOver, Failure> {
        loop {
            if !self.schedule.is_whole_batch() {
                // Listeners may have taken long.
                self.update_now();
            }
            self.check_abort()?;
            self.take_changes();
            let Some(undelivered) = self.sink.undelivered() else { return Ok(IsOver::Yes) };
            let step = self.shared.with_pace(|pace| self.schedule.next(pace, undelivered, self.now));
            match step {
                Step::Read(room) => self.read(room, context)?,
                Step::Send(request) => self.send(request, context)?,
                Step::Wait(until) => {
                    self.set_alarm(until);
                    self.has_waited = true;
                    return Ok(IsOver::No);
                }
                Step::Expire => {
                    self.expire()?;
                    return self.end();
                }
                Step::Done => return self.end(),
            }
        }
    }

    /// Handles the events so far. Returns whether there were any; if not, the next event wakes the task.
    fn poll_events(&mut self, context: &mut Context<'_>) -> Result<bool, Failure> {
        // The wakers are set before any code of the caller runs, as it may wake the call.
        if let Some(call) = self.schedule.queued() {
            self.shared.wake_at_turn(call, context.waker());
        }
        if !self.schedule.is_whole_batch() {
            self.sink.wake_at_change(context.waker());
        }
        let mut has_events = self.poll_replies(context)?;
        has_events |= self.poll_alarm(context) | self.poll_source(context)?;
        has_events |= self.signal.as_ref().is_some_and(|signal| signal.poll(context).is_ready());
        if let Some(callers) = &self.callers {
            callers.poll_signals(context);
            has_events |= callers.has_changed();
        }
        Ok(has_events)
    }

    /// Asks for runs that have gained a caller, and gives up runs that have lost their last one.
    fn take_changes(&mut self) {
        let Some(callers) = &self.callers else { return };
        for change in callers.take_changes() {
            match change {
                Change::Wanted(run_id) => self.schedule.ask_for(run_id),
                Change::Unwanted(run_id) => {
                    let cancelled = self.shared.with_pace(|pace| self.schedule.give_up(run_id, pace));
                    if let Some(place) = self.in_flight.iter().position(|it| Some(it.request.number) == cancelled) {
                        let InFlight { request, sent_at, .. } = self.in_flight.remove(place);
                        self.notify_cancelled(&request, sent_at);
                        // Another call may have waited for its answer.
                        self.shared.pace_changed();
                    }
                }
            }
        }
    }

    /// Reads the clock, but never behind the last alarm: a timer may be early, and fake timers leave the clock alone.
    fn update_now(&mut self) {
        self.now = self.now.max(now());
    }

    fn check_abort(&self) -> Result<(), Failure> {
        let reason = self.signal.as_ref().and_then(Signal::aborted);
        // Every request of a single batch is an attempt of its call.
        let attempts = if self.schedule.is_whole_batch() { self.schedule.progress().requests as u32 } else { 0 };
        reason.map_or(Ok(()), |reason| Err(Failure::aborted(reason).after(attempts)))
    }

    fn set_alarm(&mut self, at: f64) {
        if self.alarm.as_ref().is_none_or(|alarm| alarm.at != at) {
            self.alarm = at.is_finite().then(|| Alarm { at, timer: Timer::after(at - self.now) });
        }
    }

    /// Sends a request, unless the listener of its event leaves nobody who waits for it.
    fn send(&mut self, request: Request, context: &mut Context<'_>) -> Result<(), Failure> {
        self.shared.on_event.notify(|| ClientEvent::Request {
            run_ids: request.run_ids.clone(),
            attempt: request.attempts,
            url: self.shared.masked(&self.shared.url_of(&request.run_ids)).into_owned(),
        });
        let sent_at = now();
        if let Err(aborted) = self.check_abort() {
            self.notify_cancelled(&request, sent_at);
            return Err(aborted);
        }
        if let Some(callers) = &self.callers {
            callers.reject_aborted_of(&request);
        }
        if self.is_given_up(&request) {
            self.notify_cancelled(&request, sent_at);
            return Ok(());
        }
        if let Some(callers) = &self.callers {
            callers.sent(&request);
        }
        // If the deadline of the whole call comes first, its alarm reports that.
        let timeout_ms = self.settings.timeout_ms;
        let ends_before = self.schedule.deadline() - self.now > f64::from(timeout_ms);
        let attempt = Attempt {
            shared: Rc::clone(&self.shared),
            templates: Rc::clone(&self.templates),
            request: request.clone(),
            timeout_ms: ends_before.then_some(timeout_ms),
            sent_at,
        };
        // The first poll sends the request: it comes before the next step, as `fetch` may abort the call.
        let mut reply = Box::pin(attempt.run());
        match reply.as_mut().poll(context) {
            Poll::Ready(reply) => self.handle(request, sent_at, reply),
            Poll::Pending => {
                self.in_flight.push(InFlight { request, sent_at, reply });
                Ok(())
            }
        }
    }

    /// Returns whether nobody waits for the runs of a request any more.
    fn is_given_up(&mut self, request: &Request) -> bool {
        self.take_changes();
        !self.schedule.is_pending(request) || self.sink.undelivered().is_none()
    }

    /// Reads the values that the source has ready.
    fn read(&mut self, room: usize, context: &mut Context<'_>) -> Result<(), Failure> {
        if let Some(reading) = &mut self.reading {
            reading.allow(room);
        }
        self.poll_source(context).map(drop)
    }

    /// Handles the replies that have come. Returns whether there were any.
    fn poll_replies(&mut self, context: &mut Context<'_>) -> Result<bool, Failure> {
        let mut has_come = false;
        let mut index: usize = 0;
        while let Some(in_flight) = self.in_flight.get_mut(index) {
            let Poll::Ready(reply) = in_flight.reply.as_mut().poll(context) else {
                index = index.saturating_add(1);
                continue;
            };
            // An aborted batch drops its answer. Other calls keep every run that has come.
            if self.schedule.is_whole_batch() {
                self.check_abort()?;
            }
            let InFlight { request, sent_at, .. } = self.in_flight.remove(index);
            self.update_now();
            self.handle(request, sent_at, reply)?;
            has_come = true;
        }
        Ok(has_come)
    }

    /// Returns whether the alarm has gone off.
    fn poll_alarm(&mut self, context: &mut Context<'_>) -> bool {
        let Some(alarm) = &mut self.alarm else { return false };
        let rings = Pin::new(&mut alarm.timer).poll(context).is_ready();
        if rings {
            self.now = self.now.max(alarm.at);
            self.alarm = None;
        }
        rings
    }

    /// Reads the source. Returns whether it gave a value or ended. Fails with the value that it throws.
    fn poll_source(&mut self, context: &mut Context<'_>) -> Result<bool, Failure> {
        let Some(reading) = &mut self.reading else { return Ok(false) };
        match reading.poll(&mut self.schedule, context)? {
            Read::Nothing => Ok(false),
            Read::Something => Ok(true),
            Read::End => {
                self.reading = None;
                Ok(true)
            }
        }
    }

    /// Applies the schedule's verdict on a request.
    fn handle(&mut self, request: Request, sent_at: f64, reply: Reply) -> Result<(), Failure> {
        let Reply { outcome, sound, null, failure } = reply;
        self.without_result.extend(null);
        let code = failure.as_ref().map(|failure| failure.error.code());
        let ended = if code.is_some() { RequestOutcome::Failed } else { RequestOutcome::Ok };
        self.notify_end(&request, sent_at, ended, code);
        let sample = random();
        let (verdict, limit) = self.shared.with_pace(|pace| {
            let verdict = self.schedule.handle(&request, outcome, pace, self.now, sample);
            (verdict, pace.limit(self.settings.concurrency))
        });
        for (run_id, run) in sound {
            self.without_result.retain(|&other| other != run_id);
            self.sink.succeeded(run_id, run);
        }
        match (verdict, failure) {
            (Verdict::Again(delay_ms), Some(failure)) => self.retry(request, delay_ms, &failure),
            (Verdict::Failed(requests), Some(failure)) => self.fail(&failure, requests),
            (Verdict::Stop, Some(failure)) => return Err(failure.after(request.attempts)),
            _ => {}
        }
        self.shared.pace_changed();
        if !self.schedule.is_whole_batch() {
            self.notify_limit(limit);
            self.notify_progress();
        }
        Ok(())
    }

    /// Reports a retry, unless it comes too late for every caller.
    fn retry(&mut self, request: Request, delay_ms: f64, failure: &Failure) {
        if let Some(callers) = &self.callers {
            callers.reject_late(&request, self.now + delay_ms, failure);
        }
        if !self.is_given_up(&request) {
            self.shared.on_event.notify(|| ClientEvent::Retry {
                run_ids: request.run_ids,
                attempt: request.attempts,
                delay_ms: delay_ms.ceil(),
                code: failure.error.code(),
            });
        }
    }

    /// Passes failed runs to the sink.
    fn fail(&mut self, failure: &Failure, requests: Vec<Request>) {
        for Request { run_ids, attempts, .. } in requests {
            let failure = self.refined(&run_ids, failure);
            self.sink.failed(&run_ids, &failure, attempts);
        }
    }

    /// Returns why runs have failed. A run that was `null` in its batch exists, even if it is not found alone.
    fn refined<'f>(&mut self, run_ids: &[RunId], failure: &'f Failure) -> Cow<'f, Failure> {
        if let [run_id] = run_ids
            && let Some(place) = self.without_result.iter().position(|other| other == run_id)
        {
            self.without_result.swap_remove(place);
            if failure.error.code() == Code::NotFound {
                return Cow::Owned(Failure::without_result(*run_id));
            }
        }
        Cow::Borrowed(failure)
    }

    /// Ends the call after its last run. Fails with the value of the source that is not a run id.
    fn end(&self) -> Result<IsOver, Failure> {
        self.schedule.problem().map_or(Ok(IsOver::Yes), |problem| Err(Error::from(problem).into()))
    }

    fn expire(&mut self) -> Result<(), Failure> {
        let requests = self.shared.with_pace(|pace| self.schedule.expire(pace));
        let timeout = Kind::Timeout { ms: self.settings.deadline_ms.unwrap_or_default(), limit: Limit::Call };
        let failure = Failure::from(Error::new(timeout, 0));
        if self.schedule.is_whole_batch() {
            let attempts = requests.first().map_or(0, |request| request.attempts);
            return Err(failure.after(attempts));
        }
        self.fail(&failure, requests);
        Ok(())
    }

    fn notify_limit(&mut self, limit: u32) {
        if limit != self.limit {
            self.limit = limit;
            self.shared.on_event.notify(|| ClientEvent::Concurrency { limit });
        }
    }

    fn notify_progress(&self) {
        let elapsed_ms = now() - self.started_at;
        self.sink.progress(BulkProgress { elapsed_ms, ..self.schedule.progress() });
    }

    fn notify_end(&self, request: &Request, sent_at: f64, outcome: RequestOutcome, code: Option<Code>) {
        self.shared.on_event.notify(|| ClientEvent::End {
            run_ids: request.run_ids.clone(),
            attempt: request.attempts,
            outcome,
            code,
            duration_ms: now() - sent_at,
        });
    }

    fn notify_cancelled(&self, request: &Request, sent_at: f64) {
        self.notify_end(request, sent_at, RequestOutcome::Cancelled, None);
    }

    /// Cancels the requests in flight.
    fn cancel_requests(&mut self) {
        for InFlight { request, sent_at, reply } in std::mem::take(&mut self.in_flight) {
            drop(reply);
            self.notify_cancelled(&request, sent_at);
        }
    }

    /// Cancels the requests and the source, then reports the progress.
    pub fn close(&mut self) {
        self.cancel_requests();
        self.reading = None;
        self.signal = None;
        self.cancel();
        if !self.schedule.is_whole_batch() {
            self.notify_progress();
        }
    }

    fn cancel(&mut self) {
        self.shared.with_pace(|pace| self.schedule.cancel(pace));
        self.shared.pace_changed();
        if let Some(call) = self.schedule.number() {
            self.shared.forget(call);
        }
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        self.cancel_requests();
        self.cancel();
    }
}
