//! What a call has under way, and how Rust hears of it: the class of `wire.js`.

use std::cell::RefCell;
use std::task::Waker;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::connection::Connection;
use super::options::{CallOptions, Config};
use super::platform::{Direct, Headers, numbers};
use super::record::numbers_of;
use super::reply::Reply;
use super::sink::Sink;
use crate::run_id::RunId;

#[wasm_bindgen(module = "/src/js/wire.js")]
extern "C" {
    #[wasm_bindgen(js_name = Wire)]
    type Class;
    #[wasm_bindgen(constructor, js_class = "Wire", catch)]
    fn new(
        wake: &Function,
        task: usize,
        connection: &Connection,
        headers: &Headers,
        signal: Option<&AbortSignal>,
        sink: Option<&Sink>,
    ) -> Result<Class, JsValue>;
    #[wasm_bindgen(method, js_class = "Wire")]
    fn take(this: &Class) -> Option<Array>;
    #[wasm_bindgen(method, js_class = "Wire")]
    fn wait(this: &Class, until: f64);
    #[wasm_bindgen(method, js_class = "Wire")]
    fn send(this: &Class, flight: u32, run_ids: Vec<f64>, timeout_ms: f64);
    #[wasm_bindgen(method, js_class = "Wire")]
    fn read(this: &Class, most: usize, pause: bool);
    #[wasm_bindgen(method, js_class = "Wire")]
    fn close(this: &Class);
}

thread_local! {
    static TASKS: RefCell<Tasks> = const { RefCell::new(Tasks { wakers: Vec::new(), free: Vec::new() }) };
    /// One function for all: each that is made is watched by a `FinalizationRegistry`, and a small call would spend more
    /// on that than on all else.
    static WAKE: Function = Closure::<dyn Fn(usize)>::new(wake).into_js_value().unchecked_into();
}

/// Who is to be woken, by the numbers that JavaScript has of them.
struct Tasks {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

fn wake(task: usize) {
    let waker = TASKS.with_borrow(|tasks| tasks.wakers.get(task).cloned().flatten());
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// What a call has under way. Dropped, all of it ends.
#[must_use = "what is dropped ends what it has under way"]
pub struct Wire {
    class: Class,
    _task: Task,
}

/// What has happened.
pub enum Event {
    /// This request has its answer.
    Reply(u32, Reply),
    /// The status of this request's answer is there, the body is still to come.
    Headers(u32, Reply),
    /// This request was given up when its time was over.
    TimedOut(u32),
    /// The source has given these; none at its end.
    Read(Vec<f64>),
    /// The caller has aborted or the source has thrown, with this.
    Left(JsValue),
}

impl Wire {
    /// Starts to listen. Fails with what the signal threw, as only a test double does.
    pub fn open(config: &Config, options: &CallOptions, sink: Option<&Sink>, waker: &Waker) -> Result<Self, JsValue> {
        let task = Task::new(waker);
        let new = |wake: &Function| {
            Class::new(wake, task.0, &config.connection, &options.headers, options.signal.as_ref(), sink)
        };
        Ok(Self { class: WAKE.with(new)?, _task: task })
    }

    /// The next thing that has happened.
    pub fn take(&self) -> Option<Event> {
        let event = self.class.take()?;
        let number = |index| Direct::number_at(&event, index) as u32;
        Some(match number(0) {
            0 => Event::Reply(number(1), Reply(event)),
            1 => Event::Headers(number(1), Reply(event)),
            2 => Event::TimedOut(number(1)),
            3 => Event::Read(numbers(&event.get(1), true).ok().flatten().unwrap_or_default()),
            _ => Event::Left(event.get(1)),
        })
    }

    /// Wakes the task at a time of the clock, and not as was said before; never, where it is infinite.
    pub fn wait(&self, until: f64) {
        self.class.wait(until);
    }

    /// Asks for runs with a request that is given up after so many ms, 0 for never. It is named by a number.
    pub fn send(&self, flight: u32, run_ids: &[RunId], timeout_ms: f64) {
        self.class.send(flight, numbers_of(run_ids), timeout_ms);
    }

    /// Asks the source for as many numbers at the most, after a pause in which others have their turn.
    pub fn read(&self, most: usize, pause: bool) {
        self.class.read(most, pause);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.class.close();
    }
}

/// A place among [`TASKS`].
struct Task(usize);

impl Task {
    fn new(waker: &Waker) -> Self {
        TASKS.with_borrow_mut(|Tasks { wakers, free }| {
            let index = free.pop().unwrap_or(wakers.len());
            match wakers.get_mut(index) {
                Some(place) => *place = Some(waker.clone()),
                None => wakers.push(Some(waker.clone())),
            }
            Self(index)
        })
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let waker = TASKS.with_borrow_mut(|Tasks { wakers, free }| {
            free.push(self.0);
            wakers.get_mut(self.0).and_then(Option::take)
        });
        // When the places are no longer borrowed.
        drop(waker);
    }
}
