//! Run ids, batches and lists of them, and their problems: one table of ids for all three.

#![expect(clippy::unwrap_used, reason = "an overflow or a missing value fails the test")]

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::json;
use translation_results::core::batch::{BATCH_MAX, BATCH_MIN, Batch, distinct};
use translation_results::core::invalid_run_ids::{InvalidRunIds, RunIdProblem};
use translation_results::core::run_id::{NotARunId, RunId};

use NotARunId::{NotAnInteger, NotPositive, TooLarge};

const MAX: u64 = 9_007_199_254_740_991;

fn run_id(id: u64) -> RunId {
    RunId::new(id).unwrap()
}

fn run_ids(ids: &[u64]) -> Vec<RunId> {
    ids.iter().map(|&id| run_id(id)).collect()
}

/* One id. */

#[track_caller]
fn assert_is_run_id(id: u64) {
    let run_id = RunId::new(id).unwrap();
    assert_eq!(run_id.get(), id);
    assert_eq!(run_id.to_string(), id.to_string());
    assert_eq!(run_id.as_number(), id as f64);
    assert_eq!(RunId::from_number(id as f64), Ok(run_id));
    assert_eq!(RunId::try_from(id), Ok(run_id));
    assert_eq!(id.to_string().parse(), Ok(run_id));
    assert_eq!(serde_json::to_value(run_id).unwrap(), json!(id));
    assert_eq!(serde_json::from_value::<RunId>(json!(id)).unwrap(), run_id);
    assert_eq!(serde_json::from_value::<RunId>(json!(id as f64)).unwrap(), run_id);
    assert_eq!(serde_json::from_value::<RunId>(json!(id.to_string())).unwrap(), run_id);
}

#[test]
fn a_run_id_is_an_integer_from_1_to_the_largest_safe_one() {
    for id in [1, 2, 12_345, MAX - 1, MAX] {
        assert_is_run_id(id);
    }
    assert_eq!(RunId::MAX, MAX);
    assert_eq!([0, MAX + 1, u64::MAX].map(RunId::new), [None; 3]);
}

#[track_caller]
fn assert_is_not_run_id(number: f64, problem: NotARunId) {
    assert_eq!(RunId::from_number(number), Err(problem), "{number}");
}

#[test]
fn a_number_that_is_not_a_run_id_says_why() {
    for number in
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.5, -1.5, f64::MIN_POSITIVE, 5e-324, 4_503_599_627_370_495.5]
    {
        assert_is_not_run_id(number, NotAnInteger);
    }
    for number in [0.0, -0.0, -1.0, f64::MIN] {
        assert_is_not_run_id(number, NotPositive);
    }
    for number in [9_007_199_254_740_992.0, 1e300, f64::MAX] {
        assert_is_not_run_id(number, TooLarge);
    }
    assert_eq!([0, MAX + 1, u64::MAX].map(RunId::try_from), [Err(NotPositive), Err(TooLarge), Err(TooLarge)]);
}

#[test]
fn a_text_is_a_run_id_if_it_is_decimal_digits() {
    let parse = str::parse::<RunId>;
    for text in ["", " ", "+1", "-1", "1.0", "1e3", "0x1", " 1", "1 ", "1,2", "one", "18446744073709551616", "\u{661}"]
    {
        assert_eq!(parse(text), Err(NotAnInteger), "{text:?}");
    }
    assert_eq!(parse("0"), Err(NotPositive));
    assert_eq!(parse("9007199254740992"), Err(TooLarge));
    assert_eq!(parse("18446744073709551615"), Err(TooLarge));
}

#[test]
fn each_reason_of_an_invalid_run_id_has_its_words() {
    assert_eq!(NotAnInteger.to_string(), "not an integer");
    assert_eq!(NotPositive.to_string(), "not positive");
    assert_eq!(TooLarge.to_string(), "above 9007199254740991");
}

#[test]
fn json_that_is_not_a_run_id_is_refused() {
    for (value, why) in [
        (json!(0), "not positive"),
        (json!(-1), "not positive"),
        (json!(1.5), "not an integer"),
        (json!(MAX + 1), "above 9007199254740991"),
        (json!("0"), "not positive"),
        (json!("x"), "not an integer"),
        (json!(null), "invalid type: null, expected a run id, an integer from 1 to 2^53 - 1"),
        (json!([1]), "invalid type: sequence, expected a run id, an integer from 1 to 2^53 - 1"),
    ] {
        let error = serde_json::from_value::<RunId>(value.clone()).unwrap_err();
        assert_eq!(error.to_string(), why, "{value}");
    }
}

#[test]
fn results_may_be_keyed_by_run_id_in_json() {
    let json = r#"{"12345":"a"}"#;
    let map = HashMap::from([(run_id(12_345), "a")]);
    assert_eq!(serde_json::to_string(&map).unwrap(), json);
    assert_eq!(serde_json::from_str::<HashMap<RunId, &str>>(json).unwrap(), map);
    assert!(serde_json::from_str::<HashMap<RunId, &str>>(r#"{"a":"a"}"#).is_err());
}

/* Lists of ids. */

#[track_caller]
fn assert_batch(ids: &[u64]) {
    let expected = run_ids(ids);
    let batch = Batch::new(expected.clone()).unwrap();
    assert_eq!(batch.as_ref(), expected);
    assert_eq!(Batch::from_numbers(ids.iter().map(|&id| id as f64)), Ok(batch.clone()));
    assert_eq!(Batch::try_from(expected.clone()), Ok(batch.clone()));
    assert_eq!(batch.into_ids(), expected);
}

#[test]
fn a_batch_is_two_to_five_distinct_run_ids_in_their_order() {
    assert_eq!((BATCH_MIN, BATCH_MAX), (2, 5));
    for ids in [&[1, 2][..], &[5, 4, 3, 2, 1], &[1, MAX], &[12_345, 6_789, 1_000_000]] {
        assert_batch(ids);
    }
    assert_eq!(Batch::try_from([run_id(2), run_id(1)]).unwrap().into_ids(), run_ids(&[2, 1]));
    assert!(Batch::try_from([run_id(1)]).is_err());
    assert!(Batch::try_from(run_ids(&[7, 7])).is_err());
}

const fn too_few(count: usize) -> RunIdProblem {
    RunIdProblem::TooFew { count, min: 2 }
}

const fn too_many(count: usize) -> RunIdProblem {
    RunIdProblem::TooMany { count, max: 5 }
}

const fn duplicate(index: usize, first_index: usize) -> RunIdProblem {
    RunIdProblem::Duplicate { index, first_index }
}

fn at(problem: NotARunId, indices: &[usize]) -> Vec<RunIdProblem> {
    indices.iter().map(|&index| problem.at(index)).collect()
}

/// Expects these problems of a batch, and this message.
#[track_caller]
fn assert_problems(numbers: &[f64], problems: &[Vec<RunIdProblem>], said: &str) {
    let invalid = Batch::from_numbers(numbers.iter().copied()).unwrap_err();
    assert_eq!(invalid.problems, problems.concat(), "{numbers:?}");
    assert_eq!(invalid.to_string(), said);
}

#[test]
fn a_batch_of_the_wrong_length_says_how_many_ids_it_needs() {
    assert_problems(&[], &[vec![too_few(0)]], "expected 2 to 5 run ids, received 0: getAllResults takes any number");
    assert_problems(&[1.0], &[vec![too_few(1)]], "expected 2 to 5 run ids, received 1: getAllResults takes any number");
    let six = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_problems(&six, &[vec![too_many(6)]], "expected 2 to 5 run ids, received 6: getAllResults takes any number");
}

#[test]
fn a_batch_says_at_which_index_an_id_is_wrong() {
    let not_an_integer = "run id at index 1 is not an integer";
    assert_problems(&[1.0, 2.5], &[at(NotAnInteger, &[1])], not_an_integer);
    assert_problems(&[1.0, f64::NAN, 3.0], &[at(NotAnInteger, &[1])], not_an_integer);
    let two = "run id at index 0 is not an integer; run id at index 1 is not an integer";
    assert_problems(&[f64::NAN, f64::INFINITY], &[at(NotAnInteger, &[0, 1])], two);
    assert_problems(&[0.0, 1.0], &[at(NotPositive, &[0])], "run id at index 0 is not positive");
    assert_problems(&[1.0, -0.0], &[at(NotPositive, &[1])], "run id at index 1 is not positive");
    let three =
        "run id at index 1 is not positive; run id at index 2 is not positive; run id at index 3 is not positive";
    assert_problems(&[1.0, 0.0, -1.0, -(2_f64.powi(60))], &[at(NotPositive, &[1, 2, 3])], three);
    let large = "run id at index 1 is above 9007199254740991; run id at index 2 is above 9007199254740991";
    assert_problems(&[1.0, 2_f64.powi(53), 1e300], &[at(TooLarge, &[1, 2])], large);
}

#[test]
fn a_batch_says_which_earlier_id_is_repeated() {
    assert_problems(&[7.0, 7.0], &[vec![duplicate(1, 0)]], "run id at index 1 repeats the one at index 0");
    assert_problems(
        &[7.0, 8.0, 9.0, 7.0, 7.0],
        &[vec![duplicate(3, 0), duplicate(4, 0)]],
        "run id at index 3 repeats the one at index 0; run id at index 4 repeats the one at index 0",
    );
    let problems = vec![duplicate(2, 0), duplicate(3, 1), duplicate(4, 0)];
    let said = "run id at index 2 repeats the one at index 0; run id at index 3 repeats the one at index 1; run id at \
                index 4 repeats the one at index 0";
    assert_problems(&[1.0, 2.0, 1.0, 2.0, 1.0], &[problems], said);
}

#[test]
fn a_batch_says_its_own_problem_first_and_then_those_of_its_ids() {
    let said =
        "expected 2 to 5 run ids, received 1: getAllResults takes any number; run id at index 0 is not an integer";
    assert_problems(&[0.5], &[vec![too_few(1)], at(NotAnInteger, &[0])], said);
    let said = "run id at index 0 is not positive; run id at index 1 is not an integer; run id at index 3 repeats the \
                one at index 2";
    let problems = [at(NotPositive, &[0]), at(NotAnInteger, &[1]), vec![duplicate(3, 2)]];
    assert_problems(&[0.0, 1.5, 7.0, 7.0], &problems, said);
    let said = "expected 2 to 5 run ids, received 6: getAllResults takes any number; run id at index 4 repeats the one at index 0; run id at index 5 is \
                above 9007199254740991";
    let problems = [vec![too_many(6)], vec![duplicate(4, 0)], at(TooLarge, &[5])];
    assert_problems(&[1.0, 2.0, 3.0, 4.0, 1.0, 2_f64.powi(53)], &problems, said);
}

#[test]
fn a_value_that_is_not_a_run_id_is_not_a_repeat_and_keeps_its_index() {
    let said = "run id at index 0 is not positive; run id at index 1 is not positive";
    assert_problems(&[-1.0, -1.0], &[at(NotPositive, &[0, 1])], said);
    let said = "run id at index 0 is not an integer; run id at index 2 repeats the one at index 1";
    assert_problems(&[0.5, 8.0, 8.0], &[at(NotAnInteger, &[0]), vec![duplicate(2, 1)]], said);
}

#[test]
fn a_message_lists_the_first_five_problems() {
    let not_positive = |count: usize| -> String {
        let problems: Vec<_> = (0..count).map(|index| format!("run id at index {index} is not positive")).collect();
        problems.join("; ")
    };
    assert_problems(&[0.0; 5], &[at(NotPositive, &[0, 1, 2, 3, 4])], &not_positive(5));
    let six =
        format!("expected 2 to 5 run ids, received 6: getAllResults takes any number; {}; and 2 more", not_positive(4));
    assert_problems(&[0.0; 6], &[vec![too_many(6)], at(NotPositive, &[0, 1, 2, 3, 4, 5])], &six);
    let thousand = distinct([0.0; 1_000]).unwrap_err().to_string();
    assert_eq!(thousand, format!("{}; and 995 more", not_positive(5)));
    assert_eq!(InvalidRunIds::from(RunIdProblem::NotAnArray).to_string(), "expected a list of run ids");
}

#[test]
fn a_list_of_any_length_is_asked_for_without_its_repeats() {
    assert_eq!(distinct([]), Ok(vec![]));
    assert_eq!(distinct([5.0, 1.0, 5.0, 3.0, 1.0]), Ok(run_ids(&[5, 1, 3])));
    let all: Vec<u64> = (1..=1_000).rev().collect();
    assert_eq!(distinct(all.iter().chain(&all).map(|&id| id as f64)), Ok(run_ids(&all)));
}

#[test]
fn a_list_of_any_length_is_refused_with_every_problem() {
    let numbers = [1.0, 0.0, f64::NAN, 3.0, 2_f64.powi(53), 3.0, 5.0, 6.0];
    let problems = [at(NotPositive, &[1]), at(NotAnInteger, &[2]), at(TooLarge, &[4])].concat();
    assert_eq!(distinct(numbers), Err(problems.into()));
}

/// Makes a number, and the reason if it is not a run id.
fn number() -> impl Strategy<Value = (f64, Option<NotARunId>)> {
    let valid = prop_oneof![3 => 1..=9_u64, 1 => 1..=MAX].prop_map(|id| (id as f64, None));
    let no_integer = prop_oneof![any::<i32>().prop_map(|whole| f64::from(whole) + 0.5), Just(f64::NAN)];
    let too_large = ((1_u64 << 53)..=u64::MAX).prop_map(|number| number as f64);
    prop_oneof![
        6 => valid,
        1 => no_integer.prop_map(|number| (number, Some(NotAnInteger))),
        1 => (0..=MAX).prop_map(|number| (-(number as f64), Some(NotPositive))),
        1 => too_large.prop_map(|number| (number, Some(TooLarge))),
    ]
}

/// Finds every problem of a list the slow way.
fn problems_of(list: &[(f64, Option<NotARunId>)], is_batch: bool) -> Vec<RunIdProblem> {
    let of_list = match list.len() {
        _ if !is_batch => None,
        count @ ..2 => Some(too_few(count)),
        2..=5 => None,
        count => Some(too_many(count)),
    };
    let of_ids = list.iter().enumerate().filter_map(|(index, &(number, problem))| {
        let first = list.iter().position(|&(other, _)| other == number);
        let repeat = first.filter(|&first| is_batch && first < index).map(|first| duplicate(index, first));
        problem.map_or(repeat, |problem| Some(problem.at(index)))
    });
    of_list.into_iter().chain(of_ids).collect()
}

proptest! {
    #[test]
    fn every_run_id_survives_every_form(id in prop_oneof![1..=MAX, MAX - 9..=MAX]) {
        assert_is_run_id(id);
    }

    #[test]
    fn only_an_integer_in_the_range_is_a_run_id(number in prop::num::f64::ANY) {
        let in_range = (1.0..=MAX as f64).contains(&number) && number.trunc() == number;
        prop_assert_eq!(RunId::from_number(number).is_ok(), in_range);
    }

    #[test]
    fn a_number_has_the_problem_that_it_was_made_with((number, problem) in number()) {
        prop_assert_eq!(RunId::from_number(number).err(), problem);
    }

    #[test]
    fn every_problem_of_a_list_is_found_once(list in prop::collection::vec(number(), 0..12)) {
        let numbers: Vec<_> = list.iter().map(|&(number, _)| number).collect();
        let of_batch = Batch::from_numbers(numbers.iter().copied()).map_or_else(|invalid| invalid.problems, |_| vec![]);
        prop_assert_eq!(of_batch, problems_of(&list, true));
        let of_list = distinct(numbers).map_or_else(|invalid| invalid.problems, |_| vec![]);
        prop_assert_eq!(of_list, problems_of(&list, false));
    }
}
