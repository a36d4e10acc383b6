//! The suspicious reader's other half: what it saw is decoded, judged by what comes out, and read like any file.
//!
//! What comes out as neither text nor a known format was never encoded, and is passed over: words, keys and signatures look like
//! base64 too. The octets themselves were read as text before.

use memchr::memmem;
use std::ops::Range;

use crate::extract::packed::Packing;
use crate::extract::sniff::{self, Format};
use crate::extract::{Draft, Reading, Reason, open};
use crate::mime::{
    self, Block, Bounds, DefectKind, File, Hidden, Suspect, Transfer, runs, suspects, words,
};

/// Reads what stands in `bytes`, which were shown as text, and may be decoded all the same.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    read_beside(bytes, Transfer::Identity, b"", reading);
}

/// [`read`], for what came out of a transfer encoding: a file that is not text is what it is, and shows no lines. One that
/// was not encoded at all another program may cut otherwise, so its lines are looked at whatever it is.
pub(super) fn read_file(bytes: &[u8], transfer: Transfer, reading: &mut Reading<'_>) {
    let is_wide = || memchr::memchr(0, bytes.get(..SAMPLE).unwrap_or(bytes)).is_some();
    if mime::is_textual(bytes) {
        if is_wide() {
            // Text in units of two or four octets.
            read(mime::decode(bytes, None).text.as_bytes(), reading);
        } else {
            read(bytes, reading);
        }
    } else if transfer == Transfer::Identity {
        read(bytes, reading);
    }
}

/// [`read`], for octets of which `transfer` already made `known`: that is not read again.
pub(super) fn read_beside(
    bytes: &[u8],
    transfer: Transfer,
    known: &[u8],
    reading: &mut Reading<'_>,
) {
    let mut seen = Draft::new();
    for suspect in suspects(bytes) {
        if let Err(exhausted) = reading.budget.time() {
            reading.exhausted(exhausted);
            break;
        }
        let more = match suspect {
            Suspect::Base64(block) => base64(block, bytes, known, reading),
            Suspect::QuotedPrintable(_) if transfer == Transfer::QuotedPrintable => Ok(()),
            Suspect::QuotedPrintable(lines) => quoted_printable(lines, reading),
            Suspect::File(file) if file.transfer == transfer => Ok(()),
            Suspect::File(file) => self::file(&file, reading),
            Suspect::BinHex => {
                reading.gap(Reason::Unsupported, "binhex: not read");
                Ok(())
            }
            Suspect::Part(hidden) => part(&hidden, reading),
            Suspect::Words(lines) => {
                seen.push(&words(lines));
                seen.line();
                Ok(())
            }
        };
        if more.is_err() {
            break;
        }
    }
    reading.otherwise("encoded words").text(seen);
}

/// Whether octets are a file of a known format, or text beyond doubt.
pub(super) fn says_something(bytes: &[u8]) -> bool {
    let is_known = match sniff::format(bytes) {
        Format::Unknown => false,
        // Two octets that chance makes as well.
        Format::Packed(Packing::Gzip) => bytes.get(3).is_some_and(|flags| *flags < 32),
        _ => true,
    };
    is_known || is_text(bytes)
}

/// Whether octets are text beyond doubt: chance makes hardly any eleven octets that are.
fn is_text(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let printable = |c: char| !c.is_control() || c.is_ascii_whitespace();
    match str::from_utf8(sample) {
        Ok(text) => text.chars().all(printable),
        // A sample may end inside a character.
        Err(error) if error.error_len().is_none() && sample.len() == SAMPLE => true,
        Err(_) => {
            // Letters outside ASCII are few in our languages; half of what chance makes is.
            let high = sample.iter().filter(|octet| **octet >= 0x80).count();
            let control = sample
                .iter()
                .any(|octet| *octet < 0x20 && !octet.is_ascii_whitespace());
            let is_latin = sample.len() >= LEAST_LATIN && high * 5 <= sample.len() && !control;
            let has_nulls = sample.len() >= LEAST_LATIN && sample.contains(&0);
            is_latin || has_nulls && mime::is_textual(sample)
        }
    }
}

/// Lines of base64 in the octets `of`, of which `known` was decoded before.
fn base64(
    block: Block<'_>,
    of: &[u8],
    known: &[u8],
    reading: &mut Reading<'_>,
) -> Result<(), Spent> {
    let lines = |range: Range<usize>| block.lines.get(range).unwrap_or_default();
    // Up to where runs were found, and what lies between them.
    let mut found = None;
    let mut between = Vec::new();
    for range in runs(block.lines) {
        // All of them together only where they are nothing apart.
        if range.len() == block.lines.len() && found.is_some() {
            break;
        }
        let Some(run) = plausible(lines(range.clone())) else {
            continue;
        };
        between.extend_from_slice(lines(found.unwrap_or(0)..range.start));
        found = Some(range.start + run.len());
        undone(run, block, known, reading)?;
    }
    match found {
        Some(end) => {
            // Lines too short for a run of their own may be one together.
            between.extend_from_slice(lines(end..block.lines.len()));
            // The run before may have taken the first of them for its end, so they may begin inside four letters.
            let begun = (0..4).filter_map(|skipped| between.get(skipped..));
            match begun.filter_map(plausible).next() {
                Some(run) => undone(run, block, known, reading),
                None => Ok(()),
            }
        }
        None if is_opaque(block.lines, of) => {
            reading.gap(Reason::Unknown, "base64: unknown format");
            Ok(())
        }
        None => Ok(()),
    }
}

/// Reads what a run of base64 holds, if it was not read before.
fn undone(
    run: &[u8],
    block: Block<'_>,
    known: &[u8],
    reading: &mut Reading<'_>,
) -> Result<(), Spent> {
    let bytes = Transfer::Base64.undo(run).bytes;
    let is_picture = || matches!(sniff::format(&bytes), Format::Picture(_));
    if known.starts_with(&bytes) || block.in_link && is_picture() {
        return Ok(());
    }
    reading.defect(DefectKind::Encoding);
    inside(&bytes, None, "base64 in the text", reading)
}

/// Whether a file is nothing but base64, of what is not known. Lists of words and numbers are not; a key says what it is.
fn is_opaque(block: &[u8], of: &[u8]) -> bool {
    let line = block
        .split(|octet| matches!(octet, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let has = |kind: fn(&u8) -> bool| line.iter().any(kind);
    block.len() >= LEAST_OPAQUE
        && block.len() * 10 >= of.len() * 9
        && line.len() >= LEAST_LINE
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && memmem::find(of, b"-----BEGIN ").is_none()
}

/// As much of a run as says something when it is decoded. A line of words may stand right below the last of base64.
fn plausible(run: &[u8]) -> Option<&[u8]> {
    let says = |run: &[u8]| {
        let head = run.get(..JUDGED).unwrap_or(run);
        says_something(&Transfer::Base64.undo(head).bytes)
    };
    if says(run) {
        return Some(run);
    }
    let last = memchr::memrchr2(b'\r', b'\n', run.trim_ascii_end())?;
    let shorter = run.get(..last)?;
    (shorter.len() < JUDGED && says(shorter)).then_some(shorter)
}

/// Lines of quoted-printable.
fn quoted_printable(lines: &[u8], reading: &mut Reading<'_>) -> Result<(), Spent> {
    let escapes = memchr::memchr_iter(b'=', lines).count();
    // One is a word somebody typed: `a=20`.
    if escapes < 2 {
        return Ok(());
    }
    let undone = Transfer::QuotedPrintable.undo(lines);
    let is_control = |octet: &u8| *octet < 0x20 && !octet.is_ascii_whitespace();
    if undone.bytes.iter().any(is_control) {
        return Ok(());
    }
    let is_utf_8 = str::from_utf8(&undone.bytes).is_ok();
    // A link has a `=` or two that could be escapes.
    if escapes >= LEAST_ESCAPES && is_utf_8 && memmem::find(lines, b"://").is_none() {
        reading.defect(DefectKind::Encoding);
    }
    inside(&undone.bytes, None, "quoted-printable in the text", reading)
}

/// A file between lines that say where it begins and ends.
fn file(file: &File<'_>, reading: &mut Reading<'_>) -> Result<(), Spent> {
    let bytes = file.transfer.undo(file.raw).bytes;
    reading.defect(DefectKind::Encoding);
    let how = match file.transfer {
        Transfer::Yenc => "yenc in the text",
        _ => "uuencode in the text",
    };
    let name = mime::decode(file.name, None).text;
    inside(&bytes, Some(&name), how, reading)
}

/// A part that no header announces.
fn part(hidden: &Hidden<'_>, reading: &mut Reading<'_>) -> Result<(), Spent> {
    const HOW: &str = "a part that no header announces";
    reading.budget.part().map_err(|exhausted| {
        reading.exhausted(exhausted);
        Spent
    })?;
    names(hidden, &mut reading.otherwise(HOW));
    for &transfer in &hidden.transfers {
        let bytes = transfer.undo(hidden.rest).bytes;
        let says = match transfer {
            Transfer::Base64 => says_something(&bytes),
            _ => *bytes != *hidden.rest && !bytes.is_empty(),
        };
        if says {
            reading.defect(DefectKind::Structure);
            inside(&bytes, None, HOW, reading)?;
        } else {
            let looked = reading.deeper(1, |reading| read(hidden.rest, reading));
            looked.ok_or(Spent)?;
        }
    }
    Ok(())
}

/// The names and fields of a hidden part, as far as they are not written as they are shown.
fn names(hidden: &Hidden<'_>, reading: &mut Reading<'_>) {
    let bounds = Bounds {
        depth: 0,
        parts: 1,
        fields: reading.budget.limits().fields,
    };
    let message = mime::open(hidden.raw, reading.part(), &bounds);
    // What is inside is looked into line by line, however deep it says it is.
    if message.overruns.iter().any(|met| met.limit == "fields") {
        reading.gap(Reason::Limit, "fields");
    }
    let parts = message.parts.iter().flat_map(|part| part.names.iter());
    let fields = message.fields.iter().map(|field| &field.text);
    let mut draft = Draft::new();
    for text in parts.chain(fields) {
        if memmem::find(hidden.raw, text.as_bytes()).is_none() {
            draft.push(text);
            draft.line();
        }
    }
    if !draft.is_empty() {
        reading.defect(DefectKind::Structure);
        reading.text(draft);
    }
}

/// What was decoded, read like any file and looked into again.
fn inside(
    bytes: &[u8],
    name: Option<&str>,
    how: &'static str,
    reading: &mut Reading<'_>,
) -> Result<(), Spent> {
    let spent = reading.budget.decoded(bytes.len() as u64);
    if let Err(exhausted) = spent.and_then(|()| reading.budget.entry()) {
        reading.exhausted(exhausted);
        return Err(Spent);
    }
    let mut reading = reading.otherwise(how);
    let opened = match name {
        None if is_text(bytes) => reading.deeper(1, |reading| {
            open(bytes, reading);
            read(bytes, reading);
        }),
        name => reading.inner(name, |reading| {
            open(bytes, reading);
            if mime::is_textual(bytes) {
                read(bytes, reading);
            }
        }),
    };
    opened.ok_or(Spent)
}

/// The budget is spent, and the gap is told.
struct Spent;

/// Octets looked at to judge a file.
const SAMPLE: usize = 4096;

/// Letters of a run that are decoded to judge it.
const JUDGED: usize = 1024;

/// The shortest text of other letters than ASCII and UTF-8 that chance hardly makes.
const LEAST_LATIN: usize = 24;

/// The shortest base64 that is a file of its own, though of no known format.
const LEAST_OPAQUE: usize = 256;

/// The shortest lines that programs write base64 in.
const LEAST_LINE: usize = 48;

/// So many escapes are meant.
const LEAST_ESCAPES: usize = 3;
