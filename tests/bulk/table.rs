//! The table in which all calls have their requests.

use std::mem::swap;

use crate::script::{LIMITS, Script, numbers_of, refused};

#[test]
fn calls_that_are_under_way_together_keep_apart() {
    let mut one = Script::list(LIMITS, 15);
    let mut other = Script::list(LIMITS, 12);
    let mut in_flight = one.sends();
    swap(&mut one.jobs, &mut other.jobs);
    let mut others = other.sends();
    other.at(50.0).is_taken_apart(others.remove(0), refused(404));
    swap(&mut one.jobs, &mut other.jobs);
    one.at(50.0).again(in_flight.remove(1), refused(500), 250.0);
    one.fails(in_flight.remove(0), refused(501), &[1, 2, 3, 4, 5]);
    swap(&mut one.jobs, &mut other.jobs);
    others.append(&mut other.sends());
    assert_eq!(numbers_of(&others), [vec![5, 6, 7, 8], vec![9, 10, 11, 12], vec![1]]);
    other.close();
    swap(&mut one.jobs, &mut other.jobs);
    one.finishes(in_flight);
    one.has(15, 10, 5);
}

#[test]
fn what_is_over_leaves_its_place_to_the_next() {
    let mut jobs = Script::list(LIMITS, 0).jobs;
    for round in 0..100 {
        let mut call = Script::list(LIMITS, 40);
        swap(&mut call.jobs, &mut jobs);
        let mut requests = call.sends();
        call.at(50.0).is_taken_apart(requests.remove(0), refused(404));
        call.again(requests.remove(0), refused(500), 250.0);
        requests.append(&mut call.sends());
        assert!(requests.iter().all(|request| request.number < 8), "{requests:?} in round {round}");
        match round % 3 {
            0 => call.close(),
            1 => {
                call.expire();
                assert_eq!(call.failed().concat().len(), 40);
                call.close();
            }
            _ => {
                call.finishes(requests);
                call.close();
            }
        }
        swap(&mut call.jobs, &mut jobs);
    }
}
