//! The older metafiles (MS-WMF 2.3): records whose lengths count words of two octets.

use crate::extract::metafile::canvas::Canvas;
use crate::extract::metafile::emf;
use crate::extract::metafile::place::Point;
use crate::extract::octets::{i16_at, size_at, slice, u16_at, u32_at};
use crate::extract::{Reading, sweep};
use crate::mime;

/// How one begins: in memory or on disk, a head of nine words, version 1 or 3.
pub(super) const STARTS: [&[u8]; 4] = [
    b"\x01\0\x09\0\0\x03",
    b"\x02\0\x09\0\0\x03",
    b"\x01\0\x09\0\0\x01",
    b"\x02\0\x09\0\0\x01",
];

/// What stands before one that says how large it is on paper.
const PLACEABLE: &[u8] = b"\xD7\xCD\xC6\x9A";
const PLACEABLE_HEAD: usize = 22;

/// Octets of its head.
const HEAD: usize = 18;

/// Whether octets begin one.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(PLACEABLE) || STARTS.iter().any(|start| bytes.starts_with(start))
}

/// Draws all of it.
pub(super) fn read(bytes: &[u8], canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let placeable = if bytes.starts_with(PLACEABLE) {
        PLACEABLE_HEAD
    } else {
        0
    };
    let mut rest = bytes.get(placeable + HEAD..).unwrap_or_default();
    let mut newer = Vec::new();
    for seen in 0_usize.. {
        if seen.is_multiple_of(1024)
            && let Err(exhausted) = reading.budget.time()
        {
            reading.exhausted(exhausted);
            return;
        }
        let head = size_at(rest, 0).zip(u16_at(rest, 4));
        let cut = head.and_then(|(words, kind)| {
            let (record, after) = rest.split_at_checked(words.checked_mul(2)?)?;
            (words >= 3).then_some((kind, record, after))
        });
        let Some((kind, record, after)) = cut else {
            // It breaks off, or says lengths that cannot be.
            canvas.words(|draft| sweep::narrow(rest, draft));
            canvas.has_pictures = true;
            break;
        };
        match kind {
            END => break,
            ESCAPE if u32_at(record, 10) == Some(COMMENT) => {
                newer.extend_from_slice(record.get(NEWER..).unwrap_or_default());
            }
            _ => draw(kind, record, canvas, reading),
        }
        rest = after;
    }
    canvas.end_of_lines(reading);
    // The same drawing in the newer form, which programs prefer.
    if emf::starts(&newer) {
        canvas.state = super::canvas::State::default();
        emf::read(&newer, canvas, reading);
    }
}

fn draw(kind: u16, record: &[u8], canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let state = &mut canvas.state;
    let point = point_at(record, 6);
    match kind {
        SET_WINDOW => state.window = point,
        SET_WINDOW_SIZE => state.set_window_size(point),
        SET_VIEW => state.view = point,
        SET_VIEW_SIZE => state.set_view_size(point),
        MOVE_WINDOW => {
            state.window.x += point.x;
            state.window.y += point.y;
        }
        SET_ALIGN => state.align = u16_at(record, 6).map_or(0, u32::from),
        MOVE => state.pen = point,
        SAVE => canvas.save(),
        RESTORE => canvas.restore(),
        FONT => state.height = i16_at(record, 6).map_or(0.0, f64::from).abs(),
        TEXT => {
            let count = u16_at(record, 6).map_or(0, usize::from);
            let behind = 8 + count.next_multiple_of(2);
            let words = characters(record, 8, count);
            canvas.text(point_at(record, behind), &words, None, reading);
        }
        LONG_TEXT => long_text(record, canvas, reading),
        // Longer than what says where to: with a picture. Shorter: an area to be filled.
        _ if PICTURES.contains(&kind) && record.len() / 2 > usize::from(kind >> 8) + 3 => {
            canvas.has_pictures = true;
        }
        _ => {}
    }
}

/// A text: its reference, how many characters, options, perhaps a rectangle, the characters, and perhaps their distances
/// (MS-WMF 2.3.3.5).
fn long_text(record: &[u8], canvas: &mut Canvas, reading: &mut Reading<'_>) {
    let count = u16_at(record, 10).map_or(0, usize::from);
    let options = u16_at(record, 12).unwrap_or(0);
    if options & GLYPHS != 0 {
        canvas.has_pictures = true;
        return;
    }
    let at = if options & WITH_RECTANGLE != 0 {
        22
    } else {
        14
    };
    let words = characters(record, at, count);
    let distances = at + count.next_multiple_of(2);
    let width = record
        .get(distances..)
        .and_then(|rest| rest.get(..count * 2))
        .filter(|distances| !distances.is_empty())
        .map(|distances| {
            let distances = distances.as_chunks::<2>().0.iter();
            distances
                .map(|distance| f64::from(i16::from_le_bytes(*distance)))
                .sum()
        });
    canvas.text(point_at(record, 6), &words, width, reading);
}

fn characters(record: &[u8], at: usize, count: usize) -> String {
    let octets = slice(record, at, count);
    mime::decode(octets, Some("windows-1252")).text.into_owned()
}

/// A point: how far down comes first.
fn point_at(record: &[u8], at: usize) -> Point {
    let number = |at| i16_at(record, at).map_or(0.0, f64::from);
    Point {
        x: number(at + 2),
        y: number(at),
    }
}

// What records are (MS-WMF 2.1.1.1).
const END: u16 = 0x0000;
const SAVE: u16 = 0x001E;
const RESTORE: u16 = 0x0127;
const SET_ALIGN: u16 = 0x012E;
const SET_WINDOW: u16 = 0x020B;
const SET_WINDOW_SIZE: u16 = 0x020C;
const SET_VIEW: u16 = 0x020D;
const SET_VIEW_SIZE: u16 = 0x020E;
const MOVE_WINDOW: u16 = 0x020F;
const MOVE: u16 = 0x0214;
const FONT: u16 = 0x02FB;
const TEXT: u16 = 0x0521;
const ESCAPE: u16 = 0x0626;
const LONG_TEXT: u16 = 0x0A32;
const PICTURES: [u16; 6] = [0x0922, 0x0940, 0x0B23, 0x0B41, 0x0D33, 0x0F43];

// Options of texts.
const GLYPHS: u16 = 0x10;
const WITH_RECTANGLE: u16 = 6;

/// A comment with a piece of a newer metafile in it, and where in the record that piece begins (MS-WMF 2.3.6.1).
const COMMENT: u32 = 0x4346_4D57;
const NEWER: usize = 44;
