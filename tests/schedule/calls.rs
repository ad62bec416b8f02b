//! Two calls of one client.

use std::mem::swap;

use translation_results::core::schedule::{Limits, Request, Step};

use crate::script::{LIMITS, Script, assert_asks, ids_of, refused, told_to_wait};

#[test]
fn calls_under_way_together_do_not_mix_their_runs() {
    let mut one = Script::list(LIMITS, 15);
    let mut other = Script::list(LIMITS, 12);
    let mut in_flight = one.sends();
    swap(&mut one.pace, &mut other.pace);
    let mut others = other.sends();
    other.at(50.0).is_taken_apart(others.remove(0), refused(404));
    swap(&mut one.pace, &mut other.pace);
    one.at(50.0).again(in_flight.remove(1), refused(500), 250.0);
    one.fails(in_flight.remove(0), refused(501), &[1, 2, 3, 4, 5]);
    swap(&mut one.pace, &mut other.pace);
    others.append(&mut other.sends());
    assert_eq!(ids_of(&others), [vec![5, 6, 7, 8], vec![9, 10, 11, 12], vec![1]]);
    other.cancel();
    swap(&mut one.pace, &mut other.pace);
    one.finishes(in_flight);
    one.has(15, 10, 5);
}

#[test]
fn a_refusal_for_pace_of_one_call_holds_the_other() {
    let mut one = Script::list(LIMITS, 10);
    let request = one.send();
    one.at(50.0).again(request, told_to_wait(429, 2_000), 2_000.0);

    let mut other = Script::list(LIMITS, 10);
    other.pace = one.pace.clone();
    other.at(60.0);
    assert_asks(&[other.send_after(1_990.0)], &[&[1, 2, 3, 4, 5]]);
}

/// Calls of one client that are ready to send. The test runs them in any order.
struct Together {
    calls: Vec<Script>,
    in_flight: Vec<(usize, Request)>,
}

impl Together {
    fn of(calls: Vec<Script>) -> Self {
        Self { calls, in_flight: vec![] }
    }

    /// Lends the pace of the client to one call.
    fn with<T>(&mut self, index: usize, work: impl FnOnce(&mut Script) -> T) -> T {
        let (first, others) = self.calls.split_first_mut().unwrap();
        let Some(call) = index.checked_sub(1).map(|index| &mut others[index]) else { return work(first) };
        swap(&mut first.pace, &mut call.pace);
        let done = work(call);
        swap(&mut first.pace, &mut call.pace);
        done
    }

    /// Returns the calls in the order in which they send, while answers come one by one.
    fn order(&mut self, sends: usize) -> Vec<usize> {
        let mut order = vec![];
        while order.len() < sends {
            let before = order.len();
            for index in 0..self.calls.len() {
                if let Step::Send(request) = self.with(index, Script::step) {
                    order.push(index);
                    self.in_flight.push((index, request));
                }
            }
            for call in &mut self.calls {
                call.after(1.0);
            }
            if order.len() == before && !self.in_flight.is_empty() {
                let (index, request) = self.in_flight.remove(0);
                self.with(index, |call| call.succeeds(request));
            }
        }
        order
    }
}

#[test]
fn calls_take_turns_where_the_pace_holds_them() {
    let wide = Limits { concurrency: 64, ..LIMITS };
    let mut calls = Together::of(vec![Script::list(wide, 5_000), Script::list(wide, 5_000), Script::batch(wide, 3)]);
    let order = calls.order(60);
    assert!(order[..4].contains(&2), "a single batch does not wait for the end of bulk calls: {order:?}");
    let of_first = order.iter().filter(|&&call| call == 0).count();
    let of_second = order.iter().filter(|&&call| call == 1).count();
    assert!(of_first.abs_diff(of_second) <= 2, "{of_first} and {of_second}");
}

#[test]
fn a_call_that_ends_in_line_lets_the_next_one_go() {
    let mut calls = Together::of(vec![Script::list(LIMITS, 50), Script::batch(LIMITS, 3), Script::batch(LIMITS, 4)]);
    let refused = calls.with(0, Script::send);
    calls.with(0, |call| call.at(0.0).again(refused, told_to_wait(429, 100), 100.0));
    for index in [1, 2] {
        calls.with(index, |call| assert_eq!(call.wait(), if index == 1 { 100.0 } else { f64::INFINITY }));
    }
    calls.with(1, Script::cancel);
    calls.with(2, |call| assert_asks(&[call.send_after(100.0)], &[&[1, 2, 3, 4]]));
}

#[test]
fn a_call_with_nothing_to_send_is_not_in_line() {
    let mut calls = Together::of(vec![Script::list(LIMITS, 5), Script::list(LIMITS, 5), Script::batch(LIMITS, 3)]);
    let request = calls.with(0, Script::send);
    // A call whose only batch waits for its retry.
    calls.with(0, |call| call.at(10.0).again(request, refused(500), 250.0));
    assert_eq!(calls.with(0, Script::wait), 250.0);
    calls.with(1, |call| call.at(10.0).send());
    calls.with(2, |call| call.at(10.5).send());
}
