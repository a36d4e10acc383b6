//! Packs read again while mail flows: all of them are good, or nothing changes.

use std::sync::Arc;

use crate::clock;
use crate::config::{PackFiles, Patterns, Problems, Severity};
use crate::journey::Gate;
use crate::pattern::{Changes, FingerprintKey, Packs};

/// The packs of a configuration, for a start.
///
/// The examples of the shipped packs were run when the program was built; those of any others, or of what is left of the
/// shipped ones, are run now.
pub(super) fn load(patterns: &Patterns, key: FingerprintKey) -> Result<Packs, Problems> {
    let files = PackFiles::in_use(patterns);
    let packs = if patterns.are_shipped() {
        files.compile(key)?
    } else {
        let (packs, warnings) = files.check(key)?;
        tell(&warnings);
        packs
    };
    Ok(packs.in_year(clock::year()))
}

/// Reads the packs of a running Sluse again.
#[derive(Clone, Debug)]
pub struct Reload {
    pub(super) patterns: Patterns,
    pub(super) key: FingerprintKey,
    pub(super) gate: Arc<Gate>,
}

impl Reload {
    /// Reads, checks and proves the packs, and searches by them from the next message on; or tells what is wrong with them,
    /// and leaves those in use. What came of it is logged.
    pub async fn packs(&self) {
        let (patterns, key) = (self.patterns.clone(), self.key.clone());
        // Compiling takes a second or so, which would keep connections waiting.
        #[expect(
            clippy::disallowed_methods,
            reason = "no message is read here, so its door is not the way"
        )]
        let read = tokio::task::spawn_blocking(move || PackFiles::in_use(&patterns).check(key));
        let door = &self.gate.door;
        let before = door.packs();
        match read.await {
            Ok(Ok((packs, warnings))) => {
                tell(&warnings);
                let packs = packs.in_year(clock::year());
                let packs = Arc::new(packs);
                match door.exchange(Arc::clone(&packs)).await {
                    Ok(()) => told(&before, &packs),
                    Err(error) => tracing::error!(
                        packs = %before.version(),
                        %error,
                        "the packs were not exchanged: those in use stay"
                    ),
                }
            }
            Ok(Err(problems)) => {
                tell(&problems);
                tracing::error!(
                    packs = %before.version(),
                    errors = problems.errors(),
                    "the packs were not exchanged: those in use stay"
                );
            }
            // A panic was reported where it happened.
            Err(_) => tracing::error!(
                packs = %before.version(),
                "the packs were not exchanged: reading them failed"
            ),
        }
    }
}

fn told(before: &Packs, after: &Packs) {
    let Changes {
        added,
        removed,
        changed,
        language,
    } = before.changes(after);
    tracing::info!(
        packs = %after.version(),
        before = %before.version(),
        added = added.join(" "),
        removed = removed.join(" "),
        changed = changed.join(" "),
        language,
        "packs exchanged"
    );
}

/// A line of the log for each problem.
fn tell(problems: &Problems) {
    for problem in problems.iter() {
        let told = problem.in_one_line();
        match problem.severity {
            Severity::Warning => tracing::warn!(problem = told, "doubtful in a pack"),
            Severity::Error => tracing::error!(problem = told, "wrong in a pack"),
        }
    }
}
