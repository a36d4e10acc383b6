//! The file of the journal, and the thread that owns it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Timestamp;
use crate::policy::RouteName;
use crate::retry::entries::{Entries, Known, Row};
use crate::retry::journal::lock;
use crate::retry::{JournalError, Key};

/// The version of `schema.sql`. A file of any other version is refused, never guessed at.
const VERSION: i64 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// Marks the file as ours (`PRAGMA application_id`): the octets of "SlRj".
const APPLICATION: i64 = 0x536c_526a;

/// How long SQLite waits for another program to let go of the file.
const LOCK: Duration = Duration::from_secs(1);

/// How many messages may wait for the journal at once; the next one waits for its turn, within its patience.
const QUEUE: usize = 1000;

/// The most requests of one transaction. One sync of the disk serves them all.
const TOGETHER: usize = 256;

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
    /// Locked, and let go after the connection: two processes would take each other's entries for owed, and answer for a message that is
    /// sent once more on purpose.
    _mine: File,
    path: PathBuf,
    identity: (u64, u64),
}

/// What the thread is asked.
#[derive(Debug)]
pub(super) enum Request {
    /// To write these.
    Add(Vec<Row>, oneshot::Sender<Result<(), JournalError>>),
    /// To remove what is forgotten.
    Tidy,
}

impl Store {
    /// Opens the journal, or begins one, and reads what it holds, the oldest first.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<Row>), JournalError> {
        let unusable = |error: io::Error| JournalError::Unusable {
            path: path.to_owned(),
            cause: error.to_string(),
        };
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        match made {
            Ok(_) => sync_folder(path).map_err(unusable)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(error)),
        }
        let mine = File::open(path).map_err(unusable)?;
        match mine.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Taken(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        let failed = |error: rusqlite::Error| JournalError::of(&error, path);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
        connection.busy_timeout(LOCK).map_err(failed)?;
        recognize(&connection, path)?;
        let rows = rows(&connection).map_err(failed)?;
        sync_folder(path).map_err(unusable)?;
        let store = Self {
            connection,
            _mine: mine,
            path: path.to_owned(),
            identity: identity(path).map_err(unusable)?,
        };
        Ok((store, rows))
    }

    /// Writes and removes in one transaction. What is added is on the disk when it returns; what is removed only as far as the kernel:
    /// a loss of power may bring it back, a kill may not.
    fn commit(&mut self, added: &[&Row], gone: &[i64]) -> Result<(), JournalError> {
        let path = self.path.clone();
        if !identity(&path).is_ok_and(|found| found == self.identity) {
            return Err(JournalError::Vanished(path));
        }
        let written = self.write(added, gone);
        written.map_err(|error| JournalError::of(&error, &path))
    }

    fn write(&mut self, added: &[&Row], gone: &[i64]) -> rusqlite::Result<()> {
        let synchronous = if added.is_empty() { "normal" } else { "full" };
        self.connection
            .pragma_update(None, "synchronous", synchronous)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut insert = transaction.prepare_cached(
            "insert into entry (id, key, at, route, incident) values (?1, ?2, ?3, ?4, ?5)",
        )?;
        for row in added {
            let Known { route, incident } = &row.known;
            insert.execute((
                row.id,
                row.key.octets().as_slice(),
                row.at.as_second(),
                route.as_ref().map(RouteName::as_str),
                incident.map(|id| id.to_string()),
            ))?;
        }
        drop(insert);
        let mut delete = transaction.prepare_cached("delete from entry where id = ?1")?;
        for id in gone {
            delete.execute([id])?;
        }
        drop(delete);
        transaction.commit()
    }
}

/// Recognizes the journal, or begins it in an empty file.
fn recognize(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let failed = |error: rusqlite::Error| JournalError::of(&error, path);
    let number = |pragma: &str| {
        let row = connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
        row.map_err(failed)
    };
    let (application, version) = (
        number("pragma application_id")?,
        number("pragma user_version")?,
    );
    let is_empty = number("select count(*) from sqlite_schema")? == 0 && application == 0;
    if !is_empty && (application, version) != (APPLICATION, VERSION) {
        return Err(JournalError::Foreign(path.to_owned()));
    }
    let mode = "pragma journal_mode = wal";
    let _mode: String = connection
        .query_row(mode, [], |row| row.get(0))
        .map_err(failed)?;
    connection
        .execute_batch("pragma trusted_schema = off; pragma journal_size_limit = 16777216;")
        .map_err(failed)?;
    if is_empty {
        let begin = format!(
            "begin immediate; {SCHEMA} pragma application_id = {APPLICATION}; pragma user_version = {VERSION}; commit;"
        );
        connection.execute_batch(&begin).map_err(failed)?;
    }
    Ok(())
}

fn rows(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    let mut statement =
        connection.prepare("select id, key, at, route, incident from entry order by id")?;
    let rows = statement.query_map([], |row| {
        let (route, incident): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        Ok(Row {
            id: row.get(0)?,
            key: Key::from_octets(row.get(1)?),
            at: Timestamp::from_second(row.get(2)?).unwrap_or(Timestamp::MIN),
            known: Known {
                route: route.map(|name| RouteName::new(&name)),
                incident: incident.and_then(|id| id.parse().ok()),
            },
        })
    })?;
    rows.collect()
}

/// The thread that owns the file. Dropped, it is waited for.
#[derive(Debug)]
pub(super) struct Writer {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Writer {
    pub(super) fn start(store: Store, entries: Arc<Mutex<Entries>>) -> Result<Self, JournalError> {
        let (requests, received) = mpsc::channel(QUEUE);
        let path = store.path.clone();
        let thread = thread::Builder::new()
            .name("retry-journal".to_owned())
            .spawn(move || write_all(store, &entries, received))
            .map_err(|error| JournalError::Unusable {
                path: path.clone(),
                cause: error.to_string(),
            })?;
        let writer = Self {
            requests: Some(requests),
            thread: Some(thread),
            path,
        };
        // What was too old is removed at once.
        writer.tidy();
        Ok(writer)
    }

    pub(super) async fn ask(&self, request: Request) -> Result<(), JournalError> {
        let requests = self.requests.as_ref().ok_or(JournalError::Closed)?;
        let sent = requests.send(request).await;
        sent.map_err(|_| JournalError::Closed)
    }

    /// Has what is forgotten removed, soon.
    pub(super) fn tidy(&self) {
        // Where the queue is full, those in it are followed by the same.
        if let Some(requests) = &self.requests {
            drop(requests.try_send(Request::Tidy));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!(file = %self.path.display(), "the retry journal was lost");
        }
    }
}

fn write_all(mut store: Store, entries: &Mutex<Entries>, mut requests: mpsc::Receiver<Request>) {
    let mut is_failing = false;
    while let Some(first) = requests.blocking_recv() {
        let mut together = vec![first];
        while together.len() < TOGETHER
            && let Ok(next) = requests.try_recv()
        {
            together.push(next);
        }
        let mut rows = Vec::new();
        let mut waiting = Vec::new();
        for request in together {
            if let Request::Add(added, answer) = request {
                rows.extend(added);
                waiting.push(answer);
            }
        }
        let gone = {
            let mut entries = lock(entries);
            // Whoever lost patience may have been forgotten before he was written.
            rows.retain(|row| entries.has(row.id));
            entries.take_gone()
        };
        if rows.is_empty() && gone.is_empty() {
            waiting.into_iter().for_each(|it| drop(it.send(Ok(()))));
            continue;
        }
        let rows: Vec<&Row> = rows.iter().collect();
        let written = store.commit(&rows, &gone);
        match &written {
            Err(error) => {
                lock(entries).give_back(gone);
                if !is_failing {
                    is_failing = true;
                    tracing::error!(%error, "the retry journal cannot be written; mail goes on, and a retry may be sent twice");
                }
            }
            Ok(()) if is_failing => {
                is_failing = false;
                tracing::info!("the retry journal is written again");
            }
            Ok(()) => {}
        }
        for answer in waiting {
            // Whoever asked may have lost patience.
            drop(answer.send(written.clone()));
        }
    }
}

/// Makes the name of a new file as durable as the file.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}
