//! What is known, as it is asked: in memory, without a file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::incident::IncidentId;
use crate::policy::RouteName;
use crate::retry::{Key, Settings};

/// What is known of a message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The secure route that took it; `None`: the normal one.
    pub route: Option<RouteName>,
    /// The incident it made.
    pub incident: Option<IncidentId>,
}

/// An entry, as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) key: Key,
    pub(super) at: Timestamp,
    pub(super) known: Known,
}

/// Whose an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The connection it was answered on still stands, so nobody has missed anything yet.
    Held,
    /// The client of that connection was lost: its retry is expected.
    Owed,
}

/// What is known of a message to some recipients, when it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// These entries, which are this attempt's now. To the others it is being sent from now on.
    Taken(Vec<Claimed>),
    /// Another attempt is being sent to one of them, or is answered and nobody knows yet whether that was heard.
    Pending,
}

/// An entry that pays for a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimed {
    /// His place among those that were asked for.
    pub(super) place: usize,
    pub(super) id: i64,
    pub(super) known: Known,
}

/// All entries. Each is for one message to one recipient, and pays for one retry.
#[derive(Debug)]
pub(super) struct Entries {
    rows: BTreeMap<i64, (Row, State)>,
    of_key: HashMap<Key, Vec<i64>>,
    /// What is being sent and was not taken yet. It stands in no file, and is no more than there are recipients of messages at hand.
    sending: HashSet<Key>,
    kept: Duration,
    most: usize,
    next: i64,
    /// Those that are forgotten here, and stand in the file.
    gone: Vec<i64>,
}

impl Entries {
    /// With what was in the file, in its order: all of it is owed, for the connections of then are gone.
    pub(super) fn with(settings: &Settings, rows: Vec<Row>, now: Timestamp) -> Self {
        let mut entries = Self {
            next: rows.last().map_or(1, |row| row.id.saturating_add(1)),
            rows: BTreeMap::new(),
            of_key: HashMap::new(),
            sending: HashSet::new(),
            kept: settings.kept,
            most: settings.entries.max(1),
            gone: Vec::new(),
        };
        for row in rows {
            entries.insert(row, State::Owed);
        }
        entries.sweep(now);
        entries
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds what was taken at this time, held. How many of the oldest had to be let go for it is told.
    pub(super) fn add(&mut self, keys: &[Key], known: &Known, now: Timestamp) -> (Vec<Row>, usize) {
        let added: Vec<Row> = keys
            .iter()
            .zip(self.next..)
            .map(|(key, id)| Row {
                id,
                key: *key,
                at: now,
                known: known.clone(),
            })
            .collect();
        for row in &added {
            self.next = row.id.saturating_add(1);
            self.insert(row.clone(), State::Held);
        }
        (added, self.sweep(now))
    }

    /// What is known of each of these groups, of which each is answered as one. What is not known is being sent from now on, and these
    /// are the keys of that.
    pub(super) fn find(&mut self, groups: &[&[Key]], now: Timestamp) -> (Vec<Found>, Vec<Key>) {
        // Before anything is taken or begun, for who is named twice does not wait for himself.
        let pending: Vec<bool> = groups
            .iter()
            .map(|keys| keys.iter().any(|key| self.is_pending(key)))
            .collect();
        let mut begun = Vec::new();
        let found = groups.iter().zip(pending).map(|(keys, is_pending)| {
            let claimed = self.claim(keys, now);
            if is_pending && claimed.len() < keys.len() {
                claimed.iter().for_each(|it| self.release(it.id));
                return Found::Pending;
            }
            let is_claimed = |place: usize| claimed.iter().any(|it| it.place == place);
            let rest = keys.iter().enumerate().filter(|(at, _)| !is_claimed(*at));
            begun.extend(rest.filter_map(|(_, key)| self.sending.insert(*key).then_some(*key)));
            Found::Taken(claimed)
        });
        (found.collect(), begun)
    }

    fn is_pending(&self, key: &Key) -> bool {
        let is_held = |id: &i64| matches!(self.rows.get(id), Some((_, State::Held)));
        let is_held = self
            .of_key
            .get(key)
            .is_some_and(|ids| ids.iter().any(is_held));
        is_held || self.sending.contains(key)
    }

    /// It is being sent no more.
    pub(super) fn let_go(&mut self, keys: &[Key]) {
        for key in keys {
            self.sending.remove(key);
        }
    }

    /// Takes an entry of each of these keys that has one.
    fn claim(&mut self, keys: &[Key], now: Timestamp) -> Vec<Claimed> {
        let claimed = keys.iter().enumerate().filter_map(|(place, key)| {
            let (id, known) = self.claim_one(key, now)?;
            Some(Claimed { place, id, known })
        });
        claimed.collect()
    }

    fn claim_one(&mut self, key: &Key, now: Timestamp) -> Option<(i64, Known)> {
        let oldest = now.checked_sub(self.kept).unwrap_or(Timestamp::MIN);
        for id in self.of_key.get(key)? {
            if let Some((row, state)) = self.rows.get_mut(id)
                && *state == State::Owed
                && row.at >= oldest
            {
                *state = State::Held;
                return Some((*id, row.known.clone()));
            }
        }
        None
    }

    /// The client of its connection was lost.
    pub(super) fn release(&mut self, id: i64) {
        if let Some((_, state)) = self.rows.get_mut(&id) {
            *state = State::Owed;
        }
    }

    /// The client has heard.
    pub(super) fn forget(&mut self, id: i64) {
        let Some((row, _)) = self.rows.remove(&id) else {
            return;
        };
        self.gone.push(id);
        if let Some(ids) = self.of_key.get_mut(&row.key) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.of_key.remove(&row.key);
            }
        }
    }

    /// Whether it is not forgotten.
    pub(super) fn has(&self, id: i64) -> bool {
        self.rows.contains_key(&id)
    }

    /// Those that are to be removed from the file, which no longer stand here.
    pub(super) fn take_gone(&mut self) -> Vec<i64> {
        std::mem::take(&mut self.gone)
    }

    /// They could not be removed from the file.
    pub(super) fn give_back(&mut self, gone: Vec<i64>) {
        self.gone.extend(gone);
    }

    fn insert(&mut self, row: Row, state: State) {
        self.of_key.entry(row.key).or_default().push(row.id);
        self.rows.insert(row.id, (row, state));
    }

    /// Forgets what is too old or too many. How many were not too old is told.
    fn sweep(&mut self, now: Timestamp) -> usize {
        let oldest = now.checked_sub(self.kept).unwrap_or(Timestamp::MIN);
        let mut let_go = 0;
        while let Some((id, (row, _))) = self.rows.first_key_value() {
            let (id, is_old) = (*id, row.at < oldest);
            if !is_old && self.rows.len() <= self.most {
                break;
            }
            let_go += usize::from(!is_old);
            self.forget(id);
        }
        let_go
    }
}
