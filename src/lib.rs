//! Sluse, an outbound mail guard.
//!
//! A mail server hands it every outgoing message. It reads the message and all its attachments,
//! finds Danish CPR numbers, decides whether every recipient is protected well enough for what the
//! message holds, and then, still inside the same SMTP transaction, relays it, sends it by a secure
//! route, or refuses it.
//!
//! The modules stand in the order a message meets them:
//!
//! ```text
//! accept ──► spool ──► open ──► extract ──► detect ──► judge ──► record ──► act ──► reply
//! ```
//!
//! A module names only modules above its row in the table of `tests/architecture.rs`, which keeps
//! this true. The reasons for the large choices are in [`manual`].

// What every stage may know.
pub mod certificate;
pub mod clock;
pub mod limits;
pub mod mail;
pub mod metrics;
pub mod users;

// The journey.
pub mod accept;
pub mod act;
pub mod detect;
pub mod extract;
pub mod incident;
pub mod inspect;
pub mod journey;
pub mod mime;
pub mod pattern;
pub mod policy;
pub mod retry;
pub mod smtp;
pub mod spool;

// How well it does, and how it does now.
pub mod evaluate;
pub mod monitor;

// What binds it together.
pub mod app;
pub mod cli;
pub mod config;
pub mod manual;
