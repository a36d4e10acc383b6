//! The file of the log: made, opened, recognized.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;

use crate::clock;
use crate::incident::event::written;
use crate::incident::key::sync_folder;
use crate::incident::{Settings, StoreError};
use crate::pattern::FingerprintKey;

/// The version of `schema.sql`. A database of any other version is refused, never guessed at.
pub(super) const VERSION: i64 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// Marks the file as ours (`PRAGMA application_id`): the octets of "Slus".
const APPLICATION: i64 = 0x536c_7573;

/// How long SQLite waits for another program to let go of the file.
const LOCK: Duration = Duration::from_secs(2);

/// An open log, and the files it was when it was opened.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) connection: Connection,
    path: PathBuf,
    identity: Identity,
}

impl Database {
    /// Opens the log for writing, and begins one where there is no file.
    pub(super) fn open(settings: &Settings, key: &FingerprintKey) -> Result<Self, StoreError> {
        let path = settings.database.as_path();
        let unopened = |error: io::Error| match error.kind() {
            io::ErrorKind::StorageFull => StoreError::Full(path.to_owned()),
            _ => StoreError::Unopened {
                path: path.to_owned(),
                cause: error.to_string(),
            },
        };
        // Made here and not by SQLite, so that nobody else may read it from its first octet on.
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
        {
            Ok(_) => sync_folder(path).map_err(unopened)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unopened(error)),
        }
        let failed = |error: rusqlite::Error| StoreError::of(&error, path);
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(failed)?;
        prepare(&connection, settings).map_err(failed)?;
        begin(&connection, path, key)?;
        // Makes the names of the files beside it durable too.
        sync_folder(path).map_err(unopened)?;
        Ok(Self {
            connection,
            identity: identity(path).map_err(unopened)?,
            path: path.to_owned(),
        })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the names still mean the files that are open. What is written to a file that was removed is lost with it, and
    /// what is new stands in the file beside the database until it is moved over.
    pub(super) fn still_there(&self) -> Result<(), StoreError> {
        match identity(&self.path) {
            Ok(found) if found == self.identity => Ok(()),
            _ => Err(StoreError::Vanished(self.path.clone())),
        }
    }
}

/// Opens the log for reading only.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let failed = |error: rusqlite::Error| StoreError::of(&error, path);
    fs::metadata(path).map_err(|error| StoreError::Unopened {
        path: path.to_owned(),
        cause: error.to_string(),
    })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(LOCK).map_err(failed)?;
    if version(&connection, path)? != Some(VERSION) {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    Ok(connection)
}

fn prepare(connection: &Connection, settings: &Settings) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK)?;
    let _mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    // FULL: a commit is on the disk before it returns. NORMAL would lose the last ones with the power.
    connection.execute_batch(
        "pragma synchronous = full;
         pragma foreign_keys = on;
         pragma trusted_schema = off;
         pragma secure_delete = on;
         pragma journal_size_limit = 67108864;",
    )?;
    let page: i64 = connection.query_row("pragma page_size", [], |row| row.get(0))?;
    let most = i64::try_from(settings.largest).unwrap_or(i64::MAX) / page.max(1);
    let _most: i64 = connection.query_row(
        &format!("pragma max_page_count = {}", most.max(1)),
        [],
        |row| row.get(0),
    )?;
    Ok(())
}

/// Recognizes the log, or begins it in an empty file.
fn begin(connection: &Connection, path: &Path, key: &FingerprintKey) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| StoreError::of(&error, path);
    let check = key_check(key);
    match version(connection, path)? {
        Some(VERSION) => {}
        Some(found) => {
            return Err(StoreError::Version {
                path: path.to_owned(),
                found,
                known: VERSION,
            });
        }
        None => {
            // A log is begun whole or not at all.
            let transaction = rusqlite::Transaction::new_unchecked(
                connection,
                rusqlite::TransactionBehavior::Immediate,
            )
            .map_err(failed)?;
            // Another process may have begun it in the meantime.
            if version(&transaction, path)?.is_none() {
                transaction.execute_batch(SCHEMA).map_err(failed)?;
                transaction
                    .execute(
                        "insert into log (one, key_check, begun) values (1, ?1, ?2)",
                        (check.as_slice(), written(clock::now())),
                    )
                    .map_err(failed)?;
                transaction
                    .execute_batch(&format!(
                        "pragma application_id = {APPLICATION}; pragma user_version = {VERSION};"
                    ))
                    .map_err(failed)?;
            }
            transaction.commit().map_err(failed)?;
        }
    }
    let known: Vec<u8> = connection
        .query_row("select key_check from log", [], |row| row.get(0))
        .map_err(failed)?;
    if known != check {
        return Err(StoreError::OtherKey(path.to_owned()));
    }
    Ok(())
}

/// The schema version, or `None` of an empty file.
fn version(connection: &Connection, path: &Path) -> Result<Option<i64>, StoreError> {
    let number = |pragma: &str| {
        connection
            .query_row(pragma, [], |row| row.get::<_, i64>(0))
            .map_err(|error| StoreError::of(&error, path))
    };
    let tables = number("select count(*) from sqlite_schema")?;
    let application = number("pragma application_id")?;
    if tables == 0 && application == 0 {
        return Ok(None);
    }
    if application != APPLICATION {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    number("pragma user_version").map(Some)
}

fn key_check(key: &FingerprintKey) -> Vec<u8> {
    // HMAC takes a key of any length (RFC 2104 section 2).
    Hmac::<Sha256>::new_from_slice(key.exposed())
        .map(|mut mac| {
            mac.update(b"sluse key check 1\n");
            mac.finalize().into_bytes().to_vec()
        })
        .unwrap_or_default()
}

/// Which files the database is: itself, and those that SQLite keeps beside it for as long as it is open, where it does.
type Identity = [Option<(u64, u64)>; 3];

fn identity(path: &Path) -> io::Result<Identity> {
    let of = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        of(Path::new(&name)).ok()
    };
    Ok([Some(of(path)?), beside("-wal"), beside("-shm")])
}
