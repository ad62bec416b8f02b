//! A pace that outlives its calls, as it belongs to the client.

use std::collections::VecDeque;

use fastrand::Rng;
use translation_results::core::pace::{Next, Pace};

use crate::limiters::{Limiter, TokenBucket, Verdict};

/// How many requests a server accepted and refused.
#[derive(Debug, Default)]
struct Served {
    accepted: u32,
    refused: u32,
}

/// Sends requests as fast as the pace allows, from one time to another. Each is answered after 50 ms.
fn drive(pace: &mut Pace, limiter: &mut dyn Limiter, (from, until): (f64, f64), ceiling: usize) -> Served {
    let mut rng = Rng::with_seed(7);
    let (mut flying, mut now, mut served) = (VecDeque::new(), from, Served::default());
    while now < until || !flying.is_empty() {
        while let Some((sent_at, accepted)) = flying.pop_front_if(|&mut (sent_at, _)| sent_at + 50.0 <= now) {
            if accepted {
                pace.accepted(now, sent_at);
                served.accepted += 1;
            } else {
                pace.refused(now, sent_at, None, rng.f64());
                served.refused += 1;
            }
        }
        while now < until && flying.len() < ceiling && pace.next(now, ceiling) == Next::Now {
            let accepted = matches!(limiter.admit(now, &mut rng), Verdict::Accept { .. });
            pace.sent(now);
            flying.push_back((now, accepted));
        }
        now += 1.0;
    }
    served
}

#[test]
fn an_hour_without_requests_does_not_lower_the_rate() {
    const HOUR: f64 = 3_600_000.0;
    let (mut pace, mut limiter) = (Pace::default(), TokenBucket::new(40.0, 10.0));
    drive(&mut pace, &mut limiter, (0.0, 20_000.0), 10);
    let served = drive(&mut pace, &mut limiter, (HOUR, HOUR + 20_000.0), 10);
    assert!(served.accepted > 760, "{served:?}");
}

#[test]
fn a_rate_that_the_concurrency_kept_from_being_tried_does_not_count() {
    let bucket = TokenBucket::new(40.0, 10.0);
    let (mut pace, mut limiter) = (Pace::default(), bucket.changing(60_000.0, 400.0).changing(300_000.0, 10.0));
    drive(&mut pace, &mut limiter, (0.0, 60_000.0), 10);
    drive(&mut pace, &mut limiter, (60_000.0, 300_000.0), 1);
    let served = drive(&mut pace, &mut limiter, (300_000.0, 330_000.0), 10);
    assert!(served.accepted > 270 && served.refused < 60, "{served:?}");
}
