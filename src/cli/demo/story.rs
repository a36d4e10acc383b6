//! What is told of the show, and whether it went as it should.

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::demo::maildir::NextHop;
use crate::cli::demo::messages::{Fate, Message};
use crate::incident::{Filter, Reader, tell};
use crate::policy::Language;
use crate::smtp::{Reply, Severity};

/// The show, as far as it has come.
#[derive(Default)]
pub(super) struct Story {
    sent: usize,
    astray: usize,
    lacking: usize,
    incidents: usize,
}

impl Story {
    /// Tells who is on the stage.
    pub(super) fn begin(guard: SocketAddr, normal: &NextHop, secure: &NextHop) -> Self {
        println!(
            "Sluse listens on {guard}, between a mail server that sends to it and two next hops:"
        );
        println!("  normal  {}  where ordinary mail goes", normal.address);
        println!(
            "  secure  {}  a gateway that encrypts what it is handed\n",
            secure.address
        );
        Self::default()
    }

    /// Tells of one message: what it is, what became of it, and what the sender heard.
    pub(super) fn tell(
        &mut self,
        message: &Message,
        reply: &Reply,
        at_normal: Option<Vec<u8>>,
        at_secure: Option<Vec<u8>>,
    ) {
        let whole = |arrived: Option<Vec<u8>>| arrived.map(|octets| octets == message.octets);
        let fate = match (reply.severity(), whole(at_normal), whole(at_secure)) {
            (Severity::Positive, Some(true), None) => Fate::Relayed,
            (Severity::Positive, None, Some(true)) => Fate::Secured,
            (Severity::Permanent, None, None) => Fate::Refused,
            _ => Fate::Astray,
        };
        self.sent += 1;
        println!("{:2}. {}", self.sent, message.about);
        let told = match fate {
            Fate::Relayed => "relayed: it arrived at the normal next hop, octet for octet",
            Fate::Secured => "secured: it arrived at the secure next hop, octet for octet",
            Fate::Refused => "refused: it arrived nowhere, and the sender reads",
            Fate::Astray => "went astray",
        };
        println!("    to {}: {told}", message.to);
        if fate != Fate::Relayed && fate != Fate::Secured {
            for line in reply.lines() {
                println!("      {} {}", reply.code(), String::from_utf8_lossy(line));
            }
        }
        if fate != message.expected {
            self.astray += 1;
            println!(
                "    This is WRONG: it should have been {:?}.",
                message.expected
            );
        }
        self.lacking += usize::from(matches!(message.expected, Fate::Secured | Fate::Refused));
    }

    /// Tells of the incidents: a line each, and the first one whole.
    pub(super) fn incidents(&mut self, log: &Reader) -> anyhow::Result<()> {
        println!("\nThe incident log, in which no number stands:");
        let mut first = None;
        log.list(&Filter::default(), |incident| {
            println!(
                "  {}  {:9}  persons {}  {}",
                incident.id,
                incident.kind,
                incident.persons,
                incident.outcome.as_deref().unwrap_or("-")
            );
            self.incidents += 1;
            first = Some(incident.id);
            ControlFlow::Continue(())
        })?;
        if let Some(id) = first {
            println!("\nOne of them in full, as the security coordinator reads it:\n");
            for line in tell(&log.show(id.parse()?)?, Language::Danish).lines() {
                println!("  {line}");
            }
        }
        Ok(())
    }

    /// Sums up; whether all went as it should.
    pub(super) fn end(&self, folder: &Path) -> bool {
        let recorded = self.incidents == self.lacking;
        println!(
            "\n{} messages, {} of them not as they should have been; {} incidents, {} expected.",
            self.sent, self.astray, self.incidents, self.lacking
        );
        println!("Everything is in {}: look with", folder.display());
        println!(
            "  sluse incident list -c {}",
            folder.join("sluse.toml").display()
        );
        self.astray == 0 && recorded
    }
}
