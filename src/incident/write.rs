//! What is written for each request, inside one transaction of the database.

use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction};

use crate::clock::Timestamp;
use crate::incident::chain::{BEGINNING, Hash, Link, digest};
use crate::incident::database::VERSION;
use crate::incident::event::{Outcome, Repeated, written};
use crate::incident::{Incident, IncidentId, StoreError};

/// Whether a message that made an incident was offered before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Attempt {
    First,
    Again,
}

/// Records an incident, or another attempt of one that is known.
pub(super) fn record(
    transaction: &Transaction<'_>,
    incident: &Incident,
    retries: Duration,
) -> rusqlite::Result<(IncidentId, Attempt)> {
    let since = written(incident.at.saturating_sub(retries).unwrap_or(incident.at));
    let known: Option<String> = transaction
        .prepare_cached(
            "select id from incident where retry = ?1 and opened >= ?2 and tenant = ?3
             order by opened desc limit 1",
        )?
        .query_row(
            (
                incident.retry.octets().as_slice(),
                since,
                &incident.facts.tenant,
            ),
            |row| row.get(0),
        )
        .optional()?;
    match known.and_then(|id| id.parse().ok()) {
        Some(id) => Ok((repeat(transaction, incident, id)?, Attempt::Again)),
        None => Ok((open(transaction, incident)?, Attempt::First)),
    }
}

/// Appends what became of an attempt.
pub(super) fn outcome(
    transaction: &Transaction<'_>,
    id: IncidentId,
    at: Timestamp,
    outcome: &Outcome,
    when: When,
) -> Result<(), Failed> {
    let known: Option<Option<String>> = transaction
        .prepare_cached("select outcome from incident where id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    match (known, when) {
        (None, _) => return Err(Failed::Request(StoreError::NoSuchIncident)),
        (Some(Some(_)), When::Open) => return Ok(()),
        (Some(_), When::Always) | (Some(None), When::Open) => {}
    }
    transaction
        .prepare_cached("update incident set outcome = ?2 where id = ?1")?
        .execute((id.to_string(), outcome.as_str()))?;
    append(transaction, id, at, "outcome", &json(outcome)?)?;
    Ok(())
}

/// When an outcome is appended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum When {
    /// Whatever stands there.
    Always,
    /// Where the last attempt has none yet.
    Open,
}

/// Writes what stands there already, which needs the disk as much as anything else does; and fails where the log may not grow.
pub(super) fn nothing_new(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let number = |pragma: &str| transaction.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let free = number("pragma freelist_count")?;
    if number("pragma page_count")? >= number("pragma max_page_count")? && free == 0 {
        let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
        return Err(rusqlite::Error::SqliteFailure(full, None));
    }
    transaction.pragma_update(None, "user_version", VERSION)
}

/// Why a request was not written.
#[derive(Debug)]
pub(super) enum Failed {
    /// The request is wrong; the others of its transaction are not.
    Request(StoreError),
    /// The database is; nothing of the transaction is written.
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn open(transaction: &Transaction<'_>, incident: &Incident) -> rusqlite::Result<IncidentId> {
    let id = IncidentId::generate();
    let facts = &incident.facts;
    transaction
        .prepare_cached(
            "insert into incident (id, tenant, opened, kind, severity, sender, persons, findings, retry)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            id.to_string(),
            &incident.facts.tenant,
            written(incident.at),
            facts.kind.as_str(),
            facts.severity.as_str(),
            &facts.sender,
            count(facts.person_count),
            count(facts.finding_count),
            incident.retry.octets().as_slice(),
        ))?;
    let mut insert =
        transaction.prepare_cached("insert into person (fingerprint, incident) values (?1, ?2)")?;
    for person in &incident.persons {
        insert.execute((person.octets().as_slice(), id.to_string()))?;
    }
    append(transaction, id, incident.at, "opened", &json(facts)?)?;
    Ok(id)
}

fn repeat(
    transaction: &Transaction<'_>,
    incident: &Incident,
    id: IncidentId,
) -> rusqlite::Result<IncidentId> {
    let facts = &incident.facts;
    let repeated = Repeated {
        transaction: facts.transaction.clone(),
        queue_id: facts.queue_id.clone(),
        disposition: facts.disposition.clone(),
        route: facts.route.clone(),
        kind: facts.kind,
    };
    // The worst of all attempts is what the incident is.
    transaction
        .prepare_cached(
            "update incident set outcome = null,
                 kind = case when ?2 = 'breach-candidate' then ?2 else kind end
             where id = ?1",
        )?
        .execute((id.to_string(), facts.kind.as_str()))?;
    append(transaction, id, incident.at, "repeated", &json(&repeated)?)?;
    Ok(id)
}

/// Appends an event to the chain.
fn append(
    transaction: &Transaction<'_>,
    id: IncidentId,
    at: Timestamp,
    kind: &str,
    detail: &str,
) -> rusqlite::Result<()> {
    let last: Option<(i64, Hash)> = transaction
        .prepare_cached("select seq, hash from event order by seq desc limit 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, BEGINNING), |(seq, hash)| (seq + 1, hash));
    let (incident, at, digest) = (id.to_string(), written(at), digest(detail));
    let hash = Link {
        seq,
        incident: &incident,
        at: &at,
        kind,
        digest: &digest,
    }
    .hash(&previous);
    transaction
        .prepare_cached(
            "insert into event (seq, incident, at, kind, detail, digest, hash)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((seq, incident, at, kind, detail, digest, hash))?;
    Ok(())
}

fn json(detail: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(detail)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
