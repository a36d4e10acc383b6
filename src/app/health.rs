//! How it is: what is so now for the metrics, and why no message should be sent here.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, watch};
use tokio::time::{Instant, timeout};

use crate::accept::{Pulse, Terms};
use crate::journey::Gate;
use crate::metrics::catalogue::{DESCRIPTORS, INSPECTORS, MEMORY, PACKS, READY, SPOOL, WAITING};
use crate::monitor::Watched;
use crate::spool;

/// What is looked at.
pub(super) struct Health {
    pub(super) gates: watch::Receiver<Arc<Gate>>,
    pub(super) terms: watch::Receiver<Arc<Terms>>,
    pub(super) pulse: Pulse,
    pub(super) stopping: watch::Receiver<bool>,
    /// What was last seen of the disks. Both are written to for that, which is not done at anybody's bidding.
    pub(super) seen: Mutex<Option<(Instant, Vec<String>)>>,
    /// For the one that looks at the spool. In a folder that hangs it does so for good, and no other joins it.
    pub(super) probing: Arc<Semaphore>,
}

impl Watched for Health {
    async fn look(&self) -> Vec<String> {
        let gate = Arc::clone(&self.gates.borrow());
        self.measure(&gate);
        let reasons = self.reasons(&gate).await;
        READY.set([], i64::from(reasons.is_empty()));
        reasons
    }
}

impl Health {
    fn measure(&self, gate: &Gate) {
        let occupancy = gate.door.occupancy();
        let at_hand = occupancy.ready.saturating_add(occupancy.busy);
        INSPECTORS.set(["ready"], occupancy.ready);
        INSPECTORS.set(["busy"], occupancy.busy);
        INSPECTORS.set(["missing"], occupancy.wanted.saturating_sub(at_hand));
        WAITING.set(["inspector"], occupancy.waiting);
        WAITING.set(["ocr"], occupancy.waiting_for_ocr);
        let spool::Kept { memory, disk } = spool::kept();
        SPOOL.set(["memory"], memory);
        SPOOL.set(["disk"], disk);
        PACKS.replace([([gate.packs.to_string().into()], 1)]);
        if let Some(resident) = resident() {
            MEMORY.set([], resident);
        }
        if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
            DESCRIPTORS.set([], open.count());
        }
    }

    /// Why no message should be sent here now, each in fixed words and what the log says of it.
    async fn reasons(&self, gate: &Gate) -> Vec<String> {
        let is_stopping = || *self.stopping.borrow();
        let reasons = match is_stopping() {
            true => Vec::new(),
            false => self.of_parts(gate).await,
        };
        // It may have begun to stop meanwhile, and what else was seen comes of that.
        match is_stopping() {
            true => vec!["stopping".to_owned()],
            false => reasons,
        }
    }

    async fn of_parts(&self, gate: &Gate) -> Vec<String> {
        let mut reasons = Vec::new();
        for address in self.pulse.silent(PATIENCE).await {
            reasons.push(format!("no connections are taken at {address}"));
        }
        let occupancy = gate.door.occupancy();
        if occupancy.ready == 0 && occupancy.busy == 0 {
            reasons.push("there is no inspector to read messages".to_owned());
        } else if occupancy.is_full() {
            reasons.push("too many messages wait to be read".to_owned());
        }
        let mut seen = self.seen.lock().await;
        match &*seen {
            Some((at, of_disks)) if at.elapsed() < FRESH => reasons.extend_from_slice(of_disks),
            _ => {
                let of_disks = self.of_disks(gate).await;
                reasons.extend_from_slice(&of_disks);
                *seen = Some((Instant::now(), of_disks));
            }
        }
        reasons
    }

    async fn of_disks(&self, gate: &Gate) -> Vec<String> {
        let mut reasons = Vec::new();
        match timeout(PATIENCE, gate.incidents.check()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => reasons.push(error.to_string()),
            Err(_) => reasons.push("the incident log does not answer".to_owned()),
        }
        let silent = "the spool does not answer".to_owned();
        let Ok(alone) = Arc::clone(&self.probing).try_acquire_owned() else {
            reasons.push(silent);
            return reasons;
        };
        let spool = self.terms.borrow().spool().clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "no message is read here, so its door is not the way"
        )]
        let probing = tokio::task::spawn_blocking(move || {
            let _alone = alone;
            spool.probe()
        });
        match timeout(PATIENCE, probing).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => reasons.push(error.to_string()),
            Ok(Err(_)) | Err(_) => reasons.push(silent),
        }
        reasons
    }
}

/// The memory of this process, in octets (`proc_pid_statm(5)`).
fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string(Path::new("/proc/self/statm")).ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    pages.checked_mul(rustix::param::page_size().try_into().ok()?)
}

/// How long what was seen of the disks is told again. Fixed: 1 s.
const FRESH: Duration = Duration::from_secs(1);

/// How long each of what is asked may take to answer. Fixed: 2 s.
const PATIENCE: Duration = Duration::from_secs(2);
