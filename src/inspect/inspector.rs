//! An inspector as the gate sees it: a process at the other end of a socket.

mod complaint;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as Socket;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

use crate::inspect::inspector::complaint::Complaint;
use crate::inspect::setup::{self, Ready, Setup};
use crate::inspect::told::{self, Asked, Nonsense};
use crate::inspect::wire::{LONGEST_SETUP, Work, gate};
use crate::inspect::{DoorSettings, Inspection, Walls};
use crate::limits::ReadLimits;
use crate::pattern::{Catalogue, FingerprintKey, Stock};
use crate::spool::{self, SpoolError, Spooled};

/// The command by which the program is an inspector.
const COMMAND: &str = "inspect-worker";

/// Stretches from so many octets on, which the C library's allocator gives back at once: those of a large message. Left alone it gives back
/// later with each larger message, up to 32 MiB. Other libraries do not heed it.
pub(super) const MAPPED: usize = 4 << 20;

/// How much of smaller stretches it keeps that is free at the end of its heap.
pub(super) const TRIMMED: usize = 8 << 20;

/// How long an inspector may take to be ready: compiling packs takes a fraction of a second, on a machine that is not busy
/// with anything else.
const START: Duration = Duration::from_secs(60);

/// How long all pictures of a message may take to be kept, beside what the inspector takes. Fixed: 30 s; then the message is deferred.
const KEEPING: Duration = Duration::from_secs(30);

/// How long one that has closed its socket may take to end.
const END: Duration = Duration::from_secs(1);

/// What inspectors of one kind are told when they start.
#[derive(Debug)]
pub(super) struct Kind {
    /// What the packs hold by which they search.
    pub(super) catalogue: Arc<Catalogue>,
    /// The year those were told that it is.
    pub(super) year: u16,
    /// What reading one message may use.
    pub(super) limits: ReadLimits,
    /// Where pictures that they ask to be read are kept until they were.
    spool: spool::Settings,
    setup: Zeroizing<Vec<u8>>,
}

/// What came of work.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) inspection: Inspection,
    pub(super) asked: Asked,
    /// The pictures that are asked to be read, in the order of `asked`.
    pub(super) pictures: Vec<Spooled>,
}

impl Kind {
    pub(super) fn new(
        stock: Stock,
        key: &FingerprintKey,
        limits: ReadLimits,
        settings: &DoorSettings,
    ) -> Result<Self, Unstarted> {
        let setup = Setup::new(&stock, key, &limits, settings.memory);
        let setup = setup
            .encode()
            .map_err(|error| Unstarted::System(error.into()))?;
        if setup.len() > LONGEST_SETUP {
            return Err(Unstarted::Packs);
        }
        let pictures = limits.pictures.as_ref();
        let count = pictures.map_or(1, |limits| limits.count);
        Ok(Self {
            catalogue: Arc::new(stock.catalogue),
            year: stock.year,
            limits,
            spool: spool::Settings {
                // All pictures of a message together stay in as much memory as it does itself.
                memory: settings.spool.memory / u64::from(count.max(1)),
                ..settings.spool.clone()
            },
            setup,
        })
    }
}

/// Why an inspector is not ready.
#[derive(Debug, thiserror::Error)]
pub enum Unstarted {
    /// The system does not start it, or it ended before it was ready.
    #[error("an inspector could not be started: {0}")]
    System(io::Error),
    /// It ended before it was ready.
    #[error("an inspector ended before it was ready: {0}")]
    Ended(Death),
    /// They would not fit into what it is told at its start.
    #[error(
        "the packs are too long for inspectors: all together they may have {} MiB; take out packs, or examples of them",
        LONGEST_SETUP >> 20
    )]
    Packs,
    /// It took too long.
    #[error("an inspector was not ready after {} s", START.as_secs())]
    Late,
    /// It says why.
    #[error("an inspector does not begin: {0}")]
    Refused(String),
    /// It searches by something else than it was told.
    #[error("an inspector has other packs than the gate: they are two versions of the program")]
    OtherPacks,
}

impl Unstarted {
    /// Whether it is so of every inspector with these packs, rather than of one that met an accident.
    pub(super) fn holds_for_all(&self) -> bool {
        match self {
            Self::Packs | Self::OtherPacks => true,
            // It may have got no thread.
            Self::Refused(_) | Self::System(_) | Self::Ended(_) | Self::Late => false,
        }
    }
}

impl From<io::Error> for Unstarted {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// How an inspector died.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Death {
    /// It had no memory left.
    Memory,
    /// Its stack was too small for something that nests.
    Stack,
    /// It was ended by a signal.
    Signal(i32),
    /// It ended by itself.
    Exit(i32),
    /// It went silent.
    Unknown,
}

impl std::fmt::Display for Death {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("it ran out of memory (`inspect.memory`)"),
            Self::Stack => f.write_str("it ran out of stack"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::Exit(code) => write!(f, "exit code {code}"),
            Self::Unknown => f.write_str("it closed its socket"),
        }
    }
}

/// Why there is no inspection.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The message was not begun: another inspector may read it.
    #[error("it did not take the message: {0}")]
    NotBegun(io::Error),
    /// It died in the message.
    #[error("it died: {0}")]
    Died(Death),
    /// It did not end in time.
    #[error("it hangs")]
    Hangs,
    /// It says what cannot be.
    #[error("its answer is not believed: {0}")]
    Nonsense(Nonsense),
    /// A picture it asks to be read cannot be kept: we are at fault.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Failure {
    /// The word for it in metrics.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::NotBegun(_) => "not_taken",
            Self::Died(Death::Memory) => "memory",
            Self::Died(Death::Stack) => "stack",
            Self::Died(_) | Self::Spool(_) => "died",
            Self::Hangs => "hung",
            Self::Nonsense(_) => "not_believed",
        }
    }
}

/// A process that reads messages. Dropped, it is ended.
#[derive(Debug)]
pub(super) struct Inspector {
    /// What it was told.
    pub(super) kind: Arc<Kind>,
    /// What confines it.
    pub(super) walls: Walls,
    /// How many messages it has read.
    pub(super) read: u32,
    child: Child,
    socket: UnixStream,
    complaint: JoinHandle<Option<Complaint>>,
}

impl Inspector {
    /// Starts one, and waits until it is ready.
    pub(super) async fn start(program: &Path, kind: Arc<Kind>) -> Result<Self, Unstarted> {
        let (ours, theirs) = Socket::pair()?;
        ours.set_nonblocking(true)?;
        let mut child = Command::new(program)
            .arg0("sluse")
            .arg(COMMAND)
            .env_clear()
            .env("MALLOC_MMAP_THRESHOLD_", MAPPED.to_string())
            .env("MALLOC_TRIM_THRESHOLD_", TRIMMED.to_string())
            .current_dir("/")
            // Ctrl-C in a terminal is for the gate, which ends its inspectors when it needs them no more.
            .process_group(0)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let complaint = tokio::spawn(complaint::listen(child.stderr.take()));
        let mut inspector = Self {
            kind,
            walls: Walls::default(),
            read: 0,
            child,
            socket: UnixStream::from_std(ours)?,
            complaint,
        };
        match timeout(START, inspector.set_up()).await {
            Ok(ready) => ready?,
            Err(_) => return Err(Unstarted::Late),
        }
        Ok(inspector)
    }

    async fn set_up(&mut self) -> Result<(), Unstarted> {
        let kind = Arc::clone(&self.kind);
        let Ok(answer) = gate::set_up(&mut self.socket, &kind.setup).await else {
            return Err(Unstarted::Ended(self.death().await));
        };
        let answer: setup::Answer = serde_json::from_slice(&answer).map_err(io::Error::from)?;
        let Ready { packs, walls } = answer.map_err(Unstarted::Refused)?;
        if packs != kind.catalogue.version().to_string() {
            return Err(Unstarted::OtherPacks);
        }
        self.walls = walls;
        Ok(())
    }

    /// The number of the process; 0 when it has ended.
    pub(super) fn id(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Whether it has not ended yet.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Has work done in `time`; `grace` is how long after it, and before it, an answer is awaited.
    ///
    /// After a failure the inspector is of no use.
    pub(super) async fn read(
        &mut self,
        work: Work,
        handed: &Spooled,
        time: Duration,
        grace: Duration,
    ) -> Result<Answer, Failure> {
        let handing = gate::hand_over(&mut self.socket, work, handed, time);
        match timeout(grace, handing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Failure::NotBegun(error)),
            Err(_) => return Err(Failure::NotBegun(io::ErrorKind::TimedOut.into())),
        }
        let late = Instant::now() + time + grace;
        let octets = match timeout_at(late, gate::inspection(&mut self.socket)).await {
            Ok(Ok(octets)) => octets,
            Ok(Err(error)) => return Err(self.failed(&error).await),
            Err(_) => return Err(Failure::Hangs),
        };
        self.read = self.read.saturating_add(1);
        // Work of ours, which is not of its time.
        let limits = self.kind.limits.pictures.as_ref();
        let decoded = told::decode_aside(octets, &self.kind.catalogue, limits);
        let (inspection, asked) = decoded.await.map_err(Failure::Nonsense)?;
        let late = late.max(Instant::now() + grace);
        match timeout_at(late + KEEPING, self.pictures(&asked, late)).await {
            Ok(Ok(pictures)) => Ok(Answer {
                inspection,
                asked,
                pictures: pictures?,
            }),
            Ok(Err(error)) => Err(self.failed(&error).await),
            // Else it would have been late itself.
            Err(_) => Err(SpoolError::from(io::Error::from(io::ErrorKind::TimedOut)).into()),
        }
    }

    /// Takes the pictures that it asks to be read, and has to hand over until then.
    async fn pictures(
        &mut self,
        asked: &Asked,
        mut late: Instant,
    ) -> io::Result<Result<Vec<Spooled>, SpoolError>> {
        let mut pictures = Vec::new();
        for (_, len) in &asked.pictures {
            let picture = gate::picture(&mut self.socket, *len, &self.kind.spool, &mut late);
            match picture.await? {
                Ok(picture) => pictures.push(picture),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(pictures))
    }

    /// What it means that this came from its socket.
    async fn failed(&mut self, error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::InvalidData => Failure::Nonsense(Nonsense::Shape),
            io::ErrorKind::TimedOut => Failure::Hangs,
            _ => Failure::Died(self.death().await),
        }
    }

    /// How it died, after it has closed its socket.
    async fn death(&mut self) -> Death {
        let Ok(Ok(status)) = timeout(END, self.child.wait()).await else {
            return Death::Unknown;
        };
        match timeout(END, &mut self.complaint).await {
            Ok(Ok(Some(Complaint::Memory))) => Death::Memory,
            Ok(Ok(Some(Complaint::Stack))) => Death::Stack,
            _ => Death::from(status),
        }
    }
}

impl From<ExitStatus> for Death {
    fn from(status: ExitStatus) -> Self {
        match (status.signal(), status.code()) {
            (Some(signal), _) => Self::Signal(signal),
            (None, Some(code)) => Self::Exit(code),
            (None, None) => Self::Unknown,
        }
    }
}
