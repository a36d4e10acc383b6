//! What is so now.

use crate::metrics::Metric;
use crate::metrics::series::Series;

/// How much of something there is.
#[derive(Debug)]
pub struct Gauge<const L: usize>(Series<L, i64>);

impl<const L: usize> Gauge<L> {
    /// A metric; `known` is told as 0 from the start.
    pub(super) const fn new(
        name: &'static str,
        help: &'static str,
        labels: [&'static str; L],
        known: &'static [[&'static str; L]],
    ) -> Self {
        Self(Series::new(name, help, labels, known))
    }

    /// There is so much more of it, or less.
    pub fn add(&self, labels: [&str; L], more: i64) {
        self.0
            .change(labels, |value| *value = value.saturating_add(more));
    }

    /// There is so much of it.
    pub fn set(&self, labels: [&str; L], amount: impl TryInto<i64>) {
        let amount = amount.try_into().unwrap_or(i64::MAX);
        self.0.change(labels, |value| *value = amount);
    }

    /// There is this, and nothing else.
    pub fn replace(&self, all: impl IntoIterator<Item = ([Box<str>; L], i64)>) {
        self.0.replace(all);
    }
}

impl<const L: usize> Metric for Gauge<L> {
    fn write(&self, out: &mut String) {
        self.0.write(out, "gauge", |out, labels, value| {
            labels.line(out, "", None, value);
        });
    }
}
