//! What only grows.

use crate::metrics::Metric;
use crate::metrics::series::Series;

/// How often something happened since the start.
#[derive(Debug)]
pub struct Counter<const L: usize>(Series<L, u64>);

impl<const L: usize> Counter<L> {
    /// A metric; `known` is told as 0 from the start.
    pub(super) const fn new(
        name: &'static str,
        help: &'static str,
        labels: [&'static str; L],
        known: &'static [[&'static str; L]],
    ) -> Self {
        Self(Series::new(name, help, labels, known))
    }

    /// It happened.
    pub fn count(&self, labels: [&str; L]) {
        self.add(labels, 1);
    }

    /// It happened so often.
    pub fn add(&self, labels: [&str; L], times: u64) {
        self.0
            .change(labels, |value| *value = value.saturating_add(times));
    }
}

impl<const L: usize> Metric for Counter<L> {
    fn write(&self, out: &mut String) {
        self.0.write(out, "counter", |out, labels, value| {
            labels.line(out, "", None, value);
        });
    }
}
