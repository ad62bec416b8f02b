//! What is a run id, what is a batch, and what is wrong with what is none.

use proptest::prelude::*;
use translation_results::run_id::{BATCH_MAX, BATCH_MIN, Problem, RunId, problem_of_batch, problem_of_element};

#[track_caller]
fn assert_id(number: f64, shown: &str) {
    assert_eq!(RunId::from_number(number).map(|id| id.to_string()), Ok(shown.to_owned()));
}

#[track_caller]
fn assert_no_id(number: f64, problem: Problem) {
    assert_eq!(RunId::from_number(number), Err(problem), "{number}");
    for is_repeat in [false, true] {
        assert_eq!(problem_of_element(number, is_repeat), Some(problem), "a thing that is no id is no repeat either");
    }
}

#[test]
fn reads_integers_up_to_the_largest_safe_one() {
    assert_id(1.0, "1");
    assert_id(12_345.0, "12345");
    assert_id(9_007_199_254_740_990.0, "9007199254740990");
    assert_id(9_007_199_254_740_991.0, "9007199254740991");
    assert_eq!(RunId::MAX, 9_007_199_254_740_991);
}

#[test]
fn names_why_a_number_is_no_id() {
    assert_no_id(f64::NAN, Problem::NotAnInteger);
    assert_no_id(f64::INFINITY, Problem::NotAnInteger);
    assert_no_id(f64::NEG_INFINITY, Problem::NotAnInteger);
    assert_no_id(1.5, Problem::NotAnInteger);
    assert_no_id(-1.5, Problem::NotAnInteger);
    assert_no_id(f64::MIN_POSITIVE, Problem::NotAnInteger);
    assert_no_id(4_503_599_627_370_495.5, Problem::NotAnInteger);
    assert_no_id(0.0, Problem::NotPositive);
    assert_no_id(-0.0, Problem::NotPositive);
    assert_no_id(-1.0, Problem::NotPositive);
    assert_no_id(f64::MIN, Problem::NotPositive);
    assert_no_id(9_007_199_254_740_992.0, Problem::TooLarge);
    assert_no_id(f64::MAX, Problem::TooLarge);
}

#[test]
fn an_id_that_stands_there_already_is_a_duplicate() {
    assert_eq!(problem_of_element(7.0, false), None);
    assert_eq!(problem_of_element(7.0, true), Some(Problem::Duplicate));
}

#[test]
fn a_batch_is_of_two_to_five() {
    use Problem::*;
    let problems = [Some(TooFew), Some(TooFew), None, None, None, None, Some(TooMany), Some(TooMany)];
    assert_eq!([0, 1, 2, 3, 4, 5, 6, usize::MAX].map(problem_of_batch), problems);
    assert_eq!((BATCH_MIN, BATCH_MAX), (2, 5));
}

/// A number, and why it is no run id.
fn number() -> impl Strategy<Value = (f64, Option<Problem>)> {
    let valid = prop_oneof![1..=3_u64, 1..=RunId::MAX].prop_map(|id| (id as f64, None));
    let no_integer = prop_oneof![any::<i32>().prop_map(|whole| f64::from(whole) + 0.5), Just(f64::NAN)];
    let too_large = ((1_u64 << 53)..=u64::MAX).prop_map(|number| number as f64);
    prop_oneof![
        6 => valid,
        1 => no_integer.prop_map(|number| (number, Some(Problem::NotAnInteger))),
        1 => (0..=RunId::MAX).prop_map(|number| (-(number as f64), Some(Problem::NotPositive))),
        1 => too_large.prop_map(|number| (number, Some(Problem::TooLarge))),
    ]
}

proptest! {
    #[test]
    fn every_id_is_the_number_that_it_was(number in prop_oneof![1..=RunId::MAX, RunId::MAX - 9..=RunId::MAX]) {
        let id = RunId::from_number(number as f64).unwrap();
        prop_assert_eq!(id.as_number(), number as f64);
        prop_assert_eq!(id.to_string(), number.to_string());
        let name = serde_json::json!(number.to_string());
        prop_assert_eq!(serde_json::from_value::<RunId>(name).unwrap(), id);
    }

    #[test]
    fn nothing_but_an_integer_in_range_is_an_id(number in prop::num::f64::ANY) {
        let in_range = (1.0..=9_007_199_254_740_991.0).contains(&number) && number.trunc() == number;
        prop_assert_eq!(RunId::from_number(number).is_ok(), in_range);
    }

    #[test]
    fn each_problem_is_the_one_that_the_number_has((number, problem) in number()) {
        prop_assert_eq!(RunId::from_number(number).err(), problem);
        prop_assert_eq!(problem_of_element(number, false), problem);
    }
}
