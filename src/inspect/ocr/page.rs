//! One picture, read by one process, which ends with it.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, timeout_at};

use crate::inspect::Walls;
use crate::inspect::ocr::worker::{COMMAND, UNSTARTED, WALLS};
use crate::inspect::ocr::{Ocr, Seen, Settings, Turns, Unseen};
use crate::spool::Spooled;

/// The longest text of a picture. Fixed: 1 MiB, of which a page of the smallest print has a hundredth.
const LONGEST_TEXT: usize = 1 << 20;

/// The octets of what Tesseract complains of that are looked at, the first ones.
const LONGEST_COMPLAINT: usize = 16 << 10;

/// The octets of a picture that are handed over at a time.
const CHUNK: usize = 64 << 10;

/// What came of running Tesseract.
#[derive(Debug)]
pub(super) struct Ran {
    /// What it wrote.
    pub(super) said: String,
    /// What confined it, if it came so far.
    pub(super) walls: Option<Walls>,
    /// Why that is not all.
    pub(super) unseen: Option<Unseen>,
    status: Option<ExitStatus>,
}

impl Ran {
    /// In words, for somebody who looks why it is of no use. It was shown no picture.
    pub(super) fn complaint(&self) -> String {
        match (&self.unseen, self.status) {
            (Some(Unseen::Late), _) => "it does not end".to_owned(),
            (Some(Unseen::Unstarted), _) => "it cannot be executed".to_owned(),
            (_, Some(status)) => status.to_string(),
            (_, None) => "it says nothing".to_owned(),
        }
    }
}

/// Reads a picture until `end`, or for as long as one may take.
pub(super) async fn read(ocr: &Ocr, picture: &Spooled, end: Instant) -> Seen {
    let late = |text| Seen {
        text,
        unseen: Some(Unseen::Late),
    };
    let now = Instant::now();
    if now >= end {
        return late(String::new());
    }
    let end = end.min(now + ocr.settings.picture_time);
    let languages = ocr.found.languages.join("+");
    // 1: whichever way up the page lies; 3: upright.
    let layout = match ocr.found.turns {
        Turns::Read => "1",
        Turns::Lost => "3",
    };
    let arguments = ["stdin", "stdout", "-l", &languages, "--psm", layout];
    let arguments = arguments.map(str::to_owned);
    match run(&ocr.settings, &ocr.program, &arguments, Some(picture), end).await {
        Ok(ran) => {
            if let Some(unseen) = ran.unseen {
                tracing::warn!(?unseen, octets = picture.len(), "a picture was not read");
            }
            Seen {
                text: ran.said,
                unseen: ran.unseen,
            }
        }
        Err(error) => {
            tracing::error!(%error, "OCR could not be started: pictures are gaps");
            Seen {
                text: String::new(),
                unseen: Some(Unseen::Unstarted),
            }
        }
    }
}

/// Runs Tesseract with these arguments, fed with a picture, until `end`.
pub(super) async fn run(
    settings: &Settings,
    program: &Path,
    arguments: &[String],
    picture: Option<&Spooled>,
    end: Instant,
) -> io::Result<Ran> {
    let seconds = settings.picture_time.as_secs().saturating_add(1);
    let mut child = Command::new(program)
        .arg0("sluse")
        .arg(COMMAND)
        .arg("--program")
        .arg(&settings.program)
        .arg("--memory")
        .arg(settings.memory.to_string())
        .arg("--seconds")
        .arg(seconds.to_string())
        .arg("--")
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let mut running = Running(child);
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let talk = async {
        let fed = feed(stdin, picture);
        let heard = take(stdout, &mut said, LONGEST_TEXT);
        let (_, heard, _) = tokio::join!(fed, heard, hear(stderr, &mut complained));
        match heard {
            Taken::All => Some(running.0.wait().await),
            Taken::TooMuch => None,
        }
    };
    let (status, unseen) = match timeout_at(end, talk).await {
        Err(_) => (None, Some(Unseen::Late)),
        Ok(None) => (None, Some(Unseen::Long)),
        Ok(Some(status)) => {
            let status = status?;
            (Some(status), verdict(status, &complained))
        }
    };
    drop(running);
    let complained = String::from_utf8_lossy(&complained);
    let walls = complained.lines().find_map(|line| line.strip_prefix(WALLS));
    Ok(Ran {
        said: String::from_utf8_lossy(&said).into_owned(),
        walls: walls.and_then(|told| serde_json::from_str(told).ok()),
        unseen,
        status,
    })
}

/// Why it ended as it did; `None` where all is well.
fn verdict(status: ExitStatus, complained: &[u8]) -> Option<Unseen> {
    // What the C++ runtime says of an allocation that failed.
    let has_no_memory = memchr::memmem::find(complained, b"bad_alloc").is_some();
    match (status.code(), status.signal()) {
        (Some(0), _) => None,
        _ if has_no_memory => Some(Unseen::Memory),
        (Some(UNSTARTED), _) => Some(Unseen::Unstarted),
        (Some(_), _) => Some(Unseen::Refused),
        (None, Some(libc::SIGXCPU)) => Some(Unseen::Late),
        (None, _) => Some(Unseen::Died),
    }
}

/// The process, and whatever it may have started. Dropped, they are ended.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has a number for as long as nobody has heard of its end, so that nobody else can have it yet.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(id) = id.and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}

/// Writes the picture. That it is not taken to its end is nothing: what comes of it tells why.
async fn feed(stdin: Option<ChildStdin>, picture: Option<&Spooled>) {
    let (Some(mut stdin), Some(picture)) = (stdin, picture) else {
        return;
    };
    let mut chunk = vec![0; CHUNK];
    let mut at = 0;
    while let Ok(read @ 1..) = picture.read_at(&mut chunk, at) {
        let octets = chunk.get(..read).unwrap_or_default();
        if stdin.write_all(octets).await.is_err() {
            return;
        }
        at += octets.len() as u64;
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Taken {
    All,
    TooMuch,
}

/// Reads to the end, or to more than `most` octets.
async fn take(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>, most: usize) -> Taken {
    let Some(mut from) = from else {
        return Taken::All;
    };
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        let octets = chunk.get(..read).unwrap_or_default();
        if into.len() + octets.len() > most {
            return Taken::TooMuch;
        }
        into.extend_from_slice(octets);
    }
    Taken::All
}

/// Reads to the end, so that nobody waits for us, and keeps the beginning.
async fn hear(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(mut from) = from else {
        return;
    };
    let mut chunk = [0; 1024];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        let room = LONGEST_COMPLAINT.saturating_sub(into.len());
        into.extend_from_slice(chunk.get(..read.min(room)).unwrap_or_default());
    }
}
