//! Word 97 to 2003 (MS-DOC): text in pieces, which are put together by a table of their places.
//!
//! All of the text is read: notes, page headers, comments and text boxes follow the main text in one row of
//! characters. What a fast save left behind is in no piece, and read too: whoever opens the file as octets has it.

mod head;
mod looks;
mod pieces;
mod writer;

use head::{Head, Parse};
use looks::Looks;
use pieces::{Piece, pieces};
use writer::Writer;

use crate::extract::compound::Compound;
use crate::extract::octets::slice;
use crate::extract::{Exhausted, Locus, Reading, Reason, metafile, sweep};

/// Reads the document in a storage. Returns how much text it has.
pub(in crate::extract) fn read(
    file: &Compound<'_>,
    storage: usize,
    reading: &mut Reading<'_>,
) -> usize {
    let main = file.named(storage, "WordDocument", reading);
    let head = match Head::parse(&main) {
        Parse::Head(head) => head,
        Parse::Encrypted => {
            reading.gap(Reason::Encrypted, "office: encrypted");
            return usize::MAX;
        }
        Parse::Old => {
            sweep::read(&main, "document", reading);
            reading.gap(Reason::Unsupported, "doc: older than Word 97");
            return usize::MAX;
        }
        Parse::Damaged => return damaged(&main, reading),
    };
    let table = file.named(storage, head.table, reading);
    let pieces = pieces(head.pieces(&table));
    if pieces.is_empty() {
        sweep::read(&table, "settings", reading);
        return damaged(&main, reading);
    }
    let looks = Looks::read(&main, head.looks(&table), reading);
    let mut writer = Writer::new(&looks);
    for piece in &pieces {
        if let Err(exhausted) = write(piece, &main, &head, &mut writer, reading) {
            reading.exhausted(exhausted);
            break;
        }
    }
    let letters = writer.finish(reading);
    remains(&main, &pieces, reading);
    // Names of bookmarks and authors, variables, what drawings are called.
    sweep::read_wide(&table, "settings", reading);
    // Pictures that float stand behind the text.
    metafile::blips(&main, reading);
    if pieces.iter().any(|piece| !piece.is_in(&main)) {
        reading.gap(Reason::Damaged, "doc: text is missing");
    }
    letters
}

/// What cannot be followed is read as it lies.
fn damaged(main: &[u8], reading: &mut Reading<'_>) -> usize {
    sweep::read(main, "document", reading);
    reading.gap(Reason::Damaged, "doc: damaged");
    usize::MAX
}

fn write(
    piece: &Piece,
    main: &[u8],
    head: &Head<'_>,
    writer: &mut Writer<'_>,
    reading: &mut Reading<'_>,
) -> Result<(), Exhausted> {
    let octets = slice(main, piece.at, piece.octets());
    // Pieces may overlap, so that the text is longer than the file.
    reading.budget.decoded(octets.len() as u64)?;
    let mut place = piece.first;
    let mut at = piece.at;
    let width = piece.width();
    for character in piece.characters(octets) {
        let section = head.section(place);
        writer.character(character, at, section, reading)?;
        let units = if width == 2 { character.len_utf16() } else { 1 };
        place = place.saturating_add(units);
        at = at.saturating_add(units * width);
    }
    writer.relieve(reading)
}

/// Reads what lies between the pieces.
fn remains(main: &[u8], pieces: &[Piece], reading: &mut Reading<'_>) {
    let mut spans: Vec<(usize, usize)> = pieces
        .iter()
        .map(|piece| (piece.at, piece.at.saturating_add(piece.octets())))
        .collect();
    spans.sort_unstable();
    let mut covered = HEAD;
    for (start, end) in spans {
        if start > covered {
            sweep::read(
                slice(main, covered, start - covered),
                "earlier text",
                reading,
            );
        }
        covered = covered.max(end);
    }
}

/// Octets that the head of a document takes; its text stands behind it.
const HEAD: usize = 2048;

/// The places of the parts of a text, in this order (MS-DOC 2.3).
const SECTIONS: [Locus; 8] = [
    Locus::Whole,
    Locus::Section("footnote"),
    Locus::Section("page header"),
    Locus::Section("macro"),
    Locus::Section("comment"),
    Locus::Section("endnote"),
    Locus::Section("text box"),
    Locus::Section("page header"),
];
