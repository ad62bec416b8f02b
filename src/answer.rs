//! Reading an answer: which requested runs it holds, and what is wrong with it.
//!
//! Lenient where nothing is at stake (further runs, further fields) and strict where something is: each requested run
//! is `{"texts": [strings]}` or has its fault named. The runs may stand at the top, as the documentation's example has
//! it, or under `results`, as its prose has it.

use crate::error::{ABSENT, AnswerFault, Step};
use crate::run_id::RunId;
use crate::text::key_of;

const WRAPPER: &str = "results";

/// A parsed JSON value, wherever it lives. In the package it stays in JavaScript, as the object that the engine made.
pub trait Json: Sized {
    /// The member of an object under a key, where the object itself has it; inherited ones do not count. `None` also
    /// where this is no object.
    fn own(&self, key: &str) -> Option<Self>;
    /// As [`Json::own`] for a run id.
    fn own_run(&self, id: RunId) -> Option<Self>;
    /// How the elements of a list divide into strings and others.
    fn strings(&self) -> Strings;
    /// What this is, for a message: `a number`.
    fn type_name(&self) -> &'static str;
    /// The element of a list.
    fn element(&self, index: usize) -> Option<Self>;
    /// The string that this is.
    fn as_text(&self) -> Option<String>;
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strings {
    /// It is no list.
    NotAList,
    /// Strings only.
    All,
    /// Something else, first at this index.
    AllUntil(usize),
}

/// What an answer holds of the runs that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<J> {
    /// The object that has the runs as its members; of a run alone, the run.
    pub runs: J,
    /// The well-formed ones, in the order asked.
    pub sound: Vec<RunId>,
    /// The first fault: a malformed run if there is one, else a missing one.
    pub fault: Option<AnswerFault>,
}

/// Reads the answer to a request for these runs. An error is a body that is no object of runs at all.
pub fn read<J: Json>(body: J, ids: &[RunId]) -> Result<Reading<J>, AnswerFault> {
    let (runs, wrapped) = unwrap_results(body, ids);
    if runs.type_name() != "an object" {
        let received = runs.type_name();
        return Err(AnswerFault { path: Vec::new(), expected: "an object of runs", received, missing: ids.to_vec() });
    }
    let mut sound = Vec::with_capacity(ids.len());
    let mut missing = Vec::new();
    let mut malformed = None;
    for &id in ids {
        match runs.own_run(id) {
            None => missing.push(id),
            Some(run) => match fault_of_run(&run) {
                None => sound.push(id),
                Some(mut fault) => {
                    fault.path.insert(0, Step::Key(key_of(id)));
                    malformed = malformed.or(Some(fault));
                }
            },
        }
    }
    let mut fault = match (malformed, missing.first().copied()) {
        (Some(fault), _) => Some(AnswerFault { missing, ..fault }),
        (None, Some(id)) => {
            let path = vec![Step::Key(key_of(id))];
            Some(AnswerFault { path, expected: "an object with texts", received: ABSENT, missing })
        }
        (None, None) => None,
    };
    if let Some(fault) = fault.as_mut().filter(|_| wrapped) {
        fault.path.insert(0, Step::Key(WRAPPER.into()));
    }
    Ok(Reading { runs, sound, fault })
}

/// Reads the answer to a request for one run alone, which is the run itself.
pub fn read_alone<J: Json>(run: J, id: RunId) -> Reading<J> {
    let fault = fault_of_run(&run);
    let sound = if fault.is_none() { vec![id] } else { Vec::new() };
    Reading { runs: run, sound, fault }
}

/// `{"results": {…}}` without its wrapper, where no requested run stands beside it; and whether there was one.
fn unwrap_results<J: Json>(body: J, ids: &[RunId]) -> (J, bool) {
    if ids.iter().any(|&id| body.own_run(id).is_some()) {
        return (body, false);
    }
    match body.own(WRAPPER) {
        Some(results) if results.type_name() == "an object" => (results, true),
        _ => (body, false),
    }
}

fn fault_of_run<J: Json>(run: &J) -> Option<AnswerFault> {
    let fault = |path: &[Step], expected, received| {
        Some(AnswerFault { path: path.into(), expected, received, missing: Vec::new() })
    };
    let texts_step = Step::Key("texts".into());
    let Some(texts) = run.own("texts") else {
        return match run.type_name() {
            "an object" => fault(&[texts_step], "an array of strings", "no such member"),
            received => fault(&[], "an object with texts", received),
        };
    };
    match texts.strings() {
        Strings::All => None,
        Strings::NotAList => fault(&[texts_step], "an array of strings", texts.type_name()),
        Strings::AllUntil(index) => {
            let received = texts.element(index).map_or("something else", |element| element.type_name());
            fault(&[texts_step, Step::Index(index as u32)], "a string", received)
        }
    }
}

/// What a refusal says in words, cut to a length that a message bears: the documented `detail` (a text, or the first
/// field error of a 422) or `error`.
pub fn said<J: Json>(body: &J) -> Option<String> {
    const MOST_CHARS: usize = 200;
    let text_of = |text: Option<J>| text?.as_text().filter(|text| text.chars().any(|char| !char.is_whitespace()));
    let field_error = || body.own("detail")?.element(0)?.own("msg");
    let said = text_of(body.own("detail")).or_else(|| text_of(field_error()));
    let mut said = said.or_else(|| text_of(body.own("error")))?;
    if let Some((end, _)) = said.char_indices().nth(MOST_CHARS) {
        said.truncate(end);
    }
    Some(said)
}
