//! Whether the log still says what it once said.

use rusqlite::Connection;

use crate::incident::chain::{BEGINNING, Hash, Link, digest, hex};
use crate::incident::facts::{Facts, Kind};
use crate::incident::read::{Reader, Summary, failed, summary};
use crate::incident::{EventKind, StoreError};

/// A log in which everything agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intact {
    /// How many events there are.
    pub events: u64,
    /// How many incidents there are.
    pub incidents: u64,
    /// The hash of the last event. Compared with the journal or a note kept elsewhere, it tells whether the end of the log
    /// was cut off or the whole was written anew: that much no log can tell of itself.
    pub head: String,
}

/// The first thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The log could not be read.
    #[error(transparent)]
    Unread(#[from] StoreError),
    /// An event is missing, or one was put in.
    #[error("event {expected} is missing: event {found} follows")]
    Hole {
        /// The number that should come.
        expected: i64,
        /// The number that comes.
        found: i64,
    },
    /// An event was changed.
    #[error("event {0} does not fit the chain: it, or one before it, was changed")]
    Chain(i64),
    /// The detail of an event was changed.
    #[error("the detail of event {0} was changed")]
    Detail(i64),
    /// An event whose detail says nothing this version understands.
    #[error("the detail of event {0} cannot be understood")]
    Unreadable(i64),
    /// What is searched does not say what the events say.
    #[error("incident {0} is listed otherwise than its events tell it")]
    Listed(String),
    /// An event of an incident that is not listed.
    #[error("incident {0} has events and is not listed")]
    Unlisted(String),
}

impl Reader {
    /// Reads the whole log and compares every event with the chain, and every incident with its events.
    pub fn verify(&self) -> Result<Intact, Broken> {
        let (events, head) = follow(self.connection()).map_err(|found| found.in_log(self))?;
        let incidents = compare(self).map_err(|found| found.in_log(self))?;
        Ok(Intact {
            events,
            incidents,
            head: hex(&head),
        })
    }
}

/// What ended the reading.
enum Found {
    Broken(Broken),
    Unread(rusqlite::Error),
}

impl Found {
    fn in_log(self, reader: &Reader) -> Broken {
        match self {
            Self::Broken(broken) => broken,
            Self::Unread(error) => Broken::Unread(failed(error, reader.path())),
        }
    }
}

impl From<Broken> for Found {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<rusqlite::Error> for Found {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unread(error)
    }
}

/// Follows the chain from its beginning.
fn follow(connection: &Connection) -> Result<(u64, Hash), Found> {
    let mut statement = connection.prepare(
        "select seq, incident, at, event.kind, detail, digest, hash, incident.id is null
         from event left join incident on incident.id = event.incident order by seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut expected, mut previous, mut events) = (1, BEGINNING, 0);
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let (incident, at, kind): (String, String, String) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let detail: Option<String> = row.get(4)?;
        let (own, hash): (Hash, Hash) = (row.get(5)?, row.get(6)?);
        if seq != expected {
            let found = seq;
            return Err(Broken::Hole { expected, found }.into());
        }
        let link = Link {
            seq,
            incident: &incident,
            at: &at,
            kind: &kind,
            digest: &own,
        };
        if link.hash(&previous) != hash {
            return Err(Broken::Chain(seq).into());
        }
        if detail
            .as_deref()
            .is_some_and(|detail| digest(detail) != own)
        {
            return Err(Broken::Detail(seq).into());
        }
        if row.get(7)? {
            return Err(Broken::Unlisted(incident).into());
        }
        (expected, previous, events) = (seq + 1, hash, events + 1);
    }
    Ok((events, previous))
}

/// Compares each incident with what its events tell of it.
fn compare(reader: &Reader) -> Result<u64, Found> {
    let connection = reader.connection();
    let mut incidents = connection.prepare(
        "select id, tenant, opened, kind, severity, sender, persons, findings, outcome from incident",
    )?;
    let mut events = connection
        .prepare("select seq, at, kind, detail from event where incident = ?1 order by seq")?;
    let mut rows = incidents.query([])?;
    let mut compared = 0;
    while let Some(row) = rows.next()? {
        let listed = summary(row)?;
        let mut told: Option<Summary> = None;
        let mut erased = false;
        let mut of_incident = events.query([&listed.id])?;
        while let Some(row) = of_incident.next()? {
            let (seq, at, kind): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let detail: Option<String> = row.get(3)?;
            let event = EventKind::read(&kind, detail.as_deref()).ok_or(Broken::Unreadable(seq))?;
            match (event, &mut told) {
                (EventKind::Erased, _) => erased = true,
                (EventKind::Opened(facts), told) => *told = Some(opened(&listed.id, at, *facts)),
                (EventKind::Repeated(repeated), Some(told)) => {
                    told.outcome = None;
                    if repeated.kind == Kind::BreachCandidate {
                        told.kind = repeated.kind.as_str().to_owned();
                    }
                }
                (EventKind::Outcome(outcome), Some(told)) => {
                    told.outcome = Some(outcome.as_str().to_owned());
                }
                (_, None) => {}
            }
        }
        // Of an incident whose events were erased, the list is all that is left.
        if !erased && told.as_ref() != Some(&listed) {
            return Err(Broken::Listed(listed.id).into());
        }
        compared += 1;
    }
    Ok(compared)
}

/// What a list must say of an incident that was opened with these facts.
fn opened(id: &str, at: String, facts: Facts) -> Summary {
    let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
    Summary {
        id: id.to_owned(),
        tenant: facts.tenant,
        opened: at,
        kind: facts.kind.as_str().to_owned(),
        severity: facts.severity.as_str().to_owned(),
        sender: facts.sender,
        persons: count(facts.person_count),
        findings: count(facts.finding_count),
        outcome: None,
    }
}
