//! Numbers for whoever watches: what was counted since the start, and what is so now.
//!
//! One set for the process, so that a stage counts where something happens and is handed nothing for it. Only numbers and fixed
//! words are taken, besides the names of listeners, routes and files of the configuration: nothing here can tell of a person.
//! Each metric stands in [`catalogue`] and, for those who read them, in [`manual::watching`](crate::manual::watching).

pub mod catalogue;
mod counter;
mod gauge;
mod histogram;
mod series;

pub use counter::Counter;
pub use gauge::Gauge;
pub use histogram::Histogram;

/// All metrics as Prometheus reads them (text exposition format 0.0.4).
pub fn exposition() -> String {
    let mut out = String::new();
    for metric in catalogue::ALL {
        metric.write(&mut out);
    }
    out
}

/// What can be told to Prometheus.
pub trait Metric: Sync {
    /// Appends its lines.
    fn write(&self, out: &mut String);
}
