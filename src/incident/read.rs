//! The log as people read it. Reading needs no key, and disturbs no writing.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use crate::clock::Timestamp;
use crate::incident::database::open_to_read;
use crate::incident::event::{Event, EventKind, written};
use crate::incident::{IncidentId, Kind, StoreError};

/// The log, open for reading.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

/// Which incidents are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Opened at this time or later.
    pub since: Option<Timestamp>,
    /// Of this kind.
    pub kind: Option<Kind>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[expect(
    missing_docs,
    reason = "each field is the column it reads; `schema.sql` tells what it means"
)]
pub struct Summary {
    pub id: String,
    pub tenant: String,
    pub opened: String,
    pub kind: String,
    pub severity: String,
    pub sender: Option<String>,
    pub persons: i64,
    pub findings: i64,
    pub outcome: Option<String>,
}

/// One incident and all that happened to it.
#[derive(Clone, Debug)]
pub struct Story {
    /// What a list says of it.
    pub summary: Summary,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Reader {
    /// Opens the log.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: open_to_read(path)?,
            path: path.to_owned(),
        })
    }

    /// Tells the incidents that are asked for to `tell`, the newest first, until it says that it has enough.
    pub fn list(
        &self,
        filter: &Filter,
        mut tell: impl FnMut(Summary) -> std::ops::ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let failed = |error| failed(error, &self.path);
        let mut statement = self
            .connection
            .prepare(&format!(
                "{SUMMARY} where (?1 is null or opened >= ?1) and (?2 is null or kind = ?2)
                 order by id desc"
            ))
            .map_err(failed)?;
        let mut rows = statement
            .query((filter.since.map(written), filter.kind.map(Kind::as_str)))
            .map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if tell(summary(row).map_err(failed)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// One incident.
    pub fn show(&self, id: IncidentId) -> Result<Story, StoreError> {
        let failed = |error| failed(error, &self.path);
        let id = id.to_string();
        let summary = self
            .connection
            .query_row(&format!("{SUMMARY} where id = ?1"), [&id], summary)
            .optional()
            .map_err(failed)?
            .ok_or(StoreError::NoSuchIncident)?;
        let mut statement = self
            .connection
            .prepare("select seq, at, kind, detail from event where incident = ?1 order by seq")
            .map_err(failed)?;
        let mut rows = statement.query([&id]).map_err(failed)?;
        let mut events = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            events.push(event(row).map_err(failed)?);
        }
        Ok(Story { summary, events })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

const SUMMARY: &str =
    "select id, tenant, opened, kind, severity, sender, persons, findings, outcome from incident";

pub(super) fn failed(error: rusqlite::Error, path: &Path) -> StoreError {
    StoreError::of(&error, path)
}

pub(super) fn summary(row: &rusqlite::Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: row.get(0)?,
        tenant: row.get(1)?,
        opened: row.get(2)?,
        kind: row.get(3)?,
        severity: row.get(4)?,
        sender: row.get(5)?,
        persons: row.get(6)?,
        findings: row.get(7)?,
        outcome: row.get(8)?,
    })
}

fn event(row: &rusqlite::Row<'_>) -> rusqlite::Result<Event> {
    let (kind, detail): (String, Option<String>) = (row.get(2)?, row.get(3)?);
    Ok(Event {
        seq: row.get(0)?,
        at: row.get(1)?,
        // `verify` tells apart what was erased and what cannot be understood.
        kind: EventKind::read(&kind, detail.as_deref()).unwrap_or(EventKind::Erased),
    })
}
