//! The log as the journey knows it: record, and wait until it is on the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::TransactionBehavior;
use tokio::sync::{mpsc, oneshot};

use crate::clock::{self, Timestamp};
use crate::incident::database::Database;
use crate::incident::journal::Journal;
use crate::incident::write::{self, Attempt, Failed, When};
use crate::incident::{Incident, IncidentId, Outcome, Settings, StoreError};
use crate::metrics::catalogue::{INCIDENTS, UNRECORDED};
use crate::pattern::FingerprintKey;

/// The incident log, open for writing. Clones share it; when the last is dropped, what was asked is finished first.
#[derive(Clone, Debug)]
pub struct Log {
    writer: Arc<Writer>,
    patience: Duration,
}

impl Log {
    /// Opens the log, or begins one, and starts the thread that owns it.
    pub fn open(settings: &Settings, key: &FingerprintKey) -> Result<Self, StoreError> {
        let database = Database::open(settings, key)?;
        let (requests, received) = mpsc::channel(settings.queue.max(1));
        let retries = settings.retries;
        let journal = settings
            .journal
            .as_ref()
            .map(|path| Journal::open(path, &database.connection));
        let thread = thread::Builder::new()
            .name("incident-log".to_owned())
            .spawn(move || write_all(database, journal, received, retries))
            .map_err(|error| StoreError::Unopened {
                path: settings.database.clone(),
                cause: error.to_string(),
            })?;
        Ok(Self {
            writer: Arc::new(Writer {
                requests: Some(requests),
                thread: Some(thread),
            }),
            patience: settings.patience,
        })
    }

    /// Records an incident, and returns when it is durable.
    ///
    /// The same message, offered again within [`Settings::retries`], gets the identifier it had. After
    /// [`StoreError::TimedOut`] the incident may have been recorded all the same: the message is deferred, and its next
    /// attempt finds it.
    pub async fn record(&self, incident: Incident) -> Result<IncidentId, StoreError> {
        let recorded = self
            .ask(|answer| Request::Record(Box::new(incident), answer))
            .await;
        // Nobody waits for its answer any more, so the one who writes does not count it.
        if matches!(recorded, Err(StoreError::TimedOut)) {
            UNRECORDED.add([], 1);
        }
        recorded
    }

    /// Appends what became of the message, and returns when that is durable.
    pub async fn outcome(&self, id: IncidentId, outcome: Outcome) -> Result<(), StoreError> {
        self.append(id, outcome, When::Always).await
    }

    /// [`outcome`](Self::outcome), where the last attempt has none yet.
    pub async fn outcome_if_open(
        &self,
        id: IncidentId,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        self.append(id, outcome, When::Open).await
    }

    async fn append(&self, id: IncidentId, outcome: Outcome, when: When) -> Result<(), StoreError> {
        let at = clock::now();
        self.ask(|answer| Request::Outcome(id, at, outcome, when, answer))
            .await
    }

    /// Whether an incident could be recorded now: something is written and made durable.
    ///
    /// # Errors
    ///
    /// Why it could not.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.ask(Request::Check).await
    }

    /// Whether the thread that writes it has ended, which it does only by a mistake of ours: then nothing is recorded before a
    /// restart.
    pub fn is_dead(&self) -> bool {
        let thread = self.writer.thread.as_ref();
        thread.is_none_or(JoinHandle::is_finished)
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Result<T, StoreError> {
        let requests = self.writer.requests.as_ref().ok_or(StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        let asked = async {
            requests
                .send(request(answer))
                .await
                .map_err(|_| StoreError::Closed)?;
            answered.await.map_err(|_| StoreError::Closed)?
        };
        tokio::time::timeout(self.patience, asked)
            .await
            .map_err(|_| StoreError::TimedOut)?
    }
}

/// The thread that owns the database.
#[derive(Debug)]
struct Writer {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was reported by the panic itself.
            let _ = thread.join();
        }
    }
}

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

#[derive(Debug)]
enum Request {
    Record(Box<Incident>, Answer<IncidentId>),
    Outcome(IncidentId, Timestamp, Outcome, When, Answer<()>),
    Check(Answer<()>),
}

/// The most requests of one transaction. One sync of the disk serves them all.
const TOGETHER: usize = 256;

fn write_all(
    mut database: Database,
    mut journal: Option<Journal>,
    mut requests: mpsc::Receiver<Request>,
    retries: Duration,
) {
    if let Some(journal) = &mut journal {
        journal.follow(&database.connection);
    }
    while let Some(first) = requests.blocking_recv() {
        let mut together = vec![first];
        while together.len() < TOGETHER
            && let Ok(next) = requests.try_recv()
        {
            together.push(next);
        }
        // Whoever lost patience has deferred the message, and asks again with its next attempt.
        together.retain(Request::is_awaited);
        let position = journal.as_ref().map(Journal::position);
        match commit(&mut database, &together, position.as_ref(), retries) {
            Ok(answers) => answer(together, answers),
            // One of them may be what the database chokes on; the others are not to suffer for it.
            Err(StoreError::Failed { .. }) if together.len() > 1 => {
                for request in together {
                    let alone = vec![request];
                    match commit(&mut database, &alone, None, retries) {
                        Ok(answers) => answer(alone, answers),
                        Err(error) => fail(alone, &error),
                    }
                }
            }
            Err(error) => fail(together, &error),
        }
        if let Some(journal) = &mut journal {
            journal.follow(&database.connection);
        }
    }
}

fn answer(requests: Vec<Request>, answers: Vec<Result<Written, StoreError>>) {
    for (request, answer) in requests.into_iter().zip(answers) {
        request.answer(answer);
    }
}

fn fail(requests: Vec<Request>, error: &StoreError) {
    let is_check = |request: &&Request| matches!(request, Request::Check(_));
    let lost = requests.iter().filter(|it| !is_check(it)).count();
    // Whoever checks it is told, and tells.
    if lost > 0 {
        UNRECORDED.add([], lost.try_into().unwrap_or(u64::MAX));
        tracing::error!(%error, "the incident log cannot be written; messages that make an incident are deferred");
    }
    for request in requests {
        request.answer(Err(error.clone()));
    }
}

/// What one request got.
enum Written {
    Incident(IncidentId, Attempt),
    Outcome,
}

impl Request {
    fn is_awaited(&self) -> bool {
        match self {
            Self::Record(_, answer) => !answer.is_closed(),
            // What became of a message is true whoever waits to hear that it is noted.
            Self::Outcome(..) => true,
            Self::Check(answer) => !answer.is_closed(),
        }
    }

    fn answer(self, written: Result<Written, StoreError>) {
        // Whoever asked may have lost patience; what was written stays written.
        let _ = match (self, written) {
            (Self::Record(_, answer), Ok(Written::Incident(id, _))) => answer.send(Ok(id)).is_ok(),
            (Self::Record(_, answer), Ok(Written::Outcome)) => {
                answer.send(Err(StoreError::Closed)).is_ok()
            }
            (Self::Record(_, answer), Err(error)) => answer.send(Err(error)).is_ok(),
            (Self::Check(answer) | Self::Outcome(.., answer), written) => {
                answer.send(written.map(|_| ())).is_ok()
            }
        };
    }
}

/// Writes requests in one transaction. `Err`: nothing of it is written, or into the void.
fn commit(
    database: &mut Database,
    requests: &[Request],
    position: Option<&(PathBuf, i64)>,
    retries: Duration,
) -> Result<Vec<Result<Written, StoreError>>, StoreError> {
    database.still_there()?;
    let path = database.path().to_owned();
    let failed = |error: rusqlite::Error| StoreError::of(&error, &path);
    let transaction = database
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let written = match request {
            Request::Record(incident, _) => write::record(&transaction, incident, retries)
                .map(|(id, attempt)| Written::Incident(id, attempt))
                .map_err(Failed::Database),
            Request::Outcome(id, at, outcome, when, _) => {
                write::outcome(&transaction, *id, *at, outcome, *when).map(|()| Written::Outcome)
            }
            Request::Check(_) => write::nothing_new(&transaction)
                .map(|()| Written::Outcome)
                .map_err(Failed::Database),
        };
        answers.push(match written {
            Ok(written) => Ok(written),
            Err(Failed::Request(error)) => Err(error),
            Err(Failed::Database(error)) => return Err(failed(error)),
        });
    }
    if let Some((journal, seq)) = position {
        Journal::remember(&transaction, journal, *seq).map_err(failed)?;
    }
    transaction.commit().map_err(failed)?;
    for written in answers.iter().flatten() {
        if let Written::Incident(_, attempt) = written {
            INCIDENTS.count([match attempt {
                Attempt::First => "first",
                Attempt::Again => "again",
            }]);
        }
    }
    // It may have been taken away in the meantime.
    database.still_there()?;
    Ok(answers)
}
