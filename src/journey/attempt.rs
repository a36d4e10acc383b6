//! One attempt to send a message, as the retry journal knows it.

use std::sync::{Mutex, PoisonError};

use tokio::task::block_in_place;

use crate::incident::{Log, Outcome};
use crate::journey::lot::Load;
use crate::mail::{Transaction, TransactionId};
use crate::policy::RouteName;
use crate::retry::{Hold, Journal, JournalError, Key, Known};
use crate::smtp::Protocol;

/// One attempt to send a message that names itself, where a retry journal is kept.
pub(super) struct Attempt<'a> {
    journal: &'a Journal,
    /// What it is known by, for each recipient of its envelope.
    keys: Vec<Key>,
    /// What its client has not heard yet.
    unheard: Mutex<Vec<Hold>>,
}

impl<'a> Attempt<'a> {
    /// The attempt; `None` where it cannot be told from another message, so that it is nobody's retry and has none.
    pub(super) fn of(load: Load<'a>) -> Option<Self> {
        let journal = load.gate.journal.as_ref()?;
        let envelope = &load.transaction.envelope;
        // A spool that cannot be read is told of by whoever reads it next.
        let keys = block_in_place(|| {
            let map = load.spooled.map().ok()?;
            journal.keys(envelope, &map)
        })?;
        Some(Self {
            journal,
            keys,
            unheard: Mutex::default(),
        })
    }

    /// The recipients, by their places, for whom a next hop took the message at an earlier attempt whose client did not hear of it.
    /// The attempt goes on for the others. Over SMTP it is all or nobody, for one reply has to be true for everybody.
    pub(super) async fn take_known(&mut self, protocol: Protocol, incidents: &Log) -> Vec<usize> {
        let claims: Vec<_> = match protocol {
            Protocol::Smtp => vec![(0..self.keys.len(), self.journal.claim(&self.keys))],
            Protocol::Lmtp => {
                let each = self.keys.iter().enumerate();
                let claim = |(at, key): (usize, &Key)| {
                    (at..at + 1, self.journal.claim(std::slice::from_ref(key)))
                };
                each.map(claim).collect()
            }
        };
        let mut known = Vec::new();
        let mut told: Vec<Known> = Vec::new();
        for (places, claim) in claims {
            if let Some((of_each, hold)) = claim {
                known.extend(places);
                told.extend(of_each);
                self.keep(hold);
            }
        }
        told.dedup();
        for one in told {
            conclude(one, incidents).await;
        }
        let mut place = 0..;
        self.keys
            .retain(|_| place.next().is_none_or(|place| !known.contains(&place)));
        known
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

    /// What its client has not heard yet, if there is anything.
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
