//! Any file: its format decided by content, and the reader of that format set to work.

use crate::extract::sniff::{self, Format};
use crate::extract::{
    Container, Reading, Reason, archive, carried, cms, message, office, ole, outlook, packed, pdf,
    picture, rar, rtf, seven_zip, tar, textual, unpack,
};
use crate::mime::{self, Flowed};

/// What the header of a part says of a file. It decides nothing that the octets can decide.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared<'d> {
    /// Its type; empty where none is known.
    pub(super) media: &'d str,
    /// Its charset.
    pub(super) charset: Option<&'d str>,
    /// How its lines are to be joined.
    pub(super) flowed: Option<Flowed>,
    /// How many multiparts it stands in.
    pub(super) depth: u32,
}

impl Declared<'_> {
    /// Whether the file is said to be a message.
    fn is_message(&self) -> bool {
        matches!(
            self.media,
            "message/rfc822" | "message/global" | "message/news"
        )
    }
}

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    /// A file, whose octets a program may show as they are.
    File,
    /// Something with messages in it, each of which was looked into for itself.
    Messages,
}

/// Reads a file of whatever format. What is inside it is read by [`Reading::inner`] and this again.
pub fn open(bytes: &[u8], reading: &mut Reading<'_>) {
    let _ = open_declared(bytes, &Declared::default(), reading);
}

/// [`open`], for a part of a message.
pub(super) fn open_declared(
    bytes: &[u8],
    declared: &Declared<'_>,
    reading: &mut Reading<'_>,
) -> Opened {
    if bytes.is_empty() {
        return Opened::File;
    }
    if let Err(exhausted) = reading.budget.time() {
        reading.exhausted(exhausted);
        return Opened::File;
    }
    if declared.is_message() {
        reading.deeper(declared.depth + 1, |reading| {
            message::attached(bytes, reading)
        });
        return Opened::Messages;
    }
    match sniff::format(bytes) {
        Format::Pdf => pdf::read(bytes, reading),
        Format::Zip => zip(bytes, reading),
        Format::SevenZip => seven_zip::read(bytes, reading),
        Format::Rar => rar::read(bytes, reading),
        Format::Tar => tar::read(bytes, reading),
        Format::Packed(packing) => packed::read(bytes, packing, reading),
        Format::Rtf => rtf::read(bytes, reading),
        Format::Cms => {
            cms::read(bytes, reading);
            return Opened::Messages;
        }
        Format::Picture(size) => picture::read(bytes, size, reading),
        Format::Compound => ole::read(bytes, reading),
        Format::Tnef => outlook::tnef(bytes, reading),
        Format::Program => carried::program(bytes, reading),
        Format::Unread(reason, detail) => reading.gap(reason, detail),
        Format::Unknown if says_text(declared) || mime::is_textual(bytes) => {
            return textual::read(bytes, declared, reading);
        }
        Format::Unknown => reading.gap(Reason::Unknown, "unknown format"),
    }
    Opened::File
}

/// An archive, or a document of a family that is kept in one.
pub(super) fn zip(bytes: &[u8], reading: &mut Reading<'_>) {
    match Container::open(bytes, reading.budget) {
        Ok(container) => {
            let behind = container.behind();
            if sniff::is_office(&container) {
                office::read(container, reading);
            } else {
                archive::read(container, reading);
            }
            unpack::behind(behind, reading);
        }
        Err(flaw) => reading.gap(flaw.reason(), flaw.detail()),
    }
}

fn says_text(declared: &Declared<'_>) -> bool {
    declared.media.starts_with("text/") || declared.media.starts_with("message/")
}
