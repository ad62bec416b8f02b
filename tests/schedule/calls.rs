//! Two calls of one client.

use std::mem::swap;

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
