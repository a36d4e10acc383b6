//! The incident log: what would have left unprotected, durable before anybody gets a reply.
//!
//! One thread owns the database ([`Log`]); whoever records waits until the record is on the disk. What is recorded
//! is masked where it is made ([`Incident::of`]), so there is nothing in the log to leak.

mod chain;
mod database;
mod error;
mod event;
mod facts;
mod id;
mod journal;
mod key;
mod log;
mod read;
mod retry;
mod settings;
mod tell;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use error::StoreError;
pub use event::{Event, EventKind, Outcome, Repeated, Share};
pub use facts::{
    Facts, FindingFact, GapFact, Incident, Kind, LackFact, RecipientFact, RuleFact, Severity,
};
pub use id::{IncidentId, IncidentIdError};
pub use key::{KeyError, load_or_create as load_or_create_key};
pub use log::Log;
pub use read::{Filter, Reader, Story, Summary};
pub use retry::RetryKey;
pub use settings::Settings;
pub use tell::tell;
pub use verify::{Broken, Intact};
