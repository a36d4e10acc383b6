//! The journal as the journey knows it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::clock;
use crate::mail::{Envelope, Sameness};
use crate::pattern::FingerprintKey;
use crate::retry::entries::{Entries, Found};
use crate::retry::store::{Request, Store, Writer};
use crate::retry::{JournalError, Key, Known, Settings};

/// The retry journal, open for writing. Clones share it; when the last is dropped, what was asked is finished first.
#[derive(Clone, Debug)]
pub struct Journal {
    entries: Arc<Mutex<Entries>>,
    writer: Arc<Writer>,
    key: FingerprintKey,
    file: PathBuf,
    patience: Duration,
}

impl Journal {
    /// Opens the journal, or begins one, and starts the thread that owns its file.
    pub fn open(settings: &Settings, key: &FingerprintKey) -> Result<Self, JournalError> {
        let (store, rows) = Store::open(&settings.file)?;
        let entries = Entries::with(settings, rows, clock::now());
        tracing::info!(
            file = %settings.file.display(),
            entries = entries.len(),
            "retries of messages that were taken are known by the retry journal"
        );
        let entries = Arc::new(Mutex::new(entries));
        let writer = Writer::start(store, Arc::clone(&entries))?;
        Ok(Self {
            entries,
            writer: Arc::new(writer),
            key: key.clone(),
            file: settings.file.clone(),
            patience: settings.patience,
        })
    }

    /// What a message is known by, for each recipient; nothing of one that does not name itself.
    pub fn keys(&self, envelope: &Envelope, message: &Sameness) -> Option<Vec<Key>> {
        Key::of_each(&self.key, envelope, message)
    }

    /// What is known of a message for each of these groups of recipients, of which each is answered as one. Those of whom nothing is
    /// known are this attempt's to send, for as long as it holds [`Sending`].
    pub fn find(&self, groups: &[&[Key]]) -> (Vec<Earlier>, Sending) {
        let (found, keys) = lock(&self.entries).find(groups, clock::now());
        let earlier = found.into_iter().map(|found| match found {
            Found::Pending => Earlier::Pending,
            Found::Taken(claimed) if claimed.is_empty() => Earlier::None,
            Found::Taken(claimed) => Earlier::Taken(Taken {
                places: claimed.iter().map(|it| it.place).collect(),
                hold: self.hold(claimed.iter().map(|it| it.id).collect()),
                known: claimed.into_iter().map(|it| it.known).collect(),
            }),
        });
        let sending = Sending {
            entries: Arc::clone(&self.entries),
            keys,
        };
        (earlier.collect(), sending)
    }

    /// Notes that a next hop has taken a message for these recipients, and returns when that is durable, or cannot be had.
    ///
    /// Whatever it returns, the message is the next hop's, and the entries are known for as long as this process lives.
    pub async fn taken(&self, keys: &[Key], known: &Known) -> (Hold, Result<(), JournalError>) {
        let (rows, let_go) = lock(&self.entries).add(keys, known, clock::now());
        if let_go > 0 {
            tracing::warn!(
                file = %self.file.display(),
                entries = let_go,
                "the retry journal is full; the oldest entries are let go, and their retries are sent again"
            );
        }
        let hold = self.hold(rows.iter().map(|row| row.id).collect());
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.writer.ask(Request::Add(rows, answer)).await?;
            answered.await.map_err(|_| JournalError::Closed)?
        };
        let written = tokio::time::timeout(self.patience, asked).await;
        (hold, written.unwrap_or(Err(JournalError::TimedOut)))
    }

    fn hold(&self, ids: Vec<i64>) -> Hold {
        Hold {
            journal: self.clone(),
            ids,
        }
    }
}

/// What is known of earlier attempts to send a message to some recipients.
#[derive(Debug)]
pub enum Earlier {
    /// A next hop has taken it for some of them or for all, and no client heard of it. Of the others nothing is known.
    Taken(Taken),
    /// One is being sent to one of them at this moment, or was taken and the connection on which its client was told still stands: what
    /// comes of it is not known yet.
    Pending,
    /// There was none, or its client heard of it.
    None,
}

/// What is known of a message that was taken for some recipients.
#[derive(Debug)]
pub struct Taken {
    /// Their places among those that were asked for.
    pub places: Vec<usize>,
    /// What is known of each.
    pub known: Vec<Known>,
    /// The entries, which are this attempt's until it ends.
    pub hold: Hold,
}

/// A message that is being sent. However that ends, dropping it says so.
#[derive(Debug)]
pub struct Sending {
    entries: Arc<Mutex<Entries>>,
    keys: Vec<Key>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        lock(&self.entries).let_go(&self.keys);
    }
}

/// Entries of a message whose client is to be told.
///
/// Dropped, it says that the client was lost, and that its retry is expected.
#[derive(Debug)]
pub struct Hold {
    journal: Journal,
    ids: Vec<i64>,
}

impl Hold {
    /// The client has heard: it has no reason to send the message once more, and one that is like it is another.
    pub fn heard(mut self) {
        let ids = std::mem::take(&mut self.ids);
        let mut entries = lock(&self.journal.entries);
        ids.into_iter().for_each(|id| entries.forget(id));
        drop(entries);
        self.journal.writer.tidy();
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut entries = lock(&self.journal.entries);
        self.ids.iter().for_each(|id| entries.release(*id));
    }
}

/// The entries. A panic elsewhere leaves them as they are.
pub(super) fn lock(entries: &Mutex<Entries>) -> MutexGuard<'_, Entries> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(folder: &std::path::Path) -> Journal {
        let settings = Settings::in_file(folder.join("retries.db"));
        let key = FingerprintKey::new([7; 32]);
        Journal::open(&settings, &key).unwrap()
    }

    /// Over LMTP each recipient is answered alone, and the same may be named twice. What an entry pays for is his first answer, and
    /// the second is not waited for: nobody but this attempt could end that.
    #[tokio::test]
    async fn whoever_is_named_twice_and_was_sent_it_once_does_not_wait_for_himself() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(folder.path());
        let key = Key::from_octets([1; 32]);
        let known = Known {
            route: None,
            incident: None,
        };
        let (hold, written) = journal.taken(&[key], &known).await;
        written.unwrap();
        drop(hold);
        let (earlier, _sending) = journal.find(&[&[key], &[key]]);
        assert!(
            matches!(earlier[..], [Earlier::Taken(..), Earlier::None]),
            "{earlier:?}"
        );
    }

    #[tokio::test]
    async fn what_is_being_sent_is_let_go_however_that_ends() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(folder.path());
        let keys = [1, 2, 1].map(|octet| Key::from_octets([octet; 32]));
        let is_sending = || matches!(journal.find(&[&keys[..1]]).0[..], [Earlier::Pending]);
        // Whoever is named twice does not wait for himself.
        let each: Vec<&[Key]> = keys.chunks(1).collect();
        let (earlier, sending) = journal.find(&each);
        assert!(earlier.iter().all(|one| matches!(one, Earlier::None)));
        assert!(is_sending());
        // One that shares a recipient with it waits, and does not end it.
        let (earlier, other) = journal.find(&[&keys]);
        assert!(matches!(earlier[..], [Earlier::Pending]));
        drop(other);
        assert!(is_sending());
        drop(sending);
        assert!(!is_sending());

        let begun = journal.clone();
        let key = keys[0];
        let panicked = tokio::spawn(async move {
            let _sending = begun.find(&[&[key]]);
            panic!("while it is sent");
        });
        assert!(panicked.await.unwrap_err().is_panic());
        assert!(!is_sending());

        let begun = journal.clone();
        let (say, hear) = oneshot::channel();
        let cancelled = tokio::spawn(async move {
            let _sending = begun.find(&[&[key]]);
            say.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        hear.await.unwrap();
        assert!(is_sending());
        cancelled.abort();
        assert!(cancelled.await.unwrap_err().is_cancelled());
        assert!(!is_sending());
    }
}
