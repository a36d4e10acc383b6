//! The log, tried: what it keeps, what it does in trouble, and what it tells.

mod keeps;
mod telling;
mod trouble;

use std::fs;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::clock;
use crate::detect::{Confidence, Evidence, Finding, Fingerprint, PatternId};
use crate::extract::{Gap, Place, Reason};
use crate::incident::*;
use crate::inspect::Inspection;
use crate::mail::{
    Address, Client, Envelope, FileName, Masked, Parameters, Recipient, ReversePath,
    SamenessReader, Transaction, TransactionId,
};
use crate::mime::PartPath;
use crate::pattern::{Category, FingerprintKey};
use crate::policy::{
    Action, Case, Language, Level, Policy, RouteName, Routes, Rule, RuleId, RuleWords, When, judge,
};

const CPR: &str = "010190-1234";

/// A log in a folder of its own.
struct Laboratory {
    folder: tempfile::TempDir,
    settings: Settings,
}

impl Laboratory {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            database: folder.path().join("incidents.db"),
            journal: Some(folder.path().join("incidents.jsonl")),
            ..Settings::default()
        };
        Self { folder, settings }
    }

    fn log(&self) -> Result<Log, StoreError> {
        Log::open(&self.settings, &key())
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.settings.database).unwrap()
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.settings.journal.as_ref().unwrap()).unwrap_or_default()
    }

    /// Runs something on the database behind the log's back.
    fn tamper(&self, sql: &str) {
        let connection = Connection::open(&self.settings.database).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    fn incident(&self, subject: &str, action: Action) -> Incident {
        incident(&self.settings, subject, action)
    }
}

fn key() -> FingerprintKey {
    FingerprintKey::new([7; 32])
}

/// The incident of a message that a rule of this action is about. A CPR number stands wherever one can.
fn incident(settings: &Settings, subject: &str, action: Action) -> Incident {
    let address = |raw: &str| Address::parse(raw).unwrap();
    let recipient = |raw: &str| Recipient {
        address: address(raw),
        parameters: Parameters::default(),
    };
    let transaction = Transaction {
        id: TransactionId::generate(),
        client: Client {
            address: IpAddr::from([127, 0, 0, 1]),
            helo: "mail.kommune.example".into(),
            ident: Some("4Zq1203XK".into()),
        },
        envelope: Envelope {
            reverse_path: ReversePath::Mailbox(address("sagsbehandler@kommune.example")),
            parameters: Parameters::default(),
            recipients: vec![
                recipient("borger@mail.example"),
                recipient(&format!("{CPR}@mail.example")),
            ],
        },
    };
    let inspection = Inspection {
        findings: vec![Finding {
            pattern: PatternId::new("dk.cpr"),
            category: Category::NationalId,
            confidence: Confidence::High,
            place: Place::Body,
            part: PartPath::root(),
            name: None,
            origin: Masked::new("body"),
            evidence: Evidence::of_national_id("0101"),
            person: Some(Fingerprint::new([9; 16])),
            reasons: vec!["label `cpr`".into()],
            phrases: Vec::new(),
        }],
        gaps: vec![Gap {
            part: PartPath::root(),
            name: Some(FileName::new(&format!("løn {CPR}.zip"))),
            reason: Reason::Encrypted,
            detail: "zip: needs a password".into(),
        }],
        ..Inspection::default()
    };
    let policy = Policy {
        rules: vec![Rule {
            id: RuleId::new("cpr"),
            when: When {
                categories: [Category::NationalId].into(),
                ..When::default()
            },
            need: Level::Transport,
            action,
            words: RuleWords::default(),
        }],
        ..Policy::default()
    };
    let verdict = judge(
        &policy,
        &Case {
            envelope: &transaction.envelope,
            inspection: &inspection,
            routes: &Routes::assumed(),
        },
    );
    let message = format!("Subject: {subject}\r\n\r\n{CPR}\r\n");
    let mut reader = SamenessReader::default();
    reader.read(message.as_bytes());
    let retry = RetryKey::of(&key(), &transaction.envelope, &reader.finish());
    Incident::of(
        settings,
        clock::now(),
        &transaction,
        &inspection,
        &verdict,
        retry,
    )
    .unwrap()
}

fn secure() -> Action {
    Action::Secure(RouteName::new("secure"))
}

fn listed(reader: &Reader, filter: &Filter) -> Vec<Summary> {
    let mut all = Vec::new();
    reader
        .list(filter, |summary| {
            all.push(summary);
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}
