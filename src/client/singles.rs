//! Single runs: callers that ask one client for one run each share its requests.
//!
//! Callers with the same options form a group, and one call fetches the runs of all of them. It begins once the running
//! code has returned, so that runs asked for together share requests.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::call::{Call, Sink, Wanted};
use super::failure::Failure;
use super::shared::Shared;
use crate::core::callers::{Caller, Callers, Change};
use crate::core::error::{Error, Kind, Limit};
use crate::core::options::CallSettings;
use crate::core::run_id::RunId;
use crate::core::schedule::Request;
use crate::options::CallOptions;
use crate::web::abort::{Signal, aborted};
use crate::web::host::now;
use crate::web::json::copy_of;
use crate::web::timer::Timer;

/// The groups of a client that have pending runs.
#[derive(Default)]
pub struct Groups(RefCell<Vec<Rc<Group>>>);

impl Groups {
    /// Returns the group for callers with these options. A new group begins its call.
    fn join(shared: &Rc<Shared>, settings: CallSettings, headers: Vec<(String, String)>) -> Rc<Group> {
        // Each caller has its own deadline.
        let settings = CallSettings { deadline_ms: None, ..settings };
        if let Some(group) = shared.groups.find(settings, &headers) {
            return group;
        }
        let group = Rc::new(Group::new(settings, headers));
        shared.groups.0.borrow_mut().push(Rc::clone(&group));
        spawn_local(Rc::clone(&group).fetch(Rc::clone(shared)));
        group
    }

    fn find(&self, settings: CallSettings, headers: &[(String, String)]) -> Option<Rc<Group>> {
        let groups = self.0.borrow();
        groups.iter().find(|group| group.settings == settings && group.headers == headers).cloned()
    }

    fn remove(&self, group: &Rc<Group>) {
        self.0.borrow_mut().retain(|other| !Rc::ptr_eq(other, group));
    }
}

/// Callers whose runs may share requests, as their options are the same.
pub struct Group {
    settings: CallSettings,
    headers: Vec<(String, String)>,
    callers: RefCell<Callers<Rc<Seat>>>,
    /// The signals of callers. The callers hold them.
    signals: RefCell<Vec<Weak<Signal>>>,
    /// Wakes the call when callers join or leave.
    call: RefCell<Option<Waker>>,
}

/// The place of one waiting caller.
#[derive(Default)]
struct Seat {
    outcome: Cell<Option<Result<JsValue, Failure>>>,
    waker: Cell<Option<Waker>>,
    signal: Option<Rc<Signal>>,
    /// The time on the clock, in ms.
    deadline: Option<f64>,
}

impl Seat {
    fn settle(&self, outcome: Result<JsValue, Failure>) {
        self.outcome.set(Some(outcome));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Returns the reason of the caller's abort.
    fn aborted(&self) -> Option<JsValue> {
        self.signal.as_ref()?.aborted()
    }
}

impl Group {
    fn new(settings: CallSettings, headers: Vec<(String, String)>) -> Self {
        Self { settings, headers, callers: RefCell::default(), signals: RefCell::default(), call: RefCell::default() }
    }

    /// Fetches the runs that callers wait for, until no caller waits.
    async fn fetch(self: Rc<Self>, shared: Rc<Shared>) {
        // A caller may join just as a call ends.
        while !self.callers.borrow().is_empty() {
            let call = Call {
                shared: Rc::clone(&shared),
                settings: self.settings,
                headers: self.headers.clone(),
                wanted: Wanted::Singles(Rc::clone(&self)),
                signal: None,
                sink: Rc::clone(&self) as _,
            };
            if let Err(failure) = call.make().await {
                let left = self.callers.borrow_mut().settle_all();
                for seat in left {
                    seat.settle(Err(failure.clone()));
                }
            }
        }
        shared.groups.remove(&self);
    }

    /// Returns whether callers have joined or left.
    pub fn has_changed(&self) -> bool {
        self.callers.borrow().has_changed()
    }

    /// Takes the changes since the last time.
    pub fn take_changes(&self) -> Vec<Change> {
        self.callers.borrow_mut().take_changes()
    }

    /// Notes an attempt.
    pub fn sent(&self, request: &Request) {
        let mut callers = self.callers.borrow_mut();
        for &run_id in &request.run_ids {
            callers.attempted(run_id, request.attempts);
        }
    }

    /// Listens to the signal of a caller. Fails with the value that the signal throws.
    ///
    /// Successive callers with one signal share its listener: Node prints a warning if a signal has more than ten.
    fn listen(&self, signal: JsValue) -> Result<Rc<Signal>, JsValue> {
        let latest = self.signals.borrow().last().and_then(Weak::upgrade);
        if let Some(latest) = latest.filter(|latest| latest.is_of(&signal)) {
            return Ok(latest);
        }
        let listening = Rc::new(Signal::listen(signal)?);
        self.signals.borrow_mut().push(Rc::downgrade(&listening));
        Ok(listening)
    }

    /// Rejects the callers that have aborted since the last time. Wakes the task at the next abort.
    pub fn poll_signals(&self, context: &Context<'_>) {
        let mut has_events = false;
        self.signals.borrow_mut().retain(|signal| {
            let signal = signal.upgrade();
            has_events |= signal.as_ref().is_some_and(|signal| signal.poll(context).is_ready());
            signal.is_some()
        });
        if has_events {
            let seats = self.callers.borrow().waiting();
            self.reject_aborted(seats);
        }
    }

    /// Rejects those of the callers whose signals have aborted, each with its own reason.
    fn reject_aborted(&self, seats: Vec<(Caller, Rc<Seat>)>) {
        self.reject(seats, &|seat| seat.aborted().map(Failure::aborted));
    }

    /// Rejects the callers of a request that have aborted before it is sent.
    pub fn reject_aborted_of(&self, request: &Request) {
        let seats = self.callers.borrow().waiting_for(&request.run_ids);
        self.reject_aborted(seats);
    }

    /// Rejects the callers of a request whose deadlines come before its next attempt.
    pub fn reject_late(&self, request: &Request, next_at: f64, failure: &Failure) {
        let seats = self.callers.borrow().waiting_for(&request.run_ids);
        self.reject(seats, &|seat| (seat.deadline? <= next_at).then(|| failure.clone().after(request.attempts)));
    }

    /// Rejects those of the callers for whose seat `why` returns a failure. They leave.
    fn reject(&self, seats: Vec<(Caller, Rc<Seat>)>, why: &dyn Fn(&Seat) -> Option<Failure>) {
        for (caller, seat) in seats {
            if let Some(failure) = why(&seat) {
                self.change(|callers| callers.leave(caller));
                seat.settle(Err(failure));
            }
        }
    }

    fn settle(&self, run_id: RunId) -> Vec<Rc<Seat>> {
        self.callers.borrow_mut().settle(run_id)
    }

    /// Adds or removes a caller, and wakes the call.
    fn change<T>(&self, change: impl FnOnce(&mut Callers<Rc<Seat>>) -> T) -> T {
        let changed = change(&mut self.callers.borrow_mut());
        if let Some(waker) = self.call.take() {
            waker.wake();
        }
        changed
    }
}

impl Sink for Group {
    fn succeeded(&self, run_id: RunId, run: JsValue) {
        for seat in self.settle(run_id) {
            // Each caller gets its own copy, as callers may change it.
            seat.settle(Ok(copy_of(&run)));
        }
    }

    fn failed(&self, run_ids: &[RunId], failure: &Failure, attempts: u32) {
        for &run_id in run_ids {
            for seat in self.settle(run_id) {
                seat.settle(Err(failure.clone().after(attempts)));
            }
        }
    }

    fn wake_at_change(&self, waker: &Waker) {
        self.call.replace(Some(waker.clone()));
    }
}

/// One caller's wait for one run. Dropping it gives up the run, unless others wait for it too.
#[must_use = "a caller that is dropped gives up its run"]
pub struct Single {
    group: Rc<Group>,
    caller: Caller,
    seat: Rc<Seat>,
    deadline: Option<Deadline>,
}

struct Deadline {
    ms: u32,
    timer: Timer,
}

impl Single {
    /// Asks for a run. Fails if an option is invalid, or the signal has aborted or throws.
    pub fn ask(shared: &Rc<Shared>, run_id: RunId, options: CallOptions) -> Result<Self, Failure> {
        let settings = shared.settings.call.check(&options.values)?;
        let CallOptions { values, signal } = options;
        if let Some(reason) = signal.as_ref().and_then(aborted) {
            return Err(Failure::aborted(reason));
        }
        let group = Groups::join(shared, settings, values.request.headers);
        let signal = signal.map(|signal| group.listen(signal)).transpose().map_err(Failure::aborted)?;
        let deadline = settings.deadline_ms.map(|ms| Deadline { ms, timer: Timer::after(f64::from(ms)) });
        let deadline_at = settings.deadline_ms.map(|ms| now() + f64::from(ms));
        let seat = Rc::new(Seat { signal, deadline: deadline_at, ..Seat::default() });
        let caller = group.change(|callers| callers.join(run_id, Rc::clone(&seat)));
        Ok(Self { group, caller, seat, deadline })
    }

    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<Failure> {
        let Some(Deadline { ms, timer }) = &mut self.deadline else { return Poll::Pending };
        let attempts = || self.group.callers.borrow_mut().attempts(self.caller);
        Pin::new(timer)
            .poll(context)
            .map(|()| Error::new(Kind::Timeout { ms: *ms, limit: Limit::Call }, attempts()).into())
    }
}

impl Future for Single {
    type Output = Result<JsValue, Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Results are handled before deadlines: a busy thread is late for both.
        if let Some(outcome) = self.seat.outcome.take() {
            return Poll::Ready(outcome);
        }
        self.seat.waker.set(Some(context.waker().clone()));
        self.poll_deadline(context).map(Err)
    }
}

impl Drop for Single {
    fn drop(&mut self) {
        self.group.change(|callers| callers.leave(self.caller));
    }
}
