//! One attempt to send a message, as the retry journal knows it. While it is being sent, another of the same message is not.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::incident::{Log, Outcome};
use crate::journey::lot::Load;
use crate::journey::reading::sameness;
use crate::mail::{Transaction, TransactionId};
use crate::policy::RouteName;
use crate::retry::{Earlier, Hold, Journal, JournalError, Key, Known, Sending};
use crate::smtp::Protocol;

/// One attempt to send a message that names itself, where a retry journal is kept.
pub(super) struct Attempt<'a> {
    journal: &'a Journal,
    /// What it is known by, for each recipient of its envelope.
    keys: Vec<Key>,
    /// That it is being sent, to those of whom nothing was known.
    sending: Option<Sending>,
    /// What its client has not heard yet.
    unheard: Mutex<Vec<Hold>>,
}

/// The recipients, by their places, for whom an attempt does not go on.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// A next hop took the message for them at an earlier attempt whose client did not hear of it.
    pub(super) taken: Vec<usize>,
    /// Another attempt to send it to them has not come to its end. What comes of it is not known yet, so this one is not sent too.
    pub(super) pending: Vec<usize>,
}

impl<'a> Attempt<'a> {
    /// The attempt; `None` where it cannot be told from another message, so that it is nobody's retry and has none.
    ///
    /// # Errors
    ///
    /// When the message cannot be read. It may have been taken before.
    pub(super) fn of(load: Load<'a>) -> io::Result<Option<Self>> {
        let Some(journal) = &load.gate.journal else {
            return Ok(None);
        };
        let message = load.spooled.beside(|| sameness(load.spooled))?;
        let keys = journal.keys(&load.transaction.envelope, &message);
        Ok(keys.map(|keys| Self {
            journal,
            keys,
            sending: None,
            unheard: Mutex::default(),
        }))
    }

    /// Begins it, for all for whom nothing is known of an earlier one; the others are told. Over SMTP it waits for all where it is
    /// being sent to one of them, for one reply has to be true for everybody.
    pub(super) async fn begin(&mut self, protocol: Protocol, incidents: &Log) -> Elsewhere {
        let size = match protocol {
            Protocol::Smtp => self.keys.len(),
            Protocol::Lmtp => 1,
        };
        let groups: Vec<&[Key]> = self.keys.chunks(size.max(1)).collect();
        let (earlier, sending) = self.journal.find(&groups);
        self.sending = Some(sending);
        let mut elsewhere = Elsewhere::default();
        let mut left = Vec::new();
        let mut told: Vec<Known> = Vec::new();
        let mut place = 0;
        for (keys, earlier) in groups.into_iter().zip(earlier) {
            let first = place;
            place += keys.len();
            match earlier {
                Earlier::Taken(taken) => {
                    elsewhere
                        .taken
                        .extend(taken.places.iter().map(|at| first + at));
                    let is_left = |at: &usize| !taken.places.contains(at);
                    let rest = keys.iter().enumerate().filter(|(at, _)| is_left(at));
                    left.extend(rest.map(|(_, key)| *key));
                    told.extend(taken.known);
                    self.keep(taken.hold);
                }
                Earlier::Pending => elsewhere.pending.extend(first..place),
                Earlier::None => left.extend_from_slice(keys),
            }
        }
        self.keys = left;
        told.dedup();
        for one in told {
            conclude(one, incidents).await;
        }
        elsewhere
    }

    /// Notes that a next hop has taken the message for these recipients. It has, whatever comes of the note.
    pub(super) async fn taken(
        &self,
        places: impl Iterator<Item = usize>,
        known: &Known,
    ) -> Result<(), JournalError> {
        let keys: Vec<Key> = places.filter_map(|at| self.keys.get(at).copied()).collect();
        let (hold, written) = self.journal.taken(&keys, known).await;
        self.keep(hold);
        written
    }

    /// Its client is told nothing of what an earlier one came to, and will try once more.
    pub(super) fn is_untold(&mut self) {
        let unheard = self.unheard.get_mut();
        unheard.unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// It is over. What its client has not heard yet, if there is anything.
    pub(super) fn into_unheard(self, transaction: &Transaction) -> Option<Unheard> {
        let holds = self.unheard.into_inner();
        let holds = holds.unwrap_or_else(PoisonError::into_inner);
        (!holds.is_empty()).then(|| Unheard {
            holds,
            id: transaction.id,
            ident: transaction.client.ident.clone(),
        })
    }

    fn keep(&self, hold: Hold) {
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        unheard.push(hold);
    }
}

/// An answer that its client may not have heard. Dropped, it was lost, and a retry is expected.
#[derive(Debug)]
pub(super) struct Unheard {
    holds: Vec<Hold>,
    id: TransactionId,
    ident: Option<Box<str>>,
}

impl Unheard {
    /// Both answers, to be heard or lost together.
    pub(super) fn and(mut self, mut newer: Self) -> Self {
        newer.holds.append(&mut self.holds);
        newer
    }

    /// The client has heard it.
    pub(super) fn heard(mut self) {
        self.holds.drain(..).for_each(Hold::heard);
    }
}

impl Drop for Unheard {
    fn drop(&mut self) {
        if self.holds.is_empty() {
            return;
        }
        self.holds.clear();
        tracing::info!(
            transaction.id = %self.id,
            client.ident = self.ident.as_deref(),
            "the client may not have heard that its message was taken: a retry is expected"
        );
    }
}

/// Adds to the incident of a message that was taken what became of it, if we were killed before that was noted.
async fn conclude(known: Known, incidents: &Log) {
    let Some(id) = known.incident else {
        return;
    };
    let outcome = known
        .route
        .as_ref()
        .map_or(Outcome::Relayed, |route: &RouteName| {
            Outcome::secured(route)
        });
    if let Err(error) = incidents.outcome_if_open(id, outcome).await {
        tracing::error!(incident.id = %id, %error, "what became of an incident was not recorded");
    }
}
