//! How grave a line on standard error is, as journald reads it from the front of the line (`sd-daemon(3)`): `journalctl -p warning` then
//! shows what calls for somebody.
//!
//! Nobody else is told, for they would show it.

use std::env;
use std::fmt;
use std::io::{self, Write};

use rustix::fs::fstat;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Who reads standard error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reader {
    /// systemd's journal.
    Journal,
    /// A person, a file, or another program.
    Other,
}

/// What standard error is told with.
pub(super) struct Lines {
    /// What each line begins with.
    front: &'static str,
}

impl Reader {
    /// Who it is, as systemd has told us (`systemd.exec(5)`, `$JOURNAL_STREAM`). A standard error that was turned elsewhere since then is
    /// none of the journal's.
    pub(super) fn of_errors() -> Self {
        let is_journal = || {
            let told = env::var("JOURNAL_STREAM").ok()?;
            let (device, inode) = told.split_once(':')?;
            let ours = fstat(io::stderr()).ok()?;
            let same = (ours.st_dev, ours.st_ino) == (device.parse().ok()?, inode.parse().ok()?);
            same.then_some(Self::Journal)
        };
        is_journal().unwrap_or(Self::Other)
    }

    /// Lines that are so grave.
    pub(super) fn lines(self, level: Level) -> Lines {
        Lines {
            front: match (self, level) {
                (Self::Other, _) => "",
                (Self::Journal, Level::ERROR) => "<3>",
                (Self::Journal, Level::WARN) => "<4>",
                (Self::Journal, Level::INFO) => "<6>",
                (Self::Journal, _) => "<7>",
            },
        }
    }
}

impl<'w> MakeWriter<'w> for Reader {
    type Writer = Lines;

    fn make_writer(&'w self) -> Lines {
        self.lines(Level::INFO)
    }

    fn make_writer_for(&'w self, of: &Metadata<'_>) -> Lines {
        self.lines(*of.level())
    }
}

impl Lines {
    /// Says something. Where that cannot be written (its disk is full, its reader gone) nobody is left to tell, which is no reason to
    /// end: `eprintln!` would panic, and inside the report of a panic end the program.
    pub(super) fn say(&mut self, text: fmt::Arguments<'_>) {
        let _ = self.write_all(format!("{text}\n").as_bytes());
    }
}

impl Write for Lines {
    /// Whole lines. They are written at once, so that lines of others do not come between.
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        let mut fronted = Vec::with_capacity(lines.len() + self.front.len());
        for line in lines.split_inclusive(|octet| *octet == b'\n') {
            fronted.extend_from_slice(self.front.as_bytes());
            fronted.extend_from_slice(line);
        }
        io::stderr().write_all(&fronted)?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
