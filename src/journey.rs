//! The order of the steps, known nowhere else.
//!
//! A [`Gates`] makes one [`Passage`] for each connection. MAIL and RCPT go to the normal next hop in lockstep, so that
//! its replies about recipients are the client's; the message itself goes nowhere before it is read, judged and, where
//! it made an incident, recorded. Over SMTP that is done once, for all recipients; over LMTP for each
//! [lot](lot::Lot) of recipients to whom the same is done.

mod attempt;
mod counted;
mod lot;
mod not_begun;
mod passage;
mod reading;
mod together;
mod trail;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::accept::Departures;
use crate::act::Way;
use crate::incident::{self, Log};
use crate::inspect::Door;
use crate::pattern::{FingerprintKey, PackVersion};
use crate::policy::{Policy, RouteName, Routes};
use crate::retry::Journal;
use crate::smtp::client::Extension;
use crate::smtp::{Offers, Protocol};

pub use passage::Passage;

/// Everything a message meets on its way. Exchanged as one: a message is judged and carried by the one that is in force at its final
/// dot.
#[derive(Debug)]
pub struct Gate {
    /// The packs that are searched by where this is in force. What other packs found is not judged by this policy, which may not
    /// know their names.
    pub packs: PackVersion,
    /// The normal way out.
    pub normal: Arc<Way>,
    /// The secure ways out.
    pub secure: BTreeMap<RouteName, Arc<Way>>,
    /// What each way out does for a message.
    pub routes: Routes,
    /// Where messages are read.
    pub door: Arc<Door>,
    /// What messages need.
    pub policy: Policy,
    /// Where incidents are kept.
    pub incidents: Log,
    /// What is known of messages whose clients may not have heard that they were taken. `None`: it is not kept.
    pub journal: Option<Journal>,
    /// What is kept of an incident.
    pub incident: incident::Settings,
    /// The key people and attempts are fingerprinted with.
    pub key: FingerprintKey,
    /// How long after the client's final dot the last octet may be sent on.
    pub verdict: Duration,
    /// What becomes of an SMTP transaction whose recipients are protected differently.
    pub conflict: RouteConflict,
}

/// What becomes of an SMTP transaction whose recipients are protected differently, so that one reply may have to stand for what
/// should be done differently. Over LMTP each recipient has a reply, and this does not matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RouteConflict {
    /// The strictest disposition holds for all.
    #[default]
    Strictest,
    /// A recipient who is protected otherwise than the first is deferred at RCPT (452 4.5.3), so that the client sends to him in
    /// another transaction.
    Defer,
}

/// Makes a passage for each connection, through the gate that is in force.
#[derive(Clone, Debug)]
pub struct Gates(pub watch::Receiver<Arc<Gate>>);

impl Gates {
    /// The gate that is in force.
    pub(super) fn in_force(&self) -> Arc<Gate> {
        Arc::clone(&self.0.borrow())
    }
}

impl Departures for Gates {
    type Journey = Passage;

    fn depart(&self, protocol: Protocol) -> Passage {
        Passage::new(self.clone(), protocol)
    }

    /// What every way out offered when it was last connected to, for a message may be sent by any of them.
    ///
    /// Of a way that was never reached only 8BITMIME is taken for granted: without it a mail server in front of us
    /// converts messages, which breaks their signatures, and next hops that lack it are hardly to be found.
    fn offers(&self) -> Offers {
        let gate = self.in_force();
        let ways = std::iter::once(&gate.normal).chain(gate.secure.values());
        let known: Vec<_> = ways.map(|way| way.offers()).collect();
        let all = |extension| {
            known
                .iter()
                .all(|way| way.as_ref().is_some_and(|offers| offers.offers(extension)))
        };
        Offers {
            size: known
                .iter()
                .flatten()
                .filter_map(|offers| offers.size())
                .min(),
            eightbitmime: known
                .iter()
                .flatten()
                .all(|offers| offers.offers(Extension::EightBitMime)),
            smtputf8: all(Extension::SmtpUtf8),
            dsn: all(Extension::Dsn),
            // A matter of the listener.
            chunking: false,
        }
    }
}
