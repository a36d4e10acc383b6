//! Pictures read by Tesseract: found at the start, and started anew for every picture, confined.
//!
//! Each message has its turn, as it has with inspectors: it waits for one until its deadline, and when it has one its pictures are
//! read one after the other, for [`Settings::time`] at most.

mod find;
mod page;
mod walls;
mod worker;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::extract::{Reason, Spot};
use crate::inspect::turns::{Turns as Places, Whose};
use crate::inspect::{Closed, Walls};
use crate::limits::PictureLimits;
use crate::spool::Spooled;

pub use find::find;
pub use worker::confine;

/// Which program reads pictures, and what it may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Tesseract. Default `/usr/bin/tesseract`; where it is not there, each picture that could show a number is a gap.
    pub program: PathBuf,
    /// The languages whose letters and words it expects. Default Danish and English (`dan`, `eng`); those it has no data for are
    /// left out.
    pub languages: Vec<Box<str>>,
    /// Messages whose pictures are read at the same time. Default the number of cores; others wait, each until its own
    /// deadline, and are then deferred (451 4.3.0).
    pub workers: usize,
    /// The most messages that wait for their turn. Default 50; beyond it a message is deferred at once (451 4.3.2).
    pub waiting: usize,
    /// How long the pictures of one message may take. Default 30 s; what is not read by then is a gap (`timeout`).
    pub time: Duration,
    /// How long one picture may take. Default 15 s; then it is a gap (`timeout`).
    pub picture_time: Duration,
    /// The memory Tesseract may use, in octets. Default 1 GiB; a picture that needs more is a gap (`limit`).
    pub memory: u64,
    /// Which pictures are asked to be read.
    pub limits: PictureLimits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            program: "/usr/bin/tesseract".into(),
            languages: ["dan", "eng"].map(Box::from).to_vec(),
            workers: thread::available_parallelism().map_or(2, usize::from),
            waiting: 50,
            time: Duration::from_secs(30),
            picture_time: Duration::from_secs(15),
            memory: 1 << 30,
            limits: PictureLimits::default(),
        }
    }
}

/// A Tesseract that was found, and tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it calls itself: `tesseract 5.3.0`.
    pub version: String,
    /// The languages that are used.
    pub languages: Vec<Box<str>>,
    /// Those that were asked for, and for which it has no data.
    pub missing: Vec<Box<str>>,
    /// Whether it can tell which way up a page is.
    pub turns: Turns,
    /// What confines it.
    pub walls: Walls,
}

/// Whether a page that lies on its side, or upside down, is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// It is: the data for it, `osd`, is there.
    Read,
    /// It is not.
    Lost,
}

/// Why nobody reads pictures.
#[derive(Debug, thiserror::Error)]
pub enum Absent {
    /// It was told not to: `program` in `[ocr]` is empty.
    #[error("it is switched off in `[ocr]`")]
    SwitchedOff,
    /// There is no such program.
    #[error(
        "{} is not there; install it (Debian: apt install tesseract-ocr tesseract-ocr-dan), or name it as `program` in `[ocr]`",
        .0.display()
    )]
    Program(PathBuf),
    /// It has no data for any of the languages.
    #[error(
        "{} has no data for any language that was asked for; install it (Debian: apt install {})",
        program.display(),
        wanted.iter().map(|it| package(it)).collect::<Vec<_>>().join(" ")
    )]
    Languages {
        /// The program.
        program: PathBuf,
        /// The languages.
        wanted: Vec<Box<str>>,
    },
    /// It does not say what it can do, as Tesseract does.
    #[error("{} does not work within its walls: {why}", program.display())]
    Useless {
        /// The program.
        program: PathBuf,
        /// What came of trying.
        why: String,
    },
}

/// What would make pictures be read better.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// There is no data for a language that was asked for.
    #[error("there is no data for `{0}`; install it (Debian: apt install {package})", package = package(.0))]
    Language(Box<str>),
    /// A page that lies on its side, or upside down, is not read.
    #[error(
        "pages that lie on their side are not read; install the data for it (Debian: apt install {})",
        package("osd")
    )]
    Turns,
}

impl Found {
    /// What it lacks, each with the way out.
    pub fn lacks(&self) -> impl Iterator<Item = Lack> {
        let languages = self.missing.iter().cloned().map(Lack::Language);
        let turns = matches!(self.turns, Turns::Lost).then_some(Lack::Turns);
        languages.chain(turns)
    }
}

/// The Debian package of a language.
fn package(language: &str) -> String {
    format!(
        "tesseract-ocr-{}",
        language.replace('_', "-").to_lowercase()
    )
}

/// Tesseract, ready to read.
#[derive(Debug)]
pub(super) struct Ocr {
    pub(super) found: Found,
    settings: Settings,
    /// This program, which confines itself before it becomes Tesseract.
    program: PathBuf,
    turns: Places,
}

/// What was read in a picture.
#[derive(Debug)]
pub(super) struct Seen {
    /// As far as it came.
    pub(super) text: String,
    /// Why that is not all.
    pub(super) unseen: Option<Unseen>,
}

/// Why a picture was not read, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unseen {
    /// Time ran out.
    Late,
    /// Memory did.
    Memory,
    /// There is more text in it than in any picture.
    Long,
    /// Tesseract says that it is no picture it can read.
    Refused,
    /// Tesseract died of it.
    Died,
    /// Tesseract could not be started: we are at fault.
    Unstarted,
}

impl Unseen {
    /// The reason of the gap a picture is, and what that says.
    pub(super) fn gap(self, spot: &Spot) -> (Reason, &'static str) {
        match self {
            Self::Late => (Reason::Timeout, "picture: OCR did not end in time"),
            Self::Memory => (Reason::Limit, "ocr.memory"),
            Self::Long => (Reason::Limit, "picture: more text than in any picture"),
            Self::Refused => (Reason::Damaged, "picture: OCR cannot read it"),
            Self::Died => (Reason::Damaged, "picture: OCR died of it"),
            Self::Unstarted => (spot.unread, "picture: OCR could not be started"),
        }
    }
}

impl Ocr {
    /// Finds Tesseract; `program` is this program.
    pub(super) async fn find(settings: Settings, program: &Path) -> Result<Self, Absent> {
        Ok(Self {
            found: find(&settings, program).await?,
            program: program.to_owned(),
            turns: Places::new(settings.workers.max(1), settings.waiting),
            settings,
        })
    }

    /// Messages that wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.turns.waiting()
    }

    /// Reads the pictures of a message, each of which has its answer. Waits for its turn until `deadline`. Where less than
    /// [`Settings::time`] was left then, and it would have taken more, the message is deferred: we were late.
    pub(super) async fn read(
        &self,
        pictures: &[Spooled],
        whose: Whose,
        deadline: Instant,
    ) -> Result<Vec<Seen>, Closed> {
        let _turn = self.turns.take(whose, deadline).await?;
        let due = Instant::now() + self.settings.time;
        let end = due.min(deadline);
        let mut all = Vec::new();
        for picture in pictures {
            let seen = page::read(self, picture, end).await;
            if matches!(seen.unseen, Some(Unseen::Late)) && end < due && Instant::now() >= end {
                return Err(Closed::Busy);
            }
            all.push(seen);
        }
        Ok(all)
    }
}
