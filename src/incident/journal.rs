//! Every event as a line of JSON in a file, for a log collector.
//!
//! The database is the log; the journal follows it. A journal that cannot be written is an error in the log of the
//! program and holds up no mail; what is missing is written when it can be. After a crash, lines may stand twice
//! (`seq` tells), and none is left out.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::Serialize;
use serde_json::Value;

use crate::incident::chain::{Hash, hex};

/// One journal.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// The last event that was written.
    seq: i64,
    /// Whether the last attempt failed, so that one failure is one line in the log.
    failing: bool,
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    seq: i64,
    time: &'a str,
    tenant: &'a str,
    incident: &'a str,
    event: &'a str,
    /// Anchors the chain of the database outside of it.
    hash: String,
    detail: Option<Value>,
}

/// The most events written before the next look at the requests.
const AT_ONCE: i64 = 1000;

impl Journal {
    /// A journal that goes on where it was.
    pub(super) fn open(path: &Path, connection: &Connection) -> Self {
        let seq = connection
            .query_row(
                "select seq from journal where path = ?1",
                [path.to_string_lossy()],
                |row| row.get(0),
            )
            .optional()
            .ok()
            .flatten();
        Self {
            path: path.to_owned(),
            file: None,
            seq: seq.unwrap_or(0),
            failing: false,
        }
    }

    /// The file, and the last event in it.
    pub(super) fn position(&self) -> (PathBuf, i64) {
        (self.path.clone(), self.seq)
    }

    /// Notes a position in the database.
    pub(super) fn remember(
        transaction: &Transaction<'_>,
        path: &Path,
        seq: i64,
    ) -> rusqlite::Result<()> {
        transaction
            .prepare_cached(
                "insert into journal (path, seq) values (?1, ?2)
                 on conflict (path) do update set seq = max(seq, excluded.seq)",
            )?
            .execute((path.to_string_lossy(), seq))
            .map(|_| ())
    }

    /// Writes the events that are not in it yet.
    pub(super) fn follow(&mut self, connection: &Connection) {
        match self.write(connection) {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!(journal = %self.path.display(), "the incident journal is written again, and is complete");
            }
            Ok(()) => {}
            Err(error) => {
                self.file = None;
                if !self.failing {
                    self.failing = true;
                    tracing::error!(
                        journal = %self.path.display(), %error,
                        "the incident journal cannot be written; incidents are still recorded in the database"
                    );
                }
            }
        }
    }

    fn write(&mut self, connection: &Connection) -> io::Result<()> {
        let mut statement = connection
            .prepare_cached(
                "select seq, at, tenant, incident, event.kind, hash, detail
                 from event join incident on incident.id = event.incident
                 where seq > ?1 order by seq limit ?2",
            )
            .map_err(io::Error::other)?;
        loop {
            let mut lines = Vec::new();
            let mut last = self.seq;
            let mut rows = statement
                .query((self.seq, AT_ONCE))
                .map_err(io::Error::other)?;
            while let Some(row) = rows.next().map_err(io::Error::other)? {
                last = line(row, &mut lines).map_err(io::Error::other)?;
            }
            drop(rows);
            if lines.is_empty() {
                return Ok(());
            }
            let file = current(&self.path, &mut self.file)?;
            append(file, &lines)?;
            self.seq = last;
        }
    }
}

/// Adds the line of one event, and tells its number.
fn line(row: &rusqlite::Row<'_>, lines: &mut Vec<u8>) -> rusqlite::Result<i64> {
    let seq = row.get(0)?;
    let (at, tenant, incident, event): (String, String, String, String) =
        (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
    let hash: Hash = row.get(5)?;
    let detail: Option<String> = row.get(6)?;
    let line = Line {
        seq,
        time: &at,
        tenant: &tenant,
        incident: &incident,
        event: &event,
        hash: hex(&hash),
        detail: detail
            .as_deref()
            .and_then(|detail| serde_json::from_str(detail).ok()),
    };
    serde_json::to_writer(&mut *lines, &line)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    lines.push(b'\n');
    Ok(seq)
}

/// The open file, opened anew where another stands in its place: it was rotated.
fn current<'a>(path: &Path, file: &'a mut Option<File>) -> io::Result<&'a mut File> {
    let same = |file: &File| -> io::Result<bool> {
        let (open, named) = (file.metadata()?, fs::metadata(path)?);
        Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
    };
    if !file
        .as_ref()
        .is_some_and(|file| same(file).unwrap_or(false))
    {
        *file = None;
    }
    match file {
        Some(file) => Ok(file),
        none => Ok(none.insert({
            if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
                // Opening a pipe that nobody reads would wait for ever.
                return Err(io::Error::other("it is no regular file"));
            }
            OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(path)?
        })),
    }
}

/// Appends all lines, or none: what a full disk took half of is taken back.
fn append(file: &mut File, lines: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(lines).inspect_err(|_| {
        let _ = file.set_len(before);
    })
}
