//! Which process runs: a file with its number, locked for as long as it does. A second line tells how often it has read its
//! configuration again, and what came of it the last time.
//!
//! The lock is what counts. A number that was left behind may long be somebody else's, who would not know what to do with
//! our signals.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::Pid;

/// The file of this process. Dropped, it is empty.
#[derive(Debug)]
pub struct PidFile {
    file: File,
    readings: Mutex<Readings>,
}

/// A process that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Running {
    /// Its number.
    pub pid: Pid,
    /// How often it has read its configuration again; `None` where it is of a version that does not tell.
    pub readings: Option<Readings>,
}

/// How often a process has read its configuration again.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Readings {
    /// How often it began to.
    pub begun: u64,
    /// How often it came to the end of that.
    pub ended: u64,
    /// What came of the last one.
    pub last: Outcome,
}

/// What came of a configuration that was read again.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Outcome {
    /// Nothing changed. So it is too as long as none was read again.
    #[default]
    Kept,
    /// It is in force.
    Exchanged,
}

impl PidFile {
    /// Writes the number of this process.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, or another process has it.
    pub fn write(path: &Path) -> anyhow::Result<Self> {
        let about = || format!("{}: the `pid_file` cannot be written", path.display());
        let open = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        let mut file = open.with_context(about)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => bail!("{}: another Sluse runs already", path.display()),
            Err(error) => return Err(error).with_context(about),
        }
        file.set_len(0).with_context(about)?;
        let readings = Readings::default();
        write!(file, "{}{}", first_line(), readings.line()).with_context(about)?;
        Ok(Self {
            file,
            readings: Mutex::new(readings),
        })
    }

    /// Notes that the configuration is read again.
    pub(super) fn begins_reading(&self) {
        self.note(|readings| readings.begun += 1);
    }

    /// Notes what came of it.
    pub(super) fn has_read(&self, outcome: Outcome) {
        self.note(|readings| {
            readings.ended += 1;
            readings.last = outcome;
        });
    }

    fn note(&self, change: impl FnOnce(&mut Readings)) {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut readings);
        let at = first_line().len() as u64;
        // In one write, so that nobody reads a half of it.
        if let Err(error) = self.file.write_all_at(readings.line().as_bytes(), at) {
            tracing::warn!(%error, "the pid_file cannot be written: `sluse reload` will wait in vain");
        }
    }

    /// The process that runs; `None` where none does.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or holds no number.
    pub fn running(path: &Path) -> anyhow::Result<Option<Running>> {
        let about = || format!("{}: the `pid_file` cannot be read", path.display());
        let file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.with_context(about)?,
        };
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => return Ok(None),
            Err(Errno::WOULDBLOCK) => {}
            Err(error) => return Err(error).with_context(about),
        }
        let mut text = String::new();
        file.take(LONGEST)
            .read_to_string(&mut text)
            .with_context(about)?;
        let mut lines = text.lines();
        let number = lines.next().and_then(|line| line.trim().parse().ok());
        let pid = number.and_then(Pid::from_raw);
        let pid = pid.with_context(|| {
            format!("{}: there is no number of a process in it", path.display())
        })?;
        let readings = lines.next().and_then(Readings::parse);
        Ok(Some(Running { pid, readings }))
    }
}

impl Readings {
    /// A line that is never shorter than the one before it.
    fn line(self) -> String {
        let Self { begun, ended, last } = self;
        let last = match last {
            Outcome::Kept => "kept",
            Outcome::Exchanged => "exchanged",
        };
        format!("readings begun {begun} ended {ended} last {last:<9}\n")
    }

    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["readings", "begun", begun, "ended", ended, "last", last] = words[..] else {
            return None;
        };
        Some(Self {
            begun: begun.parse().ok()?,
            ended: ended.parse().ok()?,
            last: match last {
                "kept" => Outcome::Kept,
                "exchanged" => Outcome::Exchanged,
                _ => return None,
            },
        })
    }
}

fn first_line() -> String {
    format!("{}\n", std::process::id())
}

impl Drop for PidFile {
    fn drop(&mut self) {
        // Whoever reads it sees by the lock that nobody runs, whatever stands in it.
        drop(self.file.set_len(0));
    }
}

/// The most octets of it that are read.
const LONGEST: u64 = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_process_that_runs_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sluse.pid");
        assert_eq!(PidFile::running(&path).unwrap(), None);
        // One that was killed leaves its number behind.
        std::fs::write(&path, "1\n").unwrap();
        assert_eq!(PidFile::running(&path).unwrap(), None);
        let ours = PidFile::write(&path).unwrap();
        let running = || PidFile::running(&path).unwrap().unwrap();
        let pid = Pid::from_raw(i32::try_from(std::process::id()).unwrap());
        assert_eq!(Some(running().pid), pid);
        assert_eq!(running().readings, Some(Readings::default()));
        for (round, outcome) in [Outcome::Exchanged, Outcome::Kept].into_iter().enumerate() {
            let ended = u64::try_from(round).unwrap();
            ours.begins_reading();
            let readings = running().readings.unwrap();
            assert_eq!((readings.begun, readings.ended), (ended + 1, ended));
            ours.has_read(outcome);
            let readings = running().readings.unwrap();
            assert_eq!((readings.ended, readings.last), (ended + 1, outcome));
        }
        let twice = PidFile::write(&path).unwrap_err().to_string();
        assert!(twice.contains("another Sluse runs already"), "{twice}");
        drop(ours);
        assert_eq!(PidFile::running(&path).unwrap(), None);
        assert!(PidFile::write(&path).is_ok());
    }
}
