//! The one door by which messages leave the gate to be read: narrow, with a deadline for every message.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::detect::MOST_FINDINGS;
use crate::extract::{Gap, Reason};
use crate::inspect::inspector::{Answer, Death, Failure, Kind, Unstarted};
use crate::inspect::ocr::{self, Absent, Found, Ocr, Seen};
use crate::inspect::pool::Pool;
use crate::inspect::told::{Asked, encode_seen};
use crate::inspect::turns::Whose;
use crate::inspect::wire::Work;
use crate::inspect::{Inspection, Walls, of_message, unread};
use crate::limits::ReadLimits;
use crate::metrics::catalogue::{INSPECTION_TIME, REPLACED, UNREAD};
use crate::pattern::{Catalogue, FingerprintKey, Stock};
use crate::spool::{self, Draft, SpoolError, Spooled};

/// How many messages are read at once, for how long, and in how much memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Inspectors, and so messages that are read at the same time. Default the number of cores; other messages wait, each
    /// until its own deadline, and are then deferred (451 4.3.0).
    pub workers: usize,
    /// The most messages that wait for an inspector at once. Default 200; beyond it a message is deferred at once (451 4.3.2), and so
    /// is every MAIL: what waited until its deadline in vain would have kept those behind it waiting too.
    pub waiting: usize,
    /// How long an inspector may take to begin, and one that was told to stop to do so. Default 2 s; then it is ended, and
    /// the message is given to another, or is a gap as a whole.
    pub grace: Duration,
    /// The memory one inspector may use, in octets. Default 1 GiB; one that needs more dies, and the message is a gap as a
    /// whole (`limit`).
    pub memory: u64,
    /// What reading one message may use.
    pub limits: ReadLimits,
    /// Who reads pictures. Default Tesseract, where it is installed; `None`: nobody.
    pub ocr: Option<ocr::Settings>,
    /// Where pictures are kept until they were read.
    pub spool: spool::Settings,
    /// The program that is started as an inspector, or to read a picture. Default this one, even after its file was replaced.
    pub program: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workers: thread::available_parallelism().map_or(2, usize::from),
            waiting: 200,
            grace: Duration::from_secs(2),
            memory: 1 << 30,
            limits: ReadLimits::default(),
            ocr: Some(ocr::Settings::default()),
            spool: spool::Settings::default(),
            program: "/proc/self/exe".into(),
        }
    }
}

/// How busy those behind the door are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Occupancy {
    /// Inspectors there should be.
    pub wanted: usize,
    /// Inspectors that wait for a message.
    pub ready: usize,
    /// Inspectors at work.
    pub busy: usize,
    /// Messages that wait for an inspector.
    pub waiting: usize,
    /// The most that may.
    pub most_waiting: usize,
    /// Messages that wait for their turn with OCR.
    pub waiting_for_ocr: usize,
}

impl Occupancy {
    /// Whether no further message may wait for an inspector.
    pub fn is_full(&self) -> bool {
        self.ready == 0 && self.waiting >= self.most_waiting
    }
}

/// Why a message was not read at all: we are at fault, and the message is deferred.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// Too many wait already.
    #[error(
        "too many messages wait to be read (`inspect.waiting`, `ocr.waiting`); more cores would help"
    )]
    Overloaded,
    /// No inspector was free before the deadline, or not long enough before it.
    #[error("no inspector was free in time: add cores, or raise `limits.time.verdict`")]
    Busy,
    /// Inspectors die before they have begun.
    #[error("{ATTEMPTS} inspectors did not take the message")]
    NotTaken,
    /// Inspectors can no more be started.
    #[error("no inspector can be started; what keeps it was logged before this")]
    Unstarted,
    /// The program is stopping.
    #[error("the inspectors have stopped")]
    Stopped,
    /// The packs were exchanged while its pictures were read: no policy knows what both of them find.
    #[error("the packs were exchanged while the pictures of the message were read")]
    Exchanged,
    /// What was read in its pictures could not be kept.
    #[error(transparent)]
    Spool(#[from] SpoolError),
}

impl Closed {
    /// The word for it in metrics.
    fn as_str(&self) -> &'static str {
        match self {
            Self::Overloaded => "overloaded",
            Self::Busy => "busy",
            Self::NotTaken => "not_taken",
            Self::Unstarted => "unstarted",
            Self::Stopped => "stopped",
            Self::Exchanged => "exchanged",
            Self::Spool(_) => "spool",
        }
    }
}

/// Inspectors that are offered a message before it is deferred. One that has begun is the last.
const ATTEMPTS: usize = 5;

/// The door, with the inspectors behind it. Dropped, it ends them.
#[derive(Debug)]
pub struct Door {
    settings: Settings,
    /// What persons are fingerprinted with.
    key: FingerprintKey,
    pool: Pool,
    ocr: Result<Ocr, Absent>,
}

impl Door {
    /// Opens the door: starts the inspectors, and waits until they are ready. One that hangs keeps it some seconds.
    ///
    /// # Errors
    ///
    /// When none starts.
    pub async fn open(
        mut settings: Settings,
        stock: Stock,
        key: FingerprintKey,
    ) -> Result<Self, Unstarted> {
        let ocr = match settings.ocr.clone() {
            Some(ocr) => Ocr::find(ocr, &settings.program).await,
            None => Err(Absent::SwitchedOff),
        };
        let asked = ocr.as_ref().ok().zip(settings.ocr.as_ref());
        settings.limits.pictures = asked.map(|(_, ocr)| ocr.limits.clone());
        let kind = Kind::new(stock, &key, settings.limits.clone(), &settings)?;
        Ok(Self {
            pool: Pool::start(settings.clone(), kind).await?,
            settings,
            key,
            ocr,
        })
    }

    /// Who reads pictures, or why nobody does.
    pub fn ocr(&self) -> Result<&Found, &Absent> {
        self.ocr.as_ref().map(|ocr| &ocr.found)
    }

    /// What the packs hold by which messages are searched from now on.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.pool.wanted().catalogue)
    }

    /// The year those packs were told that it is.
    pub fn year(&self) -> u16 {
        self.pool.wanted().year
    }

    /// What reading one message may use from now on, without that of pictures: OCR is looked for at the start only.
    pub fn limits(&self) -> ReadLimits {
        ReadLimits {
            pictures: None,
            ..self.pool.wanted().limits.clone()
        }
    }

    /// What confines the inspectors.
    pub fn walls(&self) -> Walls {
        self.pool.walls()
    }

    /// Inspectors, and the messages that wait for them or for OCR.
    pub fn occupancy(&self) -> Occupancy {
        Occupancy {
            waiting_for_ocr: self.ocr.as_ref().map_or(0, Ocr::waiting),
            ..self.pool.occupancy()
        }
    }

    /// Searches all messages that are begun from its end on by other packs, and within other limits: other inspectors are started
    /// for that, and while they start, the old ones go on. A message that is being read is read to its end by the packs it was begun with.
    ///
    /// # Errors
    ///
    /// When none of them starts, or one says what holds for all; then nothing has changed. For one that meets with an accident another
    /// is started later.
    pub async fn exchange(&self, stock: Stock, limits: ReadLimits) -> Result<(), Unstarted> {
        let pictures = self.settings.limits.pictures.clone();
        let limits = ReadLimits { pictures, ..limits };
        let kind = Kind::new(stock, &self.key, limits, &self.settings)?;
        self.pool.exchange(kind).await
    }

    /// Reads and searches a message. Waits for a free inspector until `deadline`; what could not be read in
    /// [`ReadLimits::time`] becomes a gap, and so does a message as a whole that an inspector dies of. Where so much time was
    /// no longer left, and it would have taken it, the message is deferred instead: a gap may be refused for good, and it is
    /// we who were late.
    ///
    /// Pictures that are asked to be read are read between two inspectors, and what was read in them searched by the second.
    ///
    /// # Errors
    ///
    /// When it was not read at all.
    pub async fn inspect(
        &self,
        message: &Spooled,
        deadline: Instant,
    ) -> Result<Inspection, Closed> {
        self.inspected(message, Whose::New, deadline).await
    }

    /// [`inspect`](Self::inspect), for another form of a message that was read already: however many wait, it waits too, for what was
    /// read would be lost.
    pub async fn inspect_besides(
        &self,
        message: &Spooled,
        deadline: Instant,
    ) -> Result<Inspection, Closed> {
        self.inspected(message, Whose::Begun, deadline).await
    }

    async fn inspected(
        &self,
        message: &Spooled,
        whose: Whose,
        deadline: Instant,
    ) -> Result<Inspection, Closed> {
        let begun = Instant::now();
        let inspected = self.read(message, whose, deadline).await;
        match &inspected {
            Ok(_) => INSPECTION_TIME.took([], begun.elapsed()),
            Err(closed) => UNREAD.count([closed.as_str()]),
        }
        inspected
    }

    async fn read(
        &self,
        message: &Spooled,
        whose: Whose,
        deadline: Instant,
    ) -> Result<Inspection, Closed> {
        let Answer {
            mut inspection,
            asked,
            pictures,
        } = self.ask(Work::Message, message, whose, deadline).await?;
        let Ok(ocr) = &self.ocr else {
            return Ok(inspection);
        };
        if pictures.is_empty() {
            return Ok(inspection);
        }
        let seen = ocr.read(&pictures, whose, deadline).await?;
        drop(pictures);
        inspection.gaps.extend(unseen(&asked, &seen));
        let texts = seen.iter().map(|seen| seen.text.as_str());
        let octets = match encode_seen(&asked, texts) {
            Ok(Some(octets)) => octets,
            Ok(None) => return Ok(inspection),
            Err(_) => {
                let gap = of_message(Reason::Damaged, "pictures: what was read cannot be told");
                inspection.gaps.push(gap);
                return Ok(inspection);
            }
        };
        let mut draft = Draft::new(&self.settings.spool);
        draft.take_in(&octets).await?;
        let texts = draft.end().await?;
        let searched = self.ask(Work::Seen, &texts, Whose::Begun, deadline).await?;
        let searched = searched.inspection;
        if searched.packs.is_some() && searched.packs != inspection.packs {
            return Err(Closed::Exchanged);
        }
        inspection.gaps.extend(searched.gaps);
        inspection.findings.extend(searched.findings);
        if inspection.findings.len() > MOST_FINDINGS {
            inspection.findings.truncate(MOST_FINDINGS);
            let gap = of_message(Reason::Limit, "message: more was found than can be told");
            inspection.gaps.push(gap);
        }
        Ok(inspection)
    }

    /// Has work done by an inspector.
    async fn ask(
        &self,
        work: Work,
        handed: &Spooled,
        mut whose: Whose,
        deadline: Instant,
    ) -> Result<Answer, Closed> {
        for _ in 0..ATTEMPTS {
            let mut held = self.pool.take(whose, deadline).await?;
            whose = Whose::Begun;
            // Less than its due is what others left it: what stays unread for that is no gap of the message.
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(inspector) = held.inspector() else {
                continue;
            };
            let due = match work {
                Work::Message => inspector.kind.limits.time,
                Work::Seen => inspector.kind.limits.time.min(SEARCHING),
            };
            let (is_short, time) = (left < due, due.min(left));
            let id = inspector.id();
            let grace = self.settings.grace;
            let failure = match inspector.read(work, handed, time, grace).await {
                Ok(answer) => {
                    held.give_back();
                    let gaps = &answer.inspection.gaps;
                    let is_cut = gaps.iter().any(|gap| gap.reason == Reason::Timeout);
                    return if is_short && is_cut {
                        Err(Closed::Busy)
                    } else {
                        Ok(answer)
                    };
                }
                // The inspector goes with it, for it is in the middle of a picture.
                Err(Failure::Spool(error)) => return Err(error.into()),
                Err(failure) => failure,
            };
            if let Failure::NotBegun(error) = &failure {
                REPLACED.count([failure.as_str()]);
                tracing::warn!(inspector.pid = id, %error, "an inspector did not take a message: another is asked");
                continue;
            }
            REPLACED.count([failure.as_str()]);
            tracing::error!(inspector.pid = id, %failure, "an inspector was lost in a message, which is a gap");
            return if is_short && matches!(failure, Failure::Hangs) {
                Err(Closed::Busy)
            } else {
                Ok(Answer {
                    inspection: gap(&failure),
                    asked: Asked::default(),
                    pictures: Vec::new(),
                })
            };
        }
        Err(Closed::NotTaken)
    }
}

/// How long it may take to search what was read in the pictures of a message. Fixed: 5 s, for that is some pages of text; beyond it the
/// rest is a gap (`timeout`).
pub const SEARCHING: Duration = Duration::from_secs(5);

/// The gaps of pictures that were not read, or not to their end.
fn unseen(asked: &Asked, seen: &[Seen]) -> impl Iterator<Item = Gap> {
    let spots = asked.pictures.iter().map(|(spot, _)| spot);
    spots.zip(seen).filter_map(|(spot, seen)| {
        let (reason, detail) = seen.unseen?.gap(spot);
        Some(spot.gap(reason, detail))
    })
}

/// What becomes of a message that cost an inspector.
fn gap(failure: &Failure) -> Inspection {
    match failure {
        Failure::Hangs => unread(Reason::Timeout, "message: reading did not end in time"),
        Failure::Died(Death::Memory) => unread(
            Reason::Limit,
            "message: reading it takes more memory than there is",
        ),
        Failure::Died(Death::Stack) => unread(Reason::Limit, "message: it nests too deep"),
        Failure::Died(_) | Failure::NotBegun(_) | Failure::Spool(_) => {
            unread(Reason::Damaged, "message: an inspector died of it")
        }
        Failure::Nonsense(_) => unread(
            Reason::Damaged,
            "message: the answer about it is not believed",
        ),
    }
}
