//! Inspectors that begin together. One that hangs, or was killed, keeps nobody from beginning with the others.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, timeout_at};

use crate::inspect::inspector::{Inspector, Kind, Unstarted};

/// Inspectors of which at least one is ready.
pub(super) struct Begun {
    /// Those that are.
    pub(super) ready: Vec<Inspector>,
    /// Those that may yet be.
    pub(super) late: Late,
    /// Why others will not be.
    pub(super) failed: Vec<Unstarted>,
}

/// Inspectors that are not ready yet. Dropped, they are ended.
#[derive(Default)]
pub(super) struct Late(JoinSet<Result<Inspector, Unstarted>>);

/// Starts so many of one kind at once, and waits until all are ready or never will be; from when one is ready on, for so long at most.
///
/// # Errors
///
/// Why none is ready; and what holds for each of them, as soon as one says so.
pub(super) async fn begin(
    program: &Path,
    kind: &Arc<Kind>,
    wanted: usize,
    together: Option<Duration>,
) -> Result<Begun, Unstarted> {
    let mut begun = Begun {
        ready: Vec::with_capacity(wanted),
        late: Late::default(),
        failed: Vec::new(),
    };
    for _ in 0..wanted {
        let (program, kind) = (program.to_owned(), Arc::clone(kind));
        let start = async move { Inspector::start(&program, kind).await };
        begun.late.0.spawn(start);
    }
    let mut until = None;
    while let Some(started) = begun.late.next(until).await {
        match started {
            Ok(inspector) => {
                begun.ready.push(inspector);
                until = until.or_else(|| Some(Instant::now() + together?));
            }
            Err(error) if error.holds_for_all() => return Err(error),
            Err(error) => {
                tracing::error!(%error, "an inspector did not begin");
                begun.failed.push(error);
            }
        }
    }
    match begun.ready.is_empty() {
        true => Err(begun.failed.into_iter().next().unwrap_or(Unstarted::Late)),
        false => Ok(begun),
    }
}

impl Late {
    /// The next that is ready, or never will be; `None` when there is no other, or none until then.
    pub(super) async fn next(
        &mut self,
        until: Option<Instant>,
    ) -> Option<Result<Inspector, Unstarted>> {
        let started = match until {
            Some(until) => timeout_at(until, self.0.join_next()).await.ok().flatten(),
            None => self.0.join_next().await,
        };
        let lost = |error: JoinError| Unstarted::from(io::Error::from(error));
        started.map(|started| started.map_err(lost).flatten())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
