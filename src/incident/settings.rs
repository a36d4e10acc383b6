//! Where the incident log is kept, and how long anybody waits for it.

use std::path::PathBuf;
use std::time::Duration;

/// What the recording stage is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The organization that answers for the messages, as its incidents are to name it. Default `default`.
    pub tenant: Box<str>,
    /// The database. Default `/var/lib/sluse/incidents.db`; created with mode 0600 where it is missing at start. When it
    /// cannot be written, every message that makes an incident is deferred: 451 4.3.0.
    pub database: PathBuf,
    /// The file of the key that persons are fingerprinted with. Default `/var/lib/sluse/incidents.key`; created with
    /// mode 0600 where it is missing at start. It is not in the database, so a copy of the database tells nobody who
    /// its persons are.
    pub key: PathBuf,
    /// A file to which every event is appended as a line of JSON, for log collectors. Default none. A journal that
    /// cannot be written does not hold up mail: the database has the event, an error is logged, and the missing lines
    /// are written as soon as the file can be.
    pub journal: Option<PathBuf>,
    /// How many messages may wait for the log at once. Default 1000; the next one waits until `patience` is spent.
    pub queue: usize,
    /// How long a message waits for its incident to be durable. Default 10 s; then 451 4.3.0.
    pub patience: Duration,
    /// How large the database may grow. Default 10 GiB; then 451 4.3.0, for a message whose incident cannot be
    /// recorded must not leave.
    pub largest: u64,
    /// How many findings, gaps and recipients of one incident are told one by one. Default 100; all are counted.
    pub told: usize,
    /// How many persons of one incident are kept by fingerprint. Default 10,000; all are counted.
    pub persons: usize,
    /// How long the same message, offered again, belongs to the incident it already made. Default 5 days, as long as
    /// mail servers retry by default.
    pub retries: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tenant: "default".into(),
            database: "/var/lib/sluse/incidents.db".into(),
            key: "/var/lib/sluse/incidents.key".into(),
            journal: None,
            queue: 1000,
            patience: Duration::from_secs(10),
            largest: 10 << 30,
            told: 100,
            persons: 10_000,
            retries: Duration::from_secs(5 * 86_400),
        }
    }
}
