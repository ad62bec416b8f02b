//! The callers that wait for single runs.

#![expect(clippy::unwrap_used, reason = "a missing value fails the test")]

use translation_results::core::callers::Callers;
use translation_results::core::callers::Change::{Unwanted, Wanted};
use translation_results::core::run_id::RunId;

fn id(id: u64) -> RunId {
    RunId::new(id).unwrap()
}

#[test]
fn runs_are_wanted_in_the_order_in_which_they_are_asked_for() {
    let mut callers = Callers::default();
    for run_id in [9, 3, 9, 7, 3] {
        callers.join(id(run_id), ());
    }
    assert!(callers.has_changed());
    assert_eq!(callers.take_changes(), [Wanted(id(9)), Wanted(id(3)), Wanted(id(7))]);
    assert!(!callers.has_changed());
    assert_eq!(callers.take_changes(), []);
}

#[test]
fn a_run_is_unwanted_once_its_last_caller_has_left() {
    let mut callers = Callers::default();
    let (one, other) = (callers.join(id(7), 'a'), callers.join(id(7), 'b'));
    callers.take_changes();
    callers.leave(one);
    assert!(!callers.has_changed());
    assert!(!callers.is_empty());
    assert_eq!(callers.settle(id(7)), ['b']);
    callers.leave(other);
    assert!(!callers.has_changed(), "the run was settled");
    assert!(callers.is_empty());

    let last = callers.join(id(7), 'c');
    callers.leave(last);
    assert_eq!(callers.take_changes(), [Unwanted(id(7)), Unwanted(id(7))]);
    let back = callers.join(id(7), 'd');
    callers.leave(back);
    callers.join(id(7), 'e');
    assert!(callers.take_changes().iter().all(|change| *change == Wanted(id(7))));
}

#[test]
fn a_caller_that_leaves_does_not_affect_others() {
    let mut callers = Callers::default();
    let first = callers.join(id(7), 'a');
    callers.settle(id(7));
    callers.join(id(7), 'b');
    callers.leave(first);
    assert_eq!(callers.waiting().into_iter().map(|(_, who)| who).collect::<Vec<_>>(), ['b']);
}

#[test]
fn the_callers_of_a_request_are_those_of_its_runs() {
    let mut callers = Callers::default();
    for (run_id, who) in [(9, 'a'), (7, 'b'), (9, 'c'), (8, 'd')] {
        callers.join(id(run_id), who);
    }
    let waiting = callers.waiting_for(&[id(9), id(5), id(7)]);
    assert_eq!(waiting.into_iter().map(|(_, who)| who).collect::<Vec<_>>(), ['a', 'c', 'b']);
}

#[test]
fn callers_settle_in_the_order_in_which_they_joined() {
    let mut callers = Callers::default();
    for (run_id, who) in [(9, 'a'), (7, 'b'), (9, 'c')] {
        callers.join(id(run_id), who);
    }
    assert_eq!(callers.settle(id(9)), ['a', 'c']);
    assert_eq!(callers.settle(id(9)), []);
    callers.join(id(8), 'd');
    assert_eq!(callers.settle_all(), ['b', 'd']);
    assert!(callers.is_empty());
}

#[test]
fn attempts_are_counted_while_a_caller_waits() {
    let mut callers = Callers::default();
    let first = callers.join(id(7), ());
    assert_eq!(callers.attempts(first), 0);
    callers.attempted(id(7), 2);
    callers.attempted(id(8), 5);
    let second = callers.join(id(7), ());
    assert_eq!((callers.attempts(first), callers.attempts(second)), (2, 2));
    callers.leave(first);
    callers.leave(second);
    assert_eq!(callers.attempts(second), 0);
    let again = callers.join(id(7), ());
    assert_eq!(callers.attempts(again), 0);
}
