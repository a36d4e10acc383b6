//! A message: its fields, its parts, and the messages attached to it.

mod protection;

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::extract::open::{Declared, Opened, open_declared};
use crate::extract::{Budget, Draft, Extract, Locus, Place, Reading, Reason, plain, suspicious};
use crate::mail::FileName;
use crate::mime::{self, Bounds, DefectKind, Field, Message, Part, PartPath, Role, Transfer};

/// Reads a message and everything inside it.
///
/// `bytes` is the message as it is in the spool: no dot-stuffing, no end of data.
pub fn message(bytes: &[u8], budget: &mut Budget) -> Extract {
    let mut extract = Extract::default();
    let mut reading = Reading::new(budget, &mut extract, PartPath::root(), None, Place::Body);
    reading.guarded(|reading| {
        let message = open(bytes, reading);
        fields(&message.fields, reading);
        match protection::of(&message) {
            Some(protected) => {
                reading.protected(protected.by);
                outside(&message, &protected, reading);
            }
            None => parts(&message, reading),
        }
    });
    extract
}

/// Reads a message that is a file, or an entity in the place of this file: what it shows takes the place the file has.
pub(super) fn attached(bytes: &[u8], reading: &mut Reading<'_>) {
    let message = open(bytes, reading);
    fields(&message.fields, reading);
    parts(&message, reading);
}

fn open<'x>(bytes: &'x [u8], reading: &mut Reading<'_>) -> Message<'x> {
    let bounds = Bounds {
        depth: reading.budget.depth_left(),
        parts: reading.budget.parts_left(),
        fields: reading.budget.limits().fields,
    };
    let mut message = mime::open(bytes, reading.part(), &bounds);
    reading.defects(std::mem::take(&mut message.defects));
    for overrun in &message.overruns {
        reading
            .at(overrun.part.clone(), None, Place::Body)
            .gap(Reason::Limit, overrun.limit);
    }
    message
}

/// The fields of a header as one text, each in a line of its own behind its name; the subject of the message apart.
fn fields(fields: &[Field], reading: &mut Reading<'_>) {
    let of_message = reading.place() == Place::Body;
    let mut rest = Draft::new();
    for field in fields {
        if field.is_subject && of_message {
            let mut subject = Draft::new();
            subject.push(&field.text);
            let part = reading.part().clone();
            reading.at(part, None, Place::Subject).text(subject);
            continue;
        }
        rest.mark(Locus::Section(section(&field.name)));
        rest.push(&field.name);
        rest.push(": ");
        rest.push(&field.text);
        rest.line();
    }
    let place = if of_message {
        Place::Header
    } else {
        reading.place()
    };
    let (part, name) = (reading.part().clone(), reading.name().cloned());
    reading.at(part, name, place).text(rest);
}

/// The name of a field in fixed words.
fn section(name: &str) -> &'static str {
    const TOLD: [&str; 9] = [
        "from", "to", "cc", "bcc", "sender", "reply-to", "subject", "comments", "keywords",
    ];
    TOLD.into_iter()
        .find(|told| name.eq_ignore_ascii_case(told))
        .unwrap_or("header field")
}

fn parts(message: &Message<'_>, reading: &mut Reading<'_>) {
    for part in &message.parts {
        if let Err(exhausted) = reading.budget.part() {
            reading.exhausted(exhausted);
            return;
        }
        read_part(part, reading);
    }
}

/// What an encrypted message says in the clear: names, and the lines around the encrypted part.
fn outside(
    message: &Message<'_>,
    protected: &protection::Protected<'_>,
    reading: &mut Reading<'_>,
) {
    for part in &message.parts {
        names(part, reading);
    }
    let mut clear = Draft::new();
    clear.push(&protected.clear);
    reading.text(clear);
}

fn read_part(part: &Part<'_>, reading: &mut Reading<'_>) {
    names(part, reading);
    let is_text = part.names.is_empty() && !part.is_attachment && part.media.starts_with("text/");
    // The frame of a signature is no file to its reader, whatever its name.
    let is_frame = part.media.ends_with("pkcs7-mime");
    let place = if is_text || is_frame {
        reading.place()
    } else {
        Place::Attachment
    };
    let name = part.names.first().filter(|_| !is_frame);
    let name = name.map(|name| inside(reading.name(), name));
    let name = name.or_else(|| reading.name().cloned());
    let mut reading = reading.at(part.path.clone(), name, place);
    reading.guarded(|reading| match part.role {
        Role::Part => leaf(part, reading),
        Role::Preamble => around(part.raw, "preamble", reading),
        Role::Epilogue => around(part.raw, "epilogue", reading),
        Role::StrayLines => around(part.raw, "header", reading),
    });
}

/// Each name of a part is a text: people write numbers into names.
fn names(part: &Part<'_>, reading: &mut Reading<'_>) {
    for name in &part.names {
        let full = inside(reading.name(), name);
        let mut draft = Draft::new();
        draft.push(name);
        reading
            .at(part.path.clone(), Some(full), Place::AttachmentName)
            .text(draft);
    }
}

fn inside(outer: Option<&FileName>, name: &str) -> FileName {
    match outer {
        Some(outer) => outer.joined(name),
        None => FileName::new(name),
    }
}

/// Octets that no part holds, as text.
fn around(raw: &[u8], section: &'static str, reading: &mut Reading<'_>) {
    shown(raw, section, reading);
    suspicious::read(raw, reading);
}

fn shown(raw: &[u8], section: &'static str, reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.mark(Locus::Section(section));
    // Among other octets, NULs are shown as nothing; they make no letters of two octets.
    let bytes: Cow<'_, [u8]> = match memchr::memchr(0, raw) {
        Some(_) => raw.iter().copied().filter(|octet| *octet != 0).collect(),
        None => raw.into(),
    };
    plain::write(&mime::decode(&bytes, None).text, &mut draft);
    reading.text(draft);
    for other in mime::other_texts(&bytes, None) {
        let mut draft = Draft::new();
        plain::write(&other, &mut draft);
        reading.otherwise("in another charset").text(draft);
    }
}

fn leaf(part: &Part<'_>, reading: &mut Reading<'_>) {
    match part.media.as_str() {
        // Other fragments may pass on other days: only the whole could be judged.
        "message/partial" => reading.gap(Reason::Unsupported, "message/partial: a fragment"),
        "message/external-body" => {
            reading.gap(Reason::Unsupported, "message/external-body: kept elsewhere");
        }
        _ => {}
    }
    if part.transfers.len() > 1 {
        reading.defect(DefectKind::Encoding);
    }
    for (number, transfer) in part.transfers.iter().enumerate() {
        let more = match number {
            0 => decoded(part, *transfer, reading),
            _ => decoded(part, *transfer, &mut reading.otherwise(AS_ANOTHER)),
        };
        if more.is_break() {
            return;
        }
    }
}

/// A part whose octets are written as `transfer` says. `Break` where the budget is spent.
fn decoded(part: &Part<'_>, transfer: Transfer, reading: &mut Reading<'_>) -> ControlFlow<()> {
    let undone = transfer.undo(part.raw);
    if matches!(undone.bytes, Cow::Owned(_)) {
        reading.budget.spent(part.raw);
    }
    if transfer != Transfer::Identity
        && let Err(exhausted) = reading.budget.decoded(undone.bytes.len() as u64)
    {
        reading.exhausted(exhausted);
        return ControlFlow::Break(());
    }
    let declared = Declared {
        media: &part.media,
        charset: part.charset.as_deref(),
        flowed: part.flowed,
        depth: part.depth,
    };
    if open_declared(&undone.bytes, &declared, reading) == Opened::File {
        suspicious::read_file(&undone.bytes, transfer, reading);
    }
    if !undone.clean || says_no_text(&undone.bytes, &declared, transfer) {
        reading.defect(DefectKind::Encoding);
        if !part.transfers.contains(&Transfer::Identity) {
            let mut reading = reading.otherwise("as written");
            shown(part.raw, "as written", &mut reading);
            suspicious::read_beside(part.raw, transfer, &undone.bytes, &mut reading);
        }
    }
    ControlFlow::Continue(())
}

/// What is called text and is none when it is decoded may have been text before.
fn says_no_text(bytes: &[u8], declared: &Declared<'_>, transfer: Transfer) -> bool {
    transfer == Transfer::Base64
        && declared.media.starts_with("text/")
        && declared.charset.is_none_or(|label| label.is_empty())
        && !bytes.is_empty()
        && !suspicious::says_something(bytes)
        && !mime::is_textual(bytes)
}

/// How a second transfer encoding is told.
const AS_ANOTHER: &str = "in another encoding";
