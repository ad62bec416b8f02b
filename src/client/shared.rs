//! The state that all calls of a client share: the checked options, `fetch`, the listener, and the pace.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::Waker;

use super::exchange::Templates;
use super::singles::Groups;
use crate::core::event::{ClientEvent, Listener};
use crate::core::line::CallNumber;
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
    /// The callers of single runs.
    pub groups: Groups,
    pace: RefCell<Pace>,
    /// The first call in line after the latest use of the pace.
    first: Cell<Option<CallNumber>>,
    /// Calls that wait in line.
    waiting: RefCell<Vec<(CallNumber, Waker)>>,
}

impl Shared {
    /// Makes the state of a new client.
    pub fn new(settings: Settings, fetch: Fetch, on_event: Listener<ClientEvent>) -> Self {
        Self {
            templates: Rc::new(templates(&settings, &[])),
            settings,
            fetch,
            on_event,
            groups: Groups::default(),
            pace: RefCell::default(),
            first: Cell::default(),
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

    /// Returns the URL of a batch, or of a single run.
    pub fn url_of(&self, run_ids: &[RunId]) -> String {
        let base = &self.settings.base_url;
        match run_ids {
            [run_id] => format!("{base}/translation-result/{run_id}"),
            _ => format!("{base}/translation-results"),
        }
    }

    /// Masks the key in a text. The text is borrowed if it does not hold the key.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.settings.api_key {
            Some(key) => key.mask(text),
            None => text.into(),
        }
    }

    /// Lends the pace to `work`, which must not run JavaScript: that could call the client. Wakes a call that becomes
    /// the first in line.
    pub fn with_pace<T>(&self, work: impl FnOnce(&mut Pace) -> T) -> T {
        let mut pace = self.pace.borrow_mut();
        let done = work(&mut pace);
        let first = pace.line.first();
        drop(pace);
        if first != self.first.replace(first) {
            self.pace_changed();
        }
        done
    }

    /// Wakes the task of a call when it is the call's turn.
    pub fn wake_at_turn(&self, call: CallNumber, waker: &Waker) {
        let replaced = self.take_waker(call);
        self.waiting.borrow_mut().push((call, waker.clone()));
        drop(replaced);
    }

    /// Wakes the first call in line, so that it re-reads the pace. The other calls have to wait.
    pub fn pace_changed(&self) {
        if let Some(waker) = self.first.get().and_then(|call| self.take_waker(call)) {
            waker.wake();
        }
    }

    /// Forgets a call that has ended.
    pub fn forget(&self, call: CallNumber) {
        drop(self.take_waker(call));
    }

    fn take_waker(&self, call: CallNumber) -> Option<Waker> {
        let mut waiting = self.waiting.borrow_mut();
        let place = waiting.iter().position(|&(other, _)| other == call)?;
        Some(waiting.swap_remove(place).1)
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
