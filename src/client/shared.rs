//! What all calls of a client share: the checked options, `fetch`, the listener, and the pace.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::task::Waker;

use super::exchange::Templates;
use crate::core::event::{ClientEvent, Listener};
use crate::core::options::Settings;
use crate::core::pace::Pace;
use crate::core::run_id::RunId;
use crate::web::fetch::Fetch;

/// The state behind a client and its clones.
pub struct Shared {
    /// The checked options.
    pub settings: Settings,
    /// Sends the requests.
    pub fetch: Fetch,
    /// The listener for every event of the calls.
    pub on_event: Listener<ClientEvent>,
    /// The templates of calls that add no headers of their own.
    templates: Rc<Templates>,
    pace: RefCell<Pace>,
    /// Calls that wait for the pace to change.
    waiting: RefCell<Vec<Waker>>,
}

impl Shared {
    /// Makes the state of a new client.
    pub fn new(settings: Settings, fetch: Fetch, on_event: Listener<ClientEvent>) -> Self {
        Self {
            templates: Rc::new(templates(&settings, &[])),
            settings,
            fetch,
            on_event,
            pace: RefCell::default(),
            waiting: RefCell::default(),
        }
    }

    /// Returns the templates of the requests of a call that adds these headers.
    pub fn templates(&self, headers: &[(String, String)]) -> Rc<Templates> {
        match headers {
            [] => Rc::clone(&self.templates),
            headers => Rc::new(templates(&self.settings, headers)),
        }
    }

    /// Returns where a batch is asked for, or one run, which has an address of its own.
    pub fn url_of(&self, run_ids: &[RunId]) -> String {
        let base = &self.settings.base_url;
        match run_ids {
            [run_id] => format!("{base}/translation-result/{run_id}"),
            _ => format!("{base}/translation-results"),
        }
    }

    /// Returns a text without the key. It is borrowed if it does not hold the key.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.settings.api_key {
            Some(key) => key.mask(text),
            None => text.into(),
        }
    }

    /// Lends the pace. Nothing of JavaScript may run meanwhile: it could call the client.
    pub fn with_pace<T>(&self, work: impl FnOnce(&mut Pace) -> T) -> T {
        work(&mut self.pace.borrow_mut())
    }

    /// Wakes a task when the pace has changed.
    pub fn wake_at_change(&self, waker: &Waker) {
        let mut waiting = self.waiting.borrow_mut();
        if !waiting.iter().any(|other| other.will_wake(waker)) {
            waiting.push(waker.clone());
        }
    }

    /// Wakes the calls that wait, so that they look at the pace again.
    pub fn pace_changed(&self) {
        for waker in self.waiting.take() {
            waker.wake();
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shared").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn templates(settings: &Settings, added: &[(String, String)]) -> Templates {
    let mut templates = Templates::default();
    if let Some(key) = &settings.api_key {
        templates.add("x-api-key", key.expose());
    }
    for (name, value) in settings.headers.iter().chain(added) {
        templates.add(name, value);
    }
    templates
}
