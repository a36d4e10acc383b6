//! Which process runs: a file with its number, locked for as long as it does.
//!
//! The lock is what counts. A number that was left behind may long be somebody else's, who would not know what to do with
//! our signals.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, bail};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::Pid;

/// The file of this process. Dropped, it is empty.
#[derive(Debug)]
pub struct PidFile(File);

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
        writeln!(file, "{}", std::process::id()).with_context(about)?;
        Ok(Self(file))
    }

    /// The process that runs; `None` where none does.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or holds no number.
    pub fn running(path: &Path) -> anyhow::Result<Option<Pid>> {
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
        let number = text.trim().parse().ok().and_then(Pid::from_raw);
        number
            .map(Some)
            .with_context(|| format!("{}: there is no number of a process in it", path.display()))
    }
}

impl Drop for PidFile {
    fn drop(&mut self) {
        // Whoever reads it sees by the lock that nobody runs, whatever stands in it.
        drop(self.0.rewind().and_then(|()| self.0.set_len(0)));
    }
}

/// The most octets of it that are read.
const LONGEST: u64 = 32;

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
        let running = PidFile::running(&path).unwrap();
        assert_eq!(
            running,
            Pid::from_raw(i32::try_from(std::process::id()).unwrap())
        );
        let twice = PidFile::write(&path).unwrap_err().to_string();
        assert!(twice.contains("another Sluse runs already"), "{twice}");
        drop(ours);
        assert_eq!(PidFile::running(&path).unwrap(), None);
        assert!(PidFile::write(&path).is_ok());
    }
}
