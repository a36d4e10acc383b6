//! The one door by which CPU work leaves Tokio: narrow, with a deadline for every message.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use crate::extract::{Gap, Reason};
use crate::inspect::{Inspection, inspect_until};
use crate::limits::{Cancel, ReadLimits};
use crate::mime::PartPath;
use crate::pattern::Packs;

/// How many messages are read at once, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Messages read at the same time. Default the number of cores; the others wait, each until its own deadline, and are
    /// then deferred (451 4.3.2).
    pub workers: usize,
    /// How long a reader that was told to stop may take to do so. Default 2 s; then the message is a gap as a whole, and
    /// the reader is left to itself and replaced.
    pub grace: Duration,
    /// The most readers left to themselves. Default 8; beyond it every message is deferred (451 4.3.2) until one comes
    /// back, for each of them holds a core.
    pub lost: usize,
    /// What reading one message may use.
    pub limits: ReadLimits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workers: thread::available_parallelism().map_or(2, usize::from),
            grace: Duration::from_secs(2),
            lost: 8,
            limits: ReadLimits::default(),
        }
    }
}

/// A message that can be read: a map of the spool, or octets in memory. Held until it is read, mapped only while it is.
pub trait Octets: Send + 'static {
    /// Lends all octets of the message to `read`.
    ///
    /// # Errors
    ///
    /// When they cannot be had; `read` was then not called.
    fn lend(&self, read: &mut dyn FnMut(&[u8])) -> io::Result<()>;
}

impl Octets for Vec<u8> {
    fn lend(&self, read: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        read(self);
        Ok(())
    }
}

/// Why a message was not read at all: we are at fault, and the message is deferred.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// No reader was free before the deadline, or not long enough before it.
    #[error("no reader was free in time; more cores, or a longer `time.verdict`, would help")]
    Busy,
    /// Too many readers hang.
    #[error("too many readers hang in messages they were told to leave")]
    Lost,
    /// The program is stopping.
    #[error("the readers have stopped")]
    Stopped,
    /// The spool could not be read.
    #[error("the spooled message cannot be read: {0}")]
    Spool(#[from] io::Error),
}

/// The door. Readers are threads with a stack of their own size, for documents nest.
#[derive(Debug)]
pub struct Door {
    settings: Settings,
    /// Held only while it is read or exchanged.
    packs: Mutex<Arc<Packs>>,
    free: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
    queue: Arc<Mutex<mpsc::Receiver<Job>>>,
    lost: Arc<AtomicUsize>,
}

/// The stack of a reader.
const STACK: usize = 16 << 20;

struct Job {
    message: Box<dyn Octets>,
    packs: Arc<Packs>,
    limits: ReadLimits,
    cancel: Cancel,
    abandoned: Arc<AtomicUsize>,
    reply: oneshot::Sender<io::Result<Inspection>>,
}

impl Job {
    fn read(&self) -> io::Result<Inspection> {
        let mut inspection = None;
        self.message.lend(&mut |octets| {
            inspection = Some(inspect_until(
                &self.packs,
                &self.limits,
                octets,
                &self.cancel,
            ));
        })?;
        Ok(inspection.unwrap_or_default())
    }
}

impl Door {
    /// Opens the door: starts the readers.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn open(settings: Settings, packs: Arc<Packs>) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let door = Self {
            free: Arc::new(Semaphore::new(settings.workers.max(1))),
            packs: Mutex::new(packs),
            jobs,
            queue: Arc::new(Mutex::new(queue)),
            lost: Arc::new(AtomicUsize::new(0)),
            settings,
        };
        for _ in 0..door.settings.workers.max(1) {
            door.start_reader()?;
        }
        Ok(door)
    }

    /// The packs by which messages are searched from now on.
    pub fn packs(&self) -> Arc<Packs> {
        Arc::clone(&self.packs.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Searches all messages that are taken in from now on by other packs. One that is being read is read to its end by those it
    /// began with.
    pub fn exchange(&self, packs: Arc<Packs>) {
        *self.packs.lock().unwrap_or_else(PoisonError::into_inner) = packs;
    }

    /// Reads and searches a message. Waits for a free reader until `deadline`; what could not be read in
    /// [`ReadLimits::time`] becomes a gap. Where so much time was no longer left, and it would have taken it, the message is
    /// deferred instead: a gap may be refused for good, and it is we who were late.
    ///
    /// # Errors
    ///
    /// When it was not read at all.
    pub async fn inspect(
        &self,
        message: impl Octets,
        deadline: Instant,
    ) -> Result<Inspection, Closed> {
        if self.lost.load(Ordering::Relaxed) >= self.settings.lost {
            return Err(Closed::Lost);
        }
        let permit = match timeout_at(deadline, Arc::clone(&self.free).acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| Closed::Stopped)?,
            Err(_) => return Err(Closed::Busy),
        };
        // Less than its due is what others left it: what stays unread for that is no gap of the message.
        let left = deadline.saturating_duration_since(Instant::now());
        let is_short = left < self.settings.limits.time;
        let time = self.settings.limits.time.min(left);
        let (reply, mut inspection) = oneshot::channel();
        let cancel = Cancel::default();
        let abandoned = Arc::new(AtomicUsize::new(HELD));
        let job = Job {
            message: Box::new(message),
            packs: self.packs(),
            limits: self.settings.limits.clone(),
            cancel: cancel.clone(),
            abandoned: Arc::clone(&abandoned),
            reply,
        };
        self.jobs.send(job).map_err(|_| Closed::Stopped)?;
        if let Ok(read) = timeout(time, &mut inspection).await {
            return Ok(read.map_err(|_| Closed::Stopped)??);
        }
        cancel.cancel();
        if let Ok(read) = timeout(self.settings.grace, &mut inspection).await {
            let read = read.map_err(|_| Closed::Stopped)??;
            let is_cut = read.gaps.iter().any(|gap| gap.reason == Reason::Timeout);
            return if is_short && is_cut {
                Err(Closed::Busy)
            } else {
                Ok(read)
            };
        }
        self.leave(&abandoned);
        drop(permit);
        if is_short {
            return Err(Closed::Busy);
        }
        Ok(unread(
            Reason::Timeout,
            "message: reading did not end in time",
        ))
    }

    /// Leaves a reader to itself and starts another in its place.
    fn leave(&self, abandoned: &AtomicUsize) {
        if abandoned.swap(LEFT, Ordering::AcqRel) == DONE {
            return;
        }
        let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
        tracing::error!(
            readers.lost = lost,
            "a reader hangs in a message and was left to itself"
        );
        if let Err(error) = self.start_reader() {
            tracing::error!(%error, "no thread for another reader");
        }
    }

    fn start_reader(&self) -> io::Result<()> {
        let (queue, lost) = (Arc::clone(&self.queue), Arc::clone(&self.lost));
        let name = "reader".to_owned();
        let reader = thread::Builder::new().name(name).stack_size(STACK);
        reader
            .spawn(move || read_until_left(&queue, &lost))
            .map(drop)
    }
}

/// The states of a job, so that the reader and whoever waits for it agree on which of them was late.
const HELD: usize = 0;
const DONE: usize = 1;
const LEFT: usize = 2;

fn read_until_left(queue: &Mutex<mpsc::Receiver<Job>>, lost: &AtomicUsize) {
    loop {
        let job = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(job) = job else { return };
        let read = catch_unwind(AssertUnwindSafe(|| job.read()));
        let inspection =
            read.unwrap_or_else(|_| Ok(unread(Reason::Damaged, "message: a reader failed on it")));
        let state = job.abandoned.swap(DONE, Ordering::AcqRel);
        drop(job.reply.send(inspection));
        if state == LEFT {
            // Another reader has taken this one's place.
            lost.fetch_sub(1, Ordering::Relaxed);
            return;
        }
    }
}

/// A message of which nothing can be said: one gap, the whole of it.
fn unread(reason: Reason, detail: &'static str) -> Inspection {
    let gap = Gap {
        part: PartPath::root(),
        name: None,
        reason,
        detail,
    };
    Inspection {
        gaps: vec![gap],
        ..Inspection::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::FingerprintKey;

    /// A message that takes its time.
    struct Slow(Duration);

    impl Octets for Slow {
        fn lend(&self, read: &mut dyn FnMut(&[u8])) -> io::Result<()> {
            thread::sleep(self.0);
            read(b"Subject: x\r\n\r\ny\r\n");
            Ok(())
        }
    }

    fn door(time: Duration) -> Door {
        let settings = Settings {
            workers: 1,
            limits: ReadLimits {
                time,
                ..ReadLimits::default()
            },
            ..Settings::default()
        };
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        Door::open(settings, Arc::new(packs)).unwrap()
    }

    #[tokio::test]
    async fn a_message_that_had_its_time_is_a_gap_and_one_that_had_not_is_deferred() {
        let slow = || Slow(Duration::from_millis(300));
        let soon = || Instant::now() + Duration::from_millis(50);
        let late = || Instant::now() + Duration::from_secs(60);
        let patient = door(Duration::from_secs(30));
        // As when others held the readers until its deadline was near: a gap would let policy refuse it for good.
        let cut = patient.inspect(slow(), soon()).await;
        assert!(matches!(cut, Err(Closed::Busy)), "{cut:?}");
        let read = patient.inspect(slow(), late()).await.unwrap();
        assert!(read.gaps.is_empty(), "{:?}", read.gaps);
        let strict = door(Duration::from_millis(50));
        let read = strict.inspect(slow(), late()).await.unwrap();
        let reasons: Vec<_> = read.gaps.iter().map(|gap| gap.reason).collect();
        assert!(reasons.contains(&Reason::Timeout), "{reasons:?}");
    }
}
