//! The messages of the show, each with what should become of it.

use std::sync::Arc;

use tokio::time::{Duration, Instant};

use crate::act::{Told, Way};
use crate::mail::{Address, Envelope, Parameters, Recipient, ReversePath};
use crate::smtp::{Reply, Xforward};
use crate::spool::{self, Draft};

/// One message of the show.
pub(super) struct Message {
    /// What it shows.
    pub(super) about: &'static str,
    /// To whom it goes.
    pub(super) to: &'static str,
    /// The message.
    pub(super) octets: &'static [u8],
    /// What should become of it.
    pub(super) expected: Fate,
}

/// What may become of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It arrives at the normal next hop, octet for octet.
    Relayed,
    /// It arrives at the secure next hop, octet for octet.
    Secured,
    /// It arrives nowhere, and the sender is told why.
    Refused,
    /// Anything else.
    Astray,
}

macro_rules! message {
    ($file:literal, $to:literal, $expected:ident, $about:literal) => {
        Message {
            about: $about,
            to: $to,
            octets: include_bytes!(concat!("../../../demo/", $file, ".eml")),
            expected: Fate::$expected,
        }
    };
}

/// All of them, in the order they are sent.
pub(super) const MESSAGES: &[Message] = &[
    message!(
        "01-clean",
        "karen@borger.example",
        Relayed,
        "a message with nothing in it"
    ),
    message!(
        "02-clean-document",
        "bk@advokat.example",
        Relayed,
        "a Word document with a case number that is none"
    ),
    message!(
        "03-look-alikes",
        "bogholderi@leverandoer.example",
        Relayed,
        "invoice, account, P-number and payment code: ten digits, nobody's"
    ),
    message!(
        "04-colleague",
        "lba@kommune.example",
        Relayed,
        "a CPR number to a colleague: it never leaves the house"
    ),
    message!(
        "05-text",
        "karen@borger.example",
        Secured,
        "a CPR number in the text"
    ),
    message!(
        "06-html",
        "karen@borger.example",
        Secured,
        "a CPR number in an HTML table, with tags inside the number"
    ),
    message!(
        "07-docx-comment",
        "bk@advokat.example",
        Secured,
        "a CPR number in a review comment of a Word document"
    ),
    message!(
        "08-xlsx-hidden-sheet",
        "booking@lejrskole.example",
        Secured,
        "five people on a hidden sheet of a spreadsheet"
    ),
    message!(
        "09-pdf",
        "bk@advokat.example",
        Secured,
        "a CPR number in a PDF file"
    ),
    message!(
        "10-zip-in-zip",
        "support@leverandoer.example",
        Secured,
        "two people in a CSV file in a ZIP file in a ZIP file"
    ),
    message!(
        "11-subject",
        "karen@borger.example",
        Refused,
        "a CPR number in the subject, which nothing encrypts"
    ),
    message!(
        "12-locked-zip",
        "bk@advokat.example",
        Secured,
        "a ZIP file with a password: it cannot be read, so it is not clean"
    ),
    message!(
        "13-forwarded",
        "post@nabokommune.example",
        Secured,
        "a CPR number in a forwarded message"
    ),
];

impl Message {
    /// Sends it as a mail server does, and gives back the last reply.
    pub(super) async fn send(&self, guard: &Arc<Way>) -> anyhow::Result<Reply> {
        let settings = spool::Settings::default();
        let mut draft = Draft::new(&settings);
        draft.write(self.octets)?;
        let envelope = Envelope {
            reverse_path: ReversePath::Mailbox(Address::parse("meho@kommune.example")?),
            parameters: Parameters::default(),
            recipients: vec![Recipient {
                address: Address::parse(self.to)?,
                parameters: Parameters::default(),
            }],
        };
        let latest = Instant::now() + Duration::from_secs(60);
        let mut leg = guard.leg().await?;
        let reply = leg
            .replay(
                &Xforward::default(),
                &envelope,
                &draft.finish()?,
                Told::Nothing,
                latest,
            )
            .await?;
        leg.release().await;
        Ok(reply)
    }
}
