//! How long things take.

use std::time::Duration;

use crate::metrics::Metric;
use crate::metrics::series::Series;

/// How often something took how long, in seconds.
#[derive(Debug)]
pub struct Histogram<const L: usize>(Series<L, Times>);

#[derive(Debug, Default)]
struct Times {
    /// How many were no longer than each of [`BOUNDS`], and than none of those before it.
    within: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

/// Seconds. From a text that is read at once to a next hop that takes all the time it may have.
const BOUNDS: [f64; 14] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 80.0,
];

impl<const L: usize> Histogram<L> {
    /// A metric; `known` is told as 0 from the start.
    pub(super) const fn new(
        name: &'static str,
        help: &'static str,
        labels: [&'static str; L],
        known: &'static [[&'static str; L]],
    ) -> Self {
        Self(Series::new(name, help, labels, known))
    }

    /// It took so long.
    pub fn took(&self, labels: [&str; L], time: Duration) {
        let seconds = time.as_secs_f64();
        self.0.change(labels, |times| {
            let mut buckets = BOUNDS.iter().zip(&mut times.within);
            if let Some((_, within)) = buckets.find(|(bound, _)| seconds <= **bound) {
                *within = within.saturating_add(1);
            }
            times.count = times.count.saturating_add(1);
            times.sum += seconds;
        });
    }
}

impl<const L: usize> Metric for Histogram<L> {
    fn write(&self, out: &mut String) {
        self.0.write(out, "histogram", |out, labels, times| {
            let mut so_far = 0_u64;
            for (bound, within) in BOUNDS.iter().zip(times.within) {
                so_far = so_far.saturating_add(within);
                let bound = bound.to_string();
                labels.line(out, "_bucket", Some(("le", &bound)), so_far);
            }
            labels.line(out, "_bucket", Some(("le", "+Inf")), times.count);
            labels.line(out, "_sum", None, times.sum);
            labels.line(out, "_count", None, times.count);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_all_that_was_no_longer() {
        let histogram = Histogram::new("a", "b", [], &[]);
        for milliseconds in [1, 20, 20, 200_000] {
            histogram.took([], Duration::from_millis(milliseconds));
        }
        let mut out = String::new();
        histogram.write(&mut out);
        for line in [
            "# TYPE a histogram",
            "a_bucket{le=\"0.001\"} 1",
            "a_bucket{le=\"0.01\"} 1",
            "a_bucket{le=\"0.025\"} 3",
            "a_bucket{le=\"80\"} 3",
            "a_bucket{le=\"+Inf\"} 4",
            "a_sum 200.041",
            "a_count 4",
        ] {
            assert!(out.lines().any(|it| it == line), "{line}\n{out}");
        }
    }
}
