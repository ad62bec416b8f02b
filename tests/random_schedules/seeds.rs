//! Plays random schedules by their seeds.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Plays the schedules of the seeds below `count`, or as `SCHEDULE_SEED` and `SCHEDULE_COUNT` say.
pub fn play(count: u64, play: impl Fn(u64)) {
    if let Ok(seed) = env::var("SCHEDULE_SEED") {
        return play(seed.parse().unwrap());
    }
    let count = env::var("SCHEDULE_COUNT").map_or(count, |count| count.parse().unwrap());
    for seed in 0..count {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| play(seed))) {
            eprintln!("the schedule with SCHEDULE_SEED={seed} failed");
            resume_unwind(panic);
        }
    }
}
